//! GL509: no-go-removed.

use super::Context;
use super::support::approval::{Decision, approval_evidence, archived_objections};
use super::support::signed::{fold, is_outvoted};
use crate::model::{Finding, Location, Sha256Digest, Stamp, State};
use crate::record::{EntryKind, NO_GO};
use std::collections::BTreeMap;

rule! {
    /// A decision against the launch was recorded, and is gone.
    ///
    /// ## What it checks
    /// The ledger names every decision that was recorded. A person whose last decision for this
    /// release was `NO_GO` still has it in `production-approval.json`, or has decided again since. A
    /// `NO_GO` of an archived attempt at the same release and commit still binds. Where decisions are
    /// signed, more others than the threshold may outvote it.
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
    let (Some(evidence), Some(release)) = (approval_evidence(project), project.release()) else {
        return;
    };
    let uri = format!("{}#/decisions", evidence.def.path);
    let mut last: BTreeMap<String, (bool, &str, Stamp)> = BTreeMap::new();
    for line in &project.ledger.lines {
        let entry = &line.entry;
        if entry.kind != EntryKind::Recorded || entry.release != release.name() {
            continue;
        }
        let statement = entry.digests.iter().find(|file| file.path == uri);
        let said = entry.reason.as_deref().and_then(|reason| reason.split_once(" by "));
        if let (Some(statement), Some((decision, person))) = (statement, said) {
            // A line that says otherwise later answers nothing: only a decision that lies here does.
            if decision == NO_GO {
                last.insert(fold(person), (true, &statement.sha256, line.at));
            }
        }
    }
    let gone = "restore the file from version control; only the person who said no lifts it, or more others than the threshold";
    let mut add = |place: Location, message: String| {
        out.push(
            Finding::new(&GL509, evidence.piece(), place, message)
                .state(State::Failed)
                .clauses(&evidence.def.clauses)
                .help(gone),
        );
    };
    let digest = |text: &str| Sha256Digest::of(text.as_bytes()).to_string();
    let answered = |person: &str, statement: &str, at: Stamp| {
        let stands = context.decisions().iter().any(|decision| {
            let own = decision
                .statement
                .as_ref()
                .is_ok_and(|statement| fold(&statement.predicate.principal) == person);
            let later = decision.decided_at().is_some_and(|decided| decided > at);
            digest(&decision.text) == statement || (own && later)
        });
        stands || outvoted(context, person, at)
    };
    for (person, (_, statement, at)) in last.iter().filter(|(_, (no_go, ..))| *no_go) {
        if !answered(person, statement, *at) {
            let message = format!("{person} decided NO_GO, and that decision is gone");
            add(evidence.at("/decisions"), message);
        }
    }
    for (archive, objection) in archived_objections(project) {
        let (Ok(said), Some(at)) = (&objection.statement, objection.decided_at()) else { continue };
        let person = &said.predicate.principal;
        if !answered(&fold(person), &digest(&objection.text), at) {
            let message = format!(
                "{person} decided NO_GO in an earlier attempt at this release and commit, which still binds"
            );
            add(Location::pointer(archive, objection.pointer()), message);
        }
    }
}

/// Whether more others than the threshold said GO after that.
fn outvoted(context: &Context<'_>, person: &str, at: Stamp) -> bool {
    let (now, launched) = (context.judgement.now, context.launched_at());
    let later = |decision: &Decision| {
        decision.is_go() && decision.decided_at().is_some_and(|decided| decided > at)
    };
    is_outvoted(context.project, context.decisions(), person, now, launched, later)
}
