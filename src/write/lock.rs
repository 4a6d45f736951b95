//! One writer at a time: an advisory lock on `.d3p/lock`.
//!
//! The operating system drops the lock with the process, so none is ever stale. The file stays:
//! removing it would let two writers lock two files of one name. It only ever names the holder, so
//! it belongs into no commit, and `verify` ignores it. Editors and git do not ask for the lock;
//! against them, changes are compared with what was read (see `ChangeSet::replace`).

use crate::source::Root;
use crate::write::place::{self, Place};
use crate::write::{WriteError, WriteErrorKind};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// The file that is locked, relative to the project.
pub const LOCK_FILE: &str = ".d3p/lock";

const RETRY: Duration = Duration::from_millis(20);

/// The right to write in a project, until dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    dir: PathBuf,
}

impl Lock {
    /// Takes the lock of the project, waiting at most `wait` for another holder.
    ///
    /// # Errors
    /// [`WriteErrorKind::Locked`] when it is still held then, with the holder's process id where
    /// that can be read; otherwise what keeps the lock file from being used.
    pub fn acquire(root: &Root, wait: Duration) -> Result<Self, WriteError> {
        let place = Place::of(root, LOCK_FILE)?;
        for parent in &place.missing {
            place::create_dir(parent).map_err(|error| io(&error))?;
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&place.path)
            .map_err(|error| io(&error))?;
        let deadline = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(io(&error)),
                Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                    return Err(held(&mut file, wait));
                }
                Err(TryLockError::WouldBlock) => thread::sleep(RETRY.min(wait)),
            }
        }
        let mut lock = Self { file, dir: root.dir().to_path_buf() };
        lock.name_holder();
        Ok(lock)
    }

    /// Whether this is the lock of the project in `dir`, canonical.
    pub(super) fn guards(&self, dir: &Path) -> bool {
        self.dir == dir
    }

    /// Writes who holds the lock. A courtesy to whoever waits: failing to is no reason to stop.
    fn name_holder(&mut self) {
        let named = self.file.set_len(0).and_then(|()| self.file.rewind());
        let _ = named.and_then(|()| writeln!(self.file, "{}", std::process::id()));
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file unlocks it; the name goes first, so that nobody else's is removed.
        let _ = self.file.set_len(0);
    }
}

fn io(error: &std::io::Error) -> WriteError {
    WriteError::io(LOCK_FILE, "locked", error)
}

fn held(file: &mut File, wait: Duration) -> WriteError {
    let mut text = String::new();
    // Where locks are mandatory, the name cannot be read; then the message does without.
    let _ = file.rewind().and_then(|()| file.take(32).read_to_string(&mut text));
    let holder = match text.trim().parse::<u32>() {
        Ok(pid) => format!(" (process {pid})"),
        Err(_) => String::new(),
    };
    WriteError::new(
        WriteErrorKind::Locked,
        LOCK_FILE,
        format!(
            "another d3p{holder} is writing in this project and did not finish within {} s",
            wait.as_secs_f32()
        ),
        "wait for it to end, then run the command again",
    )
}
