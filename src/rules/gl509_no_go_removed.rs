//! GL509: no-go-removed.

use super::Context;
use super::support::advice::restore_in;
use crate::decisions::{
    Answers, ApprovalDecision, Objection, all_decisions, approval_evidence, archived_objections,
    decisions_of, said_no,
};
use crate::model::{Finding, Location, Sha256Digest, State};
use crate::project::{EarlierAttempt, Evidence, Project};
use crate::record::Ledger;
use std::collections::{BTreeMap, BTreeSet};

rule! {
    /// A decision against the launch was recorded, and is gone.
    ///
    /// ## What it checks
    /// The ledger names every decision that was recorded. Each `NO_GO` for this release and commit, of
    /// whatever attempt, still lies in the evidence of the approval, or the person who said it has
    /// said GO since: over a ledger that names the `NO_GO`, whatever the clocks say. A `NO_GO` of an
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

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(evidence) = approval_evidence(project) else { return };
    let mut add =
        |place: Location, message: String| out.push(finding(project, &evidence, place, message));
    let all = all_decisions(project);
    let answers = Answers::among(project, &all, context.judgement.now, context.launched_at());
    // What lies in this attempt's file speaks for itself (GL502).
    let here = texts(context.decisions());
    let settled =
        |objection: &Objection| here.contains(&objection.text()) || answers.settle(objection);
    for (person, objection) in named(&project.ledger, project) {
        if !settled(&objection) {
            let message = format!("{person} decided NO_GO, and that decision is gone");
            add(evidence.at("/decisions"), message);
        }
    }
    for (archive, decision) in archived_objections(project) {
        let (Ok(said), Some(objection)) = (&decision.statement, Objection::of(&decision)) else {
            continue;
        };
        if !settled(&objection) {
            let message = format!(
                "{} decided NO_GO in an earlier attempt at this release and commit, which still binds",
                said.predicate.head.person
            );
            add(Location::pointer(archive, decision.pointer()), message);
        }
    }
    for attempt in &project.earlier {
        let archived: Vec<ApprovalDecision> = decisions_of(attempt.approval.value());
        let there = texts(&archived);
        for (place, message) in unreadable(attempt, &archived) {
            add(place, message);
        }
        for (person, objection) in named(&attempt.ledger, project) {
            // One that is there speaks for itself.
            if !there.contains(&objection.text()) && !settled(&objection) {
                let message = format!(
                    "{person} decided NO_GO in an earlier attempt, and that decision is gone"
                );
                add(Location::file(&attempt.approval.path), message);
            }
        }
    }
}

/// The digests of what lies there.
fn texts(decisions: &[ApprovalDecision]) -> BTreeSet<Sha256Digest> {
    decisions.iter().map(|decision| Sha256Digest::of(decision.text.as_bytes())).collect()
}

fn finding(
    project: &Project,
    evidence: &Evidence<'_>,
    place: Location,
    message: String,
) -> Finding {
    let restore = restore_in(project, &place.path).at(Location::file(&evidence.def.path));
    Finding::new(&GL509, evidence.piece(), place, message)
        .state(State::Failed)
        .clauses(&evidence.def.clauses)
        .advise(restore.what("bring back what was said: only the person who said no lifts it, or more others than the threshold"))
}

/// Every objection to this release and commit that a ledger names, and by whom.
fn named<'a>(ledger: &'a Ledger, project: &Project) -> Vec<(&'a str, Objection)> {
    let said = said_no(ledger, project).filter_map(|(_, decided)| {
        let text = Sha256Digest::parse(&decided.statement)?;
        Some((Objection::new(&decided.person, text), decided.person.as_str()))
    });
    let once: BTreeMap<Objection, &str> = said.collect();
    once.into_iter().map(|(objection, person)| (person, objection)).collect()
}

/// What of an earlier attempt cannot be read, and may hide an objection.
fn unreadable(attempt: &EarlierAttempt, archived: &[ApprovalDecision]) -> Vec<(Location, String)> {
    let mut out = Vec::new();
    let unknown = "whether somebody objected in that attempt cannot be known";
    for file in attempt.files().into_iter().filter(|file| !file.is_absent()) {
        if let Some(fault) = file.faults.first() {
            out.push((Location::file(&file.path), format!("{}: {unknown}", fault.message)));
        }
    }
    // An archive's last line says that it is one.
    if attempt.ledger_file.is_absent() {
        let message = format!("the ledger of that attempt is gone: {unknown}");
        out.push((Location::file(&attempt.ledger_file.path), message));
    }
    if let Some((range, why)) = attempt.ledger.malformed.first() {
        let place = Location::span(&attempt.ledger_file.path, range.clone());
        out.push((place, format!("{why}: {unknown}")));
    }
    for decision in archived {
        if let Err(why) = &decision.statement {
            let place = Location::pointer(&attempt.approval.path, decision.pointer());
            out.push((place, format!("{why}: {unknown}")));
        }
    }
    out
}
