//! Reports that are read piece by piece, so that their size costs next to no memory.

use crate::import::{Imported, Source};
use crate::model::Sha256Digest;
use crate::source::load::{digest_of, too_large};
use crate::source::{Root, walk};
use crate::text::{Fault, FaultKind};
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek as _};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempPath;

/// Most bytes that a report may have that is read piece by piece: 256 MiB.
pub(crate) const REPORT_LIMIT: u64 = 256 * 1024 * 1024;

/// Most bytes of its beginning that are kept as text.
const BEGINNING: u64 = 256 * 1024;

/// How a report is read.
pub type Reader = fn(&dyn Source) -> Imported;

/// What was read of a report, and of which bytes.
#[derive(Clone, Debug)]
pub struct Report {
    /// Digest of its bytes.
    pub digest: Sha256Digest,
    /// How many there are.
    pub bytes: u64,
    /// What they say.
    pub read: Arc<Imported>,
    /// The beginning of its text, where it may name what it is about.
    pub beginning: Arc<str>,
}

impl Report {
    /// Reads one that is in memory.
    pub(super) fn of(bytes: &[u8], read: Reader) -> Self {
        let most = bytes.len().min(usize::try_from(BEGINNING).unwrap_or(usize::MAX));
        Self {
            digest: Sha256Digest::of(bytes),
            bytes: bytes.len() as u64,
            read: Arc::new(read(&bytes)),
            beginning: text(&bytes[..most]),
        }
    }
}

/// The text that `bytes` begin with.
fn text(bytes: &[u8]) -> Arc<str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        // A character that is cut, or what is no text at all.
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default().into(),
    }
}

/// A report that is open: it is looked up once, and read as often as it takes.
#[derive(Debug)]
pub struct OpenReport {
    name: String,
    file: File,
    metadata: Metadata,
}

impl Source for OpenReport {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        let mut file = self.file.try_clone()?;
        file.rewind()?;
        Ok(Box::new(file))
    }
}

impl OpenReport {
    pub(super) fn of(name: &str, file: File, metadata: Metadata) -> Result<Self, Fault> {
        match metadata.len() > REPORT_LIMIT {
            true => Err(too_large(name, Some(metadata.len()), REPORT_LIMIT)),
            false => Ok(Self { name: name.to_owned(), file, metadata }),
        }
    }

    /// What the system said of it before it was read.
    pub(super) fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Digest and size of its bytes.
    ///
    /// # Errors
    /// What keeps them from being read.
    pub fn digest(&self) -> Result<(Sha256Digest, u64), Fault> {
        let mut bytes = self.open().map_err(|error| walk::unreadable(&self.name, &error))?;
        digest_of(&mut bytes, &self.name, REPORT_LIMIT)
    }

    /// Reads it.
    ///
    /// # Errors
    /// What keeps its bytes from being read, or when they changed meanwhile.
    pub fn read(&self, read: Reader) -> Result<Report, Fault> {
        let (digest, bytes) = self.digest()?;
        let mut beginning = Vec::new();
        self.open()
            .and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning))
            .map_err(|error| walk::unreadable(&self.name, &error))?;
        let read = Arc::new(read(self));
        let now = self.file.metadata().map_err(|error| walk::unreadable(&self.name, &error))?;
        if super::snapshot::identity(&now) != super::snapshot::identity(&self.metadata) {
            let message = format!("`{}` changed while it was read", self.name);
            return Err(Fault::whole(FaultKind::Unreadable, message));
        }
        Ok(Report { digest, bytes, read, beginning: text(&beginning) })
    }
}

impl Root {
    /// Opens a report of any size.
    ///
    /// # Errors
    /// What keeps it from being read.
    pub fn open_report(&self, rel: &str) -> Result<OpenReport, Fault> {
        let (file, metadata) = self.open_file(rel)?;
        OpenReport::of(rel, file, metadata)
    }
}

/// A report that was read, and whose bytes lie outside of the project until they are written there.
#[derive(Clone, Debug)]
pub struct Held {
    /// What was read of it.
    pub report: Report,
    file: Arc<TempPath>,
}

impl Held {
    /// Reads the file at `path`, which goes when nobody needs it any more. Where it has the bytes of
    /// `known`, that is what it says.
    ///
    /// # Errors
    /// What keeps its bytes from being read.
    pub fn of(path: TempPath, known: Option<Report>, read: Reader) -> Result<Self, Fault> {
        let name = path.to_string_lossy().into_owned();
        let open = || File::open(&path).and_then(|file| file.metadata().map(|own| (file, own)));
        let (file, metadata) = open().map_err(|error| walk::unreadable(&name, &error))?;
        let open = OpenReport::of(&name, file, metadata)?;
        let digest = known.as_ref().map(|_| open.digest()).transpose()?;
        let same = |known: &Report| digest.is_some_and(|(digest, _)| digest == known.digest);
        let report = match known.filter(same) {
            Some(known) => known,
            None => open.read(read)?,
        };
        Ok(Self { report, file: Arc::new(path) })
    }

    /// Where its bytes lie.
    pub fn path(&self) -> &Path {
        &self.file
    }
}
