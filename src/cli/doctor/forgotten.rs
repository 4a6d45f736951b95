//! What git's history tells of releases here and no ledger does: nothing that happened is taken back by
//! files that are deleted, edited, or put back as they were.

use super::ledger::{is_archived, strict};
use crate::cli::Failure;
use crate::cli::common::Opened;
use crate::collect::git::{Git, GitError, Version};
use crate::decisions::NO_GO;
use crate::model::{Advice, Places};
use crate::project::Project;
use crate::record::{Entry, EntryKind, Ledger, union};
use crate::rules::{abandon, restore};
use crate::source::{Root, Tree as _};
use std::collections::BTreeSet;

/// Refuses to go on where git's history holds lines of the open release that its ledger lacks, or tells
/// of a launch or an objection whose release is neither open nor closed.
///
/// Where no line is here, every ref is asked; else the history of what is checked out, since other
/// branches may hold what was tried and given up.
///
/// # Errors
/// A refusal that says how to bring them back.
pub(in crate::cli) fn nothing_is_lost(
    git: &Opened,
    root: &Root,
    project: &Project,
) -> Result<(), Failure> {
    let Some(git) = history(git)? else { return Ok(()) };
    let open = project.release().map(|release| release.name());
    let none_here = open.is_some() && project.ledger.lines.is_empty();
    let paths = [project.places().ledger()];
    let versions = if none_here { git.versions(&paths) } else { git.committed(&paths) };
    let unknown = Unknown::of(project, versions.map_err(unreadable)?);
    if let Some(open) = &open {
        unknown.refuse_lacking(project, open)?;
    }
    let Some(lost) = unknown.forgotten(root, project, git) else { return Ok(()) };
    let told = format!(
        "git's history tells of {} of {}, which is neither open here nor in {}",
        lost.what,
        lost.release,
        project.places().archives()
    );
    let failure = Failure::refused(told);
    let failure = match open {
        None => failure,
        Some(_) => failure.advise(abandon().what("close what was begun instead")),
    };
    Err(failure.advise(restore()).advise(
        Advice::run(["git", "log", "--oneline", "--", project.places().ledger()])
            .what("see the commits that hold its ledger"),
    ))
}

/// Refuses where the commit that is checked out has archives that do not lie here.
///
/// # Errors
/// A refusal that names the first of them, and the command that brings it back.
pub(in crate::cli) fn archives_lie_here(
    git: &Opened,
    root: &Root,
    project: &Project,
) -> Result<(), Failure> {
    let Some(git) = history(git)? else { return Ok(()) };
    let archives = project.places().archives();
    let here: BTreeSet<String> = root.directories(archives).into_iter().collect();
    let committed = git.directories(archives).map_err(unreadable)?;
    let Some(gone) = committed.into_iter().find(|name| !here.contains(name)) else { return Ok(()) };
    let path = format!("{archives}/{gone}");
    Err(Failure::refused(format!("{path} is in the commit that is checked out, and not here"))
        .advise(
            Advice::run(["git", "checkout", "HEAD", "--", &path]).what(
                "bring it back: what was launched before decides what this release is held to",
            ),
        )
        .note("archives that are kept elsewhere are taken out by a commit, which everybody sees"))
}

/// git, which is the policy's so that nobody's PATH hides what it holds; `None` where the project lies in
/// no repository, and so has no history.
fn history(git: &Opened) -> Result<Option<&Git>, Failure> {
    match git {
        Err(GitError::NotARepository) => Ok(None),
        opened => opened.as_ref().map(Some).map_err(|error| unreadable(error.clone())),
    }
}

/// What git holds may be what decides: where it cannot be asked, nothing goes on.
fn unreadable(error: GitError) -> Failure {
    Failure::from(error)
        .note("what git holds of this release and of others is looked at before anything goes on")
}

/// The release that git's history tells a launch or an objection of, and that is nowhere here.
pub(super) fn forgotten(root: &Root, project: &Project, git: &Git) -> Option<String> {
    let versions = git.committed(&[project.places().ledger()]).ok()?;
    Some(Unknown::of(project, versions).forgotten(root, project, git)?.release)
}

/// A release that is told of, and what is told of it.
struct Lost {
    release: String,
    what: &'static str,
}

/// Lines of ledgers in git's history that no ledger here holds, each once.
struct Unknown {
    entries: Vec<Entry>,
    text: String,
}

impl Unknown {
    fn of(project: &Project, versions: Vec<Version>) -> Self {
        let here = project.file(project.places().ledger()).into_iter();
        let earlier = project.earlier.iter().map(|attempt| &attempt.ledger_file);
        let mut known: BTreeSet<&str> =
            here.chain(earlier).flat_map(|file| file.text.lines()).collect();
        let texts: Vec<String> = versions
            .into_iter()
            .map(|version| String::from_utf8_lossy(&version.bytes).into_owned())
            .collect();
        let mut text = String::new();
        // The oldest first: a line stands after those that it names.
        for line in texts.iter().rev().flat_map(|text| text.lines()) {
            if known.insert(line) {
                text.push_str(line);
                text.push('\n');
            }
        }
        let entries = Ledger::parse(&text, strict).lines.into_iter().map(|line| line.entry);
        Self { entries: entries.collect(), text }
    }

    /// Refuses where some of them are of the open release; an edited line that was committed and
    /// mended since is none.
    fn refuse_lacking(&self, project: &Project, open: &str) -> Result<(), Failure> {
        if !self.entries.iter().any(|entry| entry.release == open) {
            return Ok(());
        }
        let here = project.file(project.places().ledger()).map_or("", |file| file.text.as_str());
        let merged = union(here, &[&self.text], |entry| entry.release == open, strict);
        if merged.added == 0 {
            return Ok(());
        }
        let told = match here.is_empty() {
            true => format!("git knows a ledger of {open}, and none is here"),
            false => format!("the ledger lacks {} lines of {open} that git holds", merged.added),
        };
        Err(Failure::refused(told)
            .advise(restore())
            .note("nothing is added to a ledger that lacks lines, and none is begun anew"))
    }

    /// The last release that somebody objected to or that was launched, and that was never closed.
    fn forgotten(&self, root: &Root, project: &Project, git: &Git) -> Option<Lost> {
        let open = project.release().map(|release| release.name());
        let places = project.places();
        let mut asked = BTreeSet::new();
        self.entries.iter().rev().find_map(|entry| {
            let what = binding(project, entry)?;
            let other = open.as_ref() != Some(&entry.release) && asked.insert(&entry.release);
            let gone = other
                && !is_archived(root, places, &entry.release)
                && !was_archived(git, places, &entry.release);
            gone.then(|| Lost { release: entry.release.clone(), what })
        })
    }
}

/// What of an entry binds whoever comes after it.
fn binding(project: &Project, entry: &Entry) -> Option<&'static str> {
    let hooks = &project.effective().policy.hooks;
    let launches = |hook: &str| {
        let step = hooks.get(hook).map_or(hook, |own| own.step(hook));
        project.phase.steps.get(step).is_some_and(|step| project.phase.launches(step))
    };
    if entry.kind == EntryKind::Began && entry.hook.as_deref().is_some_and(launches) {
        return Some("a launch");
    }
    let objects = entry.decided.as_ref().is_some_and(|decided| decided.decision == NO_GO);
    objects.then_some("a NO_GO")
}

/// Whether a commit closed the release, whatever became of the archive since.
fn was_archived(git: &Git, places: &Places, release: &str) -> bool {
    let ledger = format!("{}/{release}/{}", places.archives(), places.ledger());
    git.committed(&[&ledger]).is_ok_and(|versions| !versions.is_empty())
}
