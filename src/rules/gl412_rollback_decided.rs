//! GL412: rollback-decided.

use super::Context;
use crate::decisions::{rollback_check, rollback_hook, rollbacks_begun, ruling};
use crate::model::{Actor, Advice, Finding, State};
use crate::rules::support::advice::after_rollback;

rule! {
    /// It was decided to take the launch back, and the release goes on as if not.
    ///
    /// ## What it checks
    /// Nobody of the authority tree decided `ROLL_BACK` for this attempt, or it was lifted before a
    /// rollback began: by a later `CONTINUE` of the same person, or of somebody above them in the
    /// tree. A decision does not fall away with time. While fewer persons said so than
    /// `approval.rollback` in `d3p.yaml` wants, the question is open, and waits for a human.
    ///
    /// ## Why it matters
    /// A release that is not in production any more is not complete, whatever its health log says.
    ///
    /// ## How to fix
    /// Run the hook that rolls back (`d3p run HOOK`), write down what went wrong (`d3p record incident`), and
    /// close the release as what it is: `d3p archive --outcome rolled-back`. The next attempt needs an
    /// approval of its own.
    GL412 "rollback-decided" Error since "0.1.0" clauses ["D3P-9", "DLC-7", "P11-C2"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(check) = rollback_check(project) else { return };
    let ruling = ruling(project, context.rollback_moments());
    let Some(first) = ruling.unlifted.first() else { return };
    let names: Vec<&str> = ruling.unlifted.iter().map(|vote| vote.signer.person.as_str()).collect();
    let mut message = format!("{} decided to roll back", names.join(" and "));
    let lacking = ruling.lacking(project, None);
    let state = if lacking.is_empty() { State::Failed } else { State::Review };
    if !lacking.is_empty() {
        message = format!("{message}, and it is not decided yet: {}", lacking.join(", "));
    }
    let begun = !rollbacks_begun(project).is_empty();
    let advice = if !lacking.is_empty() {
        Advice::d3p(["rollback", "status"]).by(Actor::Person).what("ask the others")
    } else if begun {
        after_rollback(project)
    } else {
        Advice::d3p(["run", rollback_hook(project).unwrap_or("rollback")])
    };
    let place = check.evidence.at(format!("/decisions/{}/statement", first.index));
    out.push(
        Finding::new(&GL412, check.evidence.piece(), place, message)
            .state(state)
            .clauses(&check.evidence.def.clauses)
            .advise(advice),
    );
}
