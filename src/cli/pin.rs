//! `d3p pin`: sets the release to a commit.
//!
//! `init` pins what is checked out then; scripts and policy are usually written after it. Until the
//! first gate has bound the manifest the commit may be moved; afterwards that re-opens the gates, and
//! after the launch it is history.

use crate::cli::Failure;
use crate::cli::args::PinArgs;
use crate::cli::common::{Global, open_release, trusted_git};
use crate::env::{Env, Exit};
use crate::markdown;
use crate::model::Advice;
use crate::project::{Project, Release, short};
use crate::render::json;
use crate::write::ChangeSet;
use serde_json::json;

pub(super) fn run(args: &PinArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let session = global.session_locked()?;
    let project = &session.project;
    let release = open_release(project)?;
    let git = trusted_git(session.root(), project, env)?;
    let wanted = args.rev.as_deref().unwrap_or("HEAD");
    let commit = git.commit_of(wanted)?.ok_or_else(|| {
        Failure::incomplete(format!("this repository has no commit `{wanted}`")).advise(
            Advice::answer(
                "name a commit, tag or branch that is here: d3p pin [REV]; HEAD unless said",
            ),
        )
    })?;
    if commit != release.commit {
        may_be_moved(project, &release, args.reopen)?;
    }
    let mut changes = ChangeSet::new(session.root());
    let mut moved = Vec::new();
    for def in project.phase.evidence.values() {
        let Some(file) = project.present(&def.path) else { continue };
        // What was recorded was recorded about the commit of then.
        if !def.identity && def.template.is_none() {
            continue;
        }
        let Some(text) = repinned(&file.text, &release.commit, &commit) else { continue };
        if text != file.text {
            changes.replace(def.path.as_str(), text, file.digest);
            moved.push(def.path.clone());
        }
    }
    changes.apply_under(session.held()?)?;
    if !global.human() {
        let view = json!({ "release": release.version, "commit": commit, "was": release.commit, "changed": moved });
        env.out.write_all(json::pretty(&view).as_bytes())?;
        return Ok(Exit::Passed);
    }
    if commit == release.commit {
        writeln!(env.out, "release {} is of {commit} already", release.version)?;
        return Ok(Exit::Passed);
    }
    for path in &moved {
        writeln!(env.out, "changed  {path}")?;
    }
    writeln!(
        env.out,
        "release {} is now of {commit}, and was of {}",
        release.version,
        short(&release.commit)
    )?;
    writeln!(
        env.out,
        "next: what was recorded for the other commit is recorded anew; d3p status --next"
    )?;
    Ok(Exit::Passed)
}

/// The commit is what everything else is about: once a gate has bound it, moving it is said.
fn may_be_moved(project: &Project, release: &Release, reopen: bool) -> Result<(), Failure> {
    if project.launched_at().is_some() {
        return Err(Failure::refused(format!(
            "{} was deployed: which commit it is of is history",
            release.version
        ))
        .advise(Advice::answer(
            "d3p archive closes the release; the next one is pinned by d3p init",
        )));
    }
    let first = project.phase.gates.iter().find(|(_, gate)| gate.after.is_none());
    let passed = first.is_some_and(|(id, _)| {
        let pass = project.ledger.last_pass(id);
        pass.is_some_and(|line| line.entry.release == release.name())
    });
    if passed && !reopen {
        let gate = first.map_or("", |(id, _)| id.as_str());
        return Err(Failure::refused(format!(
            "gate {gate} has bound commit {}",
            short(&release.commit)
        ))
        .advise(Advice::answer(
            "d3p pin --reopen … moves it all the same, and re-opens that gate and all after it",
        )));
    }
    Ok(())
}

/// The text with another commit in its front matter; `None` where it names none.
fn repinned(text: &str, was: &str, now: &str) -> Option<String> {
    let matter = markdown::parse(text).front_matter?;
    let range = matter.range.clone();
    (matter.value.get("commit")?.as_str()? == was).then(|| {
        [&text[..range.start], &text[range.clone()].replace(was, now), &text[range.end..]].concat()
    })
}
