//! What happens at once when a trigger fires or a stage's condition does not hold (P11-C3).

use super::drive;
use crate::cli::Failure;
use crate::cli::args::RunArgs;
use crate::cli::common::Global;
use crate::decisions::rollback_hook;
use crate::definition::{Cause, GateDef};
use crate::env::{Env, Exit};
use crate::project::Project;
use crate::render::{clean, ways};
use crate::rollout::{Plan, Stage};
use crate::rules::decide_on_stage;

/// What the protocol says of measured values beyond their thresholds.
pub(in crate::cli) fn alarm(project: &Project) -> Option<&GateDef> {
    project.phase.gates.values().find(|gate| gate.failure.cause == Cause::Threshold)
}

/// The words that are announced.
pub(super) fn words(project: &Project, stage: &Stage, why: &str) -> String {
    let message = alarm(project).map_or("[ALERT]", |gate| gate.failure.message.as_str());
    format!("{message} Stage {} ({}): {why}", stage.number, stage.weight)
}

/// Tells what happened and what is done now, and rolls back where the policy says so.
pub(super) fn raise(
    project: &Project,
    plan: &Plan,
    (stage, why, trigger): (&Stage, &str, bool),
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    if global.human() {
        match alarm(project) {
            Some(gate) => {
                let failure = &gate.failure;
                writeln!(env.out, "{}: {}", failure.error, clean(&words(project, stage, why)))?;
                writeln!(env.out, "  handling: {}", failure.handling)?;
                writeln!(env.out, "  recovery: {}", failure.recovery)?;
            }
            None => writeln!(env.out, "{}", clean(&words(project, stage, why)))?,
        }
    }
    let hook = rollback_hook(project).filter(|_| plan.rolls_back && trigger);
    if let Some(hook) = hook {
        if global.human() {
            writeln!(
                env.out,
                "on_trigger: roll-back: running {hook}; nobody has decided it, and somebody of the authority tree must afterwards"
            )?;
        }
        let why = format!("stage {} ({}): {why}", stage.number, stage.weight);
        let args =
            RunArgs { hook: hook.to_owned(), without_decision: Some(why), ..RunArgs::default() };
        drive::run_hook(args, global, env)?;
    }
    if global.human() {
        writeln!(env.out, "next: {}", clean(&ways(&decide_on_stage(project)).join("; ")))?;
    }
    Ok(Exit::Refused)
}
