//! Whether what is checked out is the release.
//!
//! Committing evidence moves HEAD, and squashing changes ids, so commits are not compared: trees
//! are, without the paths that d3p itself writes.

use crate::collect::git::{Git, GitError, run};
use std::collections::BTreeMap;
use std::fmt;

/// How the work tree and HEAD stand to the release's commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TreeState {
    /// Full id of the commit that is checked out.
    pub head: String,
    /// What differs, by path and then by how; empty when this tree is the release.
    pub differences: Vec<Difference>,
    /// Paths of the submodules that some of them lie in.
    pub submodules: Vec<String>,
}

impl TreeState {
    /// Whether this tree is the release.
    pub fn is_release(&self) -> bool {
        self.differences.is_empty()
    }

    /// The commit that evidence names besides the release's: HEAD, when it is not `commit`.
    pub fn observed(&self, commit: &str) -> Option<&str> {
        (self.head != commit).then_some(self.head.as_str())
    }
}

/// One path in which the tree is not the release.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Difference {
    /// Path in the repository, with `/`; what is not UTF-8 in it is replaced.
    pub path: String,
    /// How it differs.
    pub how: How,
}

/// How a path differs from the release.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum How {
    /// HEAD has other content, mode or presence than the release's commit.
    Committed,
    /// The index differs from HEAD.
    Staged,
    /// The file on disk differs from the index.
    Modified,
    /// The file on disk is neither tracked nor ignored.
    Untracked,
    /// git was told not to look at it (`assume-unchanged`, `skip-worktree`, sparse checkout).
    Hidden,
    /// A filter or another attribute of this clone stands between the file on disk and git.
    Filtered,
}

impl How {
    /// The words that reports use after the path.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Committed => "committed since the release's commit",
            Self::Staged => "staged and not committed",
            Self::Modified => "modified",
            Self::Untracked => "untracked",
            Self::Hidden => "hidden from git (assume-unchanged or skip-worktree)",
            Self::Filtered => {
                "not as committed: a git filter or attribute of this clone makes it look so"
            }
        }
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.words())
    }
}

/// Which paths count.
pub(super) struct Scope<'a> {
    ignore: &'a dyn Fn(&str) -> bool,
    under: Vec<&'a str>,
}

impl<'a> Scope<'a> {
    fn new(ignore: &'a dyn Fn(&str) -> bool, under: &'a [String]) -> Self {
        let mut under: Vec<&str> = under.iter().map(|dir| dir.trim_end_matches('/')).collect();
        if under.iter().any(|dir| matches!(*dir, "" | ".")) {
            under.clear();
        }
        Self { ignore, under }
    }

    pub(super) fn counts(&self, path: &[u8]) -> bool {
        let is_under = |dir: &&str| {
            let rest = path.strip_prefix(dir.as_bytes());
            rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'/')))
        };
        // Our own paths are UTF-8: a path that is not is never ignored.
        (self.under.is_empty() || self.under.iter().any(is_under))
            && !str::from_utf8(path).is_ok_and(|path| (self.ignore)(path))
    }

    /// `args`, limited to the directories that count, in which `:` and `*` mean themselves.
    pub(super) fn limit<'b>(&'b self, args: &[&'b str]) -> Vec<&'b str> {
        let args = ["--literal-pathspecs"].into_iter().chain(args.iter().copied());
        args.chain(["--"]).chain(self.under.iter().copied()).collect()
    }
}

impl Git {
    /// Compares what is checked out with the tree of `commit`, a full id.
    ///
    /// All paths are the repository's. Those that `ignore` accepts do not count, nor does what git
    /// ignores; `under` names the directories that count, none meaning all.
    ///
    /// # Errors
    /// [`GitError::NoCommits`], [`GitError::UnknownCommit`], [`GitError::ShallowClone`], or what
    /// git says.
    pub fn tree_of_release(
        &self,
        commit: &str,
        ignore: &dyn Fn(&str) -> bool,
        under: &[String],
    ) -> Result<TreeState, GitError> {
        let head = self.head_commit()?;
        self.require_commit(commit)?;
        let scope = Scope::new(ignore, under);
        let mut differences = Vec::new();
        self.add_committed(&head, commit, &scope, &mut differences)?;
        self.add_uncommitted(&scope, &mut differences)?;
        self.add_hidden(&scope, &mut differences)?;
        self.add_excluded(&scope, &mut differences)?;
        self.add_unlike_index(&scope, &mut differences)?;
        self.add_filtered(&head, &scope, &mut differences)?;
        self.add_self_ignored(&head, &scope, &mut differences)?;
        let submodules = self.add_submodules(&head, &scope, &mut differences)?;
        differences.sort_unstable();
        differences.dedup();
        Ok(TreeState { head, differences, submodules })
    }

