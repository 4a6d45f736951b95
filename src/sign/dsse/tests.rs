use super::*;
use crate::sign::{MachineKey, MachineSecret};

/// RFC 8032, 7.1, TEST 1.
const ED25519: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----";

/// The key of the example in DSSE's protocol.md, its public half added by openssl.
const P256: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1z7EN/1jRuNhnF6/
3/8PaRaASVWtMqyaxJKw7eH2/7ehRANCAARnzTkPd6o1nLCMIjX2UicEk6ntgysK
vMAfcJVMA5DSOAx4K9VOJpElpE9EM6/xQyzpThK8pzqmesgM6hJgjd90
-----END PRIVATE KEY-----";

/// The same without it, as protocol.md has it.
const HALF: &str = "-----BEGIN PRIVATE KEY-----
MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCDXPsQ3/WNG42GcXr/f
/w9pFoBJVa0yrJrEkrDt4fb/tw==
-----END PRIVATE KEY-----";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn encodes_what_is_signed_as_the_specification_shows() {
    assert_eq!(
        pae("http://example.com/HelloWorld", b"hello world"),
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    );
    // Lengths are of bytes, not of characters.
    assert_eq!(pae("é", "ü!".as_bytes()), "DSSEv1 2 é 3 ü!".as_bytes());
    assert_eq!(pae("", b""), b"DSSEv1 0  0 ");
}

#[test]
fn signs_as_rfc_8032_does() {
    let secret = MachineSecret::parse(ED25519).expect("a key");
    let signature = secret.sign(b"");
    assert_eq!(
        hex(&signature),
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    );
    assert!(secret.public().verifies(b"", &signature));
    assert!(!secret.public().verifies(b"x", &signature));
}

#[test]
fn takes_the_signature_of_the_specification() {
    let public = MachineSecret::parse(P256).expect("a key").public();
    let raw = Base64::decode_vec(
        "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==",
    );
    let raw = raw.expect("Base64");
    // Neither number needs a zero before it, so each is 32 bytes of DER.
    let der = [&[0x30, 0x44, 2, 32][..], &raw[..32], &[2, 32], &raw[32..]].concat();
    let message = pae("http://example.com/HelloWorld", b"hello world");
    assert!(public.verifies(&message, &der));
    assert!(!public.verifies(b"hello world", &der), "the type is signed, too");
    assert!(!public.verifies(&message, &raw), "DSSE's ECDSA is DER");
    let own = MachineSecret::parse(P256).expect("a key").sign(&message);
    assert!(public.verifies(&message, &own) && !public.verifies(b"hello world", &own));
}

#[test]
fn reads_back_what_it_writes() {
    for pem in [ED25519, P256] {
        let secret = MachineSecret::parse(pem).expect("a key");
        let envelope = Envelope::sign(b"{\"a\": 1}\n", &secret);
        let read = Envelope::parse(&envelope.to_text()).expect("an envelope");
        assert_eq!(read, envelope);
        assert!(read.is_signed_by(&secret.public()) && read.names(&secret.public()));
        let other = MachineSecret::parse(if pem == P256 { ED25519 } else { P256 }).expect("a key");
        assert!(!read.is_signed_by(&other.public()) && !read.names(&other.public()));
        let mut altered = read.clone();
        altered.payload[0] ^= 1;
        assert!(!altered.is_signed_by(&secret.public()));
        let mut retyped = read;
        retyped.payload_type = "text/plain".to_owned();
        assert!(!retyped.is_signed_by(&secret.public()));
    }
}

#[test]
fn takes_both_alphabets_and_no_key_id() {
    let secret = MachineSecret::parse(ED25519).expect("a key");
    // Bytes whose Base64 has + and / in it.
    let payload = [0xfb, 0xef, 0xbe, 0xff, 0xff, 0xfe];
    let signature = secret.sign(&pae("t", &payload));
    let text = |payload: String, signature: String| {
        format!(
            r#"{{"payload":"{payload}","payloadType":"t","signatures":[{{"sig":"{signature}"}}]}}"#
        )
    };
    for text in [
        text(Base64::encode_string(&payload), Base64::encode_string(&signature)),
        text(Base64Url::encode_string(&payload), Base64Url::encode_string(&signature)),
    ] {
        let read = Envelope::parse(&text).expect("an envelope");
        assert_eq!(read.payload, payload);
        assert!(read.is_signed_by(&secret.public()));
    }
}

