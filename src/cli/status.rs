//! `d3p status`: gates, evidence, checkpoints, and the one next command.

use crate::cli::Failure;
use crate::cli::args::StatusArgs;
use crate::cli::common::{Global, emit, report};
use crate::decide::{assess, next};
use crate::env::{Env, Exit};
use crate::model::Advice;
use crate::render::{
    Beside, banner, checklist, clean, gate_table, handoff, piece_table, tracker, waived, way,
};

pub(super) fn run(args: &StatusArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (root, project) = global.open()?;
    let now = (env.now)();
    let assessment = assess(&project, now);
    let advice = next(&project, &assessment, now);
    let report = report("status", &project, &assessment, now, None, |_| true);
    let beside = Beside { next: Some(&advice), ..Beside::default() };
    if emit(&report, beside, &root, global, env)? {
        return Ok(Exit::Passed);
    }
    if !args.next {
        write!(env.out, "{}", banner(&project))?;
        writeln!(env.out, "{}", waived(&assessment.waivers))?;
        writeln!(env.out, "Gates\n{}", gate_table(&project, &assessment.gates))?;
        writeln!(env.out, "Evidence\n{}", piece_table(&project, &assessment))?;
        writeln!(env.out, "Checkpoints (computed)\n{}", tracker(&project, &assessment))?;
        if !project.phase.checklist.is_empty() {
            writeln!(env.out, "Checklist (computed)\n{}", checklist(&project, &assessment))?;
        }
        writeln!(env.out, "{}", handoff(&project, &assessment))?;
    }
    write_next(&advice, env)?;
    Ok(Exit::Passed)
}

/// The next thing to do, the other ways, and why.
pub(super) fn write_next(advice: &Advice, env: &mut Env<'_>) -> Result<(), Failure> {
    for (index, way) in advice.ways().map(way).enumerate() {
        let label = if index == 0 { "next:" } else { "or:  " };
        writeln!(env.out, "{label} {}", clean(&way))?;
    }
    writeln!(env.out, "why:  {}", clean(&advice.why))?;
    Ok(())
}
