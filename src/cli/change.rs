//! What a release changes since the last one that was launched: asked of git at the first gate, and for a
//! skip. It is told by the trees of two commits, and never by what lies on disk.

use crate::cli::Failure;
use crate::cli::common::{Opened, open_release, trusted_git};
use crate::collect::git::GitError;
use crate::decisions::is_held;
use crate::env::Env;
use crate::project::{Project, glob};
use crate::record::{CheckedChange, Reassigned};
use crate::source::Root;
use globset::GlobMatcher;
use std::collections::BTreeMap;

/// How many paths of a kind are kept.
const SHOWN: usize = 5;

/// What git says of the change, where a fact can be held against it.
pub(super) fn asked_where_held(git: &Opened, project: &Project) -> Option<CheckedChange> {
    is_held(project).then(|| asked(git, project)).flatten()
}

/// What git says of the change; `None` where no release is open.
pub(super) fn asked(git: &Opened, project: &Project) -> Option<CheckedChange> {
    let release = project.release()?;
    let last = project.last_launch.as_ref();
    let mut out = CheckedChange {
        commit: release.commit.clone(),
        since: last.map(|last| last.release.name()),
        ..CheckedChange::default()
    };
    let from = last.map(|last| last.release.commit.as_str());
    let found = git
        .as_ref()
        .map_err(GitError::clone)
        .and_then(|git| git.changed_between(from, &release.commit))
        .map_err(|error| error.message());
    match found {
        Ok(paths) => {
            let patterns = Patterns::of(project);
            out.kinds = sorted(&patterns, &paths);
            let other = paths.iter().filter_map(|path| patterns.reassigned(path));
            out.reassigned = other.take(SHOWN).collect();
        }
        Err(why) => out.doubt = Some(why),
    }
    Some(out)
}

/// The release before, and every path that differs from it.
///
/// # Errors
/// When git cannot tell.
pub(super) fn paths(
    root: &Root,
    project: &Project,
    env: &Env<'_>,
) -> Result<(Option<String>, Vec<String>), Failure> {
    let release = open_release(project)?;
    let git = trusted_git(root, project, env)?;
    let last = project.last_launch.as_ref();
    let from = last.map(|last| last.release.commit.as_str());
    let paths = git.changed_between(from, &release.commit)?;
    Ok((last.map(|last| last.release.name()), paths))
}

/// What a release changes of some kinds.
pub(super) struct Changed {
    /// The release that it is compared with; none for the first.
    pub(super) since: Option<String>,
    /// The commit that is released.
    pub(super) commit: String,
    /// Each path with what the commit has there; nothing where it was removed.
    pub(super) files: BTreeMap<String, Option<Vec<u8>>>,
}

/// What the release changes of these kinds, as its commit has it.
///
/// # Errors
/// When git cannot tell.
pub(super) fn files_of(
    root: &Root,
    project: &Project,
    kinds: &[String],
    env: &Env<'_>,
) -> Result<Changed, Failure> {
    let release = open_release(project)?;
    let git = trusted_git(root, project, env)?;
    let last = project.last_launch.as_ref();
    let from = last.map(|last| last.release.commit.as_str());
    let patterns = Patterns::of(project);
    let mut files = BTreeMap::new();
    for path in git.changed_between(from, &release.commit)? {
        if patterns.kinds(&path).iter().any(|kind| kinds.contains(kind)) {
            let bytes = git.blob(&release.commit, &path)?;
            files.insert(path, bytes);
        }
    }
    let since = last.map(|last| last.release.name());
    Ok(Changed { since, commit: release.commit, files })
}

/// The kinds of these files, each with the first of its paths.
fn sorted(patterns: &Patterns, paths: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in paths {
        for kind in patterns.kinds(path) {
            let paths = out.entry(kind).or_default();
            if paths.len() < SHOWN {
                paths.push(path.clone());
            }
        }
    }
    out
}

type Kind = (String, Vec<GlobMatcher>);

/// The patterns by which files are told apart.
struct Patterns {
    own: Vec<GlobMatcher>,
    /// What the policy says, before whatever a path looks like.
    said: Vec<Kind>,
    kinds: Vec<Kind>,
    besides: Vec<Kind>,
    otherwise: Option<String>,
}

impl Patterns {
    fn of(project: &Project) -> Self {
        let def = &project.phase.applies;
        let all = |patterns: &Vec<String>| -> Vec<GlobMatcher> {
            patterns.iter().filter_map(|pattern| glob(pattern)).collect()
        };
        let kind = |(kind, patterns): (&String, &Vec<String>)| (kind.clone(), all(patterns));
        let policy = &project.effective().policy.facts.paths;
        Self {
            own: all(&def.own),
            said: policy.iter().map(kind).collect(),
            kinds: def.kinds.iter().map(kind).collect(),
            besides: def.besides.iter().map(kind).collect(),
            otherwise: def.otherwise.clone(),
        }
    }

    /// The kind that the policy says, else the first that fits and what it is besides; none for a file of
    /// the release itself.
    fn kinds(&self, path: &str) -> Vec<String> {
        if self.own.iter().any(|pattern| pattern.is_match(path)) {
            return Vec::new();
        }
        self.said(path).map_or_else(|| self.by_path(path), |kind| vec![kind])
    }

    /// What the policy makes of a path that would be something else.
    fn reassigned(&self, path: &str) -> Option<Reassigned> {
        let kind = self.said(path).filter(|_| !self.kinds(path).is_empty())?;
        let by_path = self.by_path(path);
        (by_path != [kind.as_str()]).then(|| Reassigned { path: path.to_owned(), kind, by_path })
    }

    fn said(&self, path: &str) -> Option<String> {
        let fits = |(_, patterns): &&Kind| patterns.iter().any(|pattern| pattern.is_match(path));
        self.said.iter().find(fits).map(|(kind, _)| kind.clone())
    }

    fn by_path(&self, path: &str) -> Vec<String> {
        let fits = |(_, patterns): &&Kind| patterns.iter().any(|pattern| pattern.is_match(path));
        let first = self.kinds.iter().find(fits).map(|(kind, _)| kind).or(self.otherwise.as_ref());
        let besides = self.besides.iter().filter(fits).map(|(kind, _)| kind);
        first.into_iter().chain(besides).cloned().collect()
    }
}
