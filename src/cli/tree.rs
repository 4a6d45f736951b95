//! Whether HEAD is the commit that was approved, for jobs that deploy by themselves.
//!
//! `d3p run` needs none of this: it makes its own tree of the commit. A job that deploys what it has
//! checked out may have more in it than the commit only where nothing runs: documents, evidence and
//! records.

use crate::assets;
use crate::cli::common::Opened;
use crate::collect::git::{Git, GitError};
use crate::definition::{Before, Phase};
use crate::model::{Advice, Finding, Location, Piece, State};
use crate::project::{Project, Release, short};
use crate::rules::{GL414, close, leave_switched_on};
use crate::sign::SIGNERS_PATH;
use crate::source::PROJECT_FILE;
use std::collections::BTreeSet;

/// What git makes of files; `d3p init` writes lines of its own into it.
const ATTRIBUTES: &str = ".gitattributes";

/// Most differences that are named one by one.
const MOST_NAMED: usize = 5;

/// Whether `step` needs an approval of the launch, and so the commit that it is of.
pub(super) fn launches(step: &str, project: &Project) -> bool {
    let asks = |before: &Before| matches!(before, Before::Approval(_));
    project.phase.steps.get(step).is_some_and(|step| step.before.iter().any(asks))
}

/// What keeps HEAD from being the release that `step` launches; nothing for steps that need no
/// approval. No file of the work tree is looked at, so that no filter of this clone can run.
pub(super) fn of_another_commit(step: &str, git: &Opened, project: &Project) -> Vec<Finding> {
    let (true, Some(release)) = (launches(step, project), project.release()) else {
        return Vec::new();
    };
    let finding = |path: &str, message: String, advice: Advice| {
        Finding::new(&GL414, Piece::File(path.to_owned()), Location::file(path), message)
            .state(State::Invalid)
            .advise(advice)
    };
    let opened = git.as_ref().map_err(GitError::clone);
    let compared = opened.and_then(|git| differences(git, project, &release));
    let mut out = match compared {
        Ok(found) => {
            let commit = release.commit.as_str();
            let advice = Advice::run(["git", "checkout", "--detach", commit])
                .what("check out what was approved, and then take the evidence along: git checkout BRANCH -- d3p d3p.yaml .d3p .artifacts")
                .or(close("superseded"));
            let told = found.iter().take(MOST_NAMED).map(|path| {
                let message = format!(
                    "HEAD has another {path} than the approved commit {}",
                    short(&release.commit)
                );
                finding(path, message, advice.clone())
            });
            told.collect()
        }
        Err(error) => {
            let message =
                format!("whether HEAD is the release cannot be told: {}", error.message());
            vec![finding(".git", message, error.advice())]
        }
    };
    leave_switched_on(&mut out);
    out
}

/// The paths in which HEAD is not the release's commit, and must be.
fn differences(git: &Git, project: &Project, release: &Release) -> Result<Vec<String>, GitError> {
    let declared = declared(project);
    let artifacts = |path: &str| writers(project).any(|phase| phase.places.holds(path));
    let mut found = Vec::new();
    for (path, of_release) in git.committed_since(&release.commit)? {
        let own = inside(git.prefix(), &path);
        let may_differ =
            own.is_some_and(|own| declared.contains(own) || artifacts(own) && !of_release);
        if may_differ || own == Some(ATTRIBUTES) && only_own_lines(git, &release.commit)? {
            continue;
        }
        // What is taken away from the artifacts, such as an archived release, runs nowhere either.
        let gone = own.is_some_and(artifacts)
            && git
                .head_commit()
                .and_then(|head| git.blob(&head, own.unwrap_or_default()))?
                .is_none();
        if !gone {
            found.push(own.map_or(path.clone(), str::to_owned));
        }
    }
    Ok(found)
}

/// The phases whose files are no part of what runs: this one, and others that d3p brings along. What
/// a definition of the project says that no gate froze, says nothing here.
fn writers(project: &Project) -> impl Iterator<Item = &Phase> {
    let others = project.others.iter().filter(|phase| !phase.custom);
    std::iter::once(&project.phase).chain(others).map(|phase| &**phase)
}

/// The files that the phase that is in force declares as documents, evidence or records, and those
/// of the policy; each exactly.
fn declared(project: &Project) -> BTreeSet<String> {
    let mut out: BTreeSet<String> =
        [PROJECT_FILE, SIGNERS_PATH, ".d3p/.gitignore"].map(str::to_owned).into();
    for phase in writers(project) {
        let places = &phase.places;
        out.extend([places.ledger(), places.policy(), places.waivers()].map(str::to_owned));
        out.extend(phase.documents.values().map(|def| def.path.clone()));
        out.extend(phase.evidence.values().map(|def| def.path.clone()));
        out.extend(phase.gates.iter().map(|(id, gate)| places.gate(gate.number, id)));
        for def in phase.prerequisites.values() {
            out.extend(def.aliases.iter().cloned().chain([def.path.clone()]));
        }
    }
    out
}

/// The project's path of a path of the repository, when it lies in the project.
fn inside<'a>(prefix: &str, path: &'a str) -> Option<&'a str> {
    match prefix {
        "" => Some(path),
        prefix => path.strip_prefix(prefix)?.strip_prefix('/'),
    }
}

/// Whether `.gitattributes` in HEAD says what it says in `commit`, but for the lines that `d3p init`
/// writes.
fn only_own_lines(git: &Git, commit: &str) -> Result<bool, GitError> {
    let own = assets::template("gitattributes").unwrap_or_default();
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let own: BTreeSet<String> = own.lines().map(words).collect();
    let others = |text: Option<Vec<u8>>| -> Vec<String> {
        let text = text.unwrap_or_default();
        let text = String::from_utf8_lossy(&text).into_owned();
        let lines = text.lines().map(words);
        lines
            .filter(|line| !own.contains(line) && !line.is_empty() && !line.starts_with('#'))
            .collect()
    };
    let approved = git.blob(commit, ATTRIBUTES)?;
    let head = git.blob(&git.head_commit()?, ATTRIBUTES)?;
    Ok(others(approved) == others(head))
}
