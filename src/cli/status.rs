//! `d3p status`: gates, evidence, checkpoints, and the one next command.

use crate::cli::Failure;
use crate::cli::args::StatusArgs;
use crate::cli::common::{Global, disk, emit, files, report, trusted_git};
use crate::cli::gate::asked_of_git;
use crate::cli::many::{self, Asked};
use crate::decide::{Assessment, assess, next};
use crate::env::{Env, Exit};
use crate::model::{Advice, Stamp};
use crate::project::Project;
use crate::render::{
    Beside, banner, checklist, clean, gate_table, handoff, piece_table, size, tracker, waived, way,
};
use crate::source::Root;

pub(super) fn run(args: &StatusArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if args.recursive {
        return many::run(Asked::Status, &args.dirs, global, env);
    }
    let (root, mut project) = global.open()?;
    let now = (env.now)();
    let (assessment, advice) = next_step(&root, &mut project, now, env);
    let report = report("status", &project, &assessment, now, None, |_| true);
    // Whoever asks only for the next step asks often, and not for the size of every file.
    let disk = (!args.next).then(|| disk(&root, &project));
    let beside = Beside { next: Some(&advice), disk, ..Beside::default() };
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
    if let Some(disk) = disk {
        writeln!(env.out, "On disk: {} in {}\n", size(disk.bytes), files(disk.files))?;
    }
    write_next(&advice, env)?;
    Ok(Exit::Passed)
}

/// The assessment, and what comes next. Before the first gate is named, git is asked what that will ask: no
/// command is printed that would be refused at once.
pub(super) fn next_step(
    root: &Root,
    project: &mut Project,
    now: Stamp,
    env: &Env<'_>,
) -> (Assessment, Advice) {
    let assessment = assess(project, now);
    let advice = next(project, &assessment, now);
    let first = project.phase.first_gate().map(|(gate, _)| gate.to_owned());
    let is_first = first.is_some_and(|gate| advice.argv == ["d3p", "gate", gate.as_str()]);
    if !is_first || project.launched_at().is_some() {
        return (assessment, advice);
    }
    asked_of_git(&trusted_git(root, project, env), project, env).tell(project);
    let assessment = assess(project, now);
    let advice = next(project, &assessment, now);
    (assessment, advice)
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
