//! OpenSSH certificates: a key that an authority vouches for (PROTOCOL.certkeys).

use crate::model::Stamp;
use crate::sign::wire::Reader;
use ssh_key::certificate::CertType;
use ssh_key::public::KeyData;
use ssh_key::{Certificate, HashAlg};

/// Reads a certificate; `None` when `blob` is a plain key.
///
/// # Errors
/// A sentence when it is a certificate that cannot be read.
pub(super) fn read(blob: &[u8]) -> Result<Option<Certificate>, String> {
    let kind = Reader::new(blob).text().unwrap_or_default();
    if !kind.ends_with("-cert-v01@openssh.com") {
        return Ok(None);
    }
    let read = Certificate::from_bytes(blob);
    read.map(Some).map_err(|error| format!("the certificate cannot be read: {error}"))
}

/// Whether `authority` certified this key for `identity`, at `at`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn holds(
    certificate: &Certificate,
    authority: &KeyData,
    identity: &str,
    at: Stamp,
) -> Result<(), String> {
    if certificate.cert_type() != CertType::User {
        return Err("the certificate is a host's, not a person's".to_owned());
    }
    // An empty list would mean everybody.
    if !certificate.valid_principals().iter().any(|principal| principal == identity) {
        return Err(format!("the certificate does not name {identity}"));
    }
    if certificate.critical_options().iter().next().is_some() {
        return Err("the certificate has critical options, which d3p does not know".to_owned());
    }
    let seconds = u64::try_from(at.timestamp().as_second()).unwrap_or(0);
    let fingerprint = authority.fingerprint(HashAlg::Sha256);
    certificate
        .validate_at(seconds, [&fingerprint])
        .map_err(|_| "the certificate is expired, or not of this authority".to_owned())
}
