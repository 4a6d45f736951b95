//! GL502: no-go.

use super::Context;
use super::support::advice::abandon;
use crate::decisions::{
    Answers, Lifting, NO_GO, Objection, approval_evidence, how_to_roll_back, signatures_on,
};
use crate::model::{Advice, Finding, State};
use crate::project::Project;

rule! {
    /// A person decided against the launch.
    ///
    /// ## What it checks
    /// No decision for this release and commit says `NO_GO`. The person who said it may decide again;
    /// where decisions are signed, more others than the threshold may outvote it, with a GO that is
    /// later; where its person has left and can sign no more, all who are left may.
    ///
    /// ## Why it matters
    /// One person's no outweighs every yes: that is what asking is for.
    ///
    /// ## How to fix
    /// Mend what the person objects to; that makes a new commit, and a new approval. Said after the
    /// launch it keeps every further stage from beginning: take the launch back.
    GL502 "no-go" Error since "0.1.0" clauses ["P11-3.1", "DLC-7"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    let release = context.project.release();
    let (now, launched) = (context.judgement.now, context.launched_at());
    let answers = Answers::among(context.project, context.decisions(), now, launched);
    for decision in context.decisions() {
        let Ok(statement) = &decision.statement else { continue };
        let Some(objection) = Objection::of(decision) else { continue };
        // What was said of another commit is superseded with all of that file (GL504).
        let said = &statement.predicate;
        let here = release
            .as_ref()
            .is_none_or(|release| said.head.is_about(&release.version, &release.commit));
        if said.decision == NO_GO && here && !answers.outvote(&objection) {
            let message = format!("{} decided NO_GO{}", said.head.person, said.because());
            out.push(
                Finding::new(&GL502, evidence.piece(), evidence.at(decision.pointer()), message)
                    .state(State::Failed)
                    .clauses(&evidence.def.clauses)
                    .advise(how_lifted(
                        context,
                        said.head.principal.as_deref(),
                        answers.lifting(&objection),
                    )),
            );
        }
    }
}

/// Whether the launch began and did not fail.
fn is_live(project: &Project) -> bool {
    let launch = project.phase.launch().and_then(|(kind, _)| project.evidence(kind));
    let failed = launch.is_some_and(|own| own.text_at("/status") == Some("failed"));
    project.launched_at().is_some() && !failed
}

/// Who can lift a `NO_GO`.
fn how_lifted(context: &Context<'_>, identity: Option<&str>, lifting: Lifting) -> Advice {
    if is_live(context.project) {
        let back = how_to_roll_back(context.project, Some("roll-back"))
            .what("take the launch back: a GO that is said now does not answer it");
        return back.or(abandon());
    }
    let mend = "mend what they object to";
    let Some(identity) = identity.filter(|_| signatures_on(context.project)) else {
        return Advice::answer(format!("{mend}; a new commit needs a new decision"));
    };
    let anew = Advice::answer("begin anew: a new commit needs a new decision");
    let say = ["approve", "sign", "--as", identity, "--decision", "go"];
    let taken_back = Advice::decide(say).what(format!("{mend}, and let them take it back"));
    let others = || {
        let said = format!("let {} other persons say GO after it", lifting.wanted);
        Advice::answer(match lifting.left {
            true => format!("its person can sign no more: {said}"),
            false => said,
        })
    };
    match (lifting.left, lifting.lacks_persons) {
        (false, false) => taken_back.or(others()),
        (false, true) => taken_back.or(anew),
        (true, false) => others().or(anew),
        (true, true) => anew,
    }
}
