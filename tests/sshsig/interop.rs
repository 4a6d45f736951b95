//! Keys, agents and certificates as people have them.

use super::bench::{ANA, Bench, Question, TEXT, agent_socket, authority_line, line, noon, stamp};
use super::wire::{Parts, blob, string, strings, to_sign};
use d3p::testing::sign::{AllowedSigners, NAMESPACE, SshSignature};
use std::io::{Read as _, Write as _};

/// Kinds of keys that d3p takes, as ssh-keygen names them.
const KINDS: [(&str, &str); 6] = [
    ("ed25519", "ed25519"),
    ("p256", "ecdsa -b 256"),
    ("p384", "ecdsa -b 384"),
    ("rsa2048", "rsa -b 2048"),
    ("rsa3072", "rsa -b 3072"),
    ("rsa4096", "rsa -b 4096"),
];

/// Everything that must make both say no, though the signature is a good one.
fn is_of_nothing_else(bench: &Bench, question: &Question, key: &str) {
    bench.ask(question).is_taken();
    let ask = |change: &dyn Fn(&mut Question)| {
        let mut question = question.clone();
        change(&mut question);
        bench.ask(&question)
    };
    ask(&|q| q.text.push(b'\n')).is_refused("not of this text");
    ask(&|q| q.text.clear()).is_refused("not of this text");
    ask(&|q| q.namespace = "git".to_owned()).is_refused("made for d3p-approval");
    ask(&|q| q.identity = "bob@example.com".to_owned()).is_refused("no line names");
    ask(&|q| q.identity = ANA.to_uppercase()).is_refused("no line names");
    ask(&|q| q.revoked = Some(key.to_owned())).is_refused("revoked");
    let option = |option: &'static str| {
        move |q: &mut Question| {
            q.signers = q.signers.replace("namespaces=", &format!("{option},namespaces="));
        }
    };
    ask(&option("valid-before=\"20260601Z\"")).is_refused("valid before");
    ask(&option("valid-after=\"202606011201Z\"")).is_refused("valid after");
    ask(&option("valid-after=\"20260601120000Z\",valid-before=\"202606011201Z\"")).is_taken();
    ask(&option("valid-after=\"20260601120001Z\"")).is_refused("valid after");
    // ssh-keygen counts the last second in.
    ask(&option("valid-before=\"20260601120000Z\"")).is_stricter("valid before");
    ask(&|q| q.signers = q.signers.replace(NAMESPACE, "git")).is_refused("not for approvals alone");
    ask(&|q| q.signers = q.signers.replace(NAMESPACE, "git,d3p-*"))
        .is_stricter("not for approvals alone");
    ask(&|q| q.signers = q.signers.replace(ANA, "*@example.com")).is_stricter("is a pattern");
}

#[test]
fn keys_over_p521_are_refused_in_words() {
    let bench = Bench::new();
    let public = bench.key("p521", "ecdsa -b 521");
    let signers = AllowedSigners::parse(&line(&public));
    let said = &signers.faults[0].message;
    assert!(said.contains("over P-521 are not taken: ssh-keygen -t ed25519"), "{said}");
    let question = Question::new(line(&public), bench.approve("p521"));
    bench.ask(&question).is_stricter("over P-521 are not taken");
}

#[test]
fn keys_in_files_are_taken() {
    let bench = Bench::new();
    for (name, kind) in KINDS {
        let public = bench.key(name, kind);
        let question = Question::new(line(&public), bench.approve(name));
        is_of_nothing_else(&bench, &question, &public);
        let signature = SshSignature::parse(&question.signature).unwrap();
        let listed = bench.keygen(&["-l", "-f", &format!("{name}.pub")]);
        let listed = String::from_utf8(listed).unwrap();
        assert_eq!(listed.split(' ').nth(1), Some(signature.fingerprint().as_str()));
        assert_eq!(signature.fingerprints(), [signature.fingerprint()]);
        assert_eq!((signature.presence(), signature.application()), (None, None));
    }
}

/// Not every message hashes to the same number of bytes, and numbers in signatures differ in length.
#[test]
fn many_signatures_of_curves_are_taken() {
    let bench = Bench::new();
    for (name, kind) in &KINDS[1..4] {
        let public = bench.key(name, kind);
        for number in 0..40 {
            let text = format!("{number}");
            let mut question = Question::new(line(&public), "");
            question.signature = bench.sign(name, NAMESPACE, text.as_bytes());
            question.text = text.into_bytes();
            assert_eq!(question.ours(), Ok(()), "{name} {number}");
        }
    }
}

