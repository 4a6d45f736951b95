//! `allowed_signers`: who signs with which key (ssh-keygen(1), ALLOWED SIGNERS).

use crate::model::{Reason, Sha256Digest, Stamp};
use crate::sign::signer_line::{SignerLine, read};
use crate::sign::sshsig::SshSignature;
use crate::sign::wire::shown;

/// Everybody who may sign.
#[derive(Clone, Debug)]
pub struct AllowedSigners {
    /// SHA-256 of the file.
    pub digest: Sha256Digest,
    /// Its lines, without comments.
    pub lines: Vec<SignerLine>,
    /// Lines that cannot be used.
    pub faults: Vec<SignerFault>,
}

/// A line that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignerFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl AllowedSigners {
    /// Reads a file; what cannot be used is told and left out.
    pub fn parse(text: &str) -> Self {
        let mut lines = Vec::new();
        let mut faults = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            match read(number, line) {
                Ok(Some(line)) => lines.push(line),
                Ok(None) => {}
                Err(why) => faults.push(SignerFault { line: number, message: why.into_text() }),
            }
        }
        Self { digest: Sha256Digest::of(text.as_bytes()), lines, faults }
    }

    /// The lines that name `identity` literally.
    pub fn of<'a, 'b>(
        &'a self,
        identity: &'b str,
    ) -> impl Iterator<Item = &'a SignerLine> + use<'a, 'b> {
        self.lines.iter().filter(move |line| line.principals.iter().any(|name| name == identity))
    }

    /// The line that lets `identity` sign with the key of `signature`, in `namespace`, at `at`.
    ///
    /// # Errors
    /// Why there is none: the nearest misses.
    pub fn find(
        &self,
        identity: &str,
        signature: &SshSignature,
        namespace: &str,
        at: Stamp,
    ) -> Result<&SignerLine, Reason> {
        let mut misses = Vec::new();
        for line in self.lines.iter().filter(|line| line.covers(identity)) {
            let Some(outcome) = vouches(line, identity, signature, at) else { continue };
            let outcome = outcome
                .and_then(|()| line.unfit(namespace).map_or(Ok(()), |why| Err(why.into())))
                .and_then(|()| line.in_force(at));
            match outcome {
                Ok(()) => return Ok(line),
                Err(message) => misses.push(format!("line {}: {message}", line.line)),
            }
        }
        if misses.is_empty() {
            let (identity, key) = (shown(identity), signature.fingerprint());
            return Err(format!("no line names {identity} with the key {key}").into());
        }
        Err(misses.join("; ").into())
    }
}

/// Whether the key of a line made the signature, or certified the key that did; `None` when it is
/// about another key.
fn vouches(
    line: &SignerLine,
    identity: &str,
    signature: &SshSignature,
    at: Stamp,
) -> Option<Result<(), Reason>> {
    match signature.certificate() {
        Some(certificate) if line.cert_authority => {
            (*certificate.authority() == line.key).then(|| certificate.holds(identity, at))
        }
        // ssh-keygen takes a certificate for another key than the one that it certifies.
        Some(certificate) if *certificate.key() == line.key => Some(Err(
            "it names the key itself, and the signature came with a certificate: sign with the key \
             alone, or list the authority".into(),
        )),
        Some(_) => None,
        None if line.key != *signature.key() => None,
        None if line.cert_authority => {
            Some(Err("its key certifies others, and signs nothing itself".into()))
        }
        None => Some(Ok(())),
    }
}
