//! What a time stamp token says, read from its bytes; nothing of it is believed yet.

use super::der::{
    Element, Elements, FIRST, INTEGER, OCTETS, OID, SEQUENCE, SET, TIME, elements, malformed,
    number, time,
};
use crate::model::{Reason, Sha256Digest, Stamp};
use ring::digest::{
    Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512, digest as digest_of,
};

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 4];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4];
const SIGNING_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 12];
const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 47];
const SHA: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];

/// Most by which an authority may say that it is off: a stamp that knows the day only bounds nothing.
const MOST_OFF: u64 = 60 * 60 * 1000;

/// A token, taken apart.
#[derive(Debug)]
pub(super) struct Token<'a> {
    /// The certificate that the token says is its signer's.
    pub(super) certificate: &'a [u8],
    /// All certificates in it.
    pub(super) certificates: Vec<&'a [u8]>,
    /// The bytes that are signed.
    pub(super) signed: Vec<u8>,
    /// By which digest the content is signed.
    pub(super) digest: &'static Algorithm,
    /// The signature's algorithm.
    pub(super) algorithm: &'a [u8],
    /// The signature.
    pub(super) signature: &'a [u8],
    /// What is stamped.
    pub(super) info: Info<'a>,
}

/// What an authority says.
#[derive(Debug)]
pub(super) struct Info<'a> {
    /// Of what.
    pub(super) imprint: Sha256Digest,
    /// When it was shown to the authority.
    pub(super) at: Stamp,
    /// By how many milliseconds its clock may be off.
    pub(super) off: u64,
    /// The number that came with the request.
    pub(super) nonce: Option<&'a [u8]>,
}

impl<'a> Token<'a> {
    /// Takes a token apart. What is signed is held against what the token holds.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Reason> {
        let mut outer = elements(bytes)?.only()?.inside(SEQUENCE)?;
        if outer.next()?.tagged(OID)? != SIGNED_DATA {
            return Err(malformed());
        }
        let mut data = outer.only()?.inside(FIRST)?.only()?.inside(SEQUENCE)?;
        data.next()?.tagged(INTEGER)?;
        data.next()?.tagged(SET)?;
        let mut content = data.next()?.inside(SEQUENCE)?;
        if content.next()?.tagged(OID)? != TST_INFO {
            return Err(malformed());
        }
        let info = content.only()?.inside(FIRST)?.only()?.tagged(OCTETS)?;
        let certificates = match data.next_if(FIRST) {
            Some(own) => elements(own.value)?.rest().map(|own| own.whole).collect(),
            None => Vec::new(),
        };
        data.next_if(0xa1);
        let mut signer = data.only()?.inside(SET)?.only()?.inside(SEQUENCE)?;
        signer.next()?.tagged(INTEGER)?;
        signer.next()?;
        let digest = sha(signer.next()?)?;
        let attributes = signer.next()?;
        attributes.tagged(FIRST)?;
        let algorithm = signer.next()?.inside(SEQUENCE)?.next()?.tagged(OID)?;
        let signature = signer.next()?.tagged(OCTETS)?;
        let attributes = Attributes::of(attributes)?;
        if attributes.one(CONTENT_TYPE)?.tagged(OID)? != TST_INFO
            || attributes.one(MESSAGE_DIGEST)?.tagged(OCTETS)? != digest_of(digest, info).as_ref()
        {
            return Err("what it says is not what was signed".into());
        }
        let certificate = attributes.certificate(&certificates)?;
        // They are signed as a set, and stand in the token under another tag.
        let mut signed = attributes.whole.to_vec();
        signed.splice(..1, [SET]);
        let info = Info::read(info)?;
        Ok(Self { certificate, certificates, signed, digest, algorithm, signature, info })
    }
}

