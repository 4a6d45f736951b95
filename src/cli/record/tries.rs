//! Earlier tries of evidence that is recorded anew: kept, and named by the ledger.

use super::Recording;
use crate::env::Env;
use crate::record::FileDigest;
use crate::write::ChangeSet;

impl<'a> Recording<'a> {
    /// Earlier tries that a command laid aside which was killed before its line was written.
    pub(super) fn unnamed_tries(&self) -> Vec<FileDigest> {
        let project = self.project();
        let own =
            format!("{}/{}.{}.", project.places().attempts(), self.kind, self.release.attempt);
        let tries = project.raw.iter().filter(|(path, _)| path.starts_with(&own));
        let digested = tries.filter_map(|(path, file)| Some((path, file.digest?.to_string())));
        let unnamed = digested.filter(|(_, sha256)| !project.names_file(sha256));
        unnamed.map(|(path, sha256)| FileDigest { path: path.clone(), sha256 }).collect()
    }

    /// Keeps what lies there as an earlier try; gives its name for the ledger.
    pub(super) fn keep_before(&self, changes: &mut ChangeSet, env: &Env<'_>) -> Option<FileDigest> {
        let old = self.project().present(&self.def.path).filter(|old| !old.text.is_empty())?;
        let sha256 = old.digest?.to_string();
        let recording = self.next_try().saturating_sub(1).max(1);
        let mut path = format!(
            "{}/{}.{}.{recording}.json",
            self.project().places().attempts(),
            self.kind,
            self.release.attempt
        );
        if self.session.root().exists(&path) {
            path = path.replace(".json", &format!(".{}.json", env.random_hex(4)));
        }
        changes.create(path.as_str(), old.text.clone());
        Some(FileDigest { path, sha256 })
    }
}
