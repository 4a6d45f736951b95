//! Changes that a clone can be made not to show: its index, its filters and ignore files that it
//! does not track.
//!
//! Whoever has a shell can write all of these, so nothing here believes the clone's own word: files
//! are read anew against the commit that is checked out.

use super::tree::{Difference, How, Scope, entries, not_understood, push};
use super::{Git, GitError, run};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Directories of tools that hide themselves, and that no tool takes code or settings from.
const CACHES: [&str; 3] = [".pytest_cache", ".ruff_cache", ".mypy_cache"];

/// Filters that are as they are installed, by name and what they clean with: what they make of a
/// file is believed.
const KNOWN_FILTERS: [(&str, &str); 3] = [
    ("lfs", "git-lfs clean -- %f"),
    ("git-crypt", "git-crypt clean"),
    ("git-crypt", "\"git-crypt\" clean"),
];

impl Git {
    /// Files whose content is not that of `head`, whatever the index remembers of their size and
    /// times.
    pub(super) fn add_unlike_index(
        &self,
        scope: &Scope<'_>,
        found: &mut Vec<Difference>,
    ) -> Result<(), GitError> {
        let failed = |error| GitError::Other(format!("no temporary directory: {error}"));
        let dir = tempfile::tempdir().map_err(failed)?;
        // An index that knows nothing of the files on disk: git has to read them all.
        let fresh = self.with_index(&dir.path().join("index"));
        fresh.bytes(&["read-tree", "HEAD"])?;
        let known: BTreeSet<String> = found.iter().map(|own| own.path.clone()).collect();
        let args = scope.limit(&[
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=no",
            "--no-renames",
            "--ignore-submodules=none",
        ]);
        for entry in run::fields(&fresh.bytes(&args)?) {
            let [_, disk, b' ', path @ ..] = entry else { return Err(not_understood(entry)) };
            if *disk != b' ' && !known.contains(&run::lossy(path)) {
                push(found, scope, path, How::Modified);
            }
        }
        Ok(())
    }

    fn with_index(&self, index: &Path) -> Self {
        let env = self.env.clone().var("GIT_INDEX_FILE", index);
        Self { env, ..self.clone() }
    }

    /// Files that only look like those of `head` because an attribute has git convert them: a filter
    /// that is not known, `ident`, or `working-tree-encoding`. Line endings are left to git.
    pub(super) fn add_filtered(
        &self,
        head: &str,
        scope: &Scope<'_>,
        found: &mut Vec<Difference>,
    ) -> Result<(), GitError> {
        let listing = self.list_tree(head)?;
        let files: BTreeMap<&[u8], &[u8]> =
            entries(&listing)?.into_iter().filter(|(_, entry)| entry.starts_with(b"100")).collect();
        let asked = files.keys().fold(Vec::new(), |mut all, path| {
            all.extend_from_slice(path);
            all.push(0);
            all
        });
        let answer = self.answer_to(
            &["check-attr", "-z", "--stdin", "filter", "ident", "working-tree-encoding"],
            asked,
        )?;
        let answer: Vec<&[u8]> = run::fields(&answer).collect();
        for told in answer.chunks_exact(3) {
            let (path, attribute, value) = (told[0], told[1], told[2]);
            if matches!(value, b"unspecified" | b"unset")
                || (attribute == b"filter" && self.is_known(value)?)
            {
                continue;
            }
            let Ok(name) = str::from_utf8(path) else {
                push(found, scope, path, How::Filtered);
                continue;
            };
            let raw = self.answer(&["hash-object", "--no-filters", "--", name]);
            let same = raw.ok().flatten().is_some_and(|id| {
                files.get(path).is_some_and(|entry| entry.ends_with(id.as_bytes()))
            });
            if !same {
                push(found, scope, path, How::Filtered);
            }
        }
        Ok(())
    }

    fn is_known(&self, filter: &[u8]) -> Result<bool, GitError> {
        let name = run::lossy(filter);
        let cleans = self.answer(&["config", "--get", &format!("filter.{name}.clean")])?;
        let process = self.answer(&["config", "--get", &format!("filter.{name}.process")])?;
        let as_installed = KNOWN_FILTERS
            .iter()
            .any(|(known, clean)| *known == name && cleans.as_deref() == Some(*clean));
        Ok(as_installed && process.is_none_or(|process| process == "git-lfs filter-process"))
    }

    /// Files that are ignored only because an ignore file says so that is no part of the tree.
    pub(super) fn add_self_ignored(
        &self,
        head: &str,
        scope: &Scope<'_>,
        found: &mut Vec<Difference>,
    ) -> Result<(), GitError> {
        let args = [
            "ls-files",
            "--others",
            "--ignored",
            "--exclude-per-directory=.gitignore",
            "--directory",
            "-z",
        ];
        let ignored = self.bytes(&scope.limit(&args))?;
        if ignored.is_empty() {
            return Ok(());
        }
        let listing = self.list_tree(head)?;
        let tracked = entries(&listing)?;
        let args = ["check-ignore", "--no-index", "--verbose", "-z", "--stdin"];
        let told = self.answer_to(&args, ignored)?;
        let told: Vec<&[u8]> = told.split(|byte| *byte == 0).collect();
        // Source, line and pattern, path.
        for rule in told.chunks_exact(4) {
            let (source, path) = (rule[0], rule[3]);
            let own = Path::new("x").join(run::lossy(source));
            let dir = own.parent().and_then(Path::file_name).map(|name| name.to_string_lossy());
            let is_cache = dir.is_some_and(|dir| CACHES.contains(&dir.as_ref()));
            if source.ends_with(b".gitignore") && !tracked.contains_key(source) && !is_cache {
                push(found, scope, path, How::Untracked);
            }
        }
        Ok(())
    }

    /// What git answers to `input`; nothing when it answers no.
    fn answer_to(&self, args: &[&str], input: Vec<u8>) -> Result<Vec<u8>, GitError> {
        let output = run::with_input(&self.env, &self.toplevel, args, input)?;
        match output.status.code() {
            Some(0 | 1) => Ok(output.stdout),
            _ => Err(GitError::from_stderr(&output.stderr)),
        }
    }
}
