//! What a gate that passed tells.

use super::predicate;
use crate::cli::args::GateArgs;
use crate::cli::common::{Global, emit, report, write_findings};
use crate::cli::session::Session;
use crate::cli::{Failure, lock, notify, timestamp};
use crate::decide::{assess, within};
use crate::definition::PutBy;
use crate::derive::workflow;
use crate::env::{Env, Exit};
use crate::model::{Finding, Level, Stamp, Verdict};
use crate::record::LockRehearsal;
use crate::render::{Beside, handoff};

/// Has the pass stamped, shows it, and passes on what it announces.
///
/// # Errors
/// When something cannot be written.
pub(super) fn tell(
    args: &GateArgs,
    session: &mut Session,
    (id, now): (&str, Stamp),
    rehearsed: Option<&LockRehearsal>,
    written: &[String],
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    // What is shown is what the files say now.
    session.reread()?;
    let aloud = global.human() && !global.quiet;
    if !args.dry_run {
        timestamp::after(session, aloud, env)?;
    }
    show_pass(written, session, id, (args.dry_run, now), global, env)?;
    lock::show_rehearsal(rehearsed, &session.project, aloud, env)?;
    predicate::write(args, &session.project, id, global, env)?;
    if !args.dry_run {
        let complete = session.project.phase.gates[id].complete.clone();
        notify::pass_on(session, &[complete], env)?;
    }
    Ok(Exit::Passed)
}

fn show_pass(
    written: &[String],
    session: &Session,
    id: &str,
    (dry_run, now): (bool, Stamp),
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let project = &session.project;
    let assessment = assess(project, now);
    let verdict = Some(Verdict::Passed);
    // What warns is told beside what passed.
    let number = project.phase.gates[id].number;
    let warns = |own: &Finding| own.level == Level::Warning && within(project, own, number);
    let report = report(format!("gate {id}"), project, &assessment, now, verdict, warns);
    if emit(&report, Beside::default(), session.root(), global, env)? {
        return Ok(());
    }
    write_findings(&report, true, global, env)?;
    if dry_run {
        writeln!(env.out, "gate {id}: would pass ({now}); nothing written (--dry-run)")?;
    } else {
        writeln!(env.out, "gate {id}: PASSED {now}")?;
    }
    if global.quiet {
        return Ok(());
    }
    for line in written {
        writeln!(env.out, "  {line}")?;
    }
    if !dry_run {
        writeln!(env.out, "{}", project.phase.gates[id].complete)?;
        if workflow::last_gate(project) == Some(id) {
            write!(env.out, "{}", handoff(project, &assessment))?;
            if let Some(question) = project.phase.put_by(PutBy::LastGate) {
                writeln!(env.out, "{question}")?;
            }
        }
    }
    Ok(())
}
