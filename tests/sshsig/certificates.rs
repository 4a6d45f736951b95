//! Certificates: made by `ssh-keygen -s`, and made by hand where that would not make them.

use super::bench::{ANA, Answer, Bench, Question, TEXT, authority_line, line, stamp};
use super::token::{SigningKey, Token};
use super::wire::{Parts, blob, public, string, strings, to_sign};
use d3p::testing::sign::{PublicKey, SshSignature};

const KIND: &str = "ssh-ed25519-cert-v01@openssh.com";

fn secret(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn key(secret: &SigningKey) -> Vec<u8> {
    strings(&[b"ssh-ed25519", secret.point()])
}

fn signed(secret: &SigningKey, bytes: &[u8]) -> Vec<u8> {
    strings(&[b"ssh-ed25519", &secret.sign(bytes)])
}

/// A certificate of Ana's key, field by field.
#[derive(Clone)]
struct Fields {
    kind: &'static str,
    subject: Vec<u8>,
    of: u32,
    principals: Vec<u8>,
    after: u64,
    before: u64,
    critical: Vec<u8>,
    extensions: Vec<u8>,
    reserved: Vec<u8>,
    authority: Vec<u8>,
}

impl Fields {
    fn new() -> Self {
        Self {
            kind: KIND,
            subject: string(secret(1).point()),
            of: 1,
            principals: string(ANA),
            after: 0,
            before: u64::MAX,
            critical: Vec::new(),
            extensions: strings(&[b"permit-pty", b""]),
            reserved: Vec::new(),
            authority: key(&secret(2)),
        }
    }

    fn to_sign(&self) -> Vec<u8> {
        let mut bytes = strings(&[self.kind.as_bytes(), &[9; 32]]);
        bytes.extend_from_slice(&self.subject);
        bytes.extend_from_slice(&7u64.to_be_bytes());
        bytes.extend_from_slice(&self.of.to_be_bytes());
        bytes.extend(strings(&[b"id", &self.principals]));
        bytes.extend_from_slice(&self.after.to_be_bytes());
        bytes.extend_from_slice(&self.before.to_be_bytes());
        let rest = [&self.critical, &self.extensions, &self.reserved, &self.authority];
        bytes.extend(rest.into_iter().flat_map(string));
        bytes
    }

    fn signed_by(&self, authority: &SigningKey) -> Vec<u8> {
        let mut bytes = self.to_sign();
        bytes.extend(string(signed(authority, &bytes)));
        bytes
    }
}

/// Ana's approval under a certificate of her key.
fn approval(certificate: Vec<u8>) -> String {
    Parts::new(certificate, signed(&secret(1), &to_sign(TEXT.as_bytes(), b""))).armored()
}

/// The question whether it counts for the authority that a certificate usually has.
fn question(certificate: Vec<u8>) -> Question {
    Question::new(authority_line(&public(&key(&secret(2)))), approval(certificate))
}

fn ask(bench: &Bench, change: impl Fn(&mut Fields)) -> Answer {
    let mut fields = Fields::new();
    change(&mut fields);
    bench.ask(&question(fields.signed_by(&secret(2))))
}

#[test]
fn fields_are_judged() {
    let bench = Bench::new();
    ask(&bench, |_| {}).is_taken();
    ask(&bench, |f| f.of = 2).is_refused("a host's, not a person's");
    ask(&bench, |f| f.of = 0).is_refused("a host's, not a person's");
    ask(&bench, |f| f.of = 3).is_refused("a host's, not a person's");
    ask(&bench, |f| f.principals = strings(&[b"bob", ANA.as_bytes()])).is_taken();
    // Nobody is named, which for logins would mean everybody.
    ask(&bench, |f| f.principals.clear()).is_refused("does not name");
    ask(&bench, |f| f.principals = string("bob@example.com")).is_refused("does not name");
    ask(&bench, |f| f.principals = string("*")).is_refused("does not name");
    ask(&bench, |f| f.principals = string("*@example.com")).is_refused("does not name");
    ask(&bench, |f| f.principals = string(format!("{ANA},bob"))).is_refused("does not name");
    ask(&bench, |f| f.principals = string(ANA.to_uppercase())).is_refused("does not name");
    ask(&bench, |f| f.principals = b"damaged".to_vec()).is_refused("a name in it");
    ask(&bench, |f| f.principals = string(ANA).repeat(256)).is_taken();
    ask(&bench, |f| f.principals = string(ANA).repeat(257)).is_refused("more than 256");
    // Limits that only a server knows; ssh-keygen does not look.
    let critical = strings(&[b"source-address", &string("10.0.0.0/8")]);
    ask(&bench, |f| f.critical = critical.clone()).is_stricter("`source-address`, a limit");
    let critical = strings(&[b"verify-required", b""]);
    ask(&bench, |f| f.critical = critical.clone()).is_stricter("`verify-required`, a limit");
    ask(&bench, |f| f.critical = b"x".to_vec()).is_refused("an option in it");
    ask(&bench, |f| f.extensions.clear()).is_taken();
    ask(&bench, |f| f.extensions = b"xxxxx".to_vec()).is_refused("an option in it");
    ask(&bench, |f| f.extensions = string("alone")).is_refused("an option in it");
    ask(&bench, |f| f.reserved = b"anything".to_vec()).is_taken();
}

#[test]
fn times_are_judged_at_the_moment_asked() {
    let bench = Bench::new();
    let (from, until) = (1_767_225_600, 1_798_761_600);
    let mut fields = Fields::new();
    (fields.after, fields.before) = (from, until);
    let mut question = question(fields.signed_by(&secret(2)));
    for (at, words) in [
        ("2025-12-31T23:59:59Z", "not valid before 2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00Z", ""),
        ("2026-12-31T23:59:59Z", ""),
        ("2027-01-01T00:00:00Z", "expired at 2027-01-01T00:00:00Z"),
        ("1970-01-02T00:00:00Z", "not valid before"),
    ] {
        question.at = stamp(at);
        match words {
            "" => bench.ask(&question).is_taken(),
            words => bench.ask(&question).is_refused(words),
        }
    }
    let far = i64::MAX as u64;
    ask(&bench, |f| (f.after, f.before) = (until, from)).is_refused("not valid before");
    ask(&bench, |f| (f.after, f.before) = (0, 0)).is_refused("expired");
    ask(&bench, |f| (f.after, f.before) = (0, far)).is_taken();
    ask(&bench, |f| (f.after, f.before) = (0, far + 1)).is_taken();
    ask(&bench, |f| (f.after, f.before) = (0, u64::MAX - 1)).is_taken();
    ask(&bench, |f| (f.after, f.before) = (far, u64::MAX)).is_refused("the end of time");
    ask(&bench, |f| f.after = u64::MAX).is_refused("the end of time");
    ask(&bench, |f| (f.after, f.before) = (u64::MAX, u64::MAX)).is_refused("the end of time");
}

/// The authority that a certificate names did not sign it.
#[test]
fn forged_certificates_are_refused() {
    let bench = Bench::new();
    let fields = Fields::new();
    let forged = "not signed by the authority that it names";
    // Ana certifies herself, and writes the authority in.
    bench.ask(&question(fields.signed_by(&secret(1)))).is_refused(forged);
    bench.ask(&question(fields.signed_by(&secret(3)))).is_refused(forged);
    let good = fields.signed_by(&secret(2));
    bench.ask(&question(good.clone())).is_taken();
    // Another authority, that really signed it.
    let other = Fields { authority: key(&secret(3)), ..fields.clone() };
    bench.ask(&question(other.signed_by(&secret(3)))).is_refused("no line names");
    // The signature of another certificate.
    let mut bob =
        Fields { principals: string("bob@example.com"), ..fields.clone() }.signed_by(&secret(2));
    let signature = bob.split_off(bob.len() - 87);
    bench.ask(&question([fields.to_sign(), signature].concat())).is_refused(forged);
    // No signature, or one that is longer.
    let unsigned = [fields.to_sign(), string("")].concat();
    bench.ask(&question(unsigned)).is_refused(forged);
    bench.ask(&question(fields.to_sign())).is_refused("cut short");
    bench.ask(&question([good.clone(), vec![0]].concat())).is_refused("bytes follow it");
    let mut longer = fields.to_sign();
    let signature = [signed(&secret(2), &longer), vec![0]].concat();
    longer.extend(string(signature));
    bench.ask(&question(longer)).is_refused(forged);
}

/// Each bit of a certificate is signed, or is the signature.
#[test]
fn no_bit_of_a_certificate_can_be_changed() {
    let good = Fields::new().signed_by(&secret(2));
    assert_eq!(question(good.clone()).ours(), Ok(()));
    for at in 0..good.len() {
        for bit in [0, 3, 7] {
            let mut changed = good.clone();
            changed[at] ^= 1 << bit;
            assert!(question(changed).ours().is_err(), "byte {at}, bit {bit}");
        }
    }
    for length in 0..good.len() {
        assert!(question(good[..length].to_vec()).ours().is_err(), "{length} bytes");
    }
}

#[test]
fn a_certificate_certifies_no_certificate() {
    let bench = Bench::new();
    let first = Fields::new();
    // The authority is certified by another one, which is the listed one.
    let second =
        Fields { subject: string(secret(3).point()), authority: key(&secret(2)), ..first.clone() };
    let intermediate = second.signed_by(&secret(2));
    let by_certificate = Fields { authority: intermediate.clone(), ..first.clone() };
    bench
        .ask(&question(by_certificate.signed_by(&secret(3))))
        .is_refused("a certificate stands where a key is expected");
    // The certified key acts as an authority.
    let by_key = Fields { authority: key(&secret(3)), ..first.clone() };
    bench.ask(&question(by_key.signed_by(&secret(3)))).is_refused("no line names");
    // A certificate of a certificate.
    let nested = Fields { subject: string(&intermediate), ..first };
    bench.ask(&question(nested.signed_by(&secret(2)))).is_refused("certificate: the key is");
    // The line of the authority holds a certificate.
    let line = authority_line(&public(&intermediate));
    let mut asked = question(Fields::new().signed_by(&secret(2)));
    asked.signers = line;
    bench.ask(&asked).is_refused("no line names");
}

#[test]
fn weak_keys_are_not_certified_and_certify_nothing() {
    let bench = Bench::new();
    let mut one = [0; 32];
    one[0] = 1;
    let anything = strings(&[b"ssh-ed25519", &[one, [0; 32]].concat()]);
    let weak = strings(&[b"ssh-ed25519", &one]);
    // An authority of small order certifies whatever anybody likes.
    let fields = Fields { authority: weak.clone(), ..Fields::new() };
    let certificate = [fields.to_sign(), string(&anything)].concat();
    let mut asked = question(certificate);
    asked.signers = authority_line(&public(&weak));
    bench.ask(&asked).is_stricter("its authority: the key is no point of Ed25519");
    let fields = Fields { subject: string(one), ..Fields::new() };
    let parts = Parts::new(fields.signed_by(&secret(2)), anything);
    let asked = Question::new(authority_line(&public(&key(&secret(2)))), parts.armored());
    bench.ask(&asked).is_stricter("the key is no point of Ed25519");
}

#[test]
fn kinds_of_certificates_are_known_by_name() {
    let bench = Bench::new();
    for kind in [
        "ssh-dss-cert-v01@openssh.com",
        "ssh-ed25519-cert-v00@openssh.com",
        "x-cert-v01@openssh.com",
        "-cert-v01@openssh.com",
        "ssh-rsa-cert-v01@openssh.com",
        "ssh-ed25519",
    ] {
        let Answer { ours, theirs } = ask(&bench, |f| f.kind = kind);
        assert!(ours.is_err() && theirs.is_err(), "{kind}");
    }
}

/// Authorities in hardware: whether anybody touched them is not asked, as for ssh-keygen.
#[test]
fn authorities_in_hardware_are_taken() {
    let bench = Bench::new();
    for token in [Token::ed25519("ssh:"), Token::p256("ssh:")] {
        let fields = Fields { authority: token.blob(), ..Fields::new() };
        let mut certificate = fields.to_sign();
        let signature = token.sign(&certificate, 1, 3);
        certificate.extend(string(signature));
        let mut asked = question(certificate);
        asked.signers = authority_line(&public(&token.blob()));
        bench.ask(&asked).is_taken();
        // The key that signed is none of hardware, so nobody is shown to be present.
        assert_eq!(SshSignature::parse(&asked.signature).unwrap().presence(), None);
    }
}

#[test]
fn every_key_that_a_signature_rests_on_is_told() {
    let signature = SshSignature::parse(&approval(Fields::new().signed_by(&secret(2)))).unwrap();
    let fingerprint =
        |secret: &SigningKey| PublicKey::from_openssh(&public(&key(secret))).unwrap().fingerprint();
    let both = [fingerprint(&secret(1)), fingerprint(&secret(2))];
    assert_eq!(signature.fingerprints(), both);
    assert_eq!(signature.certificate().unwrap().principals(), [ANA]);
}

/// What `ssh-keygen -s` makes, and `ssh-keygen -r` revokes.
#[test]
fn certificates_of_ssh_keygen_are_judged() {
    let bench = Bench::new();
    let ana = bench.key("ana", "ed25519");
    let authority = bench.key("ca", "ed25519");
    let listed = authority_line(&authority);
    let with = |args: &[&str]| {
        bench.certify("ca", "ana", args);
        bench.ask(&Question::new(&*listed, bench.approve("ana-cert.pub")))
    };
    with(&["-n", ANA]).is_taken();
    with(&["-n", "bob,ana"]).is_refused("does not name");
    with(&["-h", "-n", ANA]).is_refused("a host's");
    with(&["-n", ANA, "-V", "20200101Z:20210101Z"]).is_refused("expired at 2021-01-01");
    with(&["-n", ANA, "-V", "20400101Z:20410101Z"]).is_refused("not valid before 2040-01-01");
    with(&["-n", ANA, "-V", "always:forever"]).is_taken();
    with(&["-n", ANA, "-O", "source-address=10.0.0.0/8"]).is_stricter("a limit");
    with(&["-n", ANA, "-O", "force-command=true"]).is_stricter("a limit");
    with(&["-n", ANA, "-O", "clear", "-z", "42"]).is_taken();
    with(&["-n", ANA, "-O", "extension:login@example.com=ana"]).is_taken();
    with(&[]).is_refused("does not name");
    with(&["-n", ANA]).is_taken();
    let signature = bench.approve("ana-cert.pub");
    for revoked in [&ana, &authority] {
        let question = Question::new(&*listed, &*signature);
        bench.ask(&Question { revoked: Some(revoked.clone()), ..question }).is_refused("revoked");
    }
    let other = bench.key("other", "ed25519");
    let question = Question::new(&*listed, &*signature);
    bench.ask(&Question { revoked: Some(other.clone()), ..question }).is_taken();
    bench.ask(&Question::new(authority_line(&other), &*signature)).is_refused("no line names");
    // The certified key alone is not listed, and the authority signs nothing itself.
    bench.ask(&Question::new(&*listed, bench.approve("ana"))).is_refused("no line names");
    bench.ask(&Question::new(&*listed, bench.approve("ca"))).is_refused("certifies others");
    bench.ask(&Question::new(line(&authority), &*signature)).is_refused("no line names");
    assert_eq!(public(&blob(&ana)), ana);
}
