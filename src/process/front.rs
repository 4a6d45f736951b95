//! A command whose process is of a session of its own, so that it goes on whatever becomes of the
//! terminal, or of whoever began it; and this process in front of it, which shows what it says.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio};
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsString;
use std::io::{self, PipeReader, Read as _, Write};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The first argument of d3p in a session of its own.
pub const APART: &str = "--apart";
/// The same, where what it says is shown on a terminal.
pub const APART_ON_TERMINAL: &str = "--apart=terminal";

/// How often is asked whether to stop.
const TICK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
/// How long a reader may keep what is said from being said.
const PATIENCE: Duration = Duration::from_secs(5);
/// What a pipe that can be written to takes without making anybody wait.
const PIECE: usize = 4096;

/// How a process apart ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ApartEnd {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
}

/// d3p again, with arguments and variables of its own.
pub struct Apart<'a> {
    /// The program's file.
    pub program: &'a Path,
    /// Its arguments, after its name and [`APART`].
    pub args: &'a [OsString],
    /// Where it runs.
    pub dir: &'a Path,
    /// Its whole environment.
    pub vars: &'a [(OsString, OsString)],
    /// Whether what it says is shown on a terminal.
    pub terminal: bool,
}

impl Apart<'_> {
    /// Starts it, shows what it says, and passes on the wish to stop. The number of the process, and
    /// how it ended; the first error of `out` or `err` does not stop it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn show(
        &self,
        out: &mut dyn Write,
        err: &mut dyn Write,
        interrupted: &dyn Fn() -> bool,
    ) -> io::Result<(u32, ApartEnd)> {
        // Listens from here on: it must not end before what it passes signals on to.
        if interrupted() {
            return Err(io::Error::from(io::ErrorKind::Interrupted));
        }
        let (stdout, its_out) = io::pipe()?;
        let (stderr, its_err) = io::pipe()?;
        ioctl_fionbio(&stdout, true)?;
        ioctl_fionbio(&stderr, true)?;
        let mut child = Command::new(self.program)
            .arg0("d3p")
            .arg(if self.terminal { APART_ON_TERMINAL } else { APART })
            .args(self.args)
            .current_dir(self.dir)
            .env_clear()
            .envs(self.vars.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(its_out)
            .stderr(its_err)
            .spawn()?;
        let pid = child.id();
        let mut streams: [(_, &mut dyn Write); 2] = [(Some(stdout), out), (Some(stderr), err)];
        let status = follow(&mut child, &mut streams, interrupted)?;
        let code = status.code().map(ApartEnd::Exited);
        Ok((pid, code.unwrap_or(ApartEnd::Signalled(status.signal().unwrap_or(0)))))
    }
}

fn follow(
    child: &mut Child,
    streams: &mut [(Option<PipeReader>, &mut dyn Write)],
    interrupted: &dyn Fn() -> bool,
) -> io::Result<ExitStatus> {
    let mut asked = false;
    loop {
        if !asked && interrupted() {
            asked = true;
            // That it ended meanwhile is what was wanted.
            let _ = kill_process(Pid::from_child(child), Signal::TERM);
        }
        // Before what it said last is read.
        let ended = child.try_wait()?;
        for (stream, to) in streams.iter_mut() {
            pass(stream, *to);
        }
        if let Some(status) = ended {
            return Ok(status);
        }
        let open = streams.iter().filter_map(|(stream, _)| stream.as_ref());
        let mut fds: Vec<_> = open.map(|stream| PollFd::new(stream, PollFlags::IN)).collect();
        // An error is no more than a tick that is over at once; one without pipes is waited for.
        if !matches!(poll(&mut fds, Some(&TICK)), Ok(_) | Err(Errno::INTR)) || fds.is_empty() {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Shows what there is.
fn pass(stream: &mut Option<PipeReader>, to: &mut dyn Write) {
    let mut buffer = [0; PIECE];
    while let Some(from) = stream {
        match from.read(&mut buffer) {
            Ok(0) => *stream = None,
            // Who reads what we show may be gone; whoever is in front of the run stays.
            Ok(length) => drop(to.write_all(&buffer[..length])),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(_) => *stream = None,
        }
    }
    let _ = to.flush();
}

/// What a process apart writes to: the pipe to whoever is in front of it. It never fails, and makes
/// nobody wait for a reader that went away or was stopped.
#[derive(Debug)]
pub struct Told<F> {
    to: F,
    gone: bool,
    /// Bytes that were left out since something was last taken.
    left_out: u64,
}

impl<F: std::os::fd::AsFd> Told<F> {
    /// Writes to `to`, a pipe.
    pub fn new(to: F) -> Self {
        Self { to, gone: false, left_out: 0 }
    }

    /// Whether it takes a piece; waits for that when it took the last one.
    fn is_ready(&self) -> bool {
        let end = Instant::now() + if self.left_out > 0 { Duration::ZERO } else { PATIENCE };
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let wait = Timespec { tv_sec: left.as_secs() as _, tv_nsec: left.subsec_nanos() as _ };
            match poll(&mut [PollFd::new(&self.to, PollFlags::OUT)], Some(&wait)) {
                Ok(0) => return false,
                Err(Errno::INTR) => {}
                _ => return true,
            }
        }
    }

    fn piece(&mut self, piece: &[u8]) {
        if self.gone {
            return;
        }
        if !self.is_ready() {
            self.left_out += piece.len() as u64;
            return;
        }
        if self.left_out > 0 {
            let note = format!("\n[d3p: {} bytes are not shown here]\n", self.left_out);
            self.left_out = 0;
            self.whole(note.as_bytes());
        }
        self.whole(piece);
    }

    fn whole(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match rustix::io::write(&self.to, bytes) {
                Ok(length) => bytes = &bytes[length..],
                Err(Errno::INTR) => {}
                Err(_) => {
                    self.gone = true;
                    return;
                }
            }
        }
    }
}

impl<F: std::os::fd::AsFd> Write for Told<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        bytes.chunks(PIECE).for_each(|piece| self.piece(piece));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
