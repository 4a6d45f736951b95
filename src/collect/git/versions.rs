//! Every version of a file that a clone still holds: in a commit that a ref or its log leads to, in a
//! stash, or in the index.

use crate::collect::git::{Git, GitError, run};
use std::collections::BTreeSet;

/// A version of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    /// Its path, relative to the directory given to [`Git::open`].
    pub path: String,
    /// Its bytes; whose they are is for their digest to say.
    pub bytes: Vec<u8>,
}

impl Git {
    /// Every version of `paths`, relative to the directory given to [`Self::open`], that this clone
    /// holds, each once: those of the index first, then the newest commits'. What is replaced or
    /// grafted does not count.
    ///
    /// # Errors
    /// What git says.
    pub fn versions(&self, paths: &[&str]) -> Result<Vec<Version>, GitError> {
        let mut named = self.staged(paths)?;
        named.extend(self.reached(&["--all", "--reflog"], paths)?);
        self.read_versions(paths, named)
    }

    /// As [`Self::versions`], of what leads to the commit that is checked out; none where nothing is
    /// committed yet.
    ///
    /// # Errors
    /// What git says.
    pub fn committed(&self, paths: &[&str]) -> Result<Vec<Version>, GitError> {
        let reached = self.unless_unborn(self.reached(&["HEAD"], paths), Vec::new())?;
        self.read_versions(paths, reached)
    }

    /// The objects of `paths` in the commits that `refs` lead to: their ids, and their paths.
    fn reached(&self, refs: &[&str], paths: &[&str]) -> Result<Vec<(String, String)>, GitError> {
        let specs = self.specs(paths);
        let specs = specs.iter().map(String::as_str);
        let list = ["rev-list"].iter().chain(refs).copied();
        let list = list.chain(["--full-history", "--objects", "--"]);
        let walked = self.bytes(&list.chain(specs).collect::<Vec<_>>())?;
        let named = walked.split(|byte| *byte == b'\n').map(run::lossy).filter_map(|line| {
            let (id, path) = line.split_once(' ')?;
            Some((id.to_owned(), path.to_owned()))
        });
        Ok(named.collect())
    }

    /// The blobs of `paths` in the index: their ids, and their paths in the repository.
    fn staged(&self, paths: &[&str]) -> Result<Vec<(String, String)>, GitError> {
        let specs = self.specs(paths);
        let index = ["ls-files", "--stage", "-z", "--"].into_iter();
        let listed =
            self.bytes(&index.chain(specs.iter().map(String::as_str)).collect::<Vec<_>>())?;
        let staged = run::fields(&listed).map(run::lossy).filter_map(|line| {
            let (what, path) = line.split_once('\t')?;
            Some((what.split(' ').nth(1)?.to_owned(), path.to_owned()))
        });
        Ok(staged.collect())
    }

    /// `paths` as git takes them: from the top of the repository, and no patterns.
    fn specs(&self, paths: &[&str]) -> Vec<String> {
        let whole = |path: &&str| match self.prefix.is_empty() {
            true => format!(":(top,literal){path}"),
            false => format!(":(top,literal){}/{path}", self.prefix),
        };
        paths.iter().map(whole).collect()
    }

    /// Reads the blobs among what was listed, each once.
    fn read_versions(
        &self,
        paths: &[&str],
        named: Vec<(String, String)>,
    ) -> Result<Vec<Version>, GitError> {
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let mut batch = run::Batch::open(&self.env, &self.toplevel)?;
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        for (id, path) in named {
            let rel = match self.prefix.is_empty() {
                true => Some(path.as_str()),
                false => path.strip_prefix(&self.prefix).and_then(|rest| rest.strip_prefix('/')),
            };
            let Some(rel) = rel.filter(|rel| paths.contains(rel)) else { continue };
            if !seen.insert((id.clone(), rel.to_owned())) {
                continue;
            }
            let bytes = match batch.object(&id) {
                Ok(Some((kind, bytes))) if kind == "blob" => bytes,
                Ok(_) => continue,
                // Too large for what is read by the way: asked for alone. One that is lacking or
                // broken is no copy.
                Err(_) => {
                    batch = run::Batch::open(&self.env, &self.toplevel)?;
                    let Ok(bytes) = self.bytes(&["cat-file", "blob", &id]) else { continue };
                    bytes
                }
            };
            found.push(Version { path: rel.to_owned(), bytes });
        }
        Ok(found)
    }
}
