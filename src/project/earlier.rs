//! What an attempt has to know of the attempts at the same release before it.

use crate::model::{Sha256Digest, Stamp};
use crate::project::{FileEntry, Project, Release};
use crate::record::{CheckedFix, History, Ledger, Line, Lineage};
use serde_json::Value;

/// An archived attempt, as far as it binds the next one.
#[derive(Debug)]
pub struct EarlierAttempt {
    /// Which attempt it was, as its directory says.
    pub attempt: u64,
    /// Its decisions on the launch, there or not.
    pub approval: FileEntry,
    /// The file of its ledger, there or not.
    pub ledger_file: FileEntry,
    /// Its ledger.
    pub ledger: Ledger,
}

/// The archived release that the policy's baseline lies in.
#[derive(Debug)]
pub struct BaselineArchive {
    /// Its directory.
    pub dir: String,
    /// The file of its ledger, there or not.
    pub ledger_file: FileEntry,
    /// Its ledger.
    pub ledger: Ledger,
    /// The records of its gates, as far as they are there.
    pub records: Vec<FileEntry>,
    /// The decisions on its launch, there or not, where the phase wants any.
    pub approval: Option<FileEntry>,
}

impl BaselineArchive {
    /// All these files.
    pub fn files(&self) -> impl Iterator<Item = &FileEntry> {
        std::iter::once(&self.ledger_file).chain(&self.records).chain(&self.approval)
    }
}

impl EarlierAttempt {
    /// Both files.
    pub fn files(&self) -> [&FileEntry; 2] {
        [&self.approval, &self.ledger_file]
    }
}

/// An archived release that was launched since the last launch that stands, and went wrong.
#[derive(Debug)]
pub struct FailedLaunch {
    /// Its directory, from the project's root.
    pub archive: String,
    /// The release.
    pub release: Release,
    /// When it was launched; of one of which no report is left, when its incident was written.
    pub at: Stamp,
    /// Its manifest.
    pub manifest: FileEntry,
    /// The report of its launch, there or not.
    pub launch: FileEntry,
    /// The report of the rollback, there or not.
    pub rollback: FileEntry,
    /// What people wrote down of it, there or not.
    pub incident: FileEntry,
}

impl FailedLaunch {
    /// All these files.
    pub fn files(&self) -> [&FileEntry; 4] {
        [&self.manifest, &self.launch, &self.rollback, &self.incident]
    }
}

/// A fix that a manifest names: what was changed since a launch that went wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedFix {
    /// Its place in the list.
    pub index: usize,
    /// The launch that it is of, such as `v1.4.0+1`.
    pub of: String,
    /// The commit that fixes it.
    pub commit: Option<String>,
    /// Why it may be launched again without one.
    pub reason: Option<String>,
}

/// The last release that was launched, as its archive tells it.
#[derive(Debug)]
pub struct LastLaunch {
    /// Its directory, from the project's root.
    pub archive: String,
    /// The release.
    pub release: Release,
    /// When its launch began.
    pub launched_at: Stamp,
    /// The values of the policy that it froze.
    pub policy: Value,
    /// The decisions on its launch.
    pub approval: FileEntry,
}

/// What a manifest says in place of the release before where there was none.
pub const NO_RELEASE_BEFORE: &str = "none";

impl Project {
    /// The release before this one, which a rollback returns to, as the manifest names it; `None`
    /// where it names none.
    pub fn previous_release(&self) -> Option<&str> {
        let (kind, _) = self.phase.identity()?;
        let value = self.evidence(kind)?.file.value()?;
        let said = value.get("previous_release")?.as_str()?;
        (!said.eq_ignore_ascii_case(NO_RELEASE_BEFORE)).then_some(said)
    }

    /// The fixes that the manifest names.
    pub fn named_fixes(&self) -> Vec<NamedFix> {
        let manifest = self.phase.identity().and_then(|(kind, _)| self.evidence(kind));
        let list = manifest.and_then(|own| own.value()?.get("fixes")?.as_array());
        let text = |fix: &Value, key: &str| fix.get(key).and_then(Value::as_str).map(str::to_owned);
        let each = list.into_iter().flatten().enumerate().map(|(index, fix)| NamedFix {
            index,
            of: text(fix, "of").unwrap_or_default(),
            commit: text(fix, "commit"),
            reason: text(fix, "reason"),
        });
        each.collect()
    }

    /// What git was asked about the fixes: just now, or by the first gate.
    pub fn told_fixes(&self) -> Option<&[CheckedFix]> {
        let first = || {
            let (gate, _) = self.phase.first_gate()?;
            let line = self.ledger.last_pass(gate)?;
            let ours = self.release().is_some_and(|release| line.entry.release == release.name());
            ours.then_some(line.entry.fixes.as_slice())
        };
        self.asked_fixes.as_deref().or_else(first)
    }

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

    /// Which lines of these ledgers lead back to which; made once.
    pub fn lineage(&self) -> &Lineage {
        self.once.lineage.get_or_init(|| Lineage::of(&self.ledgers()))
    }

    /// The lines that `heads` lead back to, be they of an attempt before.
    pub fn history<'a>(&self, heads: impl IntoIterator<Item = &'a str>) -> History {
        self.lineage().history(heads)
    }

    /// Whether whoever wrote `later` had `earlier`: what it says is then replaced.
    pub fn replaces(&self, later: &Line, earlier: &Line) -> bool {
        let before = self.history(later.entry.heads.iter().map(String::as_str));
        self.lineage().holds(&before, &earlier.digest)
    }

    /// Whether this ledger leads back to a line, be it one of an attempt before.
    pub fn leads_back_to(&self, digest: &str) -> bool {
        let heads: Vec<String> = self.ledger.heads().iter().map(ToString::to_string).collect();
        let lines = self.history(heads.iter().map(String::as_str));
        Sha256Digest::parse(digest).is_some_and(|digest| self.lineage().holds(&lines, &digest))
    }
}
