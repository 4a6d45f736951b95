//! Who wrote a range of commits, as the commits themselves say.
//!
//! Commits are read one by one as bytes, each is hashed to the name that led to it, and its parents
//! are those that the bytes name: no graft, replacement, commit graph, shallow file, mailmap or
//! forged object takes part. One process of git gives them all.

use crate::collect::git::run::{Batch, lossy};
use crate::collect::git::{Git, GitError};
use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use std::collections::{BTreeSet, BinaryHeap, HashMap};

/// More commits than this are no release that anybody looked through.
const MOST: usize = 100_000;

/// Forges that commit what somebody merged in a browser: the author is another identity.
const FORGES: [&str; 1] = ["noreply@github.com"];

/// What a trailer begins with that names another author.
const CO_AUTHOR: &str = "co-authored-by:";

/// Who wrote a range of commits.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Authors {
    /// Authors, committers and co-authors, each as `Ana Silva <ana@example.com>`, sorted.
    pub persons: BTreeSet<String>,
    /// How many commits there are.
    pub commits: u64,
    /// How many of them bear a signature, which nobody verified.
    pub signed: u64,
    /// Why the range may be longer than what is here; `None` where it is whole.
    pub cut: Option<String>,
}

/// What is read of a commit.
struct Commit {
    tree: String,
    parents: Vec<String>,
    /// Seconds of the committer's clock: where to look first, and never what counts.
    date: i64,
    persons: Vec<String>,
    signed: bool,
}

/// A commit that is looked at: on the side of what is new, of what was there before, or of both.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Sides {
    new: bool,
    old: bool,
}

impl Git {
    /// The authors of the commits that `to` has and `from` has not. Where `from` is not here, those
    /// of the commits that are dated at `since` (seconds) or later, and [`Authors::cut`] says so.
    ///
    /// # Errors
    /// [`GitError::UnknownCommit`] when `to` is not here, a sentence about a commit that is not what
    /// its name says, or what git says.
    pub fn authors(&self, from: &str, since: i64, to: &str) -> Result<Authors, GitError> {
        let mut walk = Walk::new(self)?;
        if walk.commit(to)?.is_none() {
            return Err(self.unknown(to));
        }
        let mut out = Authors::default();
        let known = walk.commit(from)?.is_some();
        let reached = walk.range(to, known.then_some(from), since, &mut out)?;
        if !known {
            out.cut = Some(format!(
                "commit {from}, which it is counted from, is not in this clone: counted are commits that are dated later"
            ));
        }
        for id in reached {
            let Some(commit) = walk.commits.get(&id).and_then(Option::as_ref) else { continue };
            out.commits += 1;
            out.signed += u64::from(commit.signed);
            out.persons.extend(commit.persons.iter().cloned());
        }
        Ok(out)
    }

    /// Whether `to` has a commit that `from` has not.
    ///
    /// # Errors
    /// [`GitError::UnknownCommit`] when one of the two is not here, or what [`Self::authors`] says.
    pub fn adds(&self, from: &str, to: &str, commit: &str) -> Result<bool, GitError> {
        let mut walk = Walk::new(self)?;
        for id in [from, to] {
            if walk.commit(id)?.is_none() {
                return Err(self.unknown(id));
            }
        }
        let reached = walk.range(to, Some(from), 0, &mut Authors::default())?;
        Ok(reached.iter().any(|own| own == commit))
    }

    fn unknown(&self, id: &str) -> GitError {
        match self.shallow {
            true => GitError::ShallowClone(id.to_owned()),
            false => GitError::UnknownCommit(id.to_owned()),
        }
    }
}

