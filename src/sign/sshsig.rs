//! SSHSIG: the armored signatures of `ssh-keygen -Y sign` (OpenSSH, PROTOCOL.sshsig).

use crate::sign::certificate;
use crate::sign::wire::{Reader, push_string};
use base64ct::{Base64, Encoding as _};
use sha2::{Digest as _, Sha256, Sha512};
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, Certificate, HashAlg, Signature};

const MAGIC: &[u8] = b"SSHSIG";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

/// Fewest bits of an RSA key.
const RSA_BITS: usize = 2048;

/// Flags that a hardware key signs (FIDO, authenticator data).
const TOUCHED: u8 = 0x01;
const VERIFIED: u8 = 0x04;

/// What a hardware key says of the person at it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Presence {
    /// Somebody touched it.
    pub touched: bool,
    /// Somebody gave its PIN, or a finger.
    pub verified: bool,
}

/// A signature, read and not yet checked.
#[derive(Clone, Debug)]
pub struct SshSignature {
    /// The key that signed; of a certificate, the one that it certifies.
    key: KeyData,
    certificate: Option<Box<Certificate>>,
    namespace: String,
    reserved: Vec<u8>,
    hash: Hash,
    signature: Signature,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Hash {
    Sha256,
    Sha512,
}

impl SshSignature {
    /// Reads an armored signature.
    ///
    /// # Errors
    /// A sentence when it is none, or one that d3p does not know.
    pub fn parse(armored: &str) -> Result<Self, String> {
        let bytes = unarmor(armored)?;
        Self::from_bytes(&bytes)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let short = || "the signature is cut short".to_owned();
        let mut reader = Reader::new(bytes);
        if reader.take(MAGIC.len()) != Some(MAGIC) {
            return Err("it is no SSH signature".to_owned());
        }
        match reader.number().ok_or_else(short)? {
            1 => {}
            version => return Err(format!("SSH signatures of version {version} are not known")),
        }
        let blob = reader.string().ok_or_else(short)?;
        let namespace = reader.text().ok_or_else(short)?.to_owned();
        let reserved = reader.string().ok_or_else(short)?.to_vec();
        let hash = match reader.text().ok_or_else(short)? {
            "sha256" => Hash::Sha256,
            "sha512" => Hash::Sha512,
            other => return Err(format!("the hash `{other}` is not allowed in SSH signatures")),
        };
        let signature = reader.string().ok_or_else(short)?;
        if !reader.is_done() {
            return Err("bytes follow the signature".to_owned());
        }
        let certificate = certificate::read(blob)?;
        let key = match &certificate {
            Some(certificate) => certificate.public_key().clone(),
            None => key(blob)?,
        };
        let signature = Signature::try_from(signature)
            .map_err(|error| format!("the signature cannot be read: {error}"))?;
        let certificate = certificate.map(Box::new);
        Ok(Self { key, certificate, namespace, reserved, hash, signature })
    }

    /// What it was made for.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The key that signed.
    pub fn key(&self) -> &KeyData {
        &self.key
    }

    /// The certificate of the key, if it was signed with one.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_deref()
    }

    /// `SHA256:…`, as `ssh-keygen -l` shows the key.
    pub fn fingerprint(&self) -> String {
        self.key.fingerprint(HashAlg::Sha256).to_string()
    }

    /// What the hardware says of the person; `None` for a key that is not in hardware.
    pub fn presence(&self) -> Option<Presence> {
        let hardware = matches!(self.key, KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_));
        // Flags and a counter of four bytes follow what the key signed.
        let bytes = self.signature.as_bytes();
        let flags = *bytes.get(bytes.len().checked_sub(5)?).filter(|_| hardware)?;
        Some(Presence { touched: flags & TOUCHED != 0, verified: flags & VERIFIED != 0 })
    }

    /// Whether its key made this signature of exactly `message`, in its namespace. Whose key it is
    /// remains to be asked.
    ///
    /// # Errors
    /// A sentence when it did not, or when the kind of key is not allowed.
    pub fn verify(&self, message: &[u8]) -> Result<(), String> {
        use ssh_key::public::KeyData as Key;
        let fits = match (&self.key, self.signature.algorithm()) {
            (Key::Ed25519(_), Algorithm::Ed25519)
            | (Key::SkEd25519(_), Algorithm::SkEd25519)
            | (Key::SkEcdsaSha2NistP256(_), Algorithm::SkEcdsaSha2NistP256)
            | (Key::Rsa(_), Algorithm::Rsa { hash: Some(_) }) => true,
            (Key::Ecdsa(key), Algorithm::Ecdsa { curve }) => key.curve() == curve,
            _ => false,
        };
        if !fits {
            return Err(format!(
                "a key of the kind {} made no signature of the kind {}",
                self.key.algorithm(),
                self.signature.algorithm()
            ));
        }
        if let Key::Rsa(key) = &self.key {
            let bits = key.n.as_positive_bytes().map_or(0, <[u8]>::len) * 8;
            if bits < RSA_BITS {
                return Err(format!("RSA keys need {RSA_BITS} bits, this one has {bits}"));
            }
        }
        let mut signed = MAGIC.to_vec();
        push_string(&mut signed, self.namespace.as_bytes());
        push_string(&mut signed, &self.reserved);
        let (name, digest) = match self.hash {
            Hash::Sha256 => ("sha256", Sha256::digest(message).to_vec()),
            Hash::Sha512 => ("sha512", Sha512::digest(message).to_vec()),
        };
        push_string(&mut signed, name.as_bytes());
        push_string(&mut signed, &digest);
        signature::Verifier::verify(&self.key, &signed, &self.signature)
            .map_err(|_| "the signature is not of this text, or not of this key".to_owned())
    }
}

fn key(blob: &[u8]) -> Result<KeyData, String> {
    let read = ssh_key::PublicKey::from_bytes(blob).map(|key| key.key_data().clone());
    read.map_err(|error| format!("the key of the signature cannot be read: {error}"))
}

/// The bytes between the lines of the armor.
fn unarmor(armored: &str) -> Result<Vec<u8>, String> {
    let inner = armored
        .trim()
        .strip_prefix(BEGIN)
        .and_then(|rest| rest.strip_suffix(END))
        .ok_or_else(|| format!("it does not stand between `{BEGIN}` and `{END}`"))?;
    let joined: String = inner.lines().map(str::trim).collect();
    Base64::decode_vec(&joined).map_err(|_| "it is not Base64".to_owned())
}
