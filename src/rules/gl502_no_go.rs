//! GL502: no-go.

use super::Context;
use crate::decisions::{Answers, NO_GO, Objection, approval_evidence, signatures_on};
use crate::definition::Person;
use crate::model::{Advice, Finding, State};

rule! {
    /// A person decided against the launch.
    ///
    /// ## What it checks
    /// No decision for this release and commit says `NO_GO`. The person who said it may decide again;
    /// where decisions are signed, more others than the threshold may outvote it, with a GO that is
    /// later.
    ///
    /// ## Why it matters
    /// One person's no outweighs every yes: that is what asking is for.
    ///
    /// ## How to fix
    /// Mend what the person objects to; that makes a new commit, and a new approval.
    GL502 "no-go" Error since "0.1.0" clauses ["P11-3.1", "DLC-7"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    let release = context.project.release();
    let (now, launched) = (context.judgement.now, context.launched_at());
    let answers = Answers::among(context.project, context.decisions(), now, launched);
    for decision in context.decisions() {
        let Ok(statement) = &decision.statement else { continue };
        let lifted = || Objection::of(decision).is_some_and(|own| answers.outvote(&own));
        // What was said of another commit is superseded with all of that file (GL504).
        let said = &statement.predicate;
        let here = release
            .as_ref()
            .is_none_or(|release| said.head.is_about(&release.version, &release.commit));
        if said.decision == NO_GO && here && !lifted() {
            let message = format!("{} decided NO_GO{}", said.head.person, said.because());
            out.push(
                Finding::new(&GL502, evidence.piece(), evidence.at(decision.pointer()), message)
                    .state(State::Failed)
                    .clauses(&evidence.def.clauses)
                    .advise(how_lifted(context, said.head.principal.as_deref())),
            );
        }
    }
}

/// Who can lift a `NO_GO`.
fn how_lifted(context: &Context<'_>, identity: Option<&str>) -> Advice {
    let mend = "mend what they object to";
    match identity.filter(|_| signatures_on(context.project)) {
        Some(identity) => {
            let policy = &context.project.effective().policy.approval;
            let wanted = policy.production.threshold + 1;
            let other = |person: &&Person| {
                !person.principals.is_empty()
                    && !person.principals.iter().any(|own| own == identity)
            };
            let others = policy.persons.iter().filter(other).count();
            let lifted = Advice::decide(["approve", "sign", "--as", identity, "--decision", "go"])
                .what(format!("{mend}; only they lift it"));
            match others >= wanted {
                true => {
                    lifted.or(Advice::answer(format!("let {wanted} other persons say GO after it")))
                }
                false => lifted.or(Advice::answer("begin anew: a new commit needs a new decision")),
            }
        }
        None => Advice::answer(format!("{mend}; a new commit needs a new decision")),
    }
}
