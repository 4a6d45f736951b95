//! One writer at a time: an advisory lock on a file below `.d3p/`, one for each phase of a project.
//!
//! The operating system drops the lock with the process, so none is ever stale. The file stays:
//! removing it would let two writers lock two files of one name. It only ever names the holder, so
//! it belongs into no commit, and `verify` ignores it. Editors and git do not ask for the lock;
//! against them, changes are compared with what was read (see `ChangeSet::replace`).
//!
//! A command that adds a line takes the lock before it reads, judges under it, and applies under
//! it: a line names the lines before it, and two commands that read the same ones would fork the
//! ledger. Whoever finds the lock held waits in the operating system's own queue; asking again and
//! again could lose every time against a script that writes in a loop.

use crate::model::Advice;
use crate::source::{Root, is_same_file};
use crate::write::changeset::mistake;
use crate::write::place::{self, Place};
use crate::write::sweep::sweep;
use crate::write::{WriteError, WriteErrorKind};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// The file that is locked where no phase is chosen yet, relative to the project.
pub const LOCK_FILE: &str = ".d3p/lock";

/// The right to write in a project, until dropped.
#[derive(Debug)]
pub struct Lock {
    file: Arc<File>,
    dir: PathBuf,
}

/// The right to run a hook, until dropped.
#[derive(Debug)]
pub struct RunLock {
    _held: Lock,
}

impl Lock {
    /// How long commands wait for another writer: 60 s. A whole run of a command takes
    /// milliseconds, so that hundreds can stand in the queue.
    pub const WAIT: Duration = Duration::from_secs(60);

    /// Takes the lock of the project, waiting at most `wait` for another holder.
    ///
    /// # Errors
    /// [`WriteErrorKind::Locked`] when it is still held then, with the holder's process id where
    /// that can be read; otherwise what keeps the lock file from being used.
    pub fn acquire(root: &Root, wait: Duration) -> Result<Self, WriteError> {
        Self::take(root, LOCK_FILE, wait)
    }

    /// Takes the lock of one phase of the project: a release of another is not touched by it.
    ///
    /// # Errors
    /// As [`Self::acquire`].
    pub fn of_phase(root: &Root, phase: &str, wait: Duration) -> Result<Self, WriteError> {
        Self::take(root, &format!(".d3p/{phase}.lock"), wait)
    }

    fn take(root: &Root, name: &str, wait: Duration) -> Result<Self, WriteError> {
        let end = Instant::now() + wait;
        let file = loop {
            let (place, file) = open(root, name)?;
            let file = Arc::new(file);
            let file = match file.try_lock() {
                Ok(()) => file,
                Err(TryLockError::Error(error)) => return Err(io(name, &error)),
                Err(TryLockError::WouldBlock) => {
                    queue(file, end.saturating_duration_since(Instant::now()))
                        .map_err(|error| io(name, &error))?
                        .ok_or_else(|| held(name, &place.path, wait))?
                }
            };
            if is_in_place(&place, &file) {
                break file;
            }
        };
        let mut lock = Self { file, dir: root.dir().to_path_buf() };
        lock.name_holder();
        sweep(root.dir(), 1);
        sweep(&root.dir().join(".d3p"), 1);
        Ok(lock)
    }

    /// Takes away the temporary files of killed programs below `dir`, relative to the project: nobody
    /// else writes there now.
    pub fn sweep(&self, dir: &str) {
        sweep(&self.dir.join(dir), usize::MAX);
    }

    /// Takes the right to run the hook `hook` of a phase, which nobody waits for: two runs of one hook would
    /// take each other's reports. It is no right to write.
    ///
    /// # Errors
    /// [`WriteErrorKind::Locked`] when the hook runs already; otherwise what keeps the file from
    /// being used.
    pub fn of_run(root: &Root, phase: &str, hook: &str) -> Result<RunLock, WriteError> {
        let name = run_lock(phase, hook);
        let (place, file) = open(root, &name)?;
        // A program that is just being started has all that was open for a moment.
        let asked = ask(Arc::new(file), Duration::from_millis(300));
        let Some(file) = asked.map_err(|error| io(&name, &error))? else {
            return Err(WriteError::new(
                WriteErrorKind::Locked,
                &name,
                format!("hook {hook} runs already{}", holder(&place.path)),
                Advice::wait("wait for it to end, then run the command again"),
            ));
        };
        if !is_in_place(&place, &file) {
            return Err(WriteError::changed_since(&name));
        }
        let mut lock = Self { file, dir: root.dir().to_path_buf() };
        lock.name_holder();
        Ok(RunLock { _held: lock })
    }

