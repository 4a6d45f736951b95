//! Verifies each signature once, however many rules and commands ask about it.

use crate::model::{Reason, Sha256Digest};
use crate::sign::{NAMESPACE, SshSignature};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

/// A signature that its key made of exactly the text that was asked about, for decisions. Only a [`Verifier`]
/// makes one, so whoever holds one need not verify again.
#[derive(Clone, Debug)]
pub struct Verified(Arc<SshSignature>);

impl Deref for Verified {
    type Target = SshSignature;

    fn deref(&self) -> &SshSignature {
        &self.0
    }
}

/// Digests of a text and of the armored signature beside it.
type Pair = (Sha256Digest, Sha256Digest);

/// The signatures that were verified so far. It goes by the bytes, so it stays true whatever
/// becomes of the files that they came from.
#[derive(Debug, Default)]
pub struct Verifier {
    known: Mutex<BTreeMap<Pair, Result<Verified, Reason>>>,
}

impl Verifier {
    /// The signature of exactly `text`, made for decisions.
    ///
    /// # Errors
    /// A sentence when it is none, was made for something else, or is of another text.
    pub fn verify(&self, text: &str, armored: &str) -> Result<Verified, Reason> {
        let pair = (Sha256Digest::of(text.as_bytes()), Sha256Digest::of(armored.as_bytes()));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let verified = known.entry(pair).or_insert_with(|| {
            let signature = SshSignature::parse(armored)?;
            if signature.namespace() != NAMESPACE {
                let other = signature.namespace();
                return Err(format!("it was made for `{other}`, not for `{NAMESPACE}`").into());
            }
            signature.verify(text.as_bytes())?;
            Ok(Verified(Arc::new(signature)))
        });
        verified.clone()
    }

    /// How many signatures were verified: each different pair of text and signature once.
    pub fn count(&self) -> usize {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}
