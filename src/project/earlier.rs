//! What an attempt has to know of the attempts at the same release before it.

use crate::model::Sha256Digest;
use crate::project::{FileEntry, Project};
use crate::record::{Ledger, Line};
use std::collections::BTreeSet;

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

    /// A line of this ledger, or of that of an attempt before.
    fn any_line(&self, digest: &str) -> Option<&Line> {
        let earlier = || self.earlier.iter().find_map(|attempt| attempt.ledger.line(digest));
        self.ledger.line(digest).or_else(earlier)
    }

    /// Whether this ledger leads back to a line, be it one of an attempt before.
    pub fn leads_back_to(&self, digest: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut open: Vec<String> = self.ledger.heads().iter().map(ToString::to_string).collect();
        while let Some(next) = open.pop() {
            if next == digest {
                return true;
            }
            if seen.insert(next.clone())
                && let Some(line) = self.any_line(&next)
            {
                open.extend(line.entry.heads.iter().cloned());
            }
        }
        false
    }
}
