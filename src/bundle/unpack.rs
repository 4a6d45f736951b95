//! Reading a bundle that nobody vouches for.
//!
//! What could mean two things to two programs ends the reading at once. What is wrong in one way
//! only (a member too many, one missing, one altered) is told, and the rest read on.

use super::gzip::{GzipFault, GzipReader};
use super::names::{Taken, refused};
use super::tar::{self, BLOCK, Head};
use super::{Limits, MANIFEST, Manifest, Member, OWN};
use crate::model::{Sha256Digest, is_report};
use crate::source::{RAW_LIMIT, REPORT_LIMIT};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

/// What can be wrong with a bundle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProblemKind {
    /// A member that the manifest does not list.
    Unlisted,
    /// A member that it lists is not there.
    Missing,
    /// A member is not what the manifest says.
    Altered,
    /// It was not written as a bundle is written.
    Malformed,
}

/// One thing that is wrong with a bundle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// The member; `None` when it is the bundle as a whole.
    pub member: Option<String>,
    /// One sentence without a full stop.
    pub message: String,
}

/// Why a bundle was not read.
#[derive(Debug)]
pub enum Broken {
    /// The operating system failed.
    Io(io::Error),
    /// Nothing in it is to be looked at.
    Hostile(Problem),
}

/// A member as it lies in the bundle.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Digest of its bytes.
    pub digest: Sha256Digest,
    /// Its size.
    pub bytes: u64,
    /// Its bytes, unless it is larger than anything whose content is judged.
    pub content: Option<Vec<u8>>,
}

/// A bundle that was read whole.
#[derive(Debug)]
pub struct Unpacked {
    /// Its manifest.
    pub manifest: Manifest,
    /// The members that the manifest lists and that are there, as they are there.
    pub members: BTreeMap<String, Kept>,
    /// What is wrong with it; nothing when it is as `pack` wrote it.
    pub problems: Vec<Problem>,
    /// Digest of the whole file.
    pub digest: Sha256Digest,
}

/// Reads a bundle up to `limits`.
///
/// # Errors
/// [`Broken`] when the source fails, or holds what no bundle holds; nothing after that is read.
pub fn unpack(source: &mut dyn Read, limits: &Limits) -> Result<Unpacked, Broken> {
    let mut hasher = Sha256::new();
    let gzip = GzipReader::new(Hashed { inner: source, hasher: &mut hasher })
        .map_err(|fault| broken(fault, None))?;
    let mut reader = Reader {
        gzip,
        limits: *limits,
        total: 0,
        taken: Taken::default(),
        foreign: Foreign::default(),
    };
    if reader.gzip.foreign {
        reader.foreign.tell(None);
    }
    let manifest = reader.manifest()?;
    let (members, mut problems) = reader.members(&manifest)?;
    let Reader { gzip, foreign, .. } = reader;
    gzip.end().map_err(|fault| broken(fault, None))?;
    problems.extend(foreign.problem());
    let digest = Sha256Digest::from_bytes(hasher.finalize().into());
    Ok(Unpacked { manifest, members, problems, digest })
}

/// What says that another program wrote it.
#[derive(Default)]
struct Foreign {
    first: Option<String>,
    any: bool,
}

impl Foreign {
    fn tell(&mut self, member: Option<&str>) {
        self.any = true;
        if self.first.is_none() {
            self.first = member.map(str::to_owned);
        }
    }

    fn problem(self) -> Option<Problem> {
        self.any.then(|| Problem {
            kind: ProblemKind::Malformed,
            member: self.first,
            message: "another program than d3p wrote this archive: its order, owners, times or \
                      modes are not those of a bundle"
                .to_owned(),
        })
    }
}

struct Reader<R: Read> {
    gzip: GzipReader<R>,
    limits: Limits,
    total: u64,
    taken: Taken,
    foreign: Foreign,
}

impl<R: Read> Reader<R> {
    /// The first member.
    fn manifest(&mut self) -> Result<Manifest, Broken> {
        let wrong = |message: String| hostile(Some(MANIFEST), message);
        let first = self.next()?;
        let Some((path, bytes)) = first.filter(|(path, _)| path == MANIFEST) else {
            return Err(hostile(None, "its first member is not d3p-bundle/manifest.json"));
        };
        let kept = self.content(&path, bytes, self.limits.manifest)?;
        let text = String::from_utf8(kept.content.unwrap_or_default())
            .map_err(|_| wrong("is not UTF-8".to_owned()))?;
        Manifest::read(&text, &self.limits).map_err(|why| wrong(why.into_text()))
    }

