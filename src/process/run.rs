//! Runs one command to its end, whatever it does.

use super::Survivor;
use crate::model::ProcessId;
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
    /// How long it may take to stop when it is asked to.
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

/// What is wanted of a command besides its output and its end.
pub struct Watch<'a> {
    /// The id that its processes bear in [`RUN_VARIABLE`](super::RUN_VARIABLE).
    pub run: &'a str,
    /// d3p itself, to be started before the command: it reads on for those that hold the output open
    /// when nobody else does any more, so that they do not end by writing.
    pub program: Option<&'a Path>,
    /// Is told of the command's process as soon as it is there.
    pub started: &'a mut dyn FnMut(Option<ProcessId>),
}

/// What became of a command.
#[derive(Debug)]
pub struct Watched {
    /// How it ended.
    pub how: How,
    /// What it started and what still runs.
    pub left: Vec<Survivor>,
}

/// Runs `job` in a process group of its own, gives its output to `sink` as it arrives, and waits
/// for its end.
///
/// Standard output and standard error are one pipe, so what was written first comes first. When
/// the time is over, or `interrupted` answers yes, the whole group gets SIGTERM and, after the
/// job's grace, SIGKILL. Else what the command leaves behind when it has ended is left alone; one that
/// holds the output open is listened to for at most a second more.
///
/// # Errors
/// When the command cannot be started: then nothing was.
pub fn run(
    job: &Job<'_>,
    interrupted: &dyn Fn() -> bool,
    sink: &mut dyn FnMut(&[u8]),
) -> io::Result<How> {
    let mut plain = Watch { run: "", program: None, started: &mut |_| {} };
    watch(job, &mut plain, interrupted, sink).map(|watched| watched.how)
}

/// Like [`run()`], and says who is left.
///
/// # Errors
/// When the command cannot be started: then nothing was.
pub fn watch(
    job: &Job<'_>,
    watch: &mut Watch<'_>,
    interrupted: &dyn Fn() -> bool,
    sink: &mut dyn FnMut(&[u8]),
) -> io::Result<Watched> {
    if interrupted() {
        return Ok(Watched { how: How::Interrupted, left: Vec::new() });
    }
    if !job.dir.is_dir() {
        let what = format!("there is no directory {} to run it in", job.dir.display());
        return Err(io::Error::new(io::ErrorKind::NotADirectory, what));
    }
    #[cfg(unix)]
    return super::group::watch(job, watch, interrupted, sink);
    #[cfg(not(unix))]
    {
        let _ = (sink, watch);
        let what = "commands can be run on Unix only: elsewhere their processes cannot be stopped";
        Err(io::Error::new(io::ErrorKind::Unsupported, what))
    }
}
