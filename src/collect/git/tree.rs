//! What two commits hold otherwise: trees are compared, never what lies on disk.

use crate::collect::git::authors::Walk;
use crate::collect::git::{Git, GitError, run};
use std::collections::BTreeMap;

impl Git {
    /// The paths, as the repository has them, at which HEAD is not what the tree of `commit` (a full
    /// id) is, each with whether `commit` has something there; what is not UTF-8 in them is replaced.
    /// Sorted.
    ///
    /// # Errors
    /// [`GitError::NoCommits`], [`GitError::UnknownCommit`], [`GitError::ShallowClone`], or what
    /// git says.
    pub fn committed_since(&self, commit: &str) -> Result<Vec<(String, bool)>, GitError> {
        let head = self.head_commit()?;
        self.require_commit(commit)?;
        if head == commit {
            return Ok(Vec::new());
        }
        let (ours, theirs) = (self.list_tree(&head)?, self.list_tree(commit)?);
        let (ours, theirs) = (entries(&ours)?, entries(&theirs)?);
        let changed = ours.iter().filter(|(path, entry)| theirs.get(*path) != Some(entry));
        let changed = changed.map(|(path, _)| (run::lossy(path), theirs.contains_key(path)));
        let removed = theirs.keys().filter(|path| !ours.contains_key(*path));
        let mut found: Vec<_> =
            changed.chain(removed.map(|path| (run::lossy(path), true))).collect();
        found.sort_unstable();
        Ok(found)
    }

    /// The paths below the directory given to [`Self::open`], relative to it, at which `to` is not what
    /// `from` is; all of `to` without a `from`. What is not UTF-8 in them is replaced. Sorted.
    ///
    /// # Errors
    /// What [`Self::committed_since`] says.
    pub fn changed_between(&self, from: Option<&str>, to: &str) -> Result<Vec<String>, GitError> {
        for commit in from.into_iter().chain([to]) {
            self.require_commit(commit)?;
        }
        let ours = self.list_tree(to)?;
        let theirs = from.map_or(Ok(Vec::new()), |from| self.list_tree(from))?;
        let (ours, theirs) = (entries(&ours)?, entries(&theirs)?);
        let changed = ours.iter().filter(|(path, entry)| theirs.get(*path) != Some(entry));
        let removed = theirs.keys().filter(|path| !ours.contains_key(*path));
        let prefix = self.prefix();
        let below = |path: String| match prefix.is_empty() {
            true => Some(path),
            false => Some(path.strip_prefix(prefix)?.strip_prefix('/')?.to_owned()),
        };
        let all = changed.map(|(path, _)| *path).chain(removed.copied());
        let mut paths: Vec<String> = all.map(run::lossy).filter_map(below).collect();
        paths.sort_unstable();
        Ok(paths)
    }

    /// Whether a commit (a full id) changes anything, compared with its first parent, beside these files and
    /// directories, which are relative to the directory given to [`Self::open`].
    ///
    /// # Errors
    /// [`GitError::UnknownCommit`], or what git says.
    pub fn changes_beside(&self, commit: &str, papers: &[&str]) -> Result<bool, GitError> {
        let (parents, _) = Walk::new(self)?.links(commit)?;
        let ours = self.list_tree(commit)?;
        let theirs = parents.first().map_or(Ok(Vec::new()), |parent| self.list_tree(parent))?;
        let (ours, theirs) = (entries(&ours)?, entries(&theirs)?);
        let papers: Vec<String> = papers.iter().map(|own| self.within(own)).collect();
        let beside = |path: &[u8]| {
            !papers.iter().any(|own| {
                path.strip_prefix(own.as_bytes())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
            })
        };
        let changed =
            ours.iter().any(|(path, entry)| theirs.get(path) != Some(entry) && beside(path));
        Ok(changed || theirs.keys().any(|path| !ours.contains_key(path) && beside(path)))
    }

    /// The names of the directories in `path`, relative to the directory given to [`Self::open`], of the
    /// commit that is checked out; none where it has no such path, or nothing is committed yet.
    ///
    /// # Errors
    /// What git says.
    pub fn directories(&self, path: &str) -> Result<Vec<String>, GitError> {
        let within = format!("{}/", self.within(path));
        let list = ["--literal-pathspecs", "ls-tree", "-d", "-z", "--name-only", "HEAD", "--"];
        let listed = self.bytes(&list.into_iter().chain([within.as_str()]).collect::<Vec<_>>());
        let listed = self.unless_unborn(listed, Vec::new())?;
        let names = run::fields(&listed).map(run::lossy);
        Ok(names.filter_map(|own| Some(own.strip_prefix(&within)?.to_owned())).collect())
    }

    pub(super) fn list_tree(&self, commit: &str) -> Result<Vec<u8>, GitError> {
        self.bytes(&["ls-tree", "-r", "-z", "--full-tree", commit])
    }
}

/// `mode type id` by path.
pub(super) fn entries(listing: &[u8]) -> Result<BTreeMap<&[u8], &[u8]>, GitError> {
    let cut = |entry: &'_ [u8]| entry.iter().position(|byte| *byte == b'\t');
    run::fields(listing)
        .map(|entry| {
            let tab = cut(entry).ok_or_else(|| not_understood(entry))?;
            Ok((&entry[tab + 1..], &entry[..tab]))
        })
        .collect()
}

/// What another git may say one day is no "nothing differs".
pub(super) fn not_understood(entry: &[u8]) -> GitError {
    GitError::Other(format!("git said what is not understood here: {}", run::lossy(entry)))
}
