//! What waits for whoever says GO: they see it, and their statement names it.

use super::advice::refreeze;
use super::missing_keys::add_line;
use crate::decisions::{approval_evidence, how_to_decide};
use crate::model::{Advice, Finding, Location, Rule, State};
use crate::project::Project;

/// A doubt at `place` that waits for whoever approves the launch; `None` in a phase that asks nobody.
pub(crate) fn for_go(
    project: &Project,
    rule: &'static Rule,
    place: Location,
    message: String,
) -> Option<Finding> {
    let evidence = approval_evidence(project)?;
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

/// The place of a value of the policy: as it is frozen, since that is what a GO saw, else in `d3p.yaml`.
pub(crate) fn policy_place(project: &Project, pointer: &str) -> Location {
    match project.frozen {
        Some(_) => Location::pointer(project.places().policy(), format!("/policy{pointer}")),
        None => Location::pointer("d3p.yaml", pointer.to_owned()),
    }
}

/// A doubt about who wrote the release: it stands at the line of the ledger that tells it.
pub(crate) fn about_authors(
    project: &Project,
    rule: &'static Rule,
    message: String,
) -> Option<Finding> {
    let line = project.phase.first_gate().and_then(|(gate, _)| project.ledger.last_pass(gate));
    let place = match line.filter(|_| project.asked_authors.is_none()) {
        Some(line) => Location::span(project.places().ledger(), line.range.clone()),
        None => Location::file(project.places().ledger()),
    };
    for_go(project, rule, place, message)
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
