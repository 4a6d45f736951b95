//! Reading one file: once, up to a limit, with its digest.
//!
//! Nothing is parsed here. A file that cannot be used is a [`Loaded::Faulty`], with its digest
//! wherever its bytes could be read.

use crate::model::{Sha256Digest, is_ledger};
use crate::source::walk::{self, Found, Kind};
use crate::text::{Fault, FaultKind, decode};
use sha2::{Digest as _, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Most bytes that a document, record or piece of evidence may have: 8 MiB.
pub const DEFAULT_LIMIT: u64 = 8 * 1024 * 1024;

/// Most bytes of a ledger: a sample every ten seconds writes some 13 MiB of lines a day.
const LEDGER_LIMIT: u64 = 64 * 1024 * 1024;

/// Most bytes that are read of the file at `rel`; nothing longer is ever written.
pub fn limit_of(rel: &str) -> u64 {
    if is_ledger(rel) { LEDGER_LIMIT } else { DEFAULT_LIMIT }
}

thread_local! {
    /// How often each file was asked for, while somebody counts.
    static OPENED: RefCell<Option<BTreeMap<String, usize>>> = const { RefCell::new(None) };
}

/// Does `work`, and counts how often it opens each file of a project to read it: a test holds
/// commands to reading each file once.
pub fn counting_reads<T>(work: impl FnOnce() -> T) -> (T, BTreeMap<String, usize>) {
    OPENED.set(Some(BTreeMap::new()));
    let done = work();
    (done, OPENED.take().unwrap_or_default())
}

/// The directory of a project, opened.
#[derive(Clone, Debug)]
pub struct Root {
    dir: PathBuf,
}

/// A file as it was found, usable or not.
#[derive(Clone, Debug)]
pub enum Loaded {
    /// The file's text.
    File(LoadedFile),
    /// The file cannot be used.
    Faulty {
        /// Why.
        fault: Fault,
        /// Digest of its bytes, when they could be read as a whole.
        digest: Option<Sha256Digest>,
    },
}

/// A file's text and identity.
#[derive(Clone, Debug)]
pub struct LoadedFile {
    /// Path relative to the project, with `/`.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Digest of its raw bytes.
    pub digest: Sha256Digest,
    /// Its text; the raw bytes are this text's bytes.
    pub text: String,
}

impl Root {
    /// Opens the project in `dir`; links in the path to it are resolved here, once.
    ///
    /// # Errors
    /// When `dir` does not exist, is not a directory, or cannot be reached.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let dir = fs::canonicalize(dir)?;
        if !fs::metadata(&dir)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Self { dir })
    }

    /// The project directory, canonical.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the project lies in its repository, with `/` between and at the end; empty where it is
    /// the whole of it, or in none. It is for showing paths to whoever counts from there: git is
    /// not asked.
    pub fn place_in_repository(&self) -> String {
        let mut above = self.dir.ancestors();
        let top = above.find(|dir| dir.join(".git").symlink_metadata().is_ok());
        let below = top.and_then(|top| self.dir.strip_prefix(top).ok());
        let parts = below.into_iter().flat_map(Path::components);
        parts.map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect()
    }

    /// Reads `rel`, at most [`limit_of`] it in bytes.
    pub fn load(&self, rel: &str) -> Loaded {
        self.load_within(rel, limit_of(rel))
    }

    /// Reads `rel`; more than `limit` bytes are a fault.
    pub fn load_within(&self, rel: &str, limit: u64) -> Loaded {
        match self.bytes(rel, limit) {
            Ok(bytes) => to_text(rel, bytes),
            Err(fault) => Loaded::Faulty { fault, digest: None },
        }
    }

    /// The bytes of `rel`, which need not be text and may be none.
    ///
    /// # Errors
    /// The fault that keeps it from being read, [`FaultKind::TooLarge`] above `limit` bytes.
    pub fn bytes(&self, rel: &str, limit: u64) -> Result<Vec<u8>, Fault> {
        self.read(rel, limit).map(|(bytes, _)| bytes)
    }

    /// The bytes of `rel`, and what the system said of it before they were read.
    pub(super) fn read(&self, rel: &str, limit: u64) -> Result<(Vec<u8>, Metadata), Fault> {
        let (file, metadata) = self.open_file(rel)?;
        if metadata.len() > limit {
            return Err(too_large(rel, Some(metadata.len()), limit));
        }
        Ok((read_within(file, rel, limit)?, metadata))
    }

    /// Digest and size in bytes of `rel`, read in pieces: for raw logs of any size.
    ///
    /// # Errors
    /// The fault that keeps it from being read.
    pub fn digest(&self, rel: &str) -> Result<(Sha256Digest, u64), Fault> {
        self.digest_within(rel, u64::MAX)
    }

    /// Digest and size in bytes of `rel`, read in pieces.
    ///
    /// # Errors
    /// The fault that keeps it from being read, [`FaultKind::TooLarge`] above `limit` bytes.
    pub fn digest_within(&self, rel: &str, limit: u64) -> Result<(Sha256Digest, u64), Fault> {
        self.digest_of(rel, limit).map(|(digest, size, _)| (digest, size))
    }

    /// The same, and what the system said of it before it was read.
    pub(super) fn digest_of(
        &self,
        rel: &str,
        limit: u64,
    ) -> Result<(Sha256Digest, u64, Metadata), Fault> {
        let (mut file, metadata) = self.open_file(rel)?;
        if metadata.len() > limit {
            return Err(too_large(rel, Some(metadata.len()), limit));
        }
        let (digest, total) = digest_of(&mut file, rel, limit)?;
        Ok((digest, total, metadata))
    }

    /// Whether anything at all is at `rel`, be it usable or not.
    ///
    /// For deciding what `init` keeps: something that cannot be read is there all the same.
    pub fn exists(&self, rel: &str) -> bool {
        !matches!(self.find(rel), Err(Fault { kind: FaultKind::Absent, .. }))
    }

    /// Looks up an entry of any kind, through real directories only.
    pub(crate) fn find(&self, rel: &str) -> Result<Found, Fault> {
        walk::find(&self.dir, rel)
    }

    /// Opens `rel`, a regular file, and makes sure that it is the one that was looked at.
    pub(crate) fn open_file(&self, rel: &str) -> Result<(File, Metadata), Fault> {
        OPENED.with_borrow_mut(|opened| {
            let count = opened.as_mut().map(|opened| opened.entry(rel.to_owned()).or_default());
            count.into_iter().for_each(|count| *count += 1);
        });
        let found = self.find(rel)?;
        if found.kind != Kind::File {
            return Err(walk::not_regular(
                format!("`{rel}` is {}; evidence must be a regular file", found.kind.name()),
                "move it away and put the file in its place",
            ));
        }
        let unreadable = |error: io::Error| walk::unreadable(rel, &error);
        let file = File::open(&found.path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !is_same_file(&found.metadata, &metadata) {
            return Err(Fault {
                kind: FaultKind::Unreadable,
                span: None,
                message: format!("`{rel}` was replaced by another file while it was being opened"),
                help: Some("wait until nothing writes to it, then run the command again".into()),
            });
        }
        Ok((file, metadata))
    }
}