    /// Whether the hook `hook` was ever run here: then [`Self::of_run`] says whether it runs now.
    pub fn was_of_run(root: &Root, phase: &str, hook: &str) -> bool {
        root.exists(&run_lock(phase, hook))
    }

    /// Insists that this is the lock of the project `root`.
    pub(super) fn demand(&self, root: &Root) -> Result<(), WriteError> {
        if self.dir == root.dir() {
            return Ok(());
        }
        Err(mistake("", "the lock is that of another project"))
    }

    /// Writes who holds the lock. A courtesy to whoever waits: failing to is no reason to stop.
    fn name_holder(&mut self) {
        let mut file = &*self.file;
        let named = file.set_len(0).and_then(|()| file.rewind());
        let _ = named.and_then(|()| writeln!(file, "{}", std::process::id()));
    }
}

/// Whether what was locked is what others find at its path: a file that was taken away keeps nobody out.
fn is_in_place(place: &Place, file: &File) -> bool {
    let (Ok(there), Ok(own)) = (std::fs::symlink_metadata(&place.path), file.metadata()) else {
        return false;
    };
    is_same_file(&there, &own)
}

/// The file that is locked while `hook` runs.
fn run_lock(phase: &str, hook: &str) -> String {
    format!(".d3p/run-{phase}-{hook}.lock")
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file unlocks it; the name goes first, so that nobody else's is removed.
        let _ = self.file.set_len(0);
    }
}

/// Waits in the queue of the operating system; `None` when it was not our turn within `wait`.
fn queue(file: Arc<File>, wait: Duration) -> io::Result<Option<Arc<File>>> {
    if wait.is_zero() {
        return Ok(None);
    }
    let (sender, receiver) = mpsc::channel();
    let own = Arc::clone(&file);
    // Nothing ends a wait in the system's queue early, so a thread waits there. When nobody
    // listens any more, the file is dropped, and with it the lock.
    let waiting = thread::Builder::new().name("lock".to_owned()).spawn(move || {
        let locked = loop {
            match own.lock() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let _ = sender.send(locked);
    });
    if waiting.is_err() {
        // No thread is to be had: asking again and again is as good, though not as fair.
        return ask(file, wait);
    }
    receiver.recv_timeout(wait).ok().transpose().map(|locked| locked.map(|()| file))
}

fn ask(file: Arc<File>, wait: Duration) -> io::Result<Option<Arc<File>>> {
    let end = Instant::now() + wait;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if Instant::now() >= end => return Ok(None),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(10)),
        }
    }
}

fn io(name: &str, error: &io::Error) -> WriteError {
    WriteError::io(name, "locked", error)
}

/// Opens the file of a lock, and makes it where it is missing.
fn open(root: &Root, rel: &str) -> Result<(Place, File), WriteError> {
    let place = Place::of(root, rel)?;
    for parent in &place.missing {
        place::create_dir(parent).map_err(|error| io(rel, &error))?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(&place.path).map_err(|error| io(rel, &error))?;
    Ok((place, file))
}

/// Who holds the lock, in parentheses, where that can be read.
fn holder(path: &Path) -> String {
    let mut text = String::new();
    // Where locks are mandatory, the name cannot be read; then the message does without.
    let _ = File::open(path).and_then(|file| file.take(32).read_to_string(&mut text));
    match text.trim().parse::<u32>() {
        Ok(pid) => format!(" (process {pid})"),
        Err(_) => String::new(),
    }
}

fn held(name: &str, path: &Path, wait: Duration) -> WriteError {
    let holder = holder(path);
    WriteError::new(
        WriteErrorKind::Locked,
        name,
        format!(
            "another d3p{holder} is writing in this project and did not finish within {} s",
            wait.as_secs_f32()
        ),
        Advice::wait("wait for it to end, then run the command again"),
    )
}
