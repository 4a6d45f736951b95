//! Runs one command to its end, whatever it does.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::time::Duration;

/// A command to run. Nothing of it goes through a shell.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The file to execute, as [`find_program`](super::find_program) found it.
    pub program: &'a Path,
    /// What the command is to see as its own name, `argv[0]`.
    pub arg0: &'a str,
    /// The arguments after that.
    pub args: &'a [String],
    /// The directory it runs in.
    pub dir: &'a Path,
    /// The whole environment; nothing else is inherited.
    pub env: &'a [(OsString, OsString)],
    /// What it reads on standard input, which is then closed; nothing means `/dev/null`.
    pub stdin: &'a [u8],
    /// How long it may take.
    pub timeout: Duration,
    /// How long it may take to stop when it is asked to, and how long a process that it left behind
    /// may hold its output open.
    pub grace: Duration,
}

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal, which was not ours.
    Signalled(i32),
    /// It took too long and was stopped.
    TimedOut,
    /// The user asked to stop, and it was stopped, or was not even started.
    Interrupted,
}

/// Runs `job` in a process group of its own, gives its output to `sink` as it arrives, and waits
/// for its end.
///
/// Standard output and standard error are one pipe, so what was written first comes first. When
/// the time is over, or `interrupted` answers yes, the whole group gets SIGTERM and, after the
/// job's grace, SIGKILL; so does what outlives its leader. A process in the background that holds
/// the output open after the command itself has ended is waited for no longer than the grace, and
/// killed with its group; one that lets go of the output is left alone.
///
/// What leaves the group (a daemon with a session of its own) is out of reach. It cannot make this
/// function wait, though.
///
/// # Errors
/// When the command cannot be started, when the system refuses to tell about it, or what `sink`
/// returned; the group is killed then.
pub fn run(
    job: &Job<'_>,
    interrupted: &dyn Fn() -> bool,
    sink: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<How> {
    if interrupted() {
        return Ok(How::Interrupted);
    }
    if !job.dir.is_dir() {
        let what = format!("there is no directory {} to run it in", job.dir.display());
        return Err(io::Error::new(io::ErrorKind::NotADirectory, what));
    }
    #[cfg(unix)]
    return super::group::run(job, interrupted, sink);
    #[cfg(not(unix))]
    {
        let _ = sink;
        let what = "commands can be run on Unix only: elsewhere their processes cannot be stopped";
        Err(io::Error::new(io::ErrorKind::Unsupported, what))
    }
}