/// Reads a file that the user names on the command line, wherever it is, links followed.
///
/// For `--from FILE`: never for a path that stands in a file.
pub fn load_given(path: &Path, limit: u64) -> Loaded {
    let name = path.to_string_lossy();
    let fault = match File::open(path) {
        Ok(file) if !file.metadata().is_ok_and(|metadata| metadata.is_dir()) => {
            return load_reader(file, &name, limit);
        }
        Ok(_) => walk::not_regular(format!("`{name}` is a directory"), "name a file"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Fault {
            kind: FaultKind::Absent,
            span: None,
            message: format!("`{name}` does not exist"),
            help: Some("check the path; it is relative to the current directory".to_owned()),
        },
        Err(error) => walk::unreadable(&name, &error),
    };
    Loaded::Faulty { fault, digest: None }
}

/// What the user names on the command line, links followed.
#[derive(Debug)]
pub enum Given {
    /// A directory.
    Directory,
    /// A regular file, open.
    File(File),
}

/// Opens what the user names on the command line: a directory or a regular file.
///
/// # Errors
/// When nothing is there, it is something else, or it cannot be read.
pub fn open_given(path: &Path) -> io::Result<Given> {
    // Before it is opened, which would wait for the other end of a FIFO.
    let kind = fs::metadata(path)?.file_type();
    if kind.is_dir() {
        return Ok(Given::Directory);
    }
    if !kind.is_file() {
        let message = format!("it is {}", Kind::of(kind).name());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    File::open(path).map(Given::File)
}

/// Reads standard input, or another stream that messages call `name`.
pub fn load_reader(reader: impl Read, name: &str, limit: u64) -> Loaded {
    match read_within(reader, name, limit) {
        Ok(bytes) => to_text(name, bytes),
        Err(fault) => Loaded::Faulty { fault, digest: None },
    }
}

/// Digest and size of what `bytes` gives; messages call it `name`.
pub(super) fn digest_of(
    bytes: &mut dyn Read,
    name: &str,
    limit: u64,
) -> Result<(Sha256Digest, u64), Fault> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    let mut total: u64 = 0;
    loop {
        match bytes.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                hasher.update(&buffer[..count]);
                total += count as u64;
                // It may grow while it is read.
                if total > limit {
                    return Err(too_large(name, None, limit));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(walk::unreadable(name, &error)),
        }
    }
    Ok((Sha256Digest::from_bytes(hasher.finalize().into()), total))
}

fn read_within(reader: impl Read, name: &str, limit: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| walk::unreadable(name, &error))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(name, None, limit));
    }
    Ok(bytes)
}

pub(super) fn to_text(name: &str, raw: Vec<u8>) -> Loaded {
    let digest = Sha256Digest::of(&raw);
    let bytes = raw.len() as u64;
    let decoded = if raw.is_empty() {
        Err(Fault {
            kind: FaultKind::Empty,
            span: None,
            message: format!("`{name}` is empty"),
            help: Some("fill it in; an empty file proves nothing".to_owned()),
        })
    } else {
        decode(raw)
    };
    match decoded {
        Ok(text) => Loaded::File(LoadedFile { path: name.to_owned(), bytes, digest, text }),
        Err(fault) => Loaded::Faulty { fault, digest: Some(digest) },
    }
}

pub(super) fn too_large(name: &str, size: Option<u64>, limit: u64) -> Fault {
    let message = match size {
        Some(size) => format!("`{name}` has {size} bytes; at most {limit} are read"),
        None => format!("`{name}` has more than {limit} bytes, which is the most that is read"),
    };
    let help = "keep bulk output under `raw/` and cite it by digest";
    Fault { kind: FaultKind::TooLarge, span: None, message, help: Some(help.to_owned()) }
}

/// Whether both describe one file; where the system has no file ids, the kind must do.
pub(crate) fn is_same_file(looked_at: &Metadata, opened: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        (looked_at.dev(), looked_at.ino()) == (opened.dev(), opened.ino())
    }
    #[cfg(not(unix))]
    {
        looked_at.file_type() == opened.file_type()
    }
}
