//! What lay in the commits of a range, read from git's objects; each is hashed to the name that led to
//! it, so that no replacement, graft or forged object takes part.

use super::authors::Walk;
use super::object::entries;
use super::{Git, GitError};
use std::collections::HashMap;

/// More files below one directory than this are no release that anybody looked through.
const MOST: usize = 1_000_000;

/// The commits of a range.
pub struct History<'a> {
    walk: Walk<'a>,
    prefix: String,
    /// Their ids, sorted.
    pub commits: Vec<String>,
    trees: HashMap<String, Vec<(String, String, String)>>,
}

impl Git {
    /// The commits that `to` has and `from` has not, both by their full ids.
    ///
    /// # Errors
    /// When one of them is not here, history is cut off in between, or an object is not what its name
    /// says.
    pub fn history(&self, from: &str, to: &str) -> Result<History<'_>, GitError> {
        let mut walk = Walk::new(self)?;
        let commits = walk.between(from, to)?;
        Ok(History { walk, prefix: self.prefix.clone(), commits, trees: HashMap::new() })
    }
}

impl History<'_> {
    /// The parents of a commit.
    ///
    /// # Errors
    /// As [`Git::history`].
    pub fn parents(&mut self, commit: &str) -> Result<Vec<String>, GitError> {
        Ok(self.walk.links(commit)?.0)
    }

    /// The regular files below a directory of the project in a commit: path in the project, and id.
    ///
    /// # Errors
    /// As [`Git::history`].
    pub fn files(&mut self, commit: &str, dir: &str) -> Result<Vec<(String, String)>, GitError> {
        let mut id = self.walk.links(commit)?.1;
        let whole = [self.prefix.as_str(), dir].join("/");
        for part in whole.split('/').filter(|part| !part.is_empty()) {
            let found =
                self.tree(&id)?.into_iter().find(|(mode, name, _)| mode == "40000" && name == part);
            match found {
                Some((_, _, next)) => id = next,
                None => return Ok(Vec::new()),
            }
        }
        let mut open = vec![(dir.to_owned(), id)];
        let mut out = Vec::new();
        while let Some((at, id)) = open.pop() {
            for (mode, name, id) in self.tree(&id)? {
                let path = format!("{at}/{name}");
                match mode.as_str() {
                    "40000" => open.push((path, id)),
                    "100644" | "100755" => out.push((path, id)),
                    _ => {}
                }
            }
            if out.len() > MOST {
                return Err(GitError::Other(format!("there are more than {MOST} files in {dir}")));
            }
        }
        out.sort();
        Ok(out)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// As [`Git::history`].
    pub fn bytes(&mut self, id: &str) -> Result<Vec<u8>, GitError> {
        self.walk.object("blob", id)
    }

    fn tree(&mut self, id: &str) -> Result<Vec<(String, String, String)>, GitError> {
        if let Some(known) = self.trees.get(id) {
            return Ok(known.clone());
        }
        let found = entries(&self.walk.object("tree", id)?, id.len() / 2);
        self.trees.insert(id.to_owned(), found.clone());
        Ok(found)
    }
}
