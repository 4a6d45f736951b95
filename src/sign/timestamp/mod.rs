//! Time stamps of RFC 3161: a time that somebody outside knows.
//!
//! Pure: bytes in, answers out. A token is judged by the certificates that the policy names as roots,
//! at the time that it says, so that it is worth the same years later and without any network. What
//! must hold of a chain of certificates is `webpki`'s to say; here is only what is particular to
//! tokens.

mod der;
mod token;

use crate::model::{Reason, Sha256Digest, Stamp};
use der::{FIRST, INTEGER, SEQUENCE, elements, malformed, number, time};
use ring::digest::{Algorithm, SHA256, SHA384, SHA512};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use std::time::Duration;
use token::Token;
use webpki::{EndEntityCert, KeyUsage, ring as with_ring};

/// The purpose that a certificate of an authority has.
const TIME_STAMPING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 8];

/// When something was shown to somebody outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Attested {
    /// It was then at the earliest.
    pub earliest: Stamp,
    /// And then at the latest: what it is about was there.
    pub latest: Stamp,
}

/// Certificates that may vouch for an authority.
#[derive(Clone, Debug)]
pub struct Roots(Vec<Root>);

#[derive(Clone, Debug)]
struct Root {
    anchor: TrustAnchor<'static>,
    from: Stamp,
    until: Stamp,
}

impl Roots {
    /// Reads them from PEM.
    ///
    /// # Errors
    /// Why there are none.
    pub fn parse(pem: &str) -> Result<Self, Reason> {
        let mut roots = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|error| format!("it is no PEM: {error:?}"))?;
            let anchor = webpki::anchor_from_trusted_cert(&certificate)
                .map_err(|error| format!("a certificate in it cannot be read: {error}"))?;
            let (from, until) = validity(&certificate)?;
            roots.push(Root { anchor: anchor.to_owned(), from, until });
        }
        if roots.is_empty() { Err("there is no certificate in it".into()) } else { Ok(Self(roots)) }
    }
}

/// From when to when a certificate is valid.
fn validity(certificate: &[u8]) -> Result<(Stamp, Stamp), Reason> {
    let mut own = elements(certificate)?.only()?.inside(SEQUENCE)?.next()?.inside(SEQUENCE)?;
    own.next_if(FIRST);
    own.next()?.tagged(INTEGER)?;
    own.next()?;
    own.next()?;
    let mut times = own.next()?.inside(SEQUENCE)?;
    Ok((time(times.next()?)?, time(times.only()?)?))
}

/// When the digest `of` was shown to an authority that `roots` vouch for, as `token` proves.
///
/// # Errors
/// Why it proves nothing, in words that go behind "the time stamp counts for nothing:".
pub fn verify(token: &[u8], of: &Sha256Digest, roots: &Roots) -> Result<Attested, Reason> {
    judge(&Token::read(token)?, of, roots)
}

fn judge(token: &Token<'_>, of: &Sha256Digest, roots: &Roots) -> Result<Attested, Reason> {
    let info = &token.info;
    if info.imprint != *of {
        return Err(format!("it is about {}, and not about this line", info.imprint).into());
    }
    let certificate = CertificateDer::from(token.certificate);
    let signer = EndEntityCert::try_from(&certificate)
        .map_err(|error| format!("its signer's certificate cannot be read: {error}"))?;
    let algorithms = algorithms(token.algorithm, token.digest);
    let is_signed = |own: &&dyn SignatureVerificationAlgorithm| {
        signer.verify_signature(*own, &token.signed, token.signature).is_ok()
    };
    if !algorithms.iter().any(is_signed) {
        return Err("its signature is wrong, or of an algorithm that is not known here".into());
    }
    let seconds = u64::try_from(info.at.timestamp().as_second()).map_err(|_| malformed())?;
    let then = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let others: Vec<CertificateDer<'_>> =
        token.certificates.iter().map(|own| CertificateDer::from(*own)).collect();
    let chain = |anchors: &[TrustAnchor<'_>]| {
        let usage = KeyUsage::required(TIME_STAMPING);
        signer
            .verify_for_usage(
                webpki::ALL_VERIFICATION_ALGS,
                anchors,
                &others,
                then,
                usage,
                None,
                None,
            )
            .map(|_| ())
    };
    let anchors = |which: &dyn Fn(&Root) -> bool| -> Vec<TrustAnchor<'_>> {
        roots.0.iter().filter(|own| which(own)).map(|own| own.anchor.clone()).collect()
    };
    let in_force = |own: &Root| (own.from..=own.until).contains(&info.at);
    match chain(&anchors(&in_force)) {
        Ok(()) => {}
        Err(_) if chain(&anchors(&|own| !in_force(own))).is_ok() => {
            return Err(
                format!("the root that vouches for it was not in force at {}", info.at).into()
            );
        }
        Err(error) => {
            return Err(format!("no root of the policy vouches for its signer: {error}").into());
        }
    }
    let off = i64::try_from(info.off).unwrap_or(i64::MAX);
    Ok(Attested { earliest: info.at.minus_millis(off), latest: info.at.minus_millis(-off) })
}

