//! Public keys, read strictly: a key has one encoding, so that it has one fingerprint.
//!
//! What a policy revokes, and what it gives to one person, is told by fingerprint: a key that could
//! be written in two ways would slip past both.

use crate::sign::wire::{Reader, positive, shown};
use ed25519_dalek::VerifyingKey;
use ssh_key::PublicKey;
use ssh_key::public::{Ed25519PublicKey, KeyData};

/// Fewest and most bits of an RSA key.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// What the name of an application begins with, for keys in hardware that SSH made.
const APPLICATION: &str = "ssh:";

/// Ends the name of a kind of certificate.
pub(super) const CERTIFICATE: &str = "-cert-v01@openssh.com";

/// Kinds of keys, and of how many strings each consists after its name.
pub(super) const KINDS: [(&str, usize); 7] = [
    ("ssh-ed25519", 1),
    ("sk-ssh-ed25519@openssh.com", 2),
    ("ecdsa-sha2-nistp256", 2),
    ("ecdsa-sha2-nistp384", 2),
    ("ecdsa-sha2-nistp521", 2),
    ("sk-ecdsa-sha2-nistp256@openssh.com", 3),
    ("ssh-rsa", 2),
];

/// Reads a key.
///
/// # Errors
/// A sentence when it cannot be read, has another encoding, or is too weak to prove anything.
pub(super) fn read(blob: &[u8]) -> Result<KeyData, String> {
    let kind = Reader::new(blob).text().ok_or("the key is cut short")?;
    is_known(kind)?;
    // The error of `ssh-key` may repeat bytes of the key.
    let key = PublicKey::from_bytes(blob).map_err(|_| "the key is damaged".to_owned())?;
    if key.to_bytes().ok().as_deref() != Some(blob) {
        return Err("the key is not written in its one form".to_owned());
    }
    let key = key.key_data();
    match key {
        KeyData::Ed25519(key) => is_strong(key)?,
        KeyData::SkEd25519(key) => {
            is_strong(key.public_key())?;
            is_of_ssh(key.application())?;
        }
        KeyData::Ecdsa(key) => is_whole(key.as_sec1_bytes())?,
        KeyData::SkEcdsaSha2NistP256(key) => {
            is_whole(key.ec_point().as_bytes())?;
            is_of_ssh(key.application())?;
        }
        KeyData::Rsa(key) => is_large(key.n.as_bytes(), key.e.as_bytes())?,
        _ => return Err(format!("keys of the kind {} are not taken", shown(kind))),
    }
    Ok(key.clone())
}

/// Whether d3p takes keys of this kind.
///
/// # Errors
/// What to do instead.
pub(super) fn is_known(kind: &str) -> Result<(), String> {
    if KINDS.iter().any(|(known, _)| *known == kind) {
        return Ok(());
    }
    Err(match kind {
        "ssh-dss" => "DSA keys are not taken: ssh-keygen -t ed25519 makes a better one".to_owned(),
        _ if kind.ends_with(CERTIFICATE) => {
            "a certificate stands where a key is expected: list the key of its authority, with \
             cert-authority"
                .to_owned()
        }
        _ => format!("keys of the kind `{}` are not known", shown(kind)),
    })
}

/// Points of small order make signatures that fit any text.
fn is_strong(key: &Ed25519PublicKey) -> Result<(), String> {
    let point = VerifyingKey::from_bytes(&key.0);
    match point {
        Ok(point) if !point.is_weak() => Ok(()),
        _ => Err("the key is no point of Ed25519 that proves anything".to_owned()),
    }
}

/// A compressed point is a second form of the same key, which OpenSSH does not take either.
fn is_whole(point: &[u8]) -> Result<(), String> {
    if point.first() == Some(&4) {
        return Ok(());
    }
    Err("the key is not written in its one form".to_owned())
}

/// A key that a browser made for a web site is none of SSH.
fn is_of_ssh(application: &str) -> Result<(), String> {
    if application.starts_with(APPLICATION) {
        return Ok(());
    }
    Err(format!("the key in hardware is for `{}`, not for {APPLICATION}", shown(application)))
}

fn is_large(modulus: &[u8], exponent: &[u8]) -> Result<(), String> {
    let form = || "the key is not written in its one form".to_owned();
    let modulus = positive(modulus).ok_or_else(form)?;
    let exponent = positive(exponent).ok_or_else(form)?;
    let bits = modulus.len() * 8 - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    if !RSA_BITS.contains(&bits) {
        let (least, most) = (RSA_BITS.start(), RSA_BITS.end());
        return Err(format!("RSA keys need {least} to {most} bits, this one has {bits}"));
    }
    let odd = |bytes: &[u8]| bytes.last().is_some_and(|byte| byte % 2 == 1);
    if !odd(modulus) || !odd(exponent) || exponent == [1] || exponent.len() > 4 {
        return Err("the key is none of RSA".to_owned());
    }
    Ok(())
}
