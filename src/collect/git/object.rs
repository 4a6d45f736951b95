//! Objects of a commit, read by a verifier who does not trust the clone: what each object says is
//! hashed, and the hash is the name that leads to it.

use crate::collect::git::{Git, GitError, run};

impl Git {
    /// The same clone, read as if the project lay at `prefix` in it; empty for the top.
    #[must_use]
    pub fn at(&self, prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), ..self.clone() }
    }

    /// Where else the project could lie in a commit that has `file`, going by the names of the
    /// directories above it. Where git says that it lies is what files in the work tree say, which
    /// no commit holds.
    ///
    /// # Errors
    /// As for [`Self::proven_blob`].
    pub fn other_places(&self, commit: &str, file: &str) -> Result<Vec<String>, GitError> {
        let here = self.root.canonicalize().map_err(|error| GitError::Other(error.to_string()))?;
        let names: Vec<String> =
            here.iter().map(|name| name.to_string_lossy().into_owned()).collect();
        let mut found = Vec::new();
        for depth in 0..names.len() {
            let place = names[names.len() - depth..].join("/");
            if place != self.prefix && self.at(&place).proven_blob(commit, file)?.is_some() {
                found.push(place);
            }
        }
        Ok(found)
    }

    /// The bytes of `path`, relative to the directory given to [`Self::open`], in the commit with
    /// exactly this full id; `None` when it has no such file. Replacement refs and grafts do not
    /// count, and an object whose bytes do not make its name is refused.
    ///
    /// # Errors
    /// [`GitError::UnknownCommit`] when the id is not a full one or no commit here, or a sentence
    /// about the object that is not what its name says.
    pub fn proven_blob(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        self.require_commit(commit)?;
        let text = self.proven("commit", commit)?;
        let text = String::from_utf8_lossy(&text);
        let tree = text.lines().find_map(|line| line.strip_prefix("tree "));
        let mut id = tree.ok_or_else(|| broken(commit))?.to_owned();
        let whole = if self.prefix.is_empty() {
            path.to_owned()
        } else {
            format!("{}/{path}", self.prefix)
        };
        let parts: Vec<&str> = whole.split('/').collect();
        for (index, part) in parts.iter().enumerate() {
            let last = index + 1 == parts.len();
            let tree = self.proven("tree", &id)?;
            // Regular files only: a link would lead somewhere else.
            let modes: &[&str] = if last { &["100644", "100755"] } else { &["40000"] };
            match entry(&tree, part, id.len() / 2) {
                Some((mode, found)) if modes.contains(&mode.as_str()) => id = found,
                _ => return Ok(None),
            }
        }
        self.proven("blob", &id).map(Some)
    }

    /// The bytes of an object, once they have been hashed to its name.
    fn proven(&self, kind: &str, id: &str) -> Result<Vec<u8>, GitError> {
        let bytes = self.bytes(&["cat-file", kind, id])?;
        let args = ["hash-object", "-t", kind, "--stdin", "--literally"];
        let said = run::with_input(&self.env, &self.toplevel, &args, bytes.clone())?;
        if !said.status.success() || run::lossy(run::without_end(said.stdout)) != id {
            return Err(broken(id));
        }
        Ok(bytes)
    }
}

fn broken(id: &str) -> GitError {
    GitError::Other(format!("the object {id} of this clone is not what its name says"))
}

/// Mode and id of the entry called `name`, in the bytes of a tree whose ids have `width` bytes.
fn entry(tree: &[u8], name: &str, width: usize) -> Option<(String, String)> {
    let found = entries(tree, width).into_iter().find(|(_, own, _)| own == name);
    found.map(|(mode, _, id)| (mode, id))
}

/// Mode, name and id of each entry of a tree whose ids have `width` bytes; names that are no text are
/// left out, since nothing is called so here.
pub(super) fn entries(tree: &[u8], width: usize) -> Vec<(String, String, String)> {
    let mut rest = tree;
    let mut out = Vec::new();
    while let Some(end) = rest.iter().position(|byte| *byte == 0) {
        let (head, tail) = rest.split_at(end);
        let Some(id) = tail.get(1..=width) else { break };
        rest = &tail[width + 1..];
        if let Some((mode, name)) =
            std::str::from_utf8(head).ok().and_then(|own| own.split_once(' '))
        {
            let id = id.iter().map(|byte| format!("{byte:02x}")).collect();
            out.push((mode.to_owned(), name.to_owned(), id));
        }
    }
    out
}
