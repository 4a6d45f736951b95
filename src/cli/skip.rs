//! `d3p skip`: a person decides that the phase is not gone through for this release, since by the facts of
//! `d3p.yaml` nothing is deployed (OPS-3).

use crate::cli::Failure;
use crate::cli::args::SkipArgs;
use crate::cli::change;
use crate::cli::common::{Global, ledger_entry, open_release, says_something, trusted_git};
use crate::cli::session::Session;
use crate::cli::signing::{sign, signatory};
use crate::decisions::{
    Decider, Deed, Skipped, agrees, deciding_name, not_separate, signatures_on, skip_statement,
    skipped,
};
use crate::env::{Env, Exit};
use crate::model::{Advice, Stamp};
use crate::project::{Project, Release};
use crate::record::{CheckedChange, Entry, EntryKind, Signed};
use crate::render::{clean, json};
use crate::rules::hardware_key;
use crate::write::ChangeSet;
use serde_json::json;

pub(super) fn run(args: &SkipArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    says_something("--reason", &args.reason)?;
    // A person takes their time: the lock is taken once they have decided.
    let mut session = global.session()?;
    let release = open_release(&session.project)?;
    let change = may_be_skipped(&session, env)?;
    let now = (env.now)();
    let signed = decide(&session, (args, &change), &release, now, global, env)?;
    session.lock()?;
    let entry = Entry {
        reason: Some(args.reason.trim().to_owned()),
        skip: Some(signed),
        change: Some(change),
        ..ledger_entry(&session.project, EntryKind::Skipped, &release, now, env)
    };
    let mut changes = ChangeSet::new(session.root());
    changes.append_line(session.project.places().ledger(), entry.to_line());
    session.apply(changes)?;
    session.reread()?;
    tell(&session.project, &skipped(&session.project, now), global, env)
}

/// What git says of the change.
///
/// # Errors
/// A refusal where production was deployed, no fact says that the phase is skipped, or git says otherwise.
fn may_be_skipped(session: &Session, env: &Env<'_>) -> Result<CheckedChange, Failure> {
    let project = &session.project;
    let nothing = "nothing was signed or written";
    if let Some(at) = project.launched_at() {
        return Err(Failure::refused(format!("production was deployed {at}: nothing was skipped"))
            .advise(Advice::d3p(["status", "--next"]))
            .note(nothing));
    }
    if crate::decisions::skip_reason(project).is_none() {
        return Err(Failure::refused("by the facts of d3p.yaml this phase is not skipped")
            .advise(Advice::d3p(["applies"]).what("see what follows from them"))
            .note(nothing));
    }
    let change = change::asked(&trusted_git(session.root(), project, env), project)
        .ok_or_else(|| Failure::incomplete("no release is open"))?;
    agrees(project, &change).map_err(|why| {
        Failure::refused(why.to_string())
            .advise(Advice::d3p(["applies"]).what("see what git says of the change"))
            .note(nothing)
    })?;
    Ok(change)
}

/// The decision, signed where the policy wants that.
fn decide(
    session: &Session,
    (args, change): (&SkipArgs, &CheckedChange),
    release: &Release,
    now: Stamp,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Signed, Failure> {
    let (root, project) = (session.root(), &session.project);
    let why = (args.reason.as_str(), change);
    let none = || Failure::refused("by the facts of d3p.yaml this phase is not skipped");
    if !signatures_on(project) {
        let person = deciding_name(project, &args.identity).ok_or_else(|| {
            Failure::refused(format!("{} is nobody of approval.persons", clean(&args.identity)))
                .advise(Advice::d3p(["approve", "status"]).what("see who may decide"))
        })?;
        let nonce = env.random_hex(16);
        let decider = Decider { person: &person, principal: None, role: None, nonce, now };
        let statement = skip_statement(project, release, why, &decider).ok_or_else(none)?;
        return Ok(Signed { statement: statement.to_text(), signature: String::new() });
    }
    let hand = signatory(project, &args.identity, args.key.as_deref(), global, env)?;
    if let Some(why) = not_separate(project, release, hand.person, Deed::Skip) {
        return Err(Failure::refused(format!("this signature would not count: {why}"))
            .note("let another person sign; a team of one says approval.separation: \"off\"")
            .note("nothing was signed or written"));
    }
    let decider = hand.decider(None, now, env);
    let statement = skip_statement(project, release, why, &decider).ok_or_else(none)?;
    let says = format!(
        "{} skips this phase for {}: {}",
        hand.person.name,
        release.name(),
        statement.predicate.facts
    );
    let (signature, signer) = sign(&statement, &hand, &clean(&says), project, root, now, env)?;
    if let Some(what) = signer.unshown(&project.effective().policy.approval.production) {
        return Err(Failure::refused(format!(
            "this signature would not count: the key did not show a {what}"
        ))
        .advise(hardware_key())
        .note("nothing was written"));
    }
    Ok(Signed { statement: statement.to_text(), signature })
}

/// Tells whether it counts, and how the release is closed.
fn tell(
    project: &Project,
    skipped: &Skipped,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let exit = if skipped.counts() { Exit::Passed } else { Exit::Refused };
    let persons: Vec<&str> = skipped.by.iter().map(|(person, _)| person.as_str()).collect();
    if !global.human() {
        let view = json!({
            "skipped": skipped.counts(), "by": persons, "lacking": skipped.lacking,
            "invalid": skipped.invalid,
        });
        env.out.write_all(json::pretty(&view).as_bytes())?;
        return Ok(exit);
    }
    match skipped.counts() {
        true => {
            let title = clean(&project.phase.title);
            writeln!(env.out, "skipped: {title}, decided by {}", clean(&persons.join(", ")))?;
            writeln!(env.out, "close it: d3p archive --outcome skipped")?;
        }
        false => {
            let lacking = skipped.lacking.iter().chain(&skipped.invalid);
            let lacking: Vec<&str> = lacking.map(String::as_str).collect();
            writeln!(env.out, "recorded; not yet skipped: {}", clean(&lacking.join(", ")))?;
        }
    }
    Ok(exit)
}
