//! Running a command of the user's and telling honestly what it did.
//!
//! [`find_program`] says which file a name means, [`run`] runs it in a process group of its own to
//! an end that is always bounded, and [`Redactor`] takes secrets out of what it says.

mod alive;
#[cfg(unix)]
mod drain;
#[cfg(unix)]
mod front;
#[cfg(unix)]
mod group;
mod parallel;
mod program;
mod redact;
mod run;
mod ssh;
#[cfg(all(test, unix))]
mod tests;

pub use alive::{RUN_VARIABLE, Survivor, is_alive, own_id, survivors};
#[cfg(unix)]
pub use drain::{DRAIN, drain};
#[cfg(unix)]
pub use front::{APART, APART_ON_TERMINAL, Apart, ApartEnd, Told};
pub use parallel::in_order;
pub use program::{Program, ProgramError, find_program};
pub use redact::{Redactor, secrets_in};
pub use run::{How, Job, Watch, run, watch};
pub use ssh::{SshSigning, find_ssh_keygen, is_usual, own_keys, public_half, ssh_sign};
