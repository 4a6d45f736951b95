//! What lies in the submodules that are checked out: held to the commits that HEAD names for them, as
//! closely as the tree that they belong to.

use super::tree::{Difference, How, Scope, TreeState, entries, push};
use super::{Git, GitError, run};
use std::fs;
use std::io;
use std::path::Path;

impl Git {
    /// Files in submodules that are not those of the commit that `head` names; gives the submodules.
    /// One that is not checked out is empty.
    pub(super) fn add_submodules(
        &self,
        head: &str,
        scope: &Scope<'_>,
        found: &mut Vec<Difference>,
    ) -> Result<Vec<String>, GitError> {
        let mut changed = Vec::new();
        let listing = self.list_tree(head)?;
        for (path, entry) in entries(&listing)? {
            let Some(commit) = entry.strip_prefix(b"160000 commit ") else { continue };
            let (Ok(name), Ok(commit)) = (str::from_utf8(path), str::from_utf8(commit)) else {
                push(found, scope, path, How::Modified);
                continue;
            };
            if !scope.counts(path) {
                continue;
            }
            let dir = self.toplevel().join(name);
            let before = found.len();
            match self.in_submodule(&dir, commit)? {
                Inside::Nothing => {}
                Inside::Strangers => push(found, scope, path, How::Untracked),
                Inside::Another => push(found, scope, path, How::Modified),
                Inside::Differs(inner) => {
                    let below = |path: &str| format!("{name}/{path}");
                    found.extend(inner.differences.into_iter().map(|difference| Difference {
                        path: below(&difference.path),
                        ..difference
                    }));
                    changed.extend(inner.submodules.iter().map(|path| below(path)));
                }
            }
            if found.len() > before {
                changed.push(name.to_owned());
            }
        }
        Ok(changed)
    }

    /// What lies in `dir`, where the submodule belongs that is at `commit`.
    fn in_submodule(&self, dir: &Path, commit: &str) -> Result<Inside, GitError> {
        match fs::symlink_metadata(dir) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Ok(Inside::Another),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Inside::Nothing),
            Err(error) => return Err(unreadable(dir, &error)),
        }
        if fs::symlink_metadata(dir.join(".git")).is_err() {
            let mut entries = fs::read_dir(dir).map_err(|error| unreadable(dir, &error))?;
            return Ok(entries.next().map_or(Inside::Nothing, |_| Inside::Strangers));
        }
        let inner = match Self::open(dir, &self.env) {
            Ok(inner) if inner.prefix().is_empty() => inner,
            Ok(_) | Err(GitError::NotARepository | GitError::Other(_)) => {
                return Ok(Inside::Another);
            }
            Err(error) => return Err(error),
        };
        match inner.tree_of_release(commit, &|_| false, &[]) {
            Ok(state) => Ok(Inside::Differs(state)),
            Err(GitError::NoCommits | GitError::UnknownCommit(_) | GitError::ShallowClone(_)) => {
                Ok(Inside::Another)
            }
            Err(error) => Err(error),
        }
    }
}

/// What lies where a submodule belongs.
enum Inside {
    Nothing,
    /// Files, and no repository.
    Strangers,
    /// Something else than a repository with the commit in it.
    Another,
    Differs(TreeState),
}

fn unreadable(dir: &Path, error: &io::Error) -> GitError {
    GitError::Other(format!(
        "{} cannot be read: {error}",
        run::lossy(dir.as_os_str().as_encoded_bytes())
    ))
}
