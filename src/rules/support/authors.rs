//! Doubts about who wrote a release.

use super::advice::refreeze;
use super::missing_keys::add_line;
use crate::decisions::{approval_evidence, how_to_decide};
use crate::model::{Advice, Finding, Location, Rule, State};
use crate::project::Project;

/// A finding that waits for whoever approves: it stands at the line that tells who wrote the release.
pub(crate) fn doubt(project: &Project, rule: &'static Rule, message: String) -> Option<Finding> {
    let evidence = approval_evidence(project)?;
    let line = project.phase.first_gate().and_then(|(gate, _)| project.ledger.last_pass(gate));
    let place = match line.filter(|_| project.asked_authors.is_none()) {
        Some(line) => Location::span(project.places().ledger(), line.range.clone()),
        None => Location::file(project.places().ledger()),
    };
    Some(
        Finding::new(rule, evidence.piece(), place, message)
            .state(State::Review)
            .clauses(&evidence.def.clauses)
            .advise(
                how_to_decide(project)
                    .what("whoever says GO sees it, and their statement names it"),
            ),
    )
}

/// How an author becomes known.
pub(crate) fn list(project: &Project, author: &str) -> Advice {
    let (name, mail) = author.rsplit_once('<').unwrap_or((author, ""));
    let (name, mail) = (name.trim(), mail.trim_end_matches('>'));
    add_line(
        project,
        &["approval", "persons"],
        &format!("{{ name: {name}, role: developer, emails: [{mail}] }}"),
    )
    .or(refreeze(project))
}
