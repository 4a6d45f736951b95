//! A file that is written piece by piece before it is known what becomes of it.

use crate::source::Root;
use crate::write::sweep::temp_file;
use std::fs;
use std::io::{self, BufWriter, Write};
use tempfile::{NamedTempFile, TempPath};

/// Where drafts lie, relative to the project: nothing in it belongs to a release.
const DIR: &str = ".d3p";

/// A file that goes again unless it becomes a part of a change set.
#[derive(Debug)]
pub struct Draft(BufWriter<NamedTempFile>);

impl Draft {
    /// Begins an empty one.
    ///
    /// # Errors
    /// What the system says.
    pub fn begin(root: &Root) -> io::Result<Self> {
        let dir = root.dir().join(DIR);
        fs::create_dir_all(&dir)?;
        Ok(Self(BufWriter::new(temp_file(&dir, false)?)))
    }

    /// Ends it; where it lies.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> io::Result<TempPath> {
        let file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(file.into_temp_path())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