pub(super) struct Walk<'a> {
    batch: Batch,
    format: &'a str,
    commits: HashMap<String, Option<Commit>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(git: &'a Git) -> Result<Self, GitError> {
        let batch = Batch::open(&git.env, &git.toplevel)?;
        Ok(Self { batch, format: &git.format, commits: HashMap::new() })
    }

    /// A commit by its full id, hashed to it; `None` when it is not here.
    fn commit(&mut self, id: &str) -> Result<Option<&Commit>, GitError> {
        if !self.commits.contains_key(id) {
            if !matches!(id.len(), 40 | 64) || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Err(GitError::UnknownCommit(id.to_owned()));
            }
            let found = match self.batch.object(id)? {
                Some((kind, bytes))
                    if kind == "commit" && is_named(&kind, &bytes, id, self.format) =>
                {
                    Some(read(&bytes))
                }
                Some(_) => return Err(broken(id)),
                None => None,
            };
            self.commits.insert(id.to_owned(), found);
        }
        Ok(self.commits.get(id).and_then(Option::as_ref))
    }

    /// The bytes of an object of this kind, hashed to its id.
    pub(super) fn object(&mut self, kind: &str, id: &str) -> Result<Vec<u8>, GitError> {
        match self.batch.object(id)? {
            Some((own, bytes)) if own == kind && is_named(kind, &bytes, id, self.format) => {
                Ok(bytes)
            }
            Some(_) => Err(broken(id)),
            None => Err(GitError::Other(format!("the object {id} is not in this clone"))),
        }
    }

    /// The parents of a commit that is here, and its tree.
    pub(super) fn links(&mut self, id: &str) -> Result<(Vec<String>, String), GitError> {
        let commit = self.commit(id)?.ok_or_else(|| GitError::UnknownCommit(id.to_owned()))?;
        Ok((commit.parents.clone(), commit.tree.clone()))
    }

    /// The commits that `to` has and `from` has not, sorted by id.
    ///
    /// # Errors
    /// When history is cut off before that is known.
    pub(super) fn between(&mut self, from: &str, to: &str) -> Result<Vec<String>, GitError> {
        for id in [from, to] {
            if self.commit(id)?.is_none() {
                return Err(GitError::UnknownCommit(id.to_owned()));
            }
        }
        let mut out = Authors::default();
        let found = self.range(to, Some(from), 0, &mut out)?;
        out.cut.map_or(Ok(found), |why| Err(GitError::Other(why)))
    }

    /// The commits that lead to `to` and not to `from`; without one, those dated at `since` or later.
    /// Dates say in which order to look, and when there is nothing more to find: a wrong one makes
    /// the range longer and never shorter.
    fn range(
        &mut self,
        to: &str,
        from: Option<&str>,
        since: i64,
        out: &mut Authors,
    ) -> Result<Vec<String>, GitError> {
        let mut front = Front::default();
        for (id, old) in std::iter::once((to, false)).chain(from.map(|from| (from, true))) {
            let date = self.commit(id)?.map_or(0, |commit| commit.date);
            front.add(id, Sides { new: !old, old }, date);
        }
        let mut found: Vec<String> = Vec::new();
        let mut oldest = i64::MAX;
        while let Some((date, id)) = front.next() {
            let own = front.of(&id);
            if front.open == 0 && !own.new && date < oldest {
                break;
            }
            let is_new = own.new && !own.old;
            let Some(commit) = self.commit(&id)? else {
                // What was there before may be cut off: then more counts as new.
                if is_new {
                    let why =
                        format!("history is cut off before commit {id}: the clone is shallow");
                    out.cut.get_or_insert(why);
                }
                continue;
            };
            if is_new && from.is_none() && commit.date < since {
                continue;
            }
            let parents = commit.parents.clone();
            if is_new {
                oldest = oldest.min(date);
                found.push(id);
            }
            if found.len() > MOST {
                out.cut = Some(format!("there are more than {MOST} commits"));
                break;
            }
            for parent in parents {
                let date = self.commit(&parent)?.map_or(date, |commit| commit.date);
                front.add(&parent, Sides { new: is_new, old: own.old }, date);
            }
        }
        found.retain(|id| !front.of(id).old);
        found.sort();
        found.dedup();
        Ok(found)
    }
}

/// Commits that are to be looked at, the latest first.
#[derive(Default)]
struct Front {
    sides: HashMap<String, Sides>,
    /// Date, id, and whether it counts among the open ones.
    queue: BinaryHeap<(i64, String, bool)>,
    /// How many of them may be new.
    open: usize,
}

