//! The tree of a commit, made anew in a repository of its own.
//!
//! Nothing of the user's clone is obeyed but its objects, and those are hashed to their names: a
//! repository that only lends them (`lender`) is fetched from, so that no configuration, attribute,
//! index, sparse pattern, graft or replacement of the clone takes part, and a forged object is
//! refused where its id is recomputed. History is lent afterwards, for `git describe` and the like;
//! like the tags it is what the clone claims.

mod filters;
mod hold;
mod repository;
mod submodules;

use super::tree::{entries, not_understood};
use super::{Git, GitEnv, GitError, run};
use repository::Lender;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Longest that making a tree may take: a large one on a slow disk.
const LIMIT: Duration = Duration::from_secs(3600);

/// What an entry of a tree is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// A file.
    File,
    /// A file that may be executed.
    Program,
    /// A symbolic link.
    Link,
    /// A commit of another repository.
    Submodule,
}

/// One entry of a commit's tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Where it lies, from the top of the tree.
    pub path: PathBuf,
    /// What it is.
    pub mode: Mode,
    /// The id of its object.
    pub id: String,
}

/// A tree that was made, and what is worth telling about it.
#[derive(Debug, Default)]
pub struct Checkout {
    /// Its entries, those of its submodules included, sorted by path.
    pub entries: Vec<Entry>,
    /// Files that lie there as a filter left them, which was not run: `path (filter NAME)`.
    pub filtered: Vec<(PathBuf, String)>,
    /// Submodules that this clone does not have, in words with the way to get them.
    pub absent: Vec<String>,
}

impl Git {
    /// Makes the tree of `commit`, a full id, in `dir`, which must not exist; the directory that it
    /// is in must be the user's own.
    ///
    /// # Errors
    /// [`GitError::UnknownCommit`], [`GitError::ShallowClone`], or a sentence about what is not as
    /// the commit names it. What was made until then stays.
    pub fn checkout(&self, commit: &str, dir: &Path) -> Result<Checkout, GitError> {
        require_id(commit)?;
        if self.steered {
            return Err(GitError::Lacking(
                format!(
                    "{} says that it is the top of the repository that it lies in",
                    run::lossy(self.toplevel.join(".git").as_os_str().as_encoded_bytes())
                ),
                "remove that file: which directory of the commit is the project would depend on it"
                    .to_owned(),
            ));
        }
        let lender = Lender {
            objects: self.common.join("objects"),
            common: self.common.clone(),
            format: self.format.clone(),
        };
        let env = self.env.isolated().limit(LIMIT);
        let mut made = make(&env, &lender, commit, dir).map_err(|error| match error {
            GitError::UnknownCommit(commit) if self.shallow => GitError::ShallowClone(commit),
            error => error,
        })?;
        let tags =
            self.bytes(&["for-each-ref", "--format=%(objectname) %(refname)", "refs/tags"])?;
        repository::lend_history(&lender, &tags, &dir.join(".git"))?;
        filters::apply(&env, &lender, commit, dir, &mut made)?;
        submodules::make_all(&env, self, dir, &mut made)?;
        made.entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(made)
    }

    /// The directories that files of this repository are checked out in, resolved.
    pub fn work_trees(&self) -> Vec<PathBuf> {
        let mut found = vec![self.toplevel.clone()];
        if self.common.file_name().is_some_and(|name| name == ".git") {
            found.extend(self.common.parent().map(Path::to_path_buf));
        }
        let linked = fs::read_dir(self.common.join("worktrees")).into_iter().flatten().flatten();
        for linked in linked {
            // The file names the `.git` of the work tree.
            let named = fs::read(linked.path().join("gitdir")).ok();
            let path = named.and_then(|bytes| run::to_path(run::without_end(bytes)).ok());
            found.extend(path.and_then(|path| path.parent().map(Path::to_path_buf)));
        }
        let mut found: Vec<PathBuf> = found.iter().map(|dir| canonical(dir)).collect();
        found.sort();
        found.dedup();
        found
    }