impl<'a> Info<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Reason> {
        let mut own = elements(bytes)?.only()?.inside(SEQUENCE)?;
        own.next()?.tagged(INTEGER)?;
        own.next()?.tagged(OID)?;
        let mut imprint = own.next()?.inside(SEQUENCE)?;
        if sha(imprint.next()?)? != &SHA256 {
            return Err("it is not about a SHA-256".into());
        }
        let imprint = imprint.only()?.tagged(OCTETS)?;
        let imprint = <[u8; 32]>::try_from(imprint).map_err(|_| malformed())?;
        own.next()?.tagged(INTEGER)?;
        let at = own.next()?;
        at.tagged(TIME)?;
        let at = time(at)?;
        let off = own.next_if(SEQUENCE).map_or(Ok(0), accuracy)?;
        if off > MOST_OFF {
            return Err("its authority says that it may be off by more than an hour".into());
        }
        own.next_if(0x01);
        let nonce = own.next_if(INTEGER).map(|own| own.value);
        Ok(Self { imprint: Sha256Digest::from_bytes(imprint), at, off, nonce })
    }
}

/// By how many milliseconds an authority may be off, as it says.
fn accuracy(element: Element<'_>) -> Result<u64, Reason> {
    let mut own = element.inside(SEQUENCE)?;
    let mut part = |tag| own.next_if(tag).map_or(Ok(0), |own| number(own.value));
    let (seconds, millis, micros) = (part(INTEGER)?, part(0x80)?, part(0x81)?);
    Ok(seconds.saturating_mul(1000).saturating_add(millis).saturating_add(micros.div_ceil(1000)))
}

/// The digest that an algorithm names.
fn sha(element: Element<'_>) -> Result<&'static Algorithm, Reason> {
    let name = element.inside(SEQUENCE)?.next()?.tagged(OID)?;
    match name.strip_prefix(SHA) {
        Some([1]) => Ok(&SHA256),
        Some([2]) => Ok(&SHA384),
        Some([3]) => Ok(&SHA512),
        _ => Err("it uses another digest than SHA-256, SHA-384 or SHA-512".into()),
    }
}

/// What the signer signs besides the content.
struct Attributes<'a> {
    whole: &'a [u8],
    each: Vec<(&'a [u8], Elements<'a>)>,
}

impl<'a> Attributes<'a> {
    fn of(element: Element<'a>) -> Result<Self, Reason> {
        let mut each = Vec::new();
        for own in elements(element.value)?.rest() {
            let mut own = own.inside(SEQUENCE)?;
            each.push((own.next()?.tagged(OID)?, own.only()?.inside(SET)?));
        }
        Ok(Self { whole: element.whole, each })
    }

    /// The only value of the only attribute with this name.
    fn one(&self, name: &[u8]) -> Result<Element<'a>, Reason> {
        let mut own = self.each.iter().filter(|(own, _)| *own == name);
        match (own.next(), own.next()) {
            (Some((_, values)), None) => values.clone().only(),
            _ => Err(malformed()),
        }
    }

    /// The certificate among `all` that the signer says is theirs, by its digest.
    fn certificate(&self, all: &[&'a [u8]]) -> Result<&'a [u8], Reason> {
        let (value, old) = match self.one(SIGNING_CERTIFICATE_V2) {
            Ok(value) => (value, false),
            Err(_) => (self.one(SIGNING_CERTIFICATE)?, true),
        };
        let first = value.inside(SEQUENCE)?.next()?.inside(SEQUENCE)?.next()?;
        let mut first = first.inside(SEQUENCE)?;
        let named = first.next_if(SEQUENCE).map(sha).transpose()?;
        let digest = if old { &SHA1_FOR_LEGACY_USE_ONLY } else { named.unwrap_or(&SHA256) };
        let wanted = first.next()?.tagged(OCTETS)?;
        let found = all.iter().find(|own| digest_of(digest, own).as_ref() == wanted);
        found.copied().ok_or_else(|| "its signer's certificate is not in it".into())
    }
}
