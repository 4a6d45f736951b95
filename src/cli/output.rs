//! Standard output, of which an error is told at the end and stops nothing before.

use crate::env::Exit;
use crate::write;
use std::io::{self, ErrorKind, Write};

/// A writer that goes on when what it writes to does not.
pub(super) struct Kept<'a> {
    to: &'a mut dyn Write,
    failed: Option<io::Error>,
}

impl<'a> Kept<'a> {
    pub(super) fn new(to: &'a mut dyn Write) -> Self {
        Self { to, failed: None }
    }

    /// How the command ends that meant to end with `exit`. A reader that went away changes nothing; an
    /// answer that is not whole is none; and what was done is done, so that nobody does it again.
    pub(super) fn end(mut self, exit: Exit, err: &mut dyn Write) -> Exit {
        let _ = self.flush();
        let Some(error) = self.failed.filter(|error| error.kind() != ErrorKind::BrokenPipe) else {
            return exit;
        };
        let done = write::done();
        if done.is_empty() {
            let _ = writeln!(err, "error: the output could not be written: {error}");
            return Exit::Incomplete;
        }
        let _ = writeln!(
            err,
            "d3p: warning: the output could not be written: {error}; what was done is done, and is not to be done again: {}",
            done.join(", ")
        );
        exit
    }

    fn noted(&mut self, done: io::Result<()>) {
        if let Err(error) = done {
            self.failed.get_or_insert(error);
        }
    }
}

impl Write for Kept<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed.is_none() {
            let done = self.to.write_all(bytes);
            self.noted(done);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failed.is_none() {
            let done = self.to.flush();
            self.noted(done);
        }
        Ok(())
    }
}
