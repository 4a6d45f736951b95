//! Keys of machines: what a CI job signs with, and what its signatures are held against.
//!
//! Ed25519 and ECDSA over P-256 and P-384, as DSSE's implementations know them: an ECDSA signature
//! is DER over the curve's own SHA-2. Public keys are OpenSSH lines or PEM (SPKI), private keys PEM
//! (PKCS#8) or OpenSSH's own format, without a passphrase.

use ed25519_dalek::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _};
use p256::pkcs8::{EncodePublicKey as _, LineEnding};
use sha2::{Digest as _, Sha256};
use signature::{Signer as _, Verifier as _};
use ssh_key::private::{EcdsaKeypair, KeypairData};
use ssh_key::public::{EcdsaPublicKey, Ed25519PublicKey, KeyData};
use ssh_key::{HashAlg, PrivateKey, PublicKey};

const OPENSSL: &str = "openssl genpkey -algorithm ed25519 -out KEY.pem makes one";

/// The public half of a machine's key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MachineKey {
    /// Ed25519.
    Ed25519(ed25519_dalek::VerifyingKey),
    /// ECDSA over P-256 with SHA-256.
    P256(p256::ecdsa::VerifyingKey),
    /// ECDSA over P-384 with SHA-384.
    P384(p384::ecdsa::VerifyingKey),
}

impl MachineKey {
    /// Reads an OpenSSH line (`ssh-ed25519 AAAA…`) or a PEM public key.
    ///
    /// # Errors
    /// A sentence that never repeats what was given: it may be a private key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.contains("PRIVATE KEY") {
            return Err("it is a private key, which whoever reads this file can sign with now: make a new pair, and put the public half here".to_owned());
        }
        let key = if text.starts_with("-----BEGIN ") {
            Self::from_pem(text)?
        } else {
            let key = PublicKey::from_openssh(text).map_err(|_| {
                "it is neither an OpenSSH public key (ssh-ed25519 AAAA…) nor a PEM public key (-----BEGIN PUBLIC KEY-----)".to_owned()
            })?;
            Self::from_key_data(key.key_data())?
        };
        match &key {
            Self::Ed25519(key) if key.is_weak() => {
                Err("it is a weak key, for which anybody can make signatures".to_owned())
            }
            _ => Ok(key),
        }
    }

    fn from_pem(text: &str) -> Result<Self, String> {
        let ed25519 = ed25519_dalek::VerifyingKey::from_public_key_pem(text).map(Self::Ed25519);
        let p256 = || p256::ecdsa::VerifyingKey::from_public_key_pem(text).map(Self::P256);
        let p384 = || p384::ecdsa::VerifyingKey::from_public_key_pem(text).map(Self::P384);
        ed25519.or_else(|_| p256()).or_else(|_| p384()).map_err(|_| {
            "it is no PEM public key of a kind that machines sign with: ed25519, or ecdsa over P-256 or P-384".to_owned()
        })
    }

    fn from_key_data(data: &KeyData) -> Result<Self, String> {
        let unreadable = |_| "its point is not on its curve".to_owned();
        match data {
            KeyData::Ed25519(key) => ed25519_dalek::VerifyingKey::from_bytes(&key.0)
                .map(Self::Ed25519)
                .map_err(unreadable),
            KeyData::Ecdsa(EcdsaPublicKey::NistP256(point)) => {
                p256::ecdsa::VerifyingKey::from_sec1_bytes(point.as_bytes())
                    .map(Self::P256)
                    .map_err(unreadable)
            }
            KeyData::Ecdsa(EcdsaPublicKey::NistP384(point)) => {
                p384::ecdsa::VerifyingKey::from_sec1_bytes(point.as_bytes())
                    .map(Self::P384)
                    .map_err(unreadable)
            }
            other => Err(format!(
                "machines sign with ed25519, or with ecdsa over P-256 or P-384; this is {}",
                other.algorithm()
            )),
        }
    }

    /// The same key in the terms of SSH.
    fn key_data(&self) -> KeyData {
        match self {
            Self::Ed25519(key) => KeyData::Ed25519(Ed25519PublicKey(key.to_bytes())),
            Self::P256(key) => KeyData::Ecdsa(EcdsaPublicKey::from(key)),
            Self::P384(key) => KeyData::Ecdsa(EcdsaPublicKey::from(key)),
        }
    }

    /// `SHA256:…`, as `ssh-keygen -l` shows it.
    pub fn fingerprint(&self) -> String {
        self.key_data().fingerprint(HashAlg::Sha256).to_string()
    }

    /// The line that the policy takes.
    pub fn to_openssh(&self) -> String {
        PublicKey::from(self.key_data()).to_openssh().unwrap_or_default()
    }

    /// What envelopes call it: the key id that TUF's and in-toto's libraries compute, so that theirs
    /// find the key. Only a hint; who signed is what verifies.
    pub fn key_id(&self) -> String {
        let (kind, scheme, public) = match self {
            Self::Ed25519(key) => {
                let hex = key.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
                ("ed25519", "ed25519", hex)
            }
            Self::P256(key) => {
                ("ecdsa", "ecdsa-sha2-nistp256", pem(key.to_public_key_pem(LineEnding::LF)))
            }
            Self::P384(key) => {
                ("ecdsa", "ecdsa-sha2-nistp384", pem(key.to_public_key_pem(LineEnding::LF)))
            }
        };
        // Their canonical JSON leaves line feeds as they are.
        let text = format!(
            r#"{{"keytype":"{kind}","keyval":{{"public":"{public}"}},"scheme":"{scheme}"}}"#
        );
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether its other half made `signature` of exactly `message`.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Self::P256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Self::P384(key) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        }
    }
}

