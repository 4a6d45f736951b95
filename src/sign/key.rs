//! Public keys, read strictly: a key has one encoding, so that it has one fingerprint.
//!
//! What a policy revokes, and what it gives to one person, is told by fingerprint: a key that could
//! be written in two ways would slip past both.

use crate::model::Reason;
use crate::sign::arithmetic::{Curve, is_strong};
use crate::sign::wire::{Reader, positive, push_string, shown};
use base64ct::{Base64, Base64Unpadded, Encoding as _};
use sha2::{Digest as _, Sha256};

/// Fewest and most bits of an RSA key.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// What the name of an application begins with, for keys in hardware that SSH made.
const APPLICATION: &str = "ssh:";

/// Ends the name of a kind of certificate.
pub(super) const CERTIFICATE: &str = "-cert-v01@openssh.com";

/// Kinds of keys, and of how many strings each consists after its name.
pub(super) const KINDS: [(&str, usize); 6] = [
    ("ssh-ed25519", 1),
    ("sk-ssh-ed25519@openssh.com", 2),
    ("ecdsa-sha2-nistp256", 2),
    ("ecdsa-sha2-nistp384", 2),
    ("sk-ecdsa-sha2-nistp256@openssh.com", 3),
    ("ssh-rsa", 2),
];

/// A public key of SSH.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicKey {
    kind: &'static str,
    blob: Vec<u8>,
    material: Material,
    application: Option<String>,
}

/// The numbers of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Material {
    /// The point, 32 bytes.
    Ed25519(Vec<u8>),
    /// The curve and the point, uncompressed (SEC 1, 2.3.3).
    Ecdsa(Curve, Vec<u8>),
    /// The modulus and the exponent, without leading zeros.
    Rsa(Vec<u8>, Vec<u8>),
}

impl PublicKey {
    /// Reads a line such as `ssh-ed25519 AAAA… comment`.
    ///
    /// # Errors
    /// A sentence when it is none, or a key that is not taken. It may repeat the line's first word.
    pub fn from_openssh(line: &str) -> Result<Self, Reason> {
        let mut words = line.split_whitespace();
        let (Some(kind), Some(blob)) = (words.next(), words.next()) else {
            return Err("a public key is its kind and its Base64".into());
        };
        is_known(kind)?;
        let blob = Base64::decode_vec(blob).map_err(|_| "the key is not Base64".to_owned())?;
        let key = Self::read(&blob)?;
        if key.kind != kind {
            return Err(format!("the key is of the kind {}, not {kind}", key.kind).into());
        }
        Ok(key)
    }

    /// Reads a key.
    ///
    /// # Errors
    /// A sentence when it cannot be read, has another encoding, or is too weak to prove anything.
    pub(super) fn read(blob: &[u8]) -> Result<Self, Reason> {
        let mut reader = Reader::new(blob);
        let kind = reader.text().ok_or("the key is cut short")?;
        is_known(kind)?;
        let damaged = || "the key is damaged".to_owned();
        let (kind, strings) =
            *KINDS.iter().find(|(known, _)| *known == kind).ok_or_else(damaged)?;
        let mut parts = Vec::new();
        for _ in 0..strings {
            parts.push(reader.string().ok_or_else(damaged)?);
        }
        if !reader.is_done() {
            return Err(damaged().into());
        }
        let (material, application) = match (kind, parts.as_slice()) {
            ("ssh-rsa", [exponent, modulus]) => (rsa(modulus, exponent)?, None),
            ("ssh-ed25519", [point]) => (ed25519(point)?, None),
            ("sk-ssh-ed25519@openssh.com", [point, application]) => {
                (ed25519(point)?, Some(of_ssh(application)?))
            }
            ("ecdsa-sha2-nistp384", [curve, point]) => (ecdsa(Curve::P384, curve, point)?, None),
            (_, [curve, point]) => (ecdsa(Curve::P256, curve, point)?, None),
            (_, [curve, point, application]) => {
                (ecdsa(Curve::P256, curve, point)?, Some(of_ssh(application)?))
            }
            _ => return Err(damaged().into()),
        };
        Ok(Self { kind, blob: blob.to_vec(), material, application })
    }

    /// The Ed25519 key at `point`.
    pub(super) fn of_ed25519(point: &[u8]) -> Result<Self, Reason> {
        Self::of("ssh-ed25519", &[point])
    }

