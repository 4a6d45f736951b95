//! The changes that a command wants to make, and what they come to.
//!
//! Building one touches nothing, so a dry run is a change set that is never applied.

use crate::model::{Advice, Sha256Digest};
use crate::source::{Held, Laid, Root, Tree, limit_of};
use crate::write::stage::Staged;
use crate::write::{Lock, WriteError, WriteErrorKind, done};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

/// Changes to files of a project, made in the order in which they were added, lines last.
#[derive(Clone, Debug)]
pub struct ChangeSet {
    pub(super) root: Root,
    pub(super) changes: Vec<Change>,
    pub(super) unchanged: Vec<(String, Option<Sha256Digest>)>,
    pub(super) room: u64,
}

/// Bytes that lines leave free in the files they are added to, so that a full one can be closed.
const ROOM: u64 = 64 * 1024;

#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) path: String,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Create(Vec<u8>),
    Hold(Held),
    Replace(Vec<u8>, Option<Sha256Digest>),
    Append(String),
    Keep,
}

/// One line of a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Planned {
    /// The file, relative to the project.
    pub path: String,
    /// What becomes of it.
    pub action: Action,
    /// How many bytes are written.
    pub bytes: u64,
}

/// What becomes of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Action {
    /// It is new.
    Create,
    /// Its content is replaced as a whole.
    Replace,
    /// A line is added at its end.
    Append,
    /// It is there and stays as it is.
    Keep,
}

impl Action {
    /// The word that listings use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Append => "append",
            Self::Keep => "keep",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Applied {
    /// The plan as it was carried out.
    pub changes: Vec<Planned>,
}

impl ChangeSet {
    /// No changes to the project `root`.
    pub fn new(root: &Root) -> Self {
        Self { root: root.clone(), changes: Vec::new(), unchanged: Vec::new(), room: ROOM }
    }

