//! GL528: objected-to-before.

use super::Context;
use crate::decisions::{approval_evidence, fold, objections_elsewhere};
use crate::model::{Advice, Finding, State};
use crate::project::short;
use crate::record::History;

rule! {
    /// Somebody said NO_GO to another commit of this release, to this commit under another version, or to a
    /// release that was given up since the last launch, and has not spoken since.
    ///
    /// ## What it checks
    /// Neither the approval and the ledger of this attempt nor those of archived attempts at the same
    /// version hold or name a `NO_GO` to another commit, nor do the approvals of archived releases hold
    /// one to this commit, or one that was said after the last launch that stands, of a person who has not
    /// decided on this release and commit since. It waits for whoever says GO: their statement names it by
    /// digest.
    ///
    /// ## Why it matters
    /// A `NO_GO` binds one commit, for a new commit may mend what the person objected to. Whether it
    /// does no program can tell, so whoever approves must know that somebody objected. A new version is
    /// no way around it.
    ///
    /// ## How to fix
    /// Ask the person, and let them decide on this attempt; or approve it knowing what they objected to.
    GL528 "objected-to-before" Error since "0.1.0" clauses ["X-3", "P11-3.1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(evidence) = approval_evidence(project) else { return };
    let objections = objections_elsewhere(project);
    if objections.is_empty() {
        return;
    }
    let spoken = spoken(context);
    let lineage = project.lineage();
    for objection in objections {
        // Where no ledger names it any more, nobody can have known; then any word of theirs will do.
        let knows = |before: &History| {
            lineage.is_known(objection.text, before) || !lineage.names(objection.text)
        };
        if spoken.iter().any(|(who, before)| *who == fold(&objection.person) && knows(before)) {
            continue;
        }
        let (who, commit) = (&objection.person, short(&objection.commit));
        let message = format!("{who} said NO_GO to {} at commit {commit}", objection.attempt);
        out.push(
            Finding::new(&GL528, evidence.piece(), objection.place, message)
                .state(State::Review)
                .clauses(&evidence.def.clauses)
                .advise(Advice::answer("ask them whether this commit mends what they objected to; their word on it ends this, or a GO that names it")),
        );
    }
}

/// Who decided on this release and commit, and what they knew.
fn spoken(context: &Context<'_>) -> Vec<(String, History)> {
    let project = context.project;
    let Some(release) = project.release() else { return Vec::new() };
    let said = context.decisions().iter().filter_map(|decision| decision.statement.as_ref().ok());
    said.map(|statement| &statement.predicate)
        .filter(|said| said.head.is_about(&release.version, &release.commit))
        .map(|said| {
            let heads = said.head.ledger_heads.iter().map(String::as_str);
            (fold(&said.head.person), project.history(heads))
        })
        .collect()
}