#[test]
fn hashes_that_openssh_offers_are_taken() {
    let bench = Bench::new();
    let public = bench.key("ana", "ed25519");
    for hash in ["sha256", "sha512"] {
        let option = format!("hashalg={hash}");
        let args = ["-q", "-Y", "sign", "-f", "ana", "-n", NAMESPACE, "-O", option.as_str()];
        let signature = bench.done("ssh-keygen", &args, TEXT.as_bytes());
        let signature = String::from_utf8(signature).unwrap();
        bench.ask(&Question::new(line(&public), signature)).is_taken();
    }
}

#[test]
fn keys_in_an_agent_are_taken() {
    let mut bench = Bench::new();
    bench.start_agent();
    for (name, kind) in &KINDS[..5] {
        let public = bench.key(name, kind);
        bench.to_agent(name);
        let signature = bench.approve(&format!("{name}.pub"));
        is_of_nothing_else(&bench, &Question::new(line(&public), signature), &public);
    }
}

/// With the private key in a file and in an agent, and authorities of every kind.
#[test]
fn keys_with_a_certificate_are_taken() {
    let mut bench = Bench::new();
    bench.start_agent();
    for (at, (name, kind)) in KINDS[..5].iter().enumerate() {
        let key = bench.key(name, kind);
        // Each kind certifies the next one.
        let authority = format!("ca-{name}");
        let public = bench.key(&authority, KINDS[(at + 1) % 5].1);
        bench.certify(&authority, name, &["-n", "ana@example.com,ana", "-V", "20260101:20261231"]);
        let certificate = format!("{name}-cert.pub");
        for in_agent in [false, true] {
            if in_agent {
                bench.to_agent(name);
            }
            let signature = bench.approve(&certificate);
            let question = Question::new(authority_line(&public), signature);
            is_of_nothing_else(&bench, &question, &public);
            bench.ask(&Question { revoked: Some(key.clone()), ..question }).is_refused("revoked");
        }
    }
}

/// Without `-V` a certificate is valid for ever, which has a number of its own.
#[test]
fn certificates_for_ever_are_taken() {
    let bench = Bench::new();
    bench.key("ana", "ed25519");
    let authority = bench.key("ca", "ed25519");
    bench.certify("ca", "ana", &["-n", ANA]);
    let mut question = Question::new(authority_line(&authority), bench.approve("ana-cert.pub"));
    for at in ["1970-01-02T00:00:00Z", "2026-06-01T12:00:00Z", "9999-12-30T00:00:00Z"] {
        question.at = stamp(at);
        bench.ask(&question).is_taken();
    }
    assert_ne!(question.at, noon());
}

/// A request to an agent: `flags` choose the hash of RSA.
fn agent_signs(bench: &Bench, key: &[u8], data: &[u8], flags: u32) -> Vec<u8> {
    let mut request = vec![13];
    request.extend(strings(&[key, data]));
    request.extend_from_slice(&flags.to_be_bytes());
    let mut stream = agent_socket(bench);
    stream.write_all(&string(&request)).unwrap();
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut answer = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer[0], 14, "the agent did not sign");
    answer[5..].to_vec()
}

#[test]
fn rsa_with_sha_2_only() {
    let mut bench = Bench::new();
    bench.start_agent();
    let public = bench.key("ana", "rsa -b 2048");
    bench.to_agent("ana");
    let key = blob(&public);
    for (flags, kind) in [(2, "rsa-sha2-256"), (4, "rsa-sha2-512"), (0, "ssh-rsa")] {
        let signature = agent_signs(&bench, &key, &to_sign(TEXT.as_bytes(), b""), flags);
        assert_eq!(signature[4..4 + kind.len()], *kind.as_bytes());
        let parts = Parts::new(key.clone(), signature);
        let answer = bench.ask(&Question::new(line(&public), parts.armored()));
        match flags {
            0 => answer.is_refused("SHA-1"),
            _ => answer.is_taken(),
        }
    }
}

#[test]
fn short_and_long_rsa_keys_are_refused() {
    let bench = Bench::new();
    for bits in ["1024", "2047", "4104"] {
        let public = bench.key(bits, &format!("rsa -b {bits}"));
        let question = Question::new(line(&public), bench.approve(bits));
        bench.ask(&question).is_stricter(&format!("2048 to 4096 bits, this one has {bits}"));
    }
}
