//! A signature itself (RFC 4253 §6.6, RFC 5656, RFC 8332, RFC 8709, OpenSSH PROTOCOL.u2f): what one
//! key made of some bytes.
//!
//! Read and checked here rather than by `ssh-key`, whose reader lets bytes follow a signature and
//! whose Ed25519 takes points of small order. It still does the arithmetic of ECDSA and RSA.

use crate::sign::wire::{Reader, shown};
use ed25519_dalek::VerifyingKey;
use sha2::{Digest as _, Sha256};
use ssh_key::public::{EcdsaPublicKey, Ed25519PublicKey, KeyData};
use ssh_key::{Algorithm, EcdsaCurve, HashAlg, Signature};

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
    Ecdsa(EcdsaCurve),
    Rsa(HashAlg),
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
    pub(super) fn read(blob: &[u8]) -> Result<Self, String> {
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
            return Err("bytes follow the signature".to_owned());
        }
        // Numbers have one form, so that a signature is not two.
        if let Kind::Ecdsa(_) = kind {
            let mut numbers = Reader::new(bytes);
            let both = numbers.positive().and_then(|_| numbers.positive());
            if both.is_none() || !numbers.is_done() {
                return Err("the numbers of the signature are damaged".to_owned());
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
    pub(super) fn verify(&self, key: &KeyData, message: &[u8]) -> Result<(), String> {
        match (key, self.kind, self.hardware) {
            (KeyData::Ed25519(key), Kind::Ed25519, None) => self.ed25519(key, message),
            (KeyData::SkEd25519(key), Kind::Ed25519, Some(hardware)) => {
                let signed = hardware.signed(key.application(), message);
                self.ed25519(key.public_key(), &signed)
            }
            (KeyData::Ecdsa(found), Kind::Ecdsa(curve), None) if found.curve() == curve => {
                self.by_ssh_key(Algorithm::Ecdsa { curve }, key, message)
            }
            (KeyData::SkEcdsaSha2NistP256(key), Kind::Ecdsa(curve), Some(hardware)) => {
                let signed = hardware.signed(key.application(), message);
                let key = KeyData::Ecdsa(EcdsaPublicKey::NistP256(*key.ec_point()));
                self.by_ssh_key(Algorithm::Ecdsa { curve }, &key, &signed)
            }
            (KeyData::Rsa(found), Kind::Rsa(hash), None) => {
                // OpenSSH takes shorter ones too; nothing makes them.
                let size = found.n.as_positive_bytes().map_or(0, <[u8]>::len);
                if self.bytes.len() != size {
                    return Err(OTHER.to_owned());
                }
                self.by_ssh_key(Algorithm::Rsa { hash: Some(hash) }, key, message)
            }
            _ => Err(format!("a key of the kind {} made no such signature", key.algorithm())),
        }
    }

    /// Strictly: no point of small order, no second form of the number `S`.
    fn ed25519(&self, key: &Ed25519PublicKey, message: &[u8]) -> Result<(), String> {
        let check = || {
            let signature = ed25519_dalek::Signature::from_slice(&self.bytes).ok()?;
            VerifyingKey::from_bytes(&key.0).ok()?.verify_strict(message, &signature).ok()
        };
        check().ok_or_else(|| OTHER.to_owned())
    }

    fn by_ssh_key(&self, kind: Algorithm, key: &KeyData, message: &[u8]) -> Result<(), String> {
        let check = || {
            let signature = Signature::new(kind, self.bytes.as_slice()).ok()?;
            signature::Verifier::verify(key, message, &signature).ok()
        };
        check().ok_or_else(|| OTHER.to_owned())
    }
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
fn kind(name: &str) -> Result<(Kind, bool), String> {
    Ok(match name {
        "ssh-ed25519" => (Kind::Ed25519, false),
        "sk-ssh-ed25519@openssh.com" => (Kind::Ed25519, true),
        "ecdsa-sha2-nistp256" => (Kind::Ecdsa(EcdsaCurve::NistP256), false),
        "ecdsa-sha2-nistp384" => (Kind::Ecdsa(EcdsaCurve::NistP384), false),
        "ecdsa-sha2-nistp521" => (Kind::Ecdsa(EcdsaCurve::NistP521), false),
        "sk-ecdsa-sha2-nistp256@openssh.com" => (Kind::Ecdsa(EcdsaCurve::NistP256), true),
        "rsa-sha2-256" => (Kind::Rsa(HashAlg::Sha256), false),
        "rsa-sha2-512" => (Kind::Rsa(HashAlg::Sha512), false),
        "ssh-rsa" => {
            return Err(
                "the signature is of RSA with SHA-1, which can be forged; OpenSSH 8.2 and \
                        newer sign with SHA-2"
                    .to_owned(),
            );
        }
        "webauthn-sk-ecdsa-sha2-nistp256@openssh.com" => {
            return Err("the signature was made in a browser (WebAuthn): sign with ssh-keygen, \
                        which d3p approve sign runs"
                .to_owned());
        }
        other => return Err(format!("signatures of the kind `{}` are not known", shown(other))),
    })
}
