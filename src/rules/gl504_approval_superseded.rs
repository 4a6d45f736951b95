//! GL504: approval-superseded.

use super::Context;
use crate::decisions::{Approval, Current, approval_evidence, how_to_decide};
use crate::model::{Advice, Finding, State};

rule! {
    /// A decision was made about something else than what lies here now.
    ///
    /// ## What it checks
    /// The statement names this release, commit, attempt, environment and gate, this policy, these
    /// exemptions, and the digest of every file that gates 1 and 2 bind and of the monitoring document.
    ///
    /// ## Why it matters
    /// An approval is for exact bytes. Content that is rewritten after it was approved was not
    /// approved.
    ///
    /// ## How to fix
    /// `d3p approve status` shows what changed. Ask the person again: `d3p approve sign`. A `NO_GO`
    /// for the same release and commit is never superseded.
    GL504 "approval-superseded" Error since "0.1.0" clauses ["P11-3.1", "X-2", "X-3"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    let current = Current::of(context.project, context.judgement.now);
    for decision in context.decisions() {
        let Ok(statement) = &decision.statement else { continue };
        // An objection does not wait for the files to be as they were.
        let standing = !decision.is_go() && stands_for_release(context, &statement.predicate);
        let differences = current.superseded(statement);
        let Some(first) = differences.first().filter(|_| !standing) else { continue };
        let more = match differences.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let message =
            format!("{}'s decision is superseded: {first}{more}", statement.predicate.head.person);
        out.push(
            Finding::new(&GL504, evidence.piece(), evidence.at(decision.pointer()), message)
                .state(State::Stale)
                .clauses(&evidence.def.clauses)
                .advise(
                    how_to_decide(context.project)
                        .or(Advice::d3p(["approve", "status"]).what("to see what changed")),
                ),
        );
    }
}

fn stands_for_release(context: &Context<'_>, approval: &Approval) -> bool {
    context
        .project
        .release()
        .is_some_and(|release| approval.head.is_about(&release.version, &release.commit))
}
