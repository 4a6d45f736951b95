//! A signature itself (RFC 4253 §6.6, RFC 5656, RFC 8332, RFC 8709, OpenSSH PROTOCOL.u2f): what one
//! key made of some bytes.
//!
//! Read here strictly: bytes that follow a signature are refused, and numbers have one form.

use crate::model::Reason;
use crate::sign::arithmetic::{self, Curve, RsaHash};
use crate::sign::key::{Material, PublicKey};
use crate::sign::wire::{Reader, shown};
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;

const OTHER: &str = "the signature is not of this text, or not of this key";

/// A signature, read and not yet checked.
#[derive(Clone, Debug)]
pub(super) struct RawSignature {
    kind: Kind,
    bytes: Vec<u8>,
    hardware: Option<Hardware>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Ed25519,
    Ecdsa(Curve),
    Rsa(RsaHash),
}

/// What a key in hardware signs along with the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Hardware {
    flags: u8,
    counter: u32,
}

impl RawSignature {
    /// Reads the name of the algorithm, and what it made.
    ///
    /// # Errors
    /// A sentence when it is not exactly that, or of an algorithm that is not taken.
    pub(super) fn read(blob: &[u8]) -> Result<Self, Reason> {
        let short = || "the signature is cut short".to_owned();
        let mut reader = Reader::new(blob);
        let (kind, hardware) = kind(reader.text().ok_or_else(short)?)?;
        let bytes = reader.string().ok_or_else(short)?;
        let hardware = if hardware {
            let flags = reader.byte().ok_or_else(short)?;
            Some(Hardware { flags, counter: reader.number().ok_or_else(short)? })
        } else {
            None
        };
        if !reader.is_done() {
            return Err("bytes follow the signature".into());
        }
        // Numbers have one form, so that a signature is not two.
        if let Kind::Ecdsa(_) = kind {
            let mut numbers = Reader::new(bytes);
            let both = numbers.positive().and_then(|_| numbers.positive());
            if both.is_none() || !numbers.is_done() {
                return Err("the numbers of the signature are damaged".into());
            }
        }
        Ok(Self { kind, bytes: bytes.to_vec(), hardware })
    }

    /// The flags that hardware signed.
    pub(super) fn flags(&self) -> Option<u8> {
        Some(self.hardware?.flags)
    }

    /// Whether `key` made it of exactly `message`.
    ///
    /// # Errors
    /// A sentence when it did not.
    pub(super) fn verify(&self, key: &PublicKey, message: &[u8]) -> Result<(), Reason> {
        let signed = match (self.hardware, key.application()) {
            (None, None) => Cow::Borrowed(message),
            (Some(hardware), Some(application)) => {
                Cow::Owned(hardware.signed(application, message))
            }
            _ => return Err(other_kind(key).into()),
        };
        let fits = match (key.material(), self.kind) {
            (Material::Ed25519(point), Kind::Ed25519) => {
                arithmetic::ed25519(point, &signed, &self.bytes)
            }
            (Material::Ecdsa(found, point), Kind::Ecdsa(curve)) if *found == curve => self
                .numbers(curve)
                .is_some_and(|numbers| arithmetic::ecdsa(curve, point, &signed, &numbers)),
            (Material::Rsa(modulus, exponent), Kind::Rsa(hash)) => {
                // OpenSSH takes shorter ones too; nothing makes them.
                self.bytes.len() == modulus.len()
                    && arithmetic::rsa(hash, (modulus, exponent), &signed, &self.bytes)
            }
            _ => return Err(other_kind(key).into()),
        };
        if fits { Ok(()) } else { Err(OTHER.into()) }
    }

    /// The two numbers of an ECDSA signature, each as long as those of the curve.
    fn numbers(&self, curve: Curve) -> Option<Vec<u8>> {
        let mut reader = Reader::new(&self.bytes);
        let mut both = Vec::new();
        for _ in 0..2 {
            let number = reader.positive()?;
            both.resize(both.len() + curve.size().checked_sub(number.len())?, 0);
            both.extend_from_slice(number);
        }
        Some(both)
    }
}

fn other_kind(key: &PublicKey) -> String {
    format!("a key of the kind {} made no such signature", key.kind())
}

impl Hardware {
    /// What the hardware signs of `message`.
    fn signed(self, application: &str, message: &[u8]) -> Vec<u8> {
        let mut signed = Sha256::digest(application.as_bytes()).to_vec();
        signed.push(self.flags);
        signed.extend_from_slice(&self.counter.to_be_bytes());
        signed.extend_from_slice(&Sha256::digest(message));
        signed
    }
}

/// The algorithm of that name, and whether it is one of hardware.
fn kind(name: &str) -> Result<(Kind, bool), Reason> {
    Ok(match name {
        "ssh-ed25519" => (Kind::Ed25519, false),
        "sk-ssh-ed25519@openssh.com" => (Kind::Ed25519, true),
        "ecdsa-sha2-nistp256" => (Kind::Ecdsa(Curve::P256), false),
        "ecdsa-sha2-nistp384" => (Kind::Ecdsa(Curve::P384), false),
        "sk-ecdsa-sha2-nistp256@openssh.com" => (Kind::Ecdsa(Curve::P256), true),
        "rsa-sha2-256" => (Kind::Rsa(RsaHash::Sha256), false),
        "rsa-sha2-512" => (Kind::Rsa(RsaHash::Sha512), false),
        "ssh-rsa" => {
            return Err(
                "the signature is of RSA with SHA-1, which can be forged; OpenSSH 8.2 and \
                        newer sign with SHA-2"
                    .into(),
            );
        }
        "ecdsa-sha2-nistp521" => {
            return Err("signatures over P-521 are not taken: ssh-keygen -t ed25519 makes a key \
                        whose signatures are"
                .into());
        }
        "webauthn-sk-ecdsa-sha2-nistp256@openssh.com" => {
            return Err("the signature was made in a browser (WebAuthn): sign with ssh-keygen, \
                        which d3p approve sign runs"
                .into());
        }
        other => {
            return Err(format!("signatures of the kind `{}` are not known", shown(other)).into());
        }
    })
}
