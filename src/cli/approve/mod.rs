//! `d3p approve`: the decision on the launch, signed by people (P11-3.1, X-3).

mod apart;
mod brief;
mod facts;
mod planned;
mod request;
mod sign;
mod status;
mod story;
mod summary;

use crate::cli::Failure;
use crate::cli::args::{ApproveArgs, ApproveCommand};
use crate::cli::common::{Global, release};
use crate::cli::record::may_decide;
use crate::collect::git::{GitEnv, is_on_branch};
use crate::decide::{assess, next};
use crate::decisions::{approvers, signatures_on};
use crate::env::{Env, Exit};
use crate::project::{Project, Release};
use crate::render::{clean, waived, way};
use crate::text::shell;

pub(super) fn run(args: &ApproveArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match &args.command {
        ApproveCommand::Request { .. } => request::run(global, env),
        ApproveCommand::Show => show(global, env),
        ApproveCommand::Sign(args) => sign::run(args, global, env),
        ApproveCommand::Add { file } => apart::add(file, global, env),
        ApproveCommand::Status => status::run(global, env),
    }
}

/// Shows what a signature would cover now; writes nothing.
fn show(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (_, project) = global.open()?;
    let release = release(&project)?;
    let now = (env.now)();
    let assessment = assess(&project, now);
    env.out.write_all(waived(&assessment.waivers).as_bytes())?;
    let shown = brief::brief(&project, &release, &assessment, now);
    for line in &shown {
        writeln!(env.out, "{}", clean(line))?;
    }
    for line in summary::windows(&project, &[], now) {
        writeln!(env.out, "\nNow {}", clean(&line))?;
    }
    if let Some(line) = source(&project, &release, env) {
        writeln!(env.out, "\n{}", clean(&line))?;
    }
    let changed = brief::changed_since_request(&project);
    if let Some(changed) = &changed {
        writeln!(env.out, "\nChanged since it was requested")?;
        for line in changed {
            writeln!(env.out, "  {}", clean(line))?;
        }
    }
    let agreed = brief::agreed(&project, now);
    if !agreed.is_empty() {
        writeln!(env.out, "\nSaid GO so far")?;
        for line in &agreed {
            writeln!(env.out, "{}", clean(line))?;
        }
    }
    let seen = brief::seen(&project, &shown);
    let who: Vec<&str> =
        approvers(&project).iter().map(|person| person.principals[0].as_str()).collect();
    let who = match who.as_slice() {
        [one] if signatures_on(&project) => shell::word(one),
        _ => "PRINCIPAL".to_owned(),
    };
    match may_decide(&project, &assessment) {
        Ok(()) => writeln!(
            env.out,
            "\nTo decide on exactly this:\n  d3p approve sign --as {who} --decision go|no-go --seen sha256:{seen}"
        )?,
        Err(_) => writeln!(
            env.out,
            "\nThere is nothing to say GO to yet: {}\nTo object already:\n  d3p approve sign --as {who} --decision no-go",
            clean(&way(&next(&project, &assessment, now)))
        )?,
    }
    Ok(Exit::Passed)
}

/// Whether the branch that releases come from has this one. It may have moved a moment later, so it is
/// no part of what is signed. Whoever decides runs no program that the policy names: git is theirs.
fn source(project: &Project, release: &Release, env: &Env<'_>) -> Option<String> {
    let source = project.effective().policy.source.as_ref()?;
    let git = GitEnv::from_vars(env.vars.iter().cloned());
    let place = format!("{} at {}", source.branch, source.url);
    let told = match is_on_branch(&git, &source.url, &source.branch, &release.commit) {
        Ok(true) => format!("yes, {place}"),
        Ok(false) => format!("NO, {place} does not have commit {}", release.commit),
        Err(error) => format!("not known, {place} could not be asked: {}", error.message()),
    };
    Some(format!("On the branch that releases come from: {told}"))
}