impl Front {
    fn of(&self, id: &str) -> Sides {
        self.sides.get(id).copied().unwrap_or_default()
    }

    /// Adds a commit; again, when it is known on one side only and is found on the other, so that
    /// whatever it leads to becomes old with it.
    fn add(&mut self, id: &str, own: Sides, date: i64) {
        let had = self.of(id);
        let now = Sides { new: had.new || own.new, old: had.old || own.old };
        if now == had {
            return;
        }
        self.sides.insert(id.to_owned(), now);
        self.open += usize::from(now.new);
        self.queue.push((date, id.to_owned(), now.new));
    }

    fn next(&mut self) -> Option<(i64, String)> {
        let (date, id, counted) = self.queue.pop()?;
        self.open -= usize::from(counted);
        Some((date, id))
    }
}

fn broken(id: &str) -> GitError {
    GitError::Other(format!("the object {id} of this clone is not what its name says"))
}

/// Whether the bytes of an object make this id.
fn is_named(kind: &str, bytes: &[u8], id: &str, format: &str) -> bool {
    let algorithm = if format == "sha256" { &SHA256 } else { &SHA1_FOR_LEGACY_USE_ONLY };
    let mut hash = Context::new(algorithm);
    hash.update(format!("{kind} {}\0", bytes.len()).as_bytes());
    hash.update(bytes);
    let found: String = hash.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    found == id
}

/// What a commit says of itself. Its head ends at the first empty line; lines that begin with a
/// blank belong to the one before.
fn read(bytes: &[u8]) -> Commit {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap_or(bytes.len());
    let (head, message) = bytes.split_at(end);
    let latin = head.split(|byte| *byte == b'\n').any(|line| {
        line.strip_prefix(b"encoding ")
            .is_some_and(|name| name.to_ascii_lowercase().ends_with(b"8859-1"))
    });
    let text = |bytes: &[u8]| match latin {
        true => bytes.iter().map(|byte| char::from(*byte)).collect(),
        false => lossy(bytes),
    };
    let (tree, parents, persons) = (String::new(), Vec::new(), Vec::new());
    let mut commit = Commit { tree, parents, date: 0, persons, signed: false };
    for line in text(head).lines() {
        match line.split_once(' ') {
            Some(("tree", id)) => commit.tree = id.to_owned(),
            Some(("parent", id)) => commit.parents.push(id.to_owned()),
            Some(("author", who)) => commit.persons.extend(person(who)),
            Some(("committer", who)) => {
                commit.date = date(who);
                let own = person(who);
                let forge = |own: &String| FORGES.iter().any(|forge| mail_of(own) == *forge);
                commit.persons.extend(own.filter(|own| !forge(own)));
            }
            Some(("gpgsig" | "gpgsig-sha256", _)) => commit.signed = true,
            _ => {}
        }
    }
    for line in text(message).lines().map(str::trim) {
        let trailer = line.get(..CO_AUTHOR.len()).zip(line.get(CO_AUTHOR.len()..));
        if let Some((key, who)) = trailer
            && key.eq_ignore_ascii_case(CO_AUTHOR)
        {
            commit.persons.extend(person(who));
        }
    }
    commit
}

/// `Ana Silva <ana@example.com>` of a line of a commit; what follows it is its time.
fn person(line: &str) -> Option<String> {
    let (name, rest) = line.split_once('<').unwrap_or((line, ""));
    let mail = rest.split('>').next().unwrap_or_default();
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (name, mail) = (plain(name), plain(mail));
    (!name.is_empty() || !mail.is_empty()).then(|| format!("{name} <{mail}>"))
}

fn mail_of(person: &str) -> String {
    let mail = person.rsplit_once('<').map_or("", |(_, mail)| mail.trim_end_matches('>'));
    mail.to_lowercase()
}

fn date(line: &str) -> i64 {
    let rest = line.rsplit_once('>').map_or("", |(_, rest)| rest);
    rest.split_whitespace().next().and_then(|seconds| seconds.parse().ok()).unwrap_or(0)
}
