//! The files of a project as they were when each was first looked at.
//!
//! A command that writes reads each file once: what it judges, shows and writes over are the same
//! bytes. What it is about to write is laid over them in memory, and judged there.

use crate::model::Sha256Digest;
use crate::source::load::too_large;
use crate::source::walk::unreadable;
use crate::source::{Held, Listing, Reader, Report, Root, Tree};
use crate::text::{Fault, FaultKind};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};

/// What was read of a project, each file once.
#[derive(Debug)]
pub struct Snapshot {
    root: Root,
    files: RefCell<BTreeMap<String, Seen>>,
    lists: RefCell<BTreeMap<String, Listing>>,
}

/// A file that was looked at.
#[derive(Debug)]
struct Seen {
    content: Content,
    /// `None` where there was no file.
    identity: Option<Identity>,
}

#[derive(Debug)]
enum Content {
    Bytes(Vec<u8>),
    /// A report of any size, read and not held.
    Report(Report),
    /// Its digest and size in bytes were asked for, and nothing else.
    Digest(Sha256Digest, u64),
    Fault(Fault),
}

/// What changes with a file, as far as the system tells without reading it: where it lies, how long
/// it is, and when its bytes and its entry changed.
pub(super) type Identity = (u64, u64, u64, [i64; 4]);

pub(super) fn identity(metadata: &Metadata) -> Identity {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let modified = [metadata.mtime(), metadata.mtime_nsec()];
        let changed = [metadata.ctime(), metadata.ctime_nsec()];
        let times = [modified[0], modified[1], changed[0], changed[1]];
        (metadata.dev(), metadata.ino(), metadata.len(), times)
    }
    #[cfg(not(unix))]
    {
        let since = |time: std::io::Result<std::time::SystemTime>| {
            let time = time.ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
            time.and_then(|time| i64::try_from(time.as_nanos()).ok()).unwrap_or_default()
        };
        let times = [since(metadata.modified()), since(metadata.created()), 0, 0];
        (0, 0, metadata.len(), times)
    }
}

impl Snapshot {
    /// Nothing read yet of the project `root`.
    pub fn of(root: Root) -> Self {
        Self { root, files: RefCell::default(), lists: RefCell::default() }
    }

    /// The project's directory.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// These files with `changed` laid over them.
    pub fn with(&self, changed: BTreeMap<String, Laid>) -> Overlay<'_> {
        Overlay { base: self, changed }
    }

    /// Notes what this program has just written itself, so that it is not read again.
    pub fn wrote(&self, changed: BTreeMap<String, Laid>) {
        for (path, laid) in changed {
            self.lists.borrow_mut().iter_mut().for_each(|(dir, list)| add(list, dir, &path));
            let identity = self.identity(&path);
            let content = match laid {
                Laid::Bytes(bytes) => Content::Bytes(bytes),
                Laid::Held(held) => Content::Report(held.report),
            };
            self.files.borrow_mut().insert(path, Seen { content, identity });
        }
    }

    /// Forgets whatever is not as it was any more; files are looked at, not read.
    ///
    /// Whether anything was forgotten.
    pub fn refresh(&self) -> bool {
        let (mut files, mut lists) = (self.files.borrow_mut(), self.lists.borrow_mut());
        let before = files.len() + lists.len();
        files.retain(|path, seen| seen.identity == self.identity(path));
        lists.retain(|dir, list| *list == self.root.list(dir));
        files.len() + lists.len() != before
    }

    fn identity(&self, path: &str) -> Option<Identity> {
        self.root.find(path).ok().map(|found| identity(&found.metadata))
    }

    fn saw(&self, rel: &str, content: Content, metadata: Option<&Metadata>) {
        let identity = metadata.map(identity);
        self.files.borrow_mut().insert(rel.to_owned(), Seen { content, identity });
    }

    /// Whether it is too large depends on who asks; every other fault is one for all.
    fn failed(&self, rel: &str, fault: Fault) -> Fault {
        if fault.kind != FaultKind::TooLarge {
            let identity = self.identity(rel);
            let content = Content::Fault(fault.clone());
            self.files.borrow_mut().insert(rel.to_owned(), Seen { content, identity });
        }
        fault
    }
}

/// Adds a path to the list of what is below `dir`.
fn add(list: &mut Listing, dir: &str, path: &str) {
    let below = path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
    if below && let Err(place) = list.files.binary_search_by(|own| own.as_str().cmp(path)) {
        list.files.insert(place, path.to_owned());
    }
}

fn within(rel: &str, size: u64, limit: u64) -> Result<(), Fault> {
    if size > limit { Err(too_large(rel, Some(size), limit)) } else { Ok(()) }
}

impl Tree for Snapshot {
    fn bytes(&self, rel: &str, limit: u64) -> Result<Vec<u8>, Fault> {
        match self.files.borrow().get(rel).map(|seen| &seen.content) {
            Some(Content::Bytes(bytes)) => {
                return within(rel, bytes.len() as u64, limit).map(|()| bytes.clone());
            }
            Some(Content::Fault(fault)) => return Err(fault.clone()),
            Some(Content::Digest(..) | Content::Report(_)) | None => {}
        }
        let (bytes, metadata) =
            self.root.read(rel, limit).map_err(|fault| self.failed(rel, fault))?;
        self.saw(rel, Content::Bytes(bytes.clone()), Some(&metadata));
        Ok(bytes)
    }

