//! GL128: prompt-unanswered.

use super::Context;
use super::support::sections::sectioned;
use crate::markdown::placeholder;
use crate::model::{Finding, State, hollow, letters};

rule! {
    /// One of the protocol's questions has no answer.
    ///
    /// ## What it checks
    /// Below a question that the phase puts to the author stands an answer in the author's own
    /// words; the quoted question is none, and neither are `as usual` and `see the wiki`.
    ///
    /// ## Why it matters
    /// "Who is authorized to make the rollback decision, and are they reachable?" is answered
    /// before the release, or during the outage.
    ///
    /// ## How to fix
    /// Answer it below the question.
    GL128 "prompt-unanswered" Error since "0.1.0" clauses ["D3P-7"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections.iter().copied() {
            let (Some(prompt), Some(found)) = (&def.prompt, file.find(context.project, def)) else {
                continue;
            };
            let is_answer = |text: &str| {
                let own = text.replace(prompt.as_str(), "");
                letters(&own) >= 10 && hollow(&own).is_none()
            };
            let mut answers = found.prose().filter(|block| !block.quoted);
            let marked = found.prose().any(|block| placeholder::is_left(&block.text));
            if !marked && !answers.any(|block| is_answer(&block.text)) {
                let place = file.at(found.section.heading.clone());
                out.push(
                    Finding::new(
                        &GL128,
                        file.piece.clone(),
                        place,
                        format!("not answered: {prompt}"),
                    )
                    .state(State::Missing)
                    .clauses(&def.clauses)
                    .edit("answer it"),
                );
            }
        }
    }
}