/// A key that is in memory can be written down.
fn pem(written: Result<String, p256::pkcs8::spki::Error>) -> String {
    written.unwrap_or_default()
}

/// A machine's private key. It is never shown: there is no `Debug` for what it holds.
pub struct MachineSecret(Secret);

enum Secret {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

impl std::fmt::Debug for MachineSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MachineSecret({})", self.public().fingerprint())
    }
}

impl MachineSecret {
    /// Reads a private key: PEM (PKCS#8), or OpenSSH's own format.
    ///
    /// # Errors
    /// A sentence that repeats nothing of the key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let label = text
            .strip_prefix("-----BEGIN ")
            .and_then(|rest| rest.split_once("-----"))
            .map(|(label, _)| label);
        match label {
            Some("PRIVATE KEY") => Self::from_pkcs8(text),
            Some("OPENSSH PRIVATE KEY") => Self::from_openssh(text),
            Some("ENCRYPTED PRIVATE KEY") => Err(encrypted("openssl pkey -in KEY -out PLAIN")),
            Some(label) if text.contains("Proc-Type: 4,ENCRYPTED") => {
                Err(format!("{} ({label})", encrypted("openssl pkey -in KEY -out PLAIN")))
            }
            Some("PUBLIC KEY") => Err("it is a public key; signing needs the private half".to_owned()),
            Some("EC PARAMETERS" | "EC PRIVATE KEY") => Err(
                "it is in the old format of EC keys; openssl pkcs8 -topk8 -nocrypt -in KEY -out PLAIN turns it into PKCS#8".to_owned(),
            ),
            Some("RSA PRIVATE KEY") => Err(format!("it is an RSA key; machines sign with ed25519 or ecdsa: {OPENSSL}")),
            _ => Err(format!(
                "it is no private key in PEM (-----BEGIN PRIVATE KEY-----): {OPENSSL}"
            )),
        }
    }

    fn from_pkcs8(text: &str) -> Result<Self, String> {
        let ed25519 = ed25519_dalek::SigningKey::from_pkcs8_pem(text)
            .map(|key| Secret::Ed25519(Box::new(key)));
        let p256 = || p256::ecdsa::SigningKey::from_pkcs8_pem(text).map(Secret::P256);
        let p384 = || p384::ecdsa::SigningKey::from_pkcs8_pem(text).map(Secret::P384);
        ed25519.or_else(|_| p256()).or_else(|_| p384()).map(Self).map_err(|_| {
            format!("it is cut short, or no key that machines sign with: ed25519, or ecdsa over P-256 or P-384; {OPENSSL}")
        })
    }

    fn from_openssh(text: &str) -> Result<Self, String> {
        let key = PrivateKey::from_openssh(text)
            .map_err(|_| format!("it is cut short, or no OpenSSH private key; {OPENSSL}"))?;
        if key.is_encrypted() {
            return Err(encrypted("ssh-keygen -p -N '' -f COPY-OF-KEY"));
        }
        let secret = match key.key_data() {
            KeypairData::Ed25519(pair) => {
                let key = ed25519_dalek::SigningKey::from_bytes(&pair.private.to_bytes());
                if key.verifying_key().to_bytes() != pair.public.0 {
                    return Err("its two halves are not one key".to_owned());
                }
                Some(Secret::Ed25519(Box::new(key)))
            }
            KeypairData::Ecdsa(EcdsaKeypair::NistP256 { private, .. }) => {
                p256::ecdsa::SigningKey::from_slice(private.as_slice()).ok().map(Secret::P256)
            }
            KeypairData::Ecdsa(EcdsaKeypair::NistP384 { private, .. }) => {
                p384::ecdsa::SigningKey::from_slice(private.as_slice()).ok().map(Secret::P384)
            }
            _ => None,
        };
        secret.map(Self).ok_or_else(|| {
            format!("machines sign with ed25519, or with ecdsa over P-256 or P-384; {OPENSSL}")
        })
    }

    /// Its public half.
    pub fn public(&self) -> MachineKey {
        match &self.0 {
            Secret::Ed25519(key) => MachineKey::Ed25519(key.verifying_key()),
            Secret::P256(key) => MachineKey::P256(*key.verifying_key()),
            Secret::P384(key) => MachineKey::P384(*key.verifying_key()),
        }
    }

    /// A signature of `message`; the same for the same message and key.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.0 {
            Secret::Ed25519(key) => key.sign(message).to_vec(),
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Secret::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
        }
    }
}

fn encrypted(how: &str) -> String {
    format!(
        "it is encrypted, and nobody is there to type its passphrase: {how} takes it off; keep the result as a secret of the job"
    )
}
