//! `d3p setup --rehearse`: what is still missing is told before a release is pinned to a commit. The hooks
//! that run on staging, and the one that takes samples, are run as they are committed.

use crate::cli::args::RunArgs;
use crate::cli::common::Global;
use crate::cli::{Failure, run};
use crate::definition::Derivation;
use crate::env::{Env, Exit};
use crate::project::{Project, step_hooks};
use crate::render::json;
use crate::source::{PROJECT_FILE, Root, load_phase_of};
use serde_json::{Value, json};

/// Rehearses each hook, whatever became of the ones before.
pub(super) fn rehearse(root: &Root, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let project = load_phase_of(root, global.phase())?;
    let hooks = hooks(&project);
    if hooks.is_empty() {
        return Err(Failure::refused(format!(
            "no hook of {PROJECT_FILE} runs on staging or takes samples: there is nothing to rehearse"
        )));
    }
    let (mut exit, mut all) = (Exit::Passed, Vec::new());
    for hook in hooks {
        let args = RunArgs::rehearsal(&hook);
        let mut told = Vec::new();
        let ended = match global.human() {
            true => run::run(&args, global, env),
            false => run::run(&args, global, &mut env.telling(&mut told)),
        };
        let view = serde_json::from_slice::<Value>(&told).ok();
        match ended {
            Ok(Exit::Passed) => {}
            Ok(_) => exit = Exit::Refused,
            Err(failure) if global.human() => {
                writeln!(env.out, "rehearsal of {hook}:")?;
                failure.write(global.format, env)?;
                exit = Exit::Refused;
            }
            Err(failure) => {
                all.push(json!({ "hook": hook, "good": false, "error": failure.view() }));
                exit = Exit::Refused;
            }
        }
        all.extend(view);
    }
    if !global.human() {
        env.out.write_all(json::pretty(&json!({ "rehearsed": all })).as_bytes())?;
    }
    Ok(exit)
}

/// The hooks that may be tried: what runs on staging, and what only measures.
fn hooks(project: &Project) -> Vec<String> {
    let steps = project.phase.steps.iter().filter(|(_, step)| step.rehearses.is_none());
    let tried = steps.filter(|(_, step)| {
        let def = step.produces.as_ref().and_then(|kind| project.phase.evidence.get(kind));
        def.is_some_and(|def| {
            def.derive == Some(Derivation::Sample) || def.environment == "staging"
        })
    });
    tried.flat_map(|(id, _)| step_hooks(project, id)).map(|(name, _)| name.to_owned()).collect()
}
