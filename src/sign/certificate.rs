//! OpenSSH certificates: a key that an authority vouches for (PROTOCOL.certkeys).
//!
//! Its signature is checked over the bytes as they are, and never over what is written again.

use crate::model::{Reason, Stamp};
use crate::sign::key::{self, PublicKey};
use crate::sign::raw::RawSignature;
use crate::sign::wire::{Reader, push_string, shown};
use base64ct::{Base64, Encoding as _};

/// A certificate of a person, not of a host.
const PERSON: u32 = 1;

/// What the field of the end says for a certificate without one.
const FOR_EVER: u64 = u64::MAX;

/// Most names in a certificate, as in OpenSSH.
const MOST_PRINCIPALS: usize = 256;

/// A certificate, whose signature is that of the authority that it names. Whether that authority
/// is one that counts remains to be asked.
#[derive(Clone, Debug)]
pub struct Certificate {
    key: PublicKey,
    is_of_person: bool,
    principals: Vec<String>,
    valid_after: u64,
    valid_before: u64,
    critical: Vec<String>,
    authority: PublicKey,
}

impl Certificate {
    /// Reads the certificate in the text of a `-cert.pub` file; `None` when that is no certificate.
    ///
    /// # Errors
    /// A sentence when it is a certificate that cannot be read, or not one of its authority.
    pub fn from_openssh(text: &str) -> Result<Option<Self>, Reason> {
        let word = text.split_whitespace().nth(1);
        match word.and_then(|word| Base64::decode_vec(word).ok()) {
            Some(blob) => Self::read(&blob),
            None => Ok(None),
        }
    }

    /// Reads a certificate; `None` when `blob` is a plain key.
    ///
    /// # Errors
    /// A sentence when it is a certificate that cannot be read, or not one of its authority.
    pub(super) fn read(blob: &[u8]) -> Result<Option<Self>, Reason> {
        let kind = Reader::new(blob).text().unwrap_or_default();
        let Some(kind) = kind.strip_suffix(key::CERTIFICATE) else { return Ok(None) };
        // `sk-ssh-ed25519-cert-v01@openssh.com` certifies a `sk-ssh-ed25519@openssh.com`.
        let known = |(name, _): &&(&str, usize)| name.trim_end_matches("@openssh.com") == kind;
        let &(name, strings) = key::KINDS
            .iter()
            .find(known)
            .ok_or_else(|| format!("certificates of {} keys are not known", shown(kind)))?;
        Self::fields(blob, name, strings)
            .map(Some)
            .map_err(|why| format!("certificate: {why}").into())
    }

    fn fields(blob: &[u8], kind: &str, strings: usize) -> Result<Self, Reason> {
        let short = || "it is cut short".to_owned();
        let mut reader = Reader::new(blob);
        // Its kind, and a random number.
        reader.string().and_then(|_| reader.string()).ok_or_else(short)?;
        let mut plain = Vec::new();
        push_string(&mut plain, kind.as_bytes());
        for _ in 0..strings {
            push_string(&mut plain, reader.string().ok_or_else(short)?);
        }
        let key = PublicKey::read(&plain)?;
        let _serial = reader.long().ok_or_else(short)?;
        let is_of_person = reader.number().ok_or_else(short)? == PERSON;
        let _id = reader.string().ok_or_else(short)?;
        let principals = names(reader.string().ok_or_else(short)?)?;
        let valid_after = reader.long().ok_or_else(short)?;
        let valid_before = reader.long().ok_or_else(short)?;
        let critical = options(reader.string().ok_or_else(short)?)?;
        let _extensions = options(reader.string().ok_or_else(short)?)?;
        let _reserved = reader.string().ok_or_else(short)?;
        let authority = reader.string().ok_or_else(short)?;
        let signed = &blob[..blob.len() - reader.left()];
        let signature = reader.string().ok_or_else(short)?;
        if !reader.is_done() {
            return Err("bytes follow it".into());
        }
        // A certificate of a certificate is none.
        let authority =
            PublicKey::read(authority).map_err(|why| format!("its authority: {why}"))?;
        RawSignature::read(signature)
            .and_then(|signature| signature.verify(&authority, signed))
            .map_err(|_| "it is not signed by the authority that it names".to_owned())?;
        Ok(Self { key, is_of_person, principals, valid_after, valid_before, critical, authority })
    }

    /// The key that it certifies.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The key of the authority that signed it.
    pub fn authority(&self) -> &PublicKey {
        &self.authority
    }

    /// `SHA256:…` of the authority's key.
    pub fn authority_fingerprint(&self) -> String {
        self.authority.fingerprint()
    }

    /// Whom it names.
    pub fn principals(&self) -> &[String] {
        &self.principals
    }

    /// Whether it certifies its key for `identity`, at `at`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn holds(&self, identity: &str, at: Stamp) -> Result<(), Reason> {
        if !self.is_of_person {
            return Err("the certificate is a host's, not a person's".into());
        }
        // An empty list would mean everybody.
        if !self.principals.iter().any(|principal| principal == identity) {
            return Err(format!("the certificate does not name {}", shown(identity)).into());
        }
        if let Some(option) = self.critical.first() {
            let option = shown(option);
            return Err(
                format!("the certificate has `{option}`, a limit that d3p does not know").into()
            );
        }
        // Nothing was certified before 1970.
        let now = u64::try_from(at.timestamp().as_second()).unwrap_or(0);
        if now < self.valid_after {
            return Err(
                format!("the certificate is not valid before {}", time(self.valid_after)).into()
            );
        }
        if now >= self.valid_before && self.valid_before != FOR_EVER {
            return Err(format!("the certificate expired at {}", time(self.valid_before)).into());
        }
        Ok(())
    }
}

/// A list of names.
fn names(bytes: &[u8]) -> Result<Vec<String>, Reason> {
    let mut reader = Reader::new(bytes);
    let mut names = Vec::new();
    while !reader.is_done() {
        let name = reader.text().ok_or("a name in it cannot be read")?;
        names.push(name.to_owned());
        if names.len() > MOST_PRINCIPALS {
            return Err(format!("it names more than {MOST_PRINCIPALS} principals").into());
        }
    }
    Ok(names)
}

/// The names of options, whose values nobody asks for.
fn options(bytes: &[u8]) -> Result<Vec<String>, Reason> {
    let mut reader = Reader::new(bytes);
    let mut names = Vec::new();
    while !reader.is_done() {
        let fault = "an option in it cannot be read";
        names.push(reader.text().ok_or(fault)?.to_owned());
        reader.string().ok_or(fault)?;
    }
    Ok(names)
}

/// A moment in words.
fn time(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).ok();
    let time = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    time.map_or("the end of time".to_owned(), |time| time.to_string())
}