    /// The ECDSA key at `point`, uncompressed.
    pub(super) fn of_ecdsa(curve: Curve, point: &[u8]) -> Result<Self, Reason> {
        Self::of(&format!("ecdsa-sha2-{}", curve.name()), &[curve.name().as_bytes(), point])
    }

    fn of(kind: &str, parts: &[&[u8]]) -> Result<Self, Reason> {
        let mut blob = Vec::new();
        push_string(&mut blob, kind.as_bytes());
        parts.iter().for_each(|part| push_string(&mut blob, part));
        Self::read(&blob)
    }

    /// What SSH calls its kind, such as `ssh-ed25519`.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// `SHA256:…`, as `ssh-keygen -l` shows it.
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", Base64Unpadded::encode_string(&Sha256::digest(&self.blob)))
    }

    /// Its line, without a comment.
    pub fn to_openssh(&self) -> String {
        format!("{} {}", self.kind, Base64::encode_string(&self.blob))
    }

    /// What hardware made it for, such as `ssh:`; `None` for a key that is not in hardware.
    pub fn application(&self) -> Option<&str> {
        self.application.as_deref()
    }

    pub(super) fn material(&self) -> &Material {
        &self.material
    }
}

/// Whether d3p takes keys of this kind.
///
/// # Errors
/// What to do instead.
pub(super) fn is_known(kind: &str) -> Result<(), Reason> {
    if KINDS.iter().any(|(known, _)| *known == kind) {
        return Ok(());
    }
    Err(match kind {
        "ssh-dss" => "DSA keys are not taken: ssh-keygen -t ed25519 makes a better one".into(),
        "ecdsa-sha2-nistp521" => {
            "keys over P-521 are not taken: ssh-keygen -t ed25519 makes one that is".into()
        }
        _ if kind.ends_with(CERTIFICATE) => {
            "a certificate stands where a key is expected: list the key of its authority, with \
             cert-authority"
                .into()
        }
        _ => format!("keys of the kind `{}` are not known", shown(kind)).into(),
    })
}

/// Whether it is a kind that d3p knows and does not take.
pub(super) fn is_refused(kind: &str) -> bool {
    matches!(kind, "ssh-dss" | "ecdsa-sha2-nistp521") || kind.ends_with(CERTIFICATE)
}

fn form() -> String {
    "the key is not written in its one form".to_owned()
}

/// Points of small order make signatures that fit any text.
fn ed25519(point: &[u8]) -> Result<Material, Reason> {
    if point.len() != 32 {
        return Err("the key is damaged".into());
    }
    if !is_strong(point) {
        return Err("the key is no point of Ed25519 that proves anything".into());
    }
    Ok(Material::Ed25519(point.to_vec()))
}

/// A compressed point is a second form of the same key, which OpenSSH does not take either.
fn ecdsa(curve: Curve, name: &[u8], point: &[u8]) -> Result<Material, Reason> {
    match point {
        [2 | 3, rest @ ..] if rest.len() == curve.size() => Err(form().into()),
        [4, rest @ ..] if rest.len() == 2 * curve.size() && name == curve.name().as_bytes() => {
            Ok(Material::Ecdsa(curve, point.to_vec()))
        }
        _ => Err("the key is damaged".into()),
    }
}

/// A key that a browser made for a web site is none of SSH.
fn of_ssh(application: &[u8]) -> Result<String, Reason> {
    let application = std::str::from_utf8(application).map_err(|_| "the key is damaged")?;
    if application.starts_with(APPLICATION) {
        return Ok(application.to_owned());
    }
    Err(format!("the key in hardware is for `{}`, not for {APPLICATION}", shown(application))
        .into())
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<Material, Reason> {
    let modulus = positive(modulus).ok_or_else(form)?;
    let exponent = positive(exponent).ok_or_else(form)?;
    let bits = modulus.len() * 8 - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    if !RSA_BITS.contains(&bits) {
        let (least, most) = (RSA_BITS.start(), RSA_BITS.end());
        return Err(format!("RSA keys need {least} to {most} bits, this one has {bits}").into());
    }
    let odd = |bytes: &[u8]| bytes.last().is_some_and(|byte| byte % 2 == 1);
    if !odd(modulus) || !odd(exponent) || exponent == [1] || exponent.len() > 4 {
        return Err("the key is none of RSA".into());
    }
    Ok(Material::Rsa(modulus.to_vec(), exponent.to_vec()))
}
