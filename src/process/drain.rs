//! A process that reads on: what a hook leaves running may write to the output that it inherited,
//! and would be ended by that if nobody had the other end of the pipe any more.
//!
//! It is started before the hook, so that it is there whatever becomes of whoever watches the hook,
//! and does nothing until that one lets go.

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, read};
use std::io::{self, PipeReader, PipeWriter};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The one argument by which d3p is told to be such a process.
pub const DRAIN: &str = "--drain";

/// The process, from the side of whoever started it.
pub(super) struct Drain {
    process: Child,
    /// Nothing is ever written to it.
    _until: PipeWriter,
}

impl Drain {
    /// Starts `program`, which is d3p, to read what `output` gives once this value is gone.
    pub(super) fn start(program: &Path, output: &PipeReader) -> io::Result<Self> {
        let (wait, until) = io::pipe()?;
        let process = Command::new(program)
            .arg0("d3p")
            .arg(DRAIN)
            .env_clear()
            .current_dir("/")
            .stdin(output.try_clone()?)
            .stdout(wait)
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self { process, _until: until })
    }

    /// Ends it, since nobody holds the output open any more.
    pub(super) fn end(self) {
        let Self { mut process, _until } = self;
        drop(_until);
        // It finds the end of the output at once.
        let _ = process.wait();
    }
}

/// What such a process does: waits for the end of what it has as standard output, then reads
/// standard input to its end.
pub fn drain() {
    let (wait, output) = (io::stdout(), io::stdin());
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match read(&wait, &mut buffer[..1]) {
            Ok(0) => break,
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return,
        }
    }
    loop {
        match read(&output, &mut buffer) {
            Ok(0) => return,
            Ok(_) | Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                let _ = poll(&mut [PollFd::new(&output, PollFlags::IN)], None);
            }
            Err(_) => return,
        }
    }
}