    fn digest_within(&self, rel: &str, limit: u64) -> Result<(Sha256Digest, u64), Fault> {
        match self.files.borrow().get(rel).map(|seen| &seen.content) {
            Some(Content::Bytes(bytes)) => {
                let size = bytes.len() as u64;
                return within(rel, size, limit).map(|()| (Sha256Digest::of(bytes), size));
            }
            Some(
                Content::Digest(digest, size) | Content::Report(Report { digest, bytes: size, .. }),
            ) => {
                return within(rel, *size, limit).map(|()| (*digest, *size));
            }
            Some(Content::Fault(fault)) => return Err(fault.clone()),
            None => {}
        }
        let (digest, size, metadata) =
            self.root.digest_of(rel, limit).map_err(|fault| self.failed(rel, fault))?;
        self.saw(rel, Content::Digest(digest, size), Some(&metadata));
        Ok((digest, size))
    }

    fn report(&self, rel: &str, read: Reader) -> Result<Report, Fault> {
        match self.files.borrow().get(rel).map(|seen| &seen.content) {
            Some(Content::Report(report)) => return Ok(report.clone()),
            Some(Content::Bytes(bytes)) => return Ok(Report::of(bytes, read)),
            Some(Content::Fault(fault)) => return Err(fault.clone()),
            Some(Content::Digest(..)) | None => {}
        }
        let open = self.root.open_report(rel).map_err(|fault| self.failed(rel, fault))?;
        let report = open.read(read).map_err(|fault| self.failed(rel, fault))?;
        self.saw(rel, Content::Report(report.clone()), Some(open.metadata()));
        Ok(report)
    }

    fn exists(&self, rel: &str) -> bool {
        let is_read = |seen: &Seen| !matches!(seen.content, Content::Fault(_));
        self.files.borrow().get(rel).is_some_and(is_read) || self.root.exists(rel)
    }

    fn list(&self, dir: &str) -> Listing {
        let mut lists = self.lists.borrow_mut();
        lists.entry(dir.to_owned()).or_insert_with(|| self.root.list(dir)).clone()
    }

    fn directories(&self, dir: &str) -> Vec<String> {
        self.root.directories(dir)
    }
}

/// What a file would be.
#[derive(Clone, Debug)]
pub enum Laid {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A report that lies on disk.
    Held(Held),
}

/// A project's files with some of them changed, in memory.
#[derive(Debug)]
pub struct Overlay<'a> {
    base: &'a Snapshot,
    changed: BTreeMap<String, Laid>,
}

impl Tree for Overlay<'_> {
    fn bytes(&self, rel: &str, limit: u64) -> Result<Vec<u8>, Fault> {
        match self.changed.get(rel) {
            Some(Laid::Bytes(bytes)) => {
                within(rel, bytes.len() as u64, limit).map(|()| bytes.clone())
            }
            Some(Laid::Held(held)) => {
                within(rel, held.report.bytes, limit)?;
                fs::read(held.path()).map_err(|error| unreadable(rel, &error))
            }
            None => self.base.bytes(rel, limit),
        }
    }

    fn digest_within(&self, rel: &str, limit: u64) -> Result<(Sha256Digest, u64), Fault> {
        let (digest, size) = match self.changed.get(rel) {
            Some(Laid::Bytes(bytes)) => (Sha256Digest::of(bytes), bytes.len() as u64),
            Some(Laid::Held(held)) => (held.report.digest, held.report.bytes),
            None => return self.base.digest_within(rel, limit),
        };
        within(rel, size, limit).map(|()| (digest, size))
    }

    fn report(&self, rel: &str, read: Reader) -> Result<Report, Fault> {
        match self.changed.get(rel) {
            Some(Laid::Bytes(bytes)) => Ok(Report::of(bytes, read)),
            Some(Laid::Held(held)) => Ok(held.report.clone()),
            None => self.base.report(rel, read),
        }
    }

    fn exists(&self, rel: &str) -> bool {
        let is_there = |path: &String| {
            path.strip_prefix(rel).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.changed.keys().any(is_there) || self.base.exists(rel)
    }

    fn list(&self, dir: &str) -> Listing {
        let mut list = self.base.list(dir);
        self.changed.keys().for_each(|path| add(&mut list, dir, path));
        list
    }

    fn directories(&self, dir: &str) -> Vec<String> {
        let below =
            self.changed.keys().filter_map(|path| path.strip_prefix(dir)?.strip_prefix('/'));
        let laid = below.filter_map(|path| Some(path.split_once('/')?.0.to_owned()));
        let mut names: BTreeSet<String> = self.base.directories(dir).into_iter().collect();
        names.extend(laid);
        names.into_iter().collect()
    }
}