    /// All others, held against the manifest.
    fn members(
        &mut self,
        manifest: &Manifest,
    ) -> Result<(BTreeMap<String, Kept>, Vec<Problem>), Broken> {
        let listed: BTreeMap<&str, &Member> =
            manifest.files.iter().map(|file| (file.path.as_str(), file)).collect();
        let mut missing: BTreeSet<&str> = listed.keys().copied().collect();
        let mut members = BTreeMap::new();
        let mut problems = Vec::new();
        let mut last = String::new();
        let mut count = 1;
        while let Some((path, bytes)) = self.next()? {
            count += 1;
            if count > self.limits.members {
                let most = self.limits.members;
                return Err(hostile(
                    Some(&path),
                    format!("is member number {count}; at most {most} are read"),
                ));
            }
            if path < last {
                self.foreign.tell(Some(&path));
            }
            last.clone_from(&path);
            let kept = self.content(&path, bytes, self.limits.member)?;
            let mut tell = |kind, message: String| {
                problems.push(Problem { kind, member: Some(path.clone()), message });
            };
            let Some(file) = listed.get(path.as_str()) else {
                tell(ProblemKind::Unlisted, "the manifest does not list this member".to_owned());
                continue;
            };
            missing.remove(path.as_str());
            if bytes != file.bytes {
                let said = file.bytes;
                tell(ProblemKind::Altered, format!("has {bytes} bytes; the manifest says {said}"));
            } else if kept.digest != file.sha256 {
                let (found, said) = (kept.digest, file.sha256);
                tell(
                    ProblemKind::Altered,
                    format!("has the digest {found}; the manifest says {said}"),
                );
            }
            members.insert(path, kept);
        }
        problems.extend(missing.into_iter().map(|path| Problem {
            kind: ProblemKind::Missing,
            member: Some(path.to_owned()),
            message: "the manifest lists this member, and it is not there".to_owned(),
        }));
        Ok((members, problems))
    }

    /// Path and size of the next member, which is a regular file under a name of its own; `None`
    /// at the end.
    fn next(&mut self) -> Result<Option<(String, u64)>, Broken> {
        let mut raw = self.block(None)?.to_vec();
        let head = read_head(&raw);
        let (path, bytes) = match head {
            Head::Zeros => return self.end().map(|()| None),
            Head::Pax { bytes } => {
                let path = self.pax(bytes, &mut raw)?;
                let block = self.block(Some(&path))?;
                raw.extend_from_slice(&block);
                match read_head(&block) {
                    Head::File { bytes, .. } => (path, bytes),
                    Head::Other { what, .. } => return Err(not_regular(path, &what)),
                    _ => return Err(hostile(Some(&path), "has a header that is damaged")),
                }
            }
            Head::File { name, bytes } => (utf8(name)?, bytes),
            Head::Other { name, what } => {
                return Err(not_regular(String::from_utf8_lossy(&name).into_owned(), &what));
            }
            Head::Damaged(why) => return Err(hostile(None, why)),
        };
        if let Some(why) = refused(&path).or_else(|| self.taken.take(&path)) {
            return Err(hostile(Some(&path), format!("its path {why}")));
        }
        if raw != tar::header(&path, bytes) {
            self.foreign.tell(Some(&path));
        }
        Ok(Some((path, bytes)))
    }

    /// The path that a pax header of so many bytes gives.
    fn pax(&mut self, bytes: u64, raw: &mut Vec<u8>) -> Result<String, Broken> {
        let length = usize::try_from(bytes).unwrap_or(usize::MAX);
        let mut record = vec![0; length.saturating_add(tar::padding(bytes))];
        self.exactly(&mut record, None)?;
        raw.extend_from_slice(&record);
        tar::pax_path(&record[..length])
            .filter(|_| record[length..].iter().all(|byte| *byte == 0))
            .ok_or_else(|| hostile(None, "an extended header in it says more than a path"))
    }

