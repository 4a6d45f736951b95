//! SSHSIG: the armored signatures of `ssh-keygen -Y sign` (OpenSSH, PROTOCOL.sshsig).

use crate::model::Reason;
use crate::sign::certificate::Certificate;
use crate::sign::key::PublicKey;
use crate::sign::raw::RawSignature;
use crate::sign::wire::{Reader, push_string, shown};
use base64ct::{Base64, Encoding as _};
use sha2::{Digest as _, Sha256, Sha512};

const MAGIC: &[u8] = b"SSHSIG";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

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
    key: PublicKey,
    certificate: Option<Box<Certificate>>,
    namespace: String,
    hash: Hash,
    signature: RawSignature,
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
    pub fn parse(armored: &str) -> Result<Self, Reason> {
        let bytes = unarmor(armored)?;
        Self::from_bytes(&bytes)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, Reason> {
        let short = || "the signature is cut short".to_owned();
        let mut reader = Reader::new(bytes);
        if reader.take(MAGIC.len()) != Some(MAGIC) {
            return Err("it is no SSH signature".into());
        }
        match reader.number().ok_or_else(short)? {
            1 => {}
            version => {
                return Err(format!("SSH signatures of version {version} are not known").into());
            }
        }
        let blob = reader.string().ok_or_else(short)?;
        // ssh-keygen lets a zero end it.
        let namespace = reader.text().filter(|name| !name.contains(char::is_control));
        let namespace = namespace.ok_or("its namespace is no text")?.to_owned();
        // Nothing is defined that could stand here. ssh-keygen skips it and does not hash it.
        if !reader.string().ok_or_else(short)?.is_empty() {
            return Err("the signature says more than d3p knows (reserved)".into());
        }
        let hash = match reader.text().ok_or_else(short)? {
            "sha256" => Hash::Sha256,
            "sha512" => Hash::Sha512,
            other => {
                let other = shown(other);
                return Err(format!("the hash `{other}` is not allowed in SSH signatures").into());
            }
        };
        let signature = reader.string().ok_or_else(short)?;
        if !reader.is_done() {
            return Err("bytes follow the signature".into());
        }
        let certificate = Certificate::read(blob)?;
        let key = match &certificate {
            Some(certificate) => certificate.key().clone(),
            None => PublicKey::read(blob)?,
        };
        let signature = RawSignature::read(signature)?;
        let certificate = certificate.map(Box::new);
        Ok(Self { key, certificate, namespace, hash, signature })
    }

    /// What it was made for.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The key that signed.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The certificate of the key, if it was signed with one.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_deref()
    }

    /// `SHA256:…`, as `ssh-keygen -l` shows the key.
    pub fn fingerprint(&self) -> String {
        self.key.fingerprint()
    }

    /// Every key that the signature rests on, as `SHA256:…`: the one that signed, and the one of the
    /// authority that certified it. One that is revoked takes the signature with it.
    pub fn fingerprints(&self) -> Vec<String> {
        let authority = self.certificate.as_ref().map(|found| found.authority_fingerprint());
        std::iter::once(self.fingerprint()).chain(authority).collect()
    }

    /// What the hardware says of the person; `None` for a key that is not in hardware.
    pub fn presence(&self) -> Option<Presence> {
        let flags = self.signature.flags()?;
        Some(Presence { touched: flags & TOUCHED != 0, verified: flags & VERIFIED != 0 })
    }

    /// What hardware made the key for, such as `ssh:`; `None` for a key that is not in hardware.
    pub fn application(&self) -> Option<&str> {
        self.key.application()
    }

    /// Whether its key made this signature of exactly `message`, in its namespace. Whose key it is
    /// remains to be asked.
    ///
    /// # Errors
    /// A sentence when it did not, or when the kind of key is not allowed.
    pub fn verify(&self, message: &[u8]) -> Result<(), Reason> {
        let (name, digest) = match self.hash {
            Hash::Sha256 => ("sha256", Sha256::digest(message).to_vec()),
            Hash::Sha512 => ("sha512", Sha512::digest(message).to_vec()),
        };
        let mut signed = MAGIC.to_vec();
        push_string(&mut signed, self.namespace.as_bytes());
        push_string(&mut signed, b"");
        push_string(&mut signed, name.as_bytes());
        push_string(&mut signed, &digest);
        self.signature.verify(&self.key, &signed)
    }
}

/// The bytes between the lines of the armor: each of the two a line of its own, the first one at
/// the very start, and no returns, which versions of OpenSSH take differently.
fn unarmor(armored: &str) -> Result<Vec<u8>, Reason> {
    let inner = armored
        .trim_ascii_end()
        .strip_prefix(BEGIN)
        .and_then(|rest| rest.strip_prefix('\n')?.strip_suffix(END)?.strip_suffix('\n'))
        .ok_or_else(|| format!("it does not stand between `{BEGIN}` and `{END}`"))?;
    Base64::decode_vec(&inner.replace('\n', "")).map_err(|_| "it is not Base64".into())
}
