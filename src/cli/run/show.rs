//! What `run` says.

use crate::cli::Failure;
use crate::cli::common::Global;
use crate::definition::{Cause, Hook, StepDef};
use crate::env::Env;
use crate::project::Project;
use crate::record::Run;
use crate::render::clean;
use std::path::Path;

/// One line about the run, and what is worth a second look.
pub(super) fn summary(
    run: &Run,
    hook: &Hook,
    told: &[String],
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let nth = if run.number > 1 { format!(" on attempt {}", run.number) } else { String::new() };
    writeln!(
        env.out,
        "ran {}: {}{nth} in {}.{:03} s; output: {} ({} bytes{})",
        run.hook,
        run.outcome(),
        run.duration_ms / 1000,
        run.duration_ms % 1000,
        run.log.path,
        run.log.size,
        if run.log.redactions > 0 {
            format!(", {} redacted", run.log.redactions)
        } else {
            String::new()
        },
    )?;
    if !run.declared {
        writeln!(env.out, "  note: this is not the command line of d3p.yaml; no gate takes it")?;
    }
    for pattern in &run.missing_reports {
        writeln!(
            env.out,
            "  note: it wrote no {}, which `reports` in d3p.yaml declares: mend the hook",
            clean(pattern)
        )?;
    }
    notes_on_what_was_said(run, hook, env)?;
    if run.log.lost + run.log.left_out > 0 {
        writeln!(
            env.out,
            "  note: the log is not whole: {} bytes could not be written, {} were too much",
            run.log.lost, run.log.left_out
        )?;
    }
    let given = run.carried.iter().map(|own| format!("{} ({})", own.path, own.kind));
    for what in given.chain(run.outside.iter().cloned()) {
        writeln!(env.out, "  not from the commit: {}", clean(&what))?;
    }
    for line in told {
        writeln!(env.out, "  {}", clean(line))?;
    }
    if !run.changed.is_empty() {
        let paths = clean(&run.changed.join(", ")).into_owned();
        writeln!(env.out, "  note: it changed files of the release in its own tree: {paths}")?;
    }
    Ok(())
}

/// Marker lines that do not count or cannot be read, and processes that still run.
fn notes_on_what_was_said(run: &Run, hook: &Hook, env: &mut Env<'_>) -> Result<(), Failure> {
    for service in &run.said.services {
        if hook.services.as_ref().is_some_and(|own| !own.contains(&service.name)) {
            writeln!(
                env.out,
                "  note: it says that {} is {}, which `services` of the hook in d3p.yaml does not list; good news of it does not count",
                clean(&service.name),
                service.status
            )?;
        }
    }
    for line in &run.said.malformed {
        writeln!(env.out, "  note: a marker line cannot be read: {}", clean(line))?;
    }
    for process in &run.still_running {
        writeln!(
            env.out,
            "  still runs: {} (process {}); it was left alone",
            clean(&process.name),
            process.pid
        )?;
    }
    Ok(())
}

/// One more line for people.
pub(super) fn line(told: &str, global: &Global, env: &mut Env<'_>) -> Result<(), Failure> {
    if global.human() {
        writeln!(env.out, "  {told}")?;
    }
    Ok(())
}

/// Where a tree stays that holds what was collected nowhere.
pub(super) fn stays(run: &Run, place: &Path, env: &mut Env<'_>) -> Result<(), Failure> {
    let left = clean(&run.left.join(", ")).into_owned();
    writeln!(env.out, "note: its tree stays, for what was collected nowhere: {left}")?;
    writeln!(env.out, "  it lies in {}", clean(&place.to_string_lossy()))?;
    writeln!(
        env.out,
        "help: what later hooks need is declared in d3p.yaml, run.carry; what may go, in run.scratch"
    )?;
    Ok(())
}

/// The protocol's failure handling (P11-C3).
pub(super) fn failure(
    project: &Project,
    step: &StepDef,
    run: &Run,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    if !global.human() {
        return Ok(());
    }
    let gate = step.produces.as_ref().and_then(|kind| project.phase.gate_of_evidence(kind));
    // A failure is named by its own cause only: a sampler that failed measured nothing, and what takes a
    // launch back is no part of a gate.
    let known = gate.map(|(_, gate)| &gate.failure).filter(|_| !step.takes_back());
    let said = format!("{} {}", run.hook, run.outcome());
    if known.is_some_and(|failure| failure.cause != Cause::Failed) {
        writeln!(
            env.out,
            "{said}: nothing was recorded but the run; its output is in {}",
            run.log.path
        )?;
    } else if let Some(failure) = known {
        let message = failure.message.replace("{error}", &said);
        writeln!(env.out, "{}: {message}", failure.error)?;
        writeln!(env.out, "  handling: {}", failure.handling)?;
        writeln!(env.out, "  recovery: {}", failure.recovery)?;
    } else {
        writeln!(env.out, "DeploymentFailure: [ERROR] Deployment command failed: {said}.")?;
    }
    Ok(())
}
