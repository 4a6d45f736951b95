//! The only file output: a set of changes, made all or nothing under a lock.
//!
//! What is written is decided elsewhere; nothing is serialised here.

mod append;
mod archive;
mod changeset;
mod done;
mod draft;
mod error;
mod lock;
mod newfile;
mod pending;
mod place;
mod raw;
mod room;
mod stage;
mod sweep;
#[cfg(test)]
mod tests;
mod undo;

pub use archive::{Leaving, archive, sweep, take_away};
pub use changeset::{Action, ChangeSet, Planned};
#[cfg(unix)]
pub use done::did;
pub use done::{begin, done};
pub use draft::Draft;
pub use error::{WriteError, WriteErrorKind};
pub use lock::{LOCK_FILE, Lock};
pub use newfile::{append_report, create_new, write_report};
pub use pending::PendingRun;
pub use raw::{RawFile, move_file};
pub use room::{free_bytes, may_write};
