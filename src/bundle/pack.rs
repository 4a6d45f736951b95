//! Writing a bundle.

use super::gzip::GzipWriter;
use super::tar::{BLOCK, header, padding};
use super::{MANIFEST, Manifest};
use crate::model::Sha256Digest;
use crate::text::Fault;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io::{self, Read, Write};

/// Gives the content of a member by its path.
pub type Pieces<'a> = dyn FnMut(&str) -> Result<Box<dyn Read>, Fault> + 'a;

/// A bundle that was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Packed {
    /// Digest of its bytes.
    pub sha256: Sha256Digest,
    /// Its size.
    pub bytes: u64,
}

/// Why a bundle was not written.
#[derive(Debug)]
pub enum PackError {
    /// A member cannot be read.
    Read(Fault),
    /// A member is not what the manifest says: it changed meanwhile.
    Changed(String),
    /// The bundle cannot be written.
    Write(io::Error),
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(fault) => f.write_str(&fault.message),
            Self::Changed(path) => write!(f, "`{path}` changed while it was packed"),
            Self::Write(error) => write!(f, "the bundle cannot be written: {error}"),
        }
    }
}

impl std::error::Error for PackError {}

/// Writes the bundle that `manifest` describes.
///
/// # Errors
/// [`PackError`]; what was written until then is no bundle.
pub fn pack(
    manifest: &Manifest,
    pieces: &mut Pieces<'_>,
    out: &mut dyn Write,
) -> Result<Packed, PackError> {
    let write = PackError::Write;
    let counted = Counted { inner: out, hasher: Sha256::new(), bytes: 0 };
    let mut gzip = GzipWriter::new(counted).map_err(write)?;
    let text = manifest.to_text();
    gzip.write(&header(MANIFEST, text.len() as u64)).map_err(write)?;
    gzip.write(text.as_bytes()).map_err(write)?;
    gzip.write(&[0; BLOCK][..padding(text.len() as u64)]).map_err(write)?;
    let mut buffer = vec![0; 64 * 1024];
    for file in &manifest.files {
        gzip.write(&header(&file.path, file.bytes)).map_err(write)?;
        let mut content = pieces(&file.path).map_err(PackError::Read)?;
        let mut hasher = Sha256::new();
        let mut total = 0_u64;
        loop {
            let count = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    let message = format!("`{}` cannot be read: {error}", file.path);
                    let kind = crate::text::FaultKind::Unreadable;
                    return Err(PackError::Read(Fault::whole(kind, message)));
                }
            };
            total += count as u64;
            if total > file.bytes {
                return Err(PackError::Changed(file.path.clone()));
            }
            hasher.update(&buffer[..count]);
            gzip.write(&buffer[..count]).map_err(write)?;
        }
        let digest = Sha256Digest::from_bytes(hasher.finalize().into());
        if (total, digest) != (file.bytes, file.sha256) {
            return Err(PackError::Changed(file.path.clone()));
        }
        gzip.write(&[0; BLOCK][..padding(total)]).map_err(write)?;
    }
    gzip.write(&[0; 2 * BLOCK]).map_err(write)?;
    let counted = gzip.finish().map_err(write)?;
    let sha256 = Sha256Digest::from_bytes(counted.hasher.finalize().into());
    Ok(Packed { sha256, bytes: counted.bytes })
}

/// Counts and digests what goes through.
struct Counted<'a> {
    inner: &'a mut dyn Write,
    hasher: Sha256,
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(buffer)?;
        self.hasher.update(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
