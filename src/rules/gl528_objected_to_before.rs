//! GL528: objected-to-before.

use super::Context;
use super::support::approval::approval_evidence;
use super::support::signed::fold;
use crate::derive::approval::objections_to_other_commits;
use crate::model::{Finding, Location};
use crate::project::short;

rule! {
    /// Somebody said NO_GO to an earlier attempt at this release, and has not spoken since.
    ///
    /// ## What it checks
    /// No archived attempt at the same version, of another commit, holds a `NO_GO` of a person who has
    /// said nothing in this attempt.
    ///
    /// ## Why it matters
    /// A `NO_GO` binds one commit, for a new commit may mend what the person objected to. Whether it
    /// does no program can tell, so whoever approves must know that somebody objected.
    ///
    /// ## How to fix
    /// Ask the person, and let them decide on this attempt; or approve it knowing what they objected to.
    GL528 "objected-to-before" Warning since "0.1.0" clauses ["X-3", "P11-3.1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(evidence) = approval_evidence(project) else { return };
    let has_spoken = |name: &str| {
        let said =
            context.decisions().iter().filter_map(|decision| decision.statement.as_ref().ok());
        said.map(|statement| &statement.predicate.principal).any(|own| fold(own) == fold(name))
    };
    for (path, objection) in objections_to_other_commits(project) {
        let Ok(statement) = &objection.statement else { continue };
        let said = &statement.predicate;
        if has_spoken(&said.principal) {
            continue;
        }
        let (who, attempt, commit) = (&said.principal, said.attempt, short(&said.commit));
        let message = format!("{who} said NO_GO to attempt {attempt} at commit {commit}");
        let place = Location::pointer(path, objection.pointer());
        out.push(
            Finding::new(&GL528, evidence.piece(), place, message)
                .clauses(&evidence.def.clauses)
                .help("ask them whether this commit mends what they objected to; their word on it ends this"),
        );
    }
}
