//! Which file a command's name means.

#[cfg(all(test, unix))]
mod tests;

use crate::model::Sha256Digest;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{self, Path, PathBuf};

/// A program found, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    /// The file as it was found: absolute, symbolic links not followed.
    pub path: PathBuf,
    /// Digest of the file's content.
    pub sha256: Sha256Digest,
}

/// Why a name means no program.
#[derive(Debug)]
pub enum ProgramError {
    /// There is no such file.
    NotFound {
        /// The name as it was given.
        name: String,
        /// Directories, or the one path, that were looked at.
        looked_in: Vec<PathBuf>,
    },
    /// There is such a file, but nobody may execute it, or it is no regular file.
    NotExecutable {
        /// The file.
        path: PathBuf,
    },
    /// The file may be executed but not read, so its digest cannot be told.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { name, looked_in } => {
                write!(f, "there is no program `{name}`")?;
                for (index, place) in looked_in.iter().enumerate() {
                    write!(
                        f,
                        "{}{}",
                        if index == 0 { "; looked in " } else { ", " },
                        place.display()
                    )?;
                }
                Ok(())
            }
            Self::NotExecutable { path } => {
                write!(f, "{} is not an executable file; `chmod +x` makes it one", path.display())
            }
            Self::Unreadable { path, error } => {
                write!(f, "{} cannot be read, so its digest is unknown: {error}", path.display())
            }
        }
    }
}

impl std::error::Error for ProgramError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { error, .. } => Some(error),
            Self::NotFound { .. } | Self::NotExecutable { .. } => None,
        }
    }
}

/// Finds the program that `name`, an `argv[0]`, means.
///
/// A name with a slash is a path, relative to `dir`. Any other is looked for in the directories of
/// `path`, in order. Those that are not absolute are passed over: they would depend on where the
/// program was started, and an empty one would mean the current directory.
///
/// # Errors
/// When there is no such file, when it is not regular or has no execute bit, or when it cannot be
/// read.
pub fn find_program(name: &str, dir: &Path, path: &[PathBuf]) -> Result<Program, ProgramError> {
    let named = name.contains('/') || cfg!(windows) && name.contains('\\');
    let places: Vec<PathBuf> = if named {
        vec![absolute(&dir.join(name))]
    } else {
        path.iter().filter(|place| place.is_absolute()).cloned().collect()
    };
    let mut refused = None;
    for place in places.iter().filter(|_| !name.is_empty()) {
        let file = if named { place.clone() } else { place.join(name) };
        // Follows links: what would run is what they lead to.
        match file.metadata() {
            Ok(metadata) if is_program(&metadata) => return digested(file),
            // As in a shell, a later directory may still have one.
            Ok(_) => refused = refused.or(Some(file)),
            Err(_) => {}
        }
    }
    Err(match refused {
        Some(path) => ProgramError::NotExecutable { path },
        None => ProgramError::NotFound { name: name.to_owned(), looked_in: places },
    })
}

/// The path from the root on; it is not asked whether there is such a file.
pub(super) fn absolute(path: &Path) -> PathBuf {
    path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(unix)]
fn is_program(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_program(metadata: &Metadata) -> bool {
    metadata.is_file()
}

/// Digests in pieces: programs can be large.
fn digested(path: PathBuf) -> Result<Program, ProgramError> {
    let digest = || -> io::Result<Sha256Digest> {
        let mut file = File::open(&path)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return Ok(Sha256Digest::from_bytes(hasher.finalize().into())),
                Ok(length) => hasher.update(&buffer[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    };
    match digest() {
        Ok(sha256) => Ok(Program { path, sha256 }),
        Err(error) => Err(ProgramError::Unreadable { path, error }),
    }
}
