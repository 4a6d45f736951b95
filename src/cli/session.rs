//! What a command works with, opened once: the project's files, what they mean, and the lock.
//!
//! A change is judged with [`Session::with`] before it is written: it is laid over the files that
//! were read, in memory. What was written is known afterwards without reading it.

use crate::cli::{Code, Failure};
use crate::decisions::newest;
use crate::model::{Advice, Stamp};
use crate::project::Project;
use crate::record::{Entry, EntryKind};
use crate::rules::{restore, withdraw};
use crate::source::{Root, Snapshot, load_phase_of, phase_id};
use crate::write::{ChangeSet, Lock};
use std::cell::Cell;
use std::path::Path;
use std::time::Duration;

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
        Self::open_locked_within(dir, phase, Lock::WAIT)
    }

    /// As [`Self::open_locked`], waiting at most `wait` for whoever holds the lock.
    pub(super) fn open_locked_within(
        dir: &Path,
        phase: Option<&str>,
        wait: Duration,
    ) -> Result<Self, Failure> {
        Self::locked(Snapshot::of(super::common::open_root(dir)?), phase, wait)
    }

    /// Opens the project of files that were looked at already, to look at it or to write.
    pub(super) fn of_files(
        files: Snapshot,
        phase: Option<&str>,
        write: bool,
    ) -> Result<Self, Failure> {
        match write {
            true => Self::locked(files, phase, Lock::WAIT),
            false => Self::of(files, None, phase),
        }
    }

    fn locked(files: Snapshot, phase: Option<&str>, wait: Duration) -> Result<Self, Failure> {
        let phase = phase_id(&files, phase)?;
        let lock = Lock::of_phase(files.root(), &phase, wait)?;
        files.refresh();
        Self::of(files, Some(lock), Some(&phase))
    }

    fn of(files: Snapshot, lock: Option<Lock>, phase: Option<&str>) -> Result<Self, Failure> {
        let project = load_phase_of(&files, phase)?;
        if let Some(lock) = &lock {
            lock.sweep(project.places().directory());
        }
        Ok(Self { project, files, lock, tree: None, wrote: Cell::new(false) })
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

    /// The project once more, of what was read of its files, to judge it otherwise.
    ///
    /// # Errors
    /// When the policy or the definition cannot be used.
    pub(super) fn again(&self) -> Result<Project, Failure> {
        Ok(load_phase_of(&self.files, Some(&self.project.phase.id))?)
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
        let line = changes.last_line(self.project.places().ledger());
        let entry: Option<Entry> = line.and_then(|line| serde_json::from_str(line).ok());
        may_be_added(&self.project, entry.as_ref())?;
        let written = changes.only_after(&self.files).laid_over(&self.files);
        changes.apply_under(lock)?;
        self.files.wrote(written);
        self.wrote.set(true);
        Ok(())
    }

    /// Adds a line that says what was refused. A damaged ledger is left alone; that is among the
    /// reasons anyway.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn note(&self, entry: &Entry) -> Result<(), Failure> {
        if self.project.ledger_harm().is_some() {
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
        self.project = self.again()?;
        self.wrote.set(false);
        Ok(())
    }
}

/// Whether a command may write now: the ledger is whole, and the clock does not go back behind it.
///
/// What has happened already is recorded all the same: how a hook ended, that one takes a launch
/// back, that a release was closed.
///
/// # Errors
/// A refusal that says how to bring the ledger back, or both times.
fn may_be_added(project: &Project, entry: Option<&Entry>) -> Result<(), Failure> {
    let has_happened = |entry: &Entry| match entry.kind {
        EntryKind::Ran | EntryKind::Archived => true,
        EntryKind::Began => entry.hook.as_deref().is_some_and(|hook| takes_back(project, hook)),
        _ => false,
    };
    if entry.is_some_and(has_happened) {
        return Ok(());
    }
    if let Some(harm) = project.ledger_harm() {
        return Err(Failure::refused(format!("the ledger is damaged: {harm}"))
            .advise(restore())
            .advise(Advice::d3p(["doctor"]).what("see what can be had back, and from where"))
            .note("nothing is added to it, and none is begun anew"));
    }
    let Some(clock) = entry.and_then(|entry| Stamp::parse(entry.clock.as_ref()?).ok()) else {
        return Ok(());
    };
    let skew = project.effective().policy.skew;
    match newest(project, clock, None).filter(|newest| clock.plus(skew) < newest.at) {
        None => Ok(()),
        Some(newest) => Err(Failure::refused(format!(
            "the clock says {clock}, and the newest line of the ledger is of {}",
            newest.at
        ))
        .advise(Advice::answer("set the clock of this machine, then run the command again"))
        .advise(withdraw(project, newest))
        .note("nothing was written")),
    }
}

fn takes_back(project: &Project, hook: &str) -> bool {
    let hooks = &project.effective().policy.hooks;
    let step = hooks.get(hook).and_then(|own| project.phase.steps.get(own.step(hook)));
    step.is_some_and(|step| step.takes_back())
}