    /// Adds a new file; applying fails when it exists.
    pub fn create(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> &mut Self {
        self.push(path, What::Create(bytes.into()))
    }

    /// Adds a new file whose bytes lie elsewhere on the disk; applying fails when it exists.
    pub fn create_held(&mut self, path: impl Into<String>, held: Held) -> &mut Self {
        self.push(path, What::Hold(held))
    }

    /// Replaces a file, or creates it when nothing is `expected` and it is not there.
    ///
    /// With an `expected` digest, applying fails unless the file still has it: what was judged
    /// when it was read is what is replaced.
    pub fn replace(
        &mut self,
        path: impl Into<String>,
        bytes: impl Into<Vec<u8>>,
        expected: Option<Sha256Digest>,
    ) -> &mut Self {
        self.push(path, What::Replace(bytes.into(), expected))
    }

    /// Adds `line`, given without its line ending, at the end of a file that need not exist yet.
    ///
    /// Lines are written after everything else, in the order in which they were added: the line
    /// added last commits the whole.
    pub fn append_line(&mut self, path: impl Into<String>, line: impl Into<String>) -> &mut Self {
        self.push(path, What::Append(line.into()))
    }

    /// The last line that is added to `path`, without its line ending.
    pub fn last_line(&self, path: &str) -> Option<&str> {
        self.changes.iter().rev().find_map(|change| match &change.what {
            What::Append(line) if change.path == path => Some(line.as_str()),
            _ => None,
        })
    }

    /// Leaves `bytes` free in the files that lines are added to: more where other lines must follow,
    /// none where the line is the last.
    pub fn leave_room(&mut self, bytes: u64) -> &mut Self {
        self.room = bytes;
        self
    }

    /// Lists a file that stays as it is.
    pub fn keep(&mut self, path: impl Into<String>) -> &mut Self {
        self.push(path, What::Keep)
    }

    /// Makes applying fail unless `path` still has `digest`; `None` is for a file that must still
    /// be absent. For what was judged and is not itself written.
    pub fn unchanged(
        &mut self,
        path: impl Into<String>,
        digest: Option<Sha256Digest>,
    ) -> &mut Self {
        self.unchanged.push((path.into(), digest));
        self
    }

    fn push(&mut self, path: impl Into<String>, what: What) -> &mut Self {
        self.changes.push(Change { path: path.into(), what });
        self
    }

    /// What applying would do, in the order in which the changes were added.
    pub fn plan(&self) -> Vec<Planned> {
        self.changes.iter().map(Change::planned).collect()
    }

    /// The files that applying would write, as they would be: lines behind what `tree` holds now.
    pub fn laid_over(&self, tree: &dyn Tree) -> BTreeMap<String, Laid> {
        let mut files: BTreeMap<String, Laid> = BTreeMap::new();
        for Change { path, what } in &self.changes {
            match what {
                What::Create(bytes) | What::Replace(bytes, _) => {
                    files.insert(path.clone(), Laid::Bytes(bytes.clone()));
                }
                What::Hold(held) => {
                    files.insert(path.clone(), Laid::Held(held.clone()));
                }
                What::Append(line) => {
                    let now = || tree.bytes(path, limit_of(path)).unwrap_or_default();
                    let file = files.entry(path.clone()).or_insert_with(|| Laid::Bytes(now()));
                    if let Laid::Bytes(file) = file {
                        file.extend_from_slice(line.as_bytes());
                        file.push(b'\n');
                    }
                }
                What::Keep => {}
            }
        }
        files
    }

    /// Makes applying fail unless the files that lines are added to are as `tree` holds them: a line
    /// tells of exactly the lines before it.
    pub fn only_after(&mut self, tree: &dyn Tree) -> &mut Self {
        let appended = |change: &Change| matches!(change.what, What::Append(_));
        let paths: BTreeSet<String> = self
            .changes
            .iter()
            .filter(|change| appended(change))
            .map(|change| change.path.clone())
            .collect();
        for path in paths {
            let digest = tree.digest(&path).ok().map(|(digest, _)| digest);
            self.unchanged(path, digest);
        }
        self
    }

    /// Whether applying would write nothing.
    pub fn is_empty(&self) -> bool {
        self.changes.iter().all(|change| matches!(change.what, What::Keep))
    }

    /// Makes the changes, all or nothing, waiting up to [`Lock::WAIT`] for another writer.
    ///
    /// Only for changes that depend on nothing that was read; a line of the ledger depends on the
    /// lines before it, and needs [`Self::apply_under`].
    ///
    /// # Errors
    /// [`WriteError`]; unless its `changed` names files, nothing was changed.
    pub fn apply(self) -> Result<Applied, WriteError> {
        self.check_plan()?;
        if self.is_empty() && self.unchanged.is_empty() {
            return Ok(Applied { changes: self.plan() });
        }
        let lock = Lock::acquire(&self.root, Lock::WAIT)?;
        self.apply_under(&lock)
    }

    /// Like [`Self::apply`], for a caller that has taken the lock before it read.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn apply_under(self, lock: &Lock) -> Result<Applied, WriteError> {
        self.check_plan()?;
        lock.demand(&self.root)?;
        let staged = Staged::stage(&self)?;
        staged.check()?;
        staged.commit()?;
        let written = self.changes.iter().filter(|own| !matches!(own.what, What::Keep));
        done::note(written.map(|own| own.path.as_str()));
        Ok(Applied { changes: self.plan() })
    }

    /// Refuses plans whose outcome would depend on the order of looking.
    fn check_plan(&self) -> Result<(), WriteError> {
        let mut whole = HashSet::new();
        let mut lines = HashSet::new();
        for Change { path, what } in &self.changes {
            let is_new = match what {
                What::Append(line) if line.is_empty() || line.contains(['\n', '\r']) => {
                    return Err(mistake(path, "what is appended is not one line"));
                }
                What::Append(_) => {
                    lines.insert(path);
                    !whole.contains(path)
                }
                _ => whole.insert(path) && !lines.contains(path),
            };
            if !is_new {
                return Err(mistake(path, "it is changed twice"));
            }
        }
        Ok(())
    }
}

impl Change {
    fn planned(&self) -> Planned {
        let (action, bytes) = match &self.what {
            What::Create(bytes) => (Action::Create, bytes.len() as u64),
            What::Hold(held) => (Action::Create, held.report.bytes),
            What::Replace(bytes, _) => (Action::Replace, bytes.len() as u64),
            What::Append(line) => (Action::Append, line.len() as u64 + 1),
            What::Keep => (Action::Keep, 0),
        };
        Planned { path: self.path.clone(), action, bytes }
    }
}

pub(super) fn mistake(path: &str, why: &str) -> WriteError {
    let message = format!("the plan for `{path}` contradicts itself: {why}");
    WriteError::new(
        WriteErrorKind::Plan,
        path,
        message,
        Advice::answer("please report this as a bug in d3p"),
    )
}