    /// What HEAD has otherwise than the tree of `commit`, a full id; `ignore` and `under` as in
    /// [`Git::tree_of_release`]. Files on disk are not looked at.
    ///
    /// # Errors
    /// [`GitError::NoCommits`], [`GitError::UnknownCommit`], [`GitError::ShallowClone`], or what
    /// git says.
    pub fn committed_since(
        &self,
        commit: &str,
        ignore: &dyn Fn(&str) -> bool,
        under: &[String],
    ) -> Result<Vec<Difference>, GitError> {
        let head = self.head_commit()?;
        self.require_commit(commit)?;
        let mut differences = Vec::new();
        self.add_committed(&head, commit, &Scope::new(ignore, under), &mut differences)?;
        differences.sort_unstable();
        Ok(differences)
    }

    fn add_committed(
        &self,
        head: &str,
        commit: &str,
        scope: &Scope<'_>,
        found: &mut Vec<Difference>,
    ) -> Result<(), GitError> {
        if head == commit {
            return Ok(());
        }
        let (ours, theirs) = (self.list_tree(head)?, self.list_tree(commit)?);
        let (ours, theirs) = (entries(&ours)?, entries(&theirs)?);
        let changed = ours.iter().filter(|(path, entry)| theirs.get(*path) != Some(entry));
        let removed = theirs.iter().filter(|(path, _)| !ours.contains_key(*path));
        for (path, _) in changed.chain(removed) {
            push(found, scope, path, How::Committed);
        }
        Ok(())
    }

    pub(super) fn list_tree(&self, commit: &str) -> Result<Vec<u8>, GitError> {
        self.bytes(&["ls-tree", "-r", "-z", "--full-tree", commit])
    }

    fn add_uncommitted(
        &self,
        scope: &Scope<'_>,
        found: &mut Vec<Difference>,
    ) -> Result<(), GitError> {
        let args = scope.limit(&[
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=all",
            "--no-renames",
            "--ignored=no",
            "--ignore-submodules=none",
        ]);
        // `XY path`: X is the index against HEAD, Y the disk against the index.
        for entry in run::fields(&self.bytes(&args)?) {
            let [index, disk, b' ', path @ ..] = entry else { return Err(not_understood(entry)) };
            if (*index, *disk) == (b'?', b'?') {
                push(found, scope, path, How::Untracked);
                continue;
            }
            if *index != b' ' {
                push(found, scope, path, How::Staged);
            }
            if *disk != b' ' {
                push(found, scope, path, How::Modified);
            }
        }
        Ok(())
    }

    /// Untracked files that only this clone ignores (`.git/info/exclude`, `core.excludesFile`): what
    /// the tree itself does not ignore counts.
    fn add_excluded(&self, scope: &Scope<'_>, found: &mut Vec<Difference>) -> Result<(), GitError> {
        let args = ["ls-files", "--others", "--exclude-per-directory=.gitignore", "-z"];
        let listing = self.bytes(&scope.limit(&args))?;
        for path in run::fields(&listing) {
            push(found, scope, path, How::Untracked);
        }
        Ok(())
    }

    fn add_hidden(&self, scope: &Scope<'_>, found: &mut Vec<Difference>) -> Result<(), GitError> {
        let listing = self.bytes(&scope.limit(&["ls-files", "-v", "-z"]))?;
        // `T path`: a small letter is assume-unchanged, `S` skip-worktree.
        for entry in run::fields(&listing) {
            let [tag, b' ', path @ ..] = entry else { return Err(not_understood(entry)) };
            if tag.is_ascii_lowercase() || *tag == b'S' {
                push(found, scope, path, How::Hidden);
            }
        }
        Ok(())
    }
}

pub(super) fn push(found: &mut Vec<Difference>, scope: &Scope<'_>, path: &[u8], how: How) {
    if scope.counts(path) {
        found.push(Difference { path: run::lossy(path), how });
    }
}

/// `mode type id<TAB>path` by path.
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