    /// What lies in `dir`, a tree that [`Self::checkout`] made, otherwise than the commit has it,
    /// ignored files too, but for what `skip` names: files by their paths from its top, each with
    /// whether the commit names it.
    ///
    /// # Errors
    /// What git says.
    pub fn changed_in(
        &self,
        dir: &Path,
        skip: &dyn Fn(&Path) -> bool,
    ) -> Result<Vec<(PathBuf, bool)>, GitError> {
        let args = [
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=all",
            "--ignored=traditional",
            "--no-renames",
            "--ignore-submodules=none",
        ];
        let said = run::bytes(&self.env.isolated().limit(LIMIT), dir, &args)?;
        let mut found = Vec::new();
        for entry in run::fields(&said) {
            let [index, disk, b' ', path @ ..] = entry else { return Err(not_understood(entry)) };
            let named = !matches!((index, disk), (b'?', b'?') | (b'!', b'!'));
            let path = run::to_path(path.to_vec())?;
            if named || !path.as_os_str().as_encoded_bytes().ends_with(b"/") {
                found.push((path, named));
                continue;
            }
            // A directory in which git itself looks no further.
            let walk = walkdir::WalkDir::new(dir.join(&path)).into_iter();
            let below = |found: &walkdir::DirEntry| {
                found
                    .path()
                    .strip_prefix(dir)
                    .map_or_else(|_| found.path().to_owned(), Path::to_owned)
            };
            let walk = walk.filter_entry(|found| !skip(&below(found))).flatten();
            found.extend(
                walk.filter(|own| !own.file_type().is_dir()).map(|own| (below(&own), false)),
            );
        }
        found.retain(|(path, _)| !skip(path));
        found.sort();
        Ok(found)
    }
}

/// One repository with its tree; gives its entries.
fn make(env: &GitEnv, lender: &Lender, commit: &str, dir: &Path) -> Result<Checkout, GitError> {
    let parent = dir.parent().unwrap_or(dir);
    let lent = tempfile::Builder::new()
        .prefix(".lender-")
        .tempdir_in(parent)
        .map_err(|error| io(parent, &error))?;
    lender.write(lent.path())?;
    let own = dir.join(".git");
    repository::write(&own, &lender.format)?;
    let url = repository::url_of(lent.path())?;
    let fetch =
        ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--depth", "1", &url, commit];
    run::bytes(env, dir, &fetch).map_err(|error| not_lent(error, commit))?;
    let listing = run::bytes(env, dir, &["ls-tree", "-r", "-z", "--full-tree", commit])?;
    let mut found = Vec::new();
    for (path, said) in entries(&listing)? {
        found.push(entry(path, said)?);
    }
    run::bytes(env, dir, &["read-tree", "--reset", "-u", commit])?;
    repository::write_file(&own.join("HEAD"), format!("{commit}\n").as_bytes())?;
    hold::hold(dir, &found)?;
    Ok(Checkout { entries: found, ..Checkout::default() })
}

/// `mode type id` of a path.
fn entry(path: &[u8], said: &[u8]) -> Result<Entry, GitError> {
    let parts: Vec<&[u8]> = said.split(|byte| *byte == b' ').collect();
    let [mode, _, id] = parts[..] else { return Err(not_understood(said)) };
    let mode = match mode {
        // Written by git versions of long ago.
        b"100644" | b"100664" => Mode::File,
        b"100755" => Mode::Program,
        b"120000" => Mode::Link,
        b"160000" => Mode::Submodule,
        _ => return Err(not_understood(said)),
    };
    Ok(Entry { path: run::to_path(path.to_vec())?, mode, id: run::lossy(id) })
}

/// Why the objects of the commit did not come over.
fn not_lent(error: GitError, commit: &str) -> GitError {
    let GitError::Other(said) = &error else { return error };
    if said.contains("not our ref") || said.contains("bad object") && said.contains(commit) {
        return GitError::UnknownCommit(commit.to_owned());
    }
    GitError::Other(format!(
        "the objects of {commit} in this clone are not whole, or not what their names say ({said})"
    ))
}

/// Keeps options and revision syntax out of git's arguments.
fn require_id(commit: &str) -> Result<(), GitError> {
    let full = matches!(commit.len(), 40 | 64) && commit.bytes().all(|b| b.is_ascii_hexdigit());
    if full { Ok(()) } else { Err(GitError::UnknownCommit(commit.to_owned())) }
}

/// `path` without links, as far as it exists; the rest by its text.
pub fn canonical(path: &Path) -> PathBuf {
    if let Ok(found) = path.canonicalize() {
        return found;
    }
    match (path.parent(), path.components().next_back()) {
        (Some(parent), Some(last)) => {
            let mut out = canonical(parent);
            match last {
                std::path::Component::ParentDir => {
                    out.pop();
                }
                std::path::Component::CurDir => {}
                last => out.push(last),
            }
            out
        }
        _ => path.to_path_buf(),
    }
}

fn io(path: &Path, error: &std::io::Error) -> GitError {
    GitError::Other(format!("{}: {error}", run::lossy(path.as_os_str().as_encoded_bytes())))
}