/// What a signature of this algorithm may be verified by.
fn algorithms(
    name: &[u8],
    digest: &'static Algorithm,
) -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
    const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3];
    // An algorithm that names its digest names the one that is used, and another one is none.
    let own = |suffix: u8| match suffix {
        11 | 2 => Some(&SHA256),
        12 | 3 => Some(&SHA384),
        13 | 4 => Some(&SHA512),
        _ => None,
    };
    let rsa = |digest: &'static Algorithm| match () {
        () if digest == &SHA256 => with_ring::RSA_PKCS1_2048_8192_SHA256,
        () if digest == &SHA384 => with_ring::RSA_PKCS1_2048_8192_SHA384,
        () => with_ring::RSA_PKCS1_2048_8192_SHA512,
    };
    match (name.strip_prefix(RSA), name.strip_prefix(ECDSA)) {
        (Some([1]), _) => vec![rsa(digest)],
        (Some([suffix @ 11..=13]), _) if own(*suffix) == Some(digest) => vec![rsa(digest)],
        (_, Some([2])) if digest == &SHA256 => {
            vec![with_ring::ECDSA_P256_SHA256, with_ring::ECDSA_P384_SHA256]
        }
        (_, Some([3])) if digest == &SHA384 => {
            vec![with_ring::ECDSA_P256_SHA384, with_ring::ECDSA_P384_SHA384]
        }
        _ if name == [0x2b, 0x65, 0x70] => vec![with_ring::ED25519],
        _ => Vec::new(),
    }
}

/// What an authority is asked: to stamp `of`, and to send `nonce` back with its certificates.
pub fn request(of: &Sha256Digest, nonce: [u8; 8]) -> Vec<u8> {
    const HEAD: [u8; 24] = [
        0x30, 0x43, 2, 1, 1, 0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1,
        5, 0, 4, 0x20,
    ];
    let mut out = HEAD.to_vec();
    out.extend(of.as_bytes());
    out.extend([INTEGER, 8]);
    out.extend(positive(nonce));
    out.extend([1, 1, 0xff]);
    out
}

/// A number of eight bytes that is written with eight.
fn positive(mut nonce: [u8; 8]) -> [u8; 8] {
    nonce[0] = nonce[0] & 0x3f | 0x40;
    nonce
}

/// The token in an authority's answer to [`request`], and what it proves.
///
/// # Errors
/// Why there is none, or none that proves what was asked for.
pub fn answered(
    reply: &[u8],
    of: &Sha256Digest,
    nonce: [u8; 8],
    roots: &Roots,
) -> Result<(Vec<u8>, Attested), Reason> {
    let mut reply = elements(reply)?.only()?.inside(SEQUENCE)?;
    let status = number(reply.next()?.inside(SEQUENCE)?.next()?.tagged(INTEGER)?)?;
    if status > 1 {
        return Err(format!("the authority refuses (status {status})").into());
    }
    let token = reply.only()?.whole;
    let read = Token::read(token)?;
    if read.info.nonce != Some(&positive(nonce)[..]) {
        return Err("it answers another request: the nonce is not the one that was sent".into());
    }
    let attested = judge(&read, of, roots)?;
    Ok((token.to_vec(), attested))
}
