//! GL509: no-go-removed.

use super::Context;
use super::support::approval::{Decision, approval_evidence, archived_objections};
use super::support::signed::{fold, is_outvoted, signatures_on, signer};
use crate::derive::signed::decisions_of;
use crate::model::{Finding, Location, Sha256Digest, Stamp, State};
use crate::project::{EarlierAttempt, Evidence};
use crate::record::{Entry, EntryKind, Ledger, NO_GO};
use std::collections::BTreeMap;

rule! {
    /// A decision against the launch was recorded, and is gone.
    ///
    /// ## What it checks
    /// The ledger names every decision that was recorded. Each `NO_GO` for this release and commit, of
    /// whatever attempt, still lies in `production-approval.json`, or the person who said it has
    /// decided again since. A `NO_GO` of an
    /// archived attempt at the same release and commit still binds; an archive whose decisions cannot
    /// be read, or no longer hold what its ledger names, may hide one. Where decisions are signed, more
    /// others than the threshold may outvote it.
    ///
    /// ## Why it matters
    /// Deleting a no is easier than answering it.
    ///
    /// ## How to fix
    /// Restore the file from version control. The person who said no may record another decision.
    GL509 "no-go-removed" Error since "0.1.0" clauses ["P11-3.1", "DLC-7", "D3P-10"] waivable false
}

/// An objection that a ledger names: who, and the digest of what they said.
type Objections<'a> = BTreeMap<(String, &'a str), Stamp>;

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let (Some(evidence), Some(release)) = (approval_evidence(project), project.release()) else {
        return;
    };
    let mut add = |place: Location, message: String| out.push(finding(&evidence, place, message));
    let meant = |entry: &Entry| entry.is_about(&release.version, &release.commit);
    for ((person, statement), at) in objections(&project.ledger, &evidence, meant) {
        if !answered(context, &person, statement, at, context.decisions()) {
            let message = format!("{person} decided NO_GO, and that decision is gone");
            add(evidence.at("/decisions"), message);
        }
    }
    for (archive, objection) in archived_objections(project) {
        let (Ok(said), Some(at)) = (&objection.statement, objection.decided_at()) else { continue };
        let person = &said.predicate.principal;
        let statement = digest(&objection.text);
        if !answered(context, &fold(person), &statement, at, context.decisions()) {
            let message = format!(
                "{person} decided NO_GO in an earlier attempt at this release and commit, which still binds"
            );
            add(Location::pointer(archive, objection.pointer()), message);
        }
    }
    for attempt in &project.earlier {
        for (place, message) in hidden(context, attempt, &evidence) {
            add(place, message);
        }
    }
}

fn finding(evidence: &Evidence<'_>, place: Location, message: String) -> Finding {
    Finding::new(&GL509, evidence.piece(), place, message)
        .state(State::Failed)
        .clauses(&evidence.def.clauses)
        .help("restore the file from version control; only the person who said no lifts it, or more others than the threshold")
}

fn digest(text: &str) -> String {
    Sha256Digest::of(text.as_bytes()).to_string()
}

/// Every objection that a ledger names for a release that is `meant`. Each line counts for itself:
/// one that is added later takes no other back.
fn objections<'a>(
    ledger: &'a Ledger,
    evidence: &Evidence<'_>,
    meant: impl Fn(&Entry) -> bool,
) -> Objections<'a> {
    let uri = format!("{}#/decisions", evidence.def.path);
    let mut found = Objections::new();
    for line in &ledger.lines {
        let entry = &line.entry;
        if entry.kind != EntryKind::Recorded || !meant(entry) {
            continue;
        }
        let statement = entry.digests.iter().find(|file| file.path == uri);
        let said = entry.reason.as_deref().and_then(|reason| reason.split_once(" by "));
        if let (Some(statement), Some((NO_GO, person))) = (statement, said) {
            found.entry((fold(person), &statement.sha256)).or_insert(line.at);
        }
    }
    found
}

/// What an earlier attempt may hide: files that cannot be read, and objections that its ledger names
/// and its decisions no longer hold.
fn hidden(
    context: &Context<'_>,
    attempt: &EarlierAttempt,
    evidence: &Evidence<'_>,
) -> Vec<(Location, String)> {
    let mut out = Vec::new();
    let unknown = "whether somebody objected in that attempt cannot be known";
    for file in attempt.files().into_iter().filter(|file| !file.is_absent()) {
        if let Some(fault) = file.faults.first() {
            out.push((Location::file(&file.path), format!("{}: {unknown}", fault.message)));
        }
    }
    // An archive's last line says that it is one.
    if attempt.told.is_absent() {
        let message = format!("the ledger of that attempt is gone: {unknown}");
        out.push((Location::file(&attempt.told.path), message));
    }
    if let Some((range, why)) = attempt.ledger.malformed.first() {
        let place = Location::span(&attempt.told.path, range.clone());
        out.push((place, format!("{why}: {unknown}")));
    }
    let decisions: Vec<Decision> = decisions_of(attempt.approval.value());
    for decision in &decisions {
        if let Err(why) = &decision.statement {
            let place = Location::pointer(&attempt.approval.path, decision.pointer());
            out.push((place, format!("{why}: {unknown}")));
        }
    }
    let release = context.project.release();
    let meant = |entry: &Entry| {
        release.as_ref().is_some_and(|release| entry.is_about(&release.version, &release.commit))
    };
    for ((person, statement), at) in objections(&attempt.ledger, evidence, meant) {
        // One that is there speaks for itself, and for its own commit only.
        let there = decisions.iter().any(|decision| digest(&decision.text) == statement);
        let answered = |decisions| answered(context, &person, statement, at, decisions);
        if !there && !answered(&decisions) && !answered(context.decisions()) {
            let message =
                format!("{person} decided NO_GO in an earlier attempt, and that decision is gone");
            out.push((Location::file(&attempt.approval.path), message));
        }
    }
    out
}

/// Whether an objection is among `decisions`, or was answered there since.
fn answered(
    context: &Context<'_>,
    person: &str,
    statement: &str,
    at: Stamp,
    decisions: &[Decision],
) -> bool {
    let own = |decision: &&Decision| {
        let said = decision.statement.as_ref();
        said.is_ok_and(|said| fold(&said.predicate.principal) == person)
    };
    let later = |decision: &Decision| decision.decided_at().is_some_and(|decided| decided > at);
    let (now, launched) = (context.judgement.now, context.launched_at());
    decisions.iter().filter(own).any(|decision| {
        let stands = !decision.is_go() && digest(&decision.text) == statement;
        stands || (later(decision) && is_theirs(context, decision))
    }) || is_outvoted(context.project, decisions, person, now, launched, |decision| {
        decision.is_go() && later(decision)
    })
}

/// Whether the person who is named made the decision: signed, where the policy wants that.
fn is_theirs(context: &Context<'_>, decision: &Decision) -> bool {
    let project = context.project;
    !signatures_on(project)
        || signer(project, decision, context.judgement.now, context.launched_at()).is_ok()
}
