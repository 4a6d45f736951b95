//! What must hold of signatures and allowed signers whatever bytes they are read from.
//!
//! No input may be a signature of two texts, and no file may let somebody sign whom it does not
//! name, with this key, for approvals.

use base64ct::{Base64, Encoding as _};
use d3p::testing::model::Stamp;
use d3p::testing::sign::{AllowedSigners, NAMESPACE, SignerLine, SshSignature};
use std::sync::LazyLock;

/// What the samples of the corpus sign.
pub(crate) const TEXT: &str = r#"{"decision":"GO"}"#;
/// Who signs.
pub(crate) const ANA: &str = "ana@example.com";

/// Approvals of TEXT by Ana's key, and by it under a certificate.
pub(crate) static SIGNED: LazyLock<Vec<SshSignature>> = LazyLock::new(|| {
    let samples =
        [include_str!("../sshsig/samples/ed25519"), include_str!("../sshsig/samples/certificate")];
    samples.iter().map(|text| SshSignature::parse(text).expect("it is a sample")).collect()
});

/// A signature: the bytes as its text, and as what its armor holds.
pub(crate) fn sshsig(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    one(&text, bytes);
    one(&armored(bytes), bytes);
}

fn one(text: &str, bytes: &[u8]) {
    let read = SshSignature::parse(text);
    assert_eq!(format!("{read:?}"), format!("{:?}", SshSignature::parse(text)), "read twice");
    let signature = match read {
        Ok(signature) => signature,
        Err(why) => return is_a_sentence(&why),
    };
    assert!(!signature.namespace().contains(char::is_control));
    assert_eq!(signature.fingerprints().first(), Some(&signature.fingerprint()));
    assert_eq!(signature.fingerprints().len() == 2, signature.certificate().is_some());
    assert_eq!(signature.presence().is_some(), signature.application().is_some());
    assert!(signature.application().is_none_or(|name| name.starts_with("ssh:")));
    let texts: [&[u8]; 5] = [TEXT.as_bytes(), b"", b"NO_GO", text.as_bytes(), bytes];
    let verified: Vec<_> = texts.iter().filter(|text| signature.verify(text).is_ok()).collect();
    assert!(verified.windows(2).all(|two| two[0] == two[1]), "it signs two texts");
    if let Err(why) = signature.verify(b"") {
        is_a_sentence(&why);
    }
}

/// Allowed signers. A line that was read is the same when written again, and lets nobody sign but
/// those that it names.
pub(crate) fn allowed_signers(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let read = AllowedSigners::parse(&text);
    assert_eq!(format!("{read:?}"), format!("{:?}", AllowedSigners::parse(&text)), "read twice");
    let numbers: Vec<usize> = read.lines.iter().map(|line| line.line).collect();
    let faults: Vec<usize> = read.faults.iter().map(|fault| fault.line).collect();
    let lines = text.lines().count();
    for numbers in [&numbers, &faults] {
        assert!(numbers.is_sorted_by(|a, b| a < b));
        assert!(numbers.iter().all(|line| (1..=lines).contains(line)));
    }
    assert!(numbers.iter().all(|line| !faults.contains(line)));
    for fault in &read.faults {
        is_a_sentence(&fault.message);
    }
    for line in read.lines.iter().take(20) {
        let again = AllowedSigners::parse(&written(line));
        assert_eq!(again.faults, [], "{line:?}");
        assert_eq!(format!("{:?}", again.lines), format!("{:?}", [of_one(line)]));
        if let Some(why) = line.unfit(NAMESPACE) {
            is_a_sentence(&why);
        }
    }
    let at = Stamp::parse("2026-06-01T12:00:00Z").expect("it is a moment");
    for signature in SIGNED.iter() {
        for identity in [ANA, "", "*", &text] {
            match read.find(identity, signature, NAMESPACE, at) {
                Ok(line) => lets_sign(line, identity, signature, at),
                Err(why) => is_a_sentence(&why),
            }
        }
    }
}

/// A line that lets somebody sign says so in every respect.
fn lets_sign(line: &SignerLine, identity: &str, signature: &SshSignature, at: Stamp) {
    assert!(line.principals.iter().any(|name| name == identity));
    assert!(line.principals.iter().all(|name| !name.contains(['*', '?'])));
    assert_eq!(line.namespaces.as_deref(), Some([NAMESPACE.to_owned()].as_slice()));
    assert!(line.valid_after.is_none_or(|after| after <= at));
    assert!(line.valid_before.is_none_or(|before| at < before));
    let key = match signature.certificate() {
        Some(certificate) => certificate.authority(),
        None => signature.key(),
    };
    assert_eq!((&line.key, line.cert_authority), (key, signature.certificate().is_some()));
}

/// The line, as a file of its own has it.
fn of_one(line: &SignerLine) -> SignerLine {
    SignerLine { line: 1, ..line.clone() }
}

fn written(line: &SignerLine) -> String {
    let mut options = Vec::new();
    if line.cert_authority {
        options.push("cert-authority".to_owned());
    }
    if let Some(namespaces) = &line.namespaces {
        options.push(format!("namespaces=\"{}\"", namespaces.join(",").replace('"', "\\\"")));
    }
    let times = [("valid-after", line.valid_after), ("valid-before", line.valid_before)];
    for (name, time) in times {
        let digits = time.map(|time| time.timestamp().strftime("%Y%m%d%H%M%SZ").to_string());
        options.extend(digits.map(|digits| format!("{name}=\"{digits}\"")));
    }
    let key = line.key.to_openssh();
    format!("\"{}\" {} {key}\n", line.principals.join(","), options.join(","))
}

/// It says something, not too much, on one line.
fn is_a_sentence(message: &str) {
    assert!(!message.trim().is_empty() && !message.ends_with('.'), "{message:?}");
    assert!(message.chars().count() <= 5000, "{message:?}");
    assert!(!message.contains(char::is_control), "{message:?}");
}

/// Between the lines that a signature stands between.
pub(crate) fn armored(bytes: &[u8]) -> String {
    let text = Base64::encode_string(bytes);
    format!("-----BEGIN SSH SIGNATURE-----\n{text}\n-----END SSH SIGNATURE-----\n")
}