    /// The content of a member of at most `most` bytes, up to the limits.
    fn content(&mut self, path: &str, bytes: u64, most: u64) -> Result<Kept, Broken> {
        if bytes > most {
            return Err(hostile(Some(path), format!("has {bytes} bytes; at most {most} are read")));
        }
        self.total = self.total.saturating_add(bytes);
        if self.total > self.limits.total.saturating_add(self.limits.manifest) {
            let most = self.limits.total;
            return Err(hostile(
                Some(path),
                format!("ends beyond {most} bytes, which is the most that is read"),
            ));
        }
        let most = if is_report(path) { REPORT_LIMIT } else { RAW_LIMIT };
        let keep = bytes <= most && (path == MANIFEST || !path.starts_with(OWN));
        let mut content = Vec::new();
        let mut hasher = Sha256::new();
        // Grows with what is there, not with what a header claims.
        let mut buffer = vec![0; 64 * 1024];
        let mut left = bytes;
        while left > 0 {
            let want = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            self.exactly(&mut buffer[..want], Some(path))?;
            hasher.update(&buffer[..want]);
            if keep {
                content.extend_from_slice(&buffer[..want]);
            }
            left -= want as u64;
        }
        let padding = tar::padding(bytes);
        self.exactly(&mut buffer[..padding], Some(path))?;
        if buffer[..padding].iter().any(|byte| *byte != 0) {
            return Err(hostile(Some(path), "is followed by bytes that belong to no member"));
        }
        let digest = Sha256Digest::from_bytes(hasher.finalize().into());
        Ok(Kept { digest, bytes, content: keep.then_some(content) })
    }

    /// What follows the first block of zeros: another one, and nothing else.
    fn end(&mut self) -> Result<(), Broken> {
        const PADDING: u64 = 64 * 1024;
        if self.block(None)?.iter().any(|byte| *byte != 0) {
            return Err(hostile(None, "something follows the end of the archive"));
        }
        // Other programs fill up to a larger block.
        let mut buffer = [0; BLOCK];
        let mut seen = 0;
        loop {
            let count = self.gzip.read(&mut buffer).map_err(|fault| broken(fault, None))?;
            if count == 0 {
                return Ok(());
            }
            seen += count as u64;
            if seen > PADDING || buffer[..count].iter().any(|byte| *byte != 0) {
                return Err(hostile(None, "something follows the end of the archive"));
            }
            self.foreign.tell(None);
        }
    }

    fn block(&mut self, member: Option<&str>) -> Result<[u8; BLOCK], Broken> {
        let mut block = [0; BLOCK];
        self.exactly(&mut block, member)?;
        Ok(block)
    }

    fn exactly(&mut self, buffer: &mut [u8], member: Option<&str>) -> Result<(), Broken> {
        let count = self.gzip.read(buffer).map_err(|fault| broken(fault, member))?;
        if count < buffer.len() {
            return Err(hostile(
                member,
                match member {
                    Some(_) => "is cut off: the archive ends in it",
                    None => "it is cut off: the archive has no end",
                },
            ));
        }
        Ok(())
    }
}

fn read_head(raw: &[u8]) -> Head {
    match raw.try_into() {
        Ok(block) => tar::read(block),
        Err(_) => Head::Damaged("a header in it is cut off"),
    }
}

fn utf8(name: Vec<u8>) -> Result<String, Broken> {
    String::from_utf8(name).map_err(|error| {
        let shown = String::from_utf8_lossy(error.as_bytes()).into_owned();
        hostile(Some(&shown), "its path is not UTF-8")
    })
}

fn not_regular(path: String, what: &str) -> Broken {
    hostile(Some(&path), format!("is {what}; a bundle holds regular files only"))
}

fn hostile(member: Option<&str>, message: impl Into<String>) -> Broken {
    let member = member.map(str::to_owned);
    Broken::Hostile(Problem { kind: ProblemKind::Malformed, member, message: message.into() })
}

fn broken(fault: GzipFault, member: Option<&str>) -> Broken {
    match fault {
        GzipFault::Io(error) => Broken::Io(error),
        // The stream is about the bundle; where it broke helps to find the place.
        GzipFault::Stream(why) => match member {
            Some(member) => hostile(None, format!("{why}, in `{member}`")),
            None => hostile(None, why),
        },
    }
}

/// A source whose bytes are digested as they are read.
struct Hashed<'a> {
    inner: &'a mut dyn Read,
    hasher: &'a mut Sha256,
}

impl Read for Hashed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        Ok(count)
    }
}
