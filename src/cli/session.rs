//! What a command works with, opened once: the project's files, what they mean, and the lock.
//!
//! A change is judged with [`Session::with`] before it is written: it is laid over the files that
//! were read, in memory. What was written is known afterwards without reading it.

use crate::cli::{Code, Failure};
use crate::project::Project;
use crate::record::Entry;
use crate::source::{Root, Snapshot, load_phase_of, phase_id};
use crate::write::{ChangeSet, Lock};
use std::cell::Cell;
use std::path::Path;

/// A project that a command works in.
#[derive(Debug)]
pub(super) struct Session {
    /// What its files mean: as they were when they were read, or as this session wrote them.
    pub(super) project: Project,
    files: Snapshot,
    lock: Option<Lock>,
    /// Where the release's commit lies, while a run has made a tree of it.
    pub(super) tree: Option<Root>,
    /// Whether this session wrote since the project was made of the files.
    wrote: Cell<bool>,
}

impl Session {
    /// Opens the project in exactly `dir`, to look at it: who will write takes the lock later, when
    /// what takes its time is done (a person, standard input, a hook).
    pub(super) fn open(dir: &Path, phase: Option<&str>) -> Result<Self, Failure> {
        Self::of(Snapshot::of(super::common::open_root(dir)?), None, phase)
    }

    /// Opens the project in `dir` to write: the lock is taken before anything is judged, so that what
    /// was judged is what is written to; which lock it is, the policy says. No program that may call d3p is started under it.
    pub(super) fn open_locked(dir: &Path, phase: Option<&str>) -> Result<Self, Failure> {
        let files = Snapshot::of(super::common::open_root(dir)?);
        let phase = phase_id(&files, phase)?;
        let lock = Lock::of_phase(files.root(), &phase, Lock::WAIT)?;
        files.refresh();
        Self::of(files, Some(lock), Some(&phase))
    }

    fn of(files: Snapshot, lock: Option<Lock>, phase: Option<&str>) -> Result<Self, Failure> {
        Ok(Self {
            project: load_phase_of(&files, phase)?,
            files,
            lock,
            tree: None,
            wrote: Cell::new(false),
        })
    }

    /// The project's directory.
    pub(super) fn root(&self) -> &Root {
        self.files.root()
    }

    /// The files, as they were read.
    pub(super) fn files(&self) -> &Snapshot {
        &self.files
    }

    /// What the project would be with these changes.
    ///
    /// # Errors
    /// When the policy or the definition could not be used then.
    pub(super) fn with(&self, changes: &ChangeSet) -> Result<Project, Failure> {
        let files = self.files.with(changes.laid_over(&self.files));
        Ok(load_phase_of(&files, Some(&self.project.phase.id))?)
    }

    /// Takes the lock. What somebody else changed since it was read is read again, and the project is
    /// what the files say now.
    ///
    /// Whether somebody else changed anything: then what was judged has to be judged anew.
    ///
    /// # Errors
    /// When somebody else holds the lock for too long, or the policy cannot be used any more.
    pub(super) fn lock(&mut self) -> Result<bool, Failure> {
        if self.lock.is_some() {
            return Ok(false);
        }
        self.lock = Some(Lock::of_phase(self.root(), &self.project.phase.id, Lock::WAIT)?);
        let changed = self.files.refresh();
        if changed || self.wrote.get() {
            self.reread()?;
        }
        Ok(changed)
    }

    /// The lock, for what is more than a change of files.
    ///
    /// # Errors
    /// When it was not taken, which is a mistake in d3p.
    pub(super) fn held(&self) -> Result<&Lock, Failure> {
        self.lock.as_ref().ok_or_else(|| {
            Failure::incomplete("the lock was not taken before writing").code(Code::Internal)
        })
    }

    /// Lets the lock go, so that a program which may call d3p can be started.
    pub(super) fn unlock(&mut self) {
        self.lock = None;
    }

    /// Makes these changes, all or nothing, if the files that lines are added to still are what was
    /// read: a line tells of exactly the lines before it. [`Self::reread`] shows them in the project.
    ///
    /// # Errors
    /// When they cannot be made; unless the message says otherwise, nothing was changed.
    pub(super) fn apply(&self, mut changes: ChangeSet) -> Result<(), Failure> {
        let lock = self.held()?;
        let written = changes.only_after(&self.files).laid_over(&self.files);
        changes.apply_under(lock)?;
        self.files.wrote(written);
        self.wrote.set(true);
        Ok(())
    }

    /// Adds a line that says what was refused. A ledger that cannot be read is left alone; that is
    /// among the reasons anyway.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn note(&self, entry: &Entry) -> Result<(), Failure> {
        let ledger = &self.project.ledger;
        if ledger.cut || !ledger.malformed.is_empty() {
            return Ok(());
        }
        let mut changes = ChangeSet::new(self.root());
        changes.append_line(self.project.places().ledger(), entry.to_line());
        self.apply(changes)
    }

    /// Makes the project of what is known of its files now; nothing that was read is read again.
    ///
    /// # Errors
    /// When the policy or the definition cannot be used any more.
    pub(super) fn reread(&mut self) -> Result<(), Failure> {
        self.project = load_phase_of(&self.files, Some(&self.project.phase.id))?;
        self.wrote.set(false);
        Ok(())
    }
}
