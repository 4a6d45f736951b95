//! `d3p withdraw`: a person withdraws the time of a line of the ledger, which a clock that was ahead
//! wrote, with their own key.

use crate::cli::Failure;
use crate::cli::args::WithdrawArgs;
use crate::cli::common::{Global, ledger_entry, open_release};
use crate::cli::session::Session;
use crate::cli::signing::{sign, signatory};
use crate::cli::status::write_next;
use crate::decide::{assess, next};
use crate::decisions::{
    Deed, Statement, Withdrawal, newest, not_separate, signatures_on, withdrawal_statement,
    withdrawals,
};
use crate::env::{Env, Exit};
use crate::model::{Advice, Stamp};
use crate::project::{Project, Release};
use crate::record::{Entry, EntryKind, Line, Signed};
use crate::render::{clean, json};
use crate::rules::{abandon, hardware_key};
use crate::write::ChangeSet;
use serde_json::json;

pub(super) fn run(
    args: &WithdrawArgs,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    // A person takes their time: the lock is taken once they have signed.
    let mut session = global.session()?;
    let (root, project) = (session.root(), &session.project);
    let release = open_release(project)?;
    if !signatures_on(project) {
        return Err(Failure::incomplete(
            "d3p.yaml has signatures: \"off\": that is signed, so nobody can here",
        )
        .advise(abandon()));
    }
    let now = (env.now)();
    let line = line(project, &args.line, now)?.clone();
    let hand = signatory(project, &args.identity, args.key.as_deref(), global, env)?;
    if let Some(why) = not_separate(project, &release, hand.person, Deed::Withdraw) {
        return Err(Failure::refused(format!("this signature would not count: {why}"))
            .note("let another person sign; a team of one says approval.separation: \"off\"")
            .note("nothing was signed or written"));
    }
    let decider = hand.decider(args.role.as_deref(), now, env);
    let statement = withdrawal_statement(project, &release, &line, &args.reason, &decider);
    if global.human() && !global.quiet {
        writeln!(env.out, "{}\n", clean(&line.entry.to_line()))?;
    }
    let name = &hand.person.name;
    let says = format!("{name} says that {} is not the time of this line", line.at);
    let (signature, signer) = sign(&statement, &hand, &clean(&says), project, root, now, env)?;
    if let Some(what) = signer.unshown(&project.effective().policy.approval.waiver) {
        return Err(Failure::refused(format!(
            "this signature would not count: the key did not show a {what}"
        ))
        .advise(hardware_key())
        .note("nothing was written"));
    }
    let signed = Signed { statement: statement.to_text(), signature };
    session.lock()?;
    let entry = entry(&session.project, &release, &statement, signed, now, env);
    write(&session, &entry)?;
    session.reread()?;
    tell(&session.project, &line, now, global, env)
}

/// The line with this id, whose time has not come.
fn line<'a>(project: &'a Project, id: &str, now: Stamp) -> Result<&'a Line, Failure> {
    let found = project.ledger.lines.iter().find(|line| line.entry.id == id);
    let line = found.ok_or_else(|| {
        Failure::usage(format!("no line of {} has the id {id}", project.places().ledger()))
            .advise(Advice::d3p(["check"]).what("see which lines lie in the future"))
    })?;
    if line.at <= now.plus(project.effective().policy.skew) {
        return Err(Failure::refused(format!(
            "the time of that line, {}, has come: nothing is in its way",
            line.at
        ))
        .note("nothing was written"));
    }
    let withdrawn = withdrawals(project, now);
    match withdrawn.get(&line.digest).filter(|own| own.counts()) {
        Some(_) => Err(Failure::refused("its time is withdrawn already")
            .advise(Advice::d3p(["status", "--next"]).what("go on"))
            .note("nothing was written")),
        None => Ok(line),
    }
}

/// The line that holds the decision. The one that it is about does not move its time.
fn entry(
    project: &Project,
    release: &Release,
    statement: &Statement<Withdrawal>,
    signed: Signed,
    now: Stamp,
    env: &Env<'_>,
) -> Entry {
    let about = crate::model::Sha256Digest::parse(&statement.predicate.line);
    let newest = newest(project, now, about).map(|line| line.at).filter(|newest| now < *newest);
    let entry = ledger_entry(project, EntryKind::Withdrew, release, now, env);
    Entry {
        at: newest.unwrap_or(now).to_string(),
        clock: newest.map(|_| now.to_string()),
        reason: Some(statement.predicate.reason.clone()),
        withdrawal: Some(signed),
        ..entry
    }
}

fn write(session: &Session, entry: &Entry) -> Result<(), Failure> {
    let mut changes = ChangeSet::new(session.root());
    changes.append_line(session.project.places().ledger(), entry.to_line());
    session.apply(changes)
}

/// Tells whether it counts, and what is next.
fn tell(
    project: &Project,
    line: &Line,
    now: Stamp,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let withdrawn = withdrawals(project, now).remove(&line.digest).unwrap_or_default();
    let exit = if withdrawn.counts() { Exit::Passed } else { Exit::Refused };
    let next = next(project, &assess(project, now), now);
    if !global.human() {
        let view = json!({
            "line": line.entry.id, "withdrawn": withdrawn.counts(),
            "lacking": withdrawn.lacking, "next": json::advice(&next),
        });
        env.out.write_all(json::pretty(&view).as_bytes())?;
        return Ok(exit);
    }
    match withdrawn.counts() {
        true => writeln!(env.out, "withdrawn: {} is no time of line {}", line.at, line.entry.id)?,
        false => writeln!(env.out, "signed; not yet withdrawn: {}", withdrawn.lacking.join(", "))?,
    }
    if !global.quiet {
        write_next(&next, env)?;
    }
    Ok(exit)
}
