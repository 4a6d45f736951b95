//! `d3p status`: gates, evidence, checkpoints, and the one next command.

use crate::cli::Failure;
use crate::cli::args::StatusArgs;
use crate::cli::common::{Global, report};
use crate::decide::{assess, next_command};
use crate::env::{Env, Exit};
use crate::render::{banner, clean, gate_table, handoff, json, piece_table, tracker, waived};

pub(super) fn run(args: &StatusArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (_, project) = global.open()?;
    let now = (env.now)();
    let assessment = assess(&project, now);
    let next = next_command(&project, &assessment);
    if !global.human() {
        let report = report("status", &project, &assessment, now, None, |_| true);
        env.out.write_all(json::report(&report, Some(&next), None).as_bytes())?;
        return Ok(Exit::Passed);
    }
    if !args.next {
        write!(env.out, "{}", banner(&project))?;
        writeln!(env.out, "{}", waived(&assessment.waivers))?;
        writeln!(env.out, "Gates\n{}", gate_table(&project, &assessment.gates))?;
        writeln!(env.out, "Evidence\n{}", piece_table(&project, &assessment))?;
        writeln!(env.out, "Checkpoints (computed)\n{}", tracker(&project, &assessment))?;
        writeln!(env.out, "Handoff (computed)\n{}", handoff(&project, &assessment))?;
    }
    writeln!(env.out, "next: {}", clean(&next.command))?;
    writeln!(env.out, "why:  {}", clean(&next.why))?;
    Ok(Exit::Passed)
}
