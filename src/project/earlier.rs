//! What an attempt has to know of the attempts at the same release before it.

use crate::model::Sha256Digest;
use crate::project::{FileEntry, Project};
use crate::record::{Ledger, history};
use std::collections::{BTreeMap, BTreeSet};

/// An archived attempt, as far as it binds the next one.
#[derive(Debug)]
pub struct EarlierAttempt {
    /// Its decisions on the launch, there or not.
    pub approval: FileEntry,
    /// The file of its ledger, there or not.
    pub told: FileEntry,
    /// Its ledger.
    pub ledger: Ledger,
}

impl EarlierAttempt {
    /// Both files.
    pub fn files(&self) -> [&FileEntry; 2] {
        [&self.approval, &self.told]
    }
}

impl Project {
    /// What the next line of the ledger names: the heads of this ledger; for the first line those of
    /// the attempts before, so that the history of a release is one.
    pub fn heads(&self) -> Vec<Sha256Digest> {
        if !self.ledger.lines.is_empty() {
            return self.ledger.heads();
        }
        let mut heads: Vec<Sha256Digest> =
            self.earlier.iter().flat_map(|attempt| attempt.ledger.heads()).collect();
        heads.sort();
        heads.dedup();
        heads
    }

    /// This ledger, and those of the attempts before.
    pub fn ledgers(&self) -> Vec<&Ledger> {
        std::iter::once(&self.ledger)
            .chain(self.earlier.iter().map(|attempt| &attempt.ledger))
            .collect()
    }

    /// The lines that `heads` lead back to, be they of an attempt before.
    pub fn history<'a>(
        &'a self,
        heads: impl IntoIterator<Item = &'a str>,
    ) -> BTreeSet<Sha256Digest> {
        history(&self.ledgers(), heads)
    }

    /// Whether this ledger leads back to a line, be it one of an attempt before.
    pub fn leads_back_to(&self, digest: &str) -> bool {
        let heads: Vec<String> = self.ledger.heads().iter().map(ToString::to_string).collect();
        let lines = self.history(heads.iter().map(String::as_str));
        Sha256Digest::parse(digest).is_some_and(|digest| lines.contains(&digest))
    }

    /// Which lines name what somebody decided.
    pub fn told(&self) -> Told<'_> {
        let mut told = Told::default();
        for line in self.ledgers().into_iter().flat_map(|ledger| &ledger.lines) {
            if let Some(decided) = line.entry.decided() {
                told.0.entry(decided.statement).or_default().push(line.digest);
            }
        }
        told
    }
}

/// The lines that name each decision, by the digest of its text.
#[derive(Clone, Debug, Default)]
pub struct Told<'a>(BTreeMap<&'a str, Vec<Sha256Digest>>);

impl Told<'_> {
    /// Whether somebody who signed over heads that lead back to `before` had every line before them
    /// that names what another said. No clock is asked, and no line that is added later changes the
    /// answer to yes.
    pub fn is_known(&self, said: Sha256Digest, before: &BTreeSet<Sha256Digest>) -> bool {
        let lines = self.0.get(said.to_string().as_str());
        lines.is_some_and(|lines| lines.iter().all(|line| before.contains(line)))
    }
}
