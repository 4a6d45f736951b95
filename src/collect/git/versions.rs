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
        self.versions_from(&["--all", "--reflog"], paths)
    }

    /// As [`Self::versions`], of the index and of what leads to the commit that is checked out.
    ///
    /// # Errors
    /// What git says.
    pub fn committed(&self, paths: &[&str]) -> Result<Vec<Version>, GitError> {
        self.versions_from(&["HEAD"], paths)
    }

    fn versions_from(&self, refs: &[&str], paths: &[&str]) -> Result<Vec<Version>, GitError> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let whole = |path: &&str| match self.prefix.is_empty() {
            true => format!(":(top,literal){path}"),
            false => format!(":(top,literal){}/{path}", self.prefix),
        };
        let specs: Vec<String> = paths.iter().map(whole).collect();
        let specs = specs.iter().map(String::as_str);
        let list = ["rev-list"].iter().chain(refs).copied();
        let list = list.chain(["--full-history", "--objects", "--"]);
        let index = ["ls-files", "--stage", "-z", "--"];
        let listed = self.bytes(&index.into_iter().chain(specs.clone()).collect::<Vec<_>>())?;
        let mut named: Vec<(String, String)> = run::fields(&listed)
            .map(run::lossy)
            .filter_map(|line| {
                let (what, path) = line.split_once('\t')?;
                Some((what.split(' ').nth(1)?.to_owned(), path.to_owned()))
            })
            .collect();
        let walked = self.bytes(&list.chain(specs).collect::<Vec<_>>())?;
        named.extend(walked.split(|byte| *byte == b'\n').map(run::lossy).filter_map(|line| {
            let (id, path) = line.split_once(' ')?;
            Some((id.to_owned(), path.to_owned()))
        }));
        self.read_versions(paths, named)
    }

    /// Reads the blobs among what was listed, each once.
    fn read_versions(
        &self,
        paths: &[&str],
        named: Vec<(String, String)>,
    ) -> Result<Vec<Version>, GitError> {
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
