//! Submodules, each made as the tree itself is: from the objects of its own clone.

use super::{Checkout, Entry, Lender, Mode, make, repository};
use crate::collect::git::{Git, GitEnv, GitError, run};
use std::fs;
use std::path::{Path, PathBuf};

/// How deep submodules may lie in submodules.
const DEPTH: usize = 8;

/// Makes every submodule that this clone has; names those that it has not.
pub(super) fn make_all(
    env: &GitEnv,
    git: &Git,
    dir: &Path,
    made: &mut Checkout,
) -> Result<(), GitError> {
    let mut open: Vec<(Entry, PathBuf, usize)> = of(&made.entries)
        .map(|entry| (entry.clone(), git.common.join("modules").join(&entry.path), 0))
        .collect();
    while let Some((entry, guess, depth)) = open.pop() {
        let place = dir.join(&entry.path);
        let found = clone_of(&git.toplevel.join(&entry.path)).or(Some(guess));
        let Some(common) = found.filter(|found| found.join("objects").is_dir()) else {
            made.absent.push(absent(&entry, "is not in this clone"));
            continue;
        };
        let lender = Lender {
            objects: common.join("objects"),
            format: git.format.clone(),
            common: common.clone(),
        };
        // git leaves an empty directory where one belongs.
        let inner = match make(env, &lender, &entry.id, &place) {
            Ok(inner) => inner,
            Err(GitError::UnknownCommit(_)) => {
                made.absent.push(absent(&entry, "has not the commit that is named"));
                fs::remove_dir_all(place.join(".git"))
                    .map_err(|error| super::io(&place, &error))?;
                continue;
            }
            Err(error) => return Err(error),
        };
        repository::lend_history(&lender, b"", &place.join(".git"))?;
        let inner =
            inner.entries.into_iter().map(|own| Entry { path: entry.path.join(&own.path), ..own });
        let inner: Vec<Entry> = inner.collect();
        if depth < DEPTH {
            let below = |own: &Entry| {
                own.path
                    .strip_prefix(&entry.path)
                    .map_or_else(|_| own.path.clone(), Path::to_path_buf)
            };
            open.extend(
                of(&inner)
                    .map(|own| (own.clone(), common.join("modules").join(below(own)), depth + 1)),
            );
        }
        made.entries.extend(inner);
    }
    made.absent.sort();
    Ok(())
}

fn of(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(|entry| entry.mode == Mode::Submodule)
}

/// The git directory of the submodule that is checked out in `dir`.
fn clone_of(dir: &Path) -> Option<PathBuf> {
    let own = dir.join(".git");
    if own.is_dir() {
        return Some(own);
    }
    let bytes = run::without_end(fs::read(own).ok()?);
    let named = run::to_path(bytes.strip_prefix(b"gitdir: ")?.to_vec()).ok()?;
    dir.join(named).canonicalize().ok()
}

fn absent(entry: &Entry, why: &str) -> String {
    let path = entry.path.to_string_lossy();
    format!(
        "submodule {path} {why}: its directory is empty (git submodule update --init -- {path})"
    )
}