#[test]
fn refuses_what_two_readers_could_read_differently() {
    let cases = [
        (r#"{"payload":"","payload":"","payloadType":"t","signatures":[{"sig":""}]}"#, "twice"),
        (r#"{"payload":"","payloadType":"t","signatures":[{"sig":"","sig":""}]}"#, "twice"),
        (r#"{"payload":"","payloadType":"t","signatures":[{"sig":""}],"x":1}"#, "unknown field"),
        (
            r#"{"payload":"","payloadType":"t","signatures":[{"sig":"","cert":""}]}"#,
            "unknown field",
        ),
        (r#"{"payload":"","payloadType":"t","signatures":[]}"#, "no signature"),
        (r#"{"payload":"","payloadType":"t"}"#, "missing field"),
        (r#"{"payload":"QQ","payloadType":"t","signatures":[{"sig":""}]}"#, "not Base64"),
        (r#"{"payload":"QR==","payloadType":"t","signatures":[{"sig":""}]}"#, "not Base64"),
        (r#"{"payload":"Q Q==","payloadType":"t","signatures":[{"sig":""}]}"#, "not Base64"),
        (r#"{"payload":"QQ==\n","payloadType":"t","signatures":[{"sig":""}]}"#, "not Base64"),
        (r#"{"payload":"","payloadType":"t","signatures":[{"sig":"!"}]}"#, "not Base64"),
        ("[]", "no DSSE envelope"),
        ("", "no strict JSON"),
    ];
    for (text, why) in cases {
        let said = Envelope::parse(text).expect_err(text);
        assert!(said.contains(why), "{text}: {said}");
    }
    let many = r#"{"sig":""},"#.repeat(17);
    let text = format!(
        r#"{{"payload":"","payloadType":"t","signatures":[{}]}}"#,
        many.trim_end_matches(',')
    );
    assert!(Envelope::parse(&text).expect_err("too many").contains("more than 16"));
}

#[test]
fn a_key_has_one_name_in_every_spelling() {
    for pem in [ED25519, P256] {
        let key = MachineSecret::parse(pem).expect("a key").public();
        let line = key.to_openssh();
        assert_eq!(MachineKey::parse(&line).as_ref(), Ok(&key));
        assert_eq!(MachineKey::parse(&format!("{line} ci@example.com")), Ok(key));
    }
}

#[test]
fn says_why_a_key_cannot_be_used_and_repeats_nothing_of_it() {
    for text in [
        "",
        "hunter2",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ",
        "-----BEGIN PUBLIC KEY-----\nhunter2\n-----END PUBLIC KEY-----",
        ED25519,
        // The neutral point, for which anybody can sign.
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n-----END PUBLIC KEY-----",
    ] {
        let said = MachineKey::parse(text).expect_err(text);
        assert!(!said.contains("hunter2") && !said.contains("nWGxne"), "{said}");
    }
    for (text, why) in [
        ("", "no private key"),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nhunter2\n", "encrypted"),
        ("-----BEGIN PUBLIC KEY-----\nhunter2\n", "public key"),
        ("-----BEGIN EC PRIVATE KEY-----\nhunter2\n", "pkcs8 -topk8"),
        ("-----BEGIN RSA PRIVATE KEY-----\nhunter2\n", "RSA"),
        ("-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----", "cut short"),
        (HALF, "openssl ec -in KEY | openssl pkcs8 -topk8 -nocrypt -out WHOLE adds it"),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END OPENSSH PRIVATE KEY-----",
            "cut short",
        ),
    ] {
        let said = MachineSecret::parse(text).expect_err(text);
        assert!(said.contains(why) && !said.contains("hunter2"), "{said}");
    }
    let shown = format!("{:?}", MachineSecret::parse(ED25519).expect("a key"));
    assert!(shown.starts_with("MachineSecret(SHA256:"), "{shown}");
}
