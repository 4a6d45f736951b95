//! GL509: no-go-removed.

use super::Context;
use super::support::approval::approval_evidence;
use crate::model::{Finding, Sha256Digest, Stamp, State};
use crate::record::{EntryKind, NO_GO};
use std::collections::BTreeMap;

rule! {
    /// A decision against the launch was recorded, and is gone.
    ///
    /// ## What it checks
    /// The ledger names every decision that was recorded. A person whose last decision for this
    /// release was `NO_GO` still has it in `production-approval.json`, or has decided again since.
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
            last.insert(person.to_lowercase(), (decision == NO_GO, &statement.sha256, line.at));
        }
    }
    for (person, (_, statement, at)) in last.iter().filter(|(_, (no_go, ..))| *no_go) {
        let digest = |text: &str| Sha256Digest::of(text.as_bytes()).to_string();
        let stands = context.decisions().iter().any(|decision| {
            let own = decision
                .statement
                .as_ref()
                .is_ok_and(|statement| statement.predicate.principal.to_lowercase() == *person);
            let later = decision.decided_at().is_some_and(|decided| decided > *at);
            digest(&decision.text) == *statement || (own && later)
        });
        if stands {
            continue;
        }
        let message = format!("{person} decided NO_GO, and that decision is gone");
        out.push(
            Finding::new(&GL509, evidence.piece(), evidence.at("/decisions"), message)
                .state(State::Failed)
                .clauses(&evidence.def.clauses)
                .help(
                    "restore the file from version control; only the person who said no lifts it",
                ),
        );
    }
}
