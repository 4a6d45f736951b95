//! `d3p next`: does one step after another, as `status --next` names them, until a person is needed.
//!
//! It runs nothing that `status --next` would not print, decides nothing, and begins a launch only where it is
//! told to. What a command refuses ends it.

use crate::cli::Failure;
use crate::cli::args::NextArgs;
use crate::cli::common::Global;
use crate::cli::status::{next_step, write_next};
use crate::definition::StepDef;
use crate::env::{Env, Exit};
use crate::model::{Actor, Advice, AdviceKind};
use crate::project::Project;
use crate::render::{clean, json};
use crate::rules::launching_hooks;
use crate::text::shell;
use serde_json::json;
use std::ffi::OsString;

/// More steps than any release has.
const MOST: usize = 100;

pub(super) fn run(args: &NextArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let mut ran: Vec<Vec<String>> = Vec::new();
    let (mut advice, mut exit) = (now(global, env)?, Exit::Passed);
    while let Some(argv) = may_run(&advice.0, &advice.1, args).filter(|_| ran.len() < MOST) {
        if ran.last() == Some(&argv) {
            break;
        }
        if global.human() {
            let words: Vec<String> = argv.iter().map(|word| shell::word(word)).collect();
            writeln!(env.out, "$ {}", clean(&words.join(" ")))?;
            env.out.flush()?;
        }
        exit = step(&argv, global, env);
        ran.push(argv);
        // What was refused may have told what is to be mended, and recorded that it failed.
        advice = now(global, env)?;
        if exit != Exit::Passed {
            break;
        }
    }
    if global.human() {
        write_next(&advice.1, env)?;
    } else {
        let view = json!({ "ran": ran, "next": json::advice(&advice.1) });
        env.out.write_all(json::pretty(&view).as_bytes())?;
    }
    Ok(exit)
}

/// The project, and what comes next in it.
fn now(global: &Global, env: &Env<'_>) -> Result<(Project, Advice), Failure> {
    let (root, mut project) = global.open()?;
    let now = (env.now)();
    let (_, advice) = next_step(&root, &mut project, now, env);
    Ok((project, advice))
}

/// The command of an advice, where nobody has to be asked for it.
fn may_run(project: &Project, advice: &Advice, args: &NextArgs) -> Option<Vec<String>> {
    let mine = advice.kind == AdviceKind::Run && advice.actor == Actor::Agent;
    let words: Vec<&str> = advice.argv.iter().map(String::as_str).collect();
    let stops = match words.as_slice() {
        ["d3p", "run", hook, ..] if args.no_production => in_production(project, hook),
        ["d3p", "run", hook, ..] => {
            takes_back(project, hook) || !args.launch && launching_hooks(project).contains(hook)
        }
        ["d3p", "rollout" | "watch", ..] => args.no_production,
        ["d3p", ..] => false,
        _ => return None,
    };
    (mine && advice.fills.is_empty() && !stops).then(|| advice.argv.clone())
}

fn takes_back(project: &Project, hook: &str) -> bool {
    step_of(project, hook).is_some_and(StepDef::takes_back)
}

/// Whether a hook is run in production: that of a step whose evidence is not of another environment
/// than the launch's. What is not known is.
pub(super) fn in_production(project: &Project, hook: &str) -> bool {
    let environment = |kind: &str| Some(project.phase.evidence.get(kind)?.environment.as_str());
    let own = step_of(project, hook).filter(|step| !step.takes_back());
    let own = own.and_then(|step| environment(step.produces.as_deref()?));
    let launched = project.phase.launch().and_then(|(kind, _)| environment(kind));
    own.is_none() || launched.is_none() || own == launched
}

fn step_of<'a>(project: &'a Project, hook: &str) -> Option<&'a StepDef> {
    let own = project.effective().policy.hooks.get(hook)?;
    project.phase.steps.get(own.step(hook))
}

/// Runs one command of this program, as whoever reads the advice would.
fn step(argv: &[String], global: &Global, env: &mut Env<'_>) -> Exit {
    let mut words = vec![argv[0].clone(), "-C".to_owned()];
    words.push(global.directory.to_string_lossy().into_owned());
    words.extend(argv[1..].iter().cloned());
    if !global.human() {
        // What it says is no part of the one document that is shown.
        let mut silent = std::io::sink();
        let mut inner = env.telling(&mut silent);
        return crate::cli::run(words.into_iter().map(OsString::from), &mut inner);
    }
    crate::cli::run(words.into_iter().map(OsString::from), env)
}
