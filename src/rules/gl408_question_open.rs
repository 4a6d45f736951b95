//! GL408: question-open.

use super::Context;
use crate::model::{Actor, Advice, Finding, State};
use serde_json::Value;

rule! {
    /// A question was answered with Clarify, or not answered.
    ///
    /// ## What it checks
    /// Each question in `confirmations.json` has the answer `yes`. A *no* fails its gate; a
    /// *clarify* waits for a human.
    ///
    /// ## Why it matters
    /// The (Yes / No / Clarify) loop is how people stop a launch without having to prove that they
    /// are right.
    ///
    /// ## How to fix
    /// Talk, and put the question again with `d3p confirm`; the person who answers is named.
    GL408 "question-open" Error since "0.1.0" clauses ["D3P-4", "P11-C2", "DLC-7"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for evidence in context.readable() {
        let questions =
            evidence.value().and_then(|value| value.get("questions")).and_then(Value::as_array);
        for (index, question) in questions.into_iter().flatten().enumerate() {
            if question.get("answer").and_then(Value::as_str) != Some("clarify") {
                continue;
            }
            let text = question.get("question").and_then(Value::as_str).unwrap_or("a question");
            let message = format!("still to be clarified: {text}");
            out.push(
                Finding::new(
                    &GL408,
                    evidence.piece(),
                    evidence.at(format!("/questions/{index}/answer")),
                    message,
                )
                .state(State::Review)
                .clauses(&evidence.def.clauses)
                .advise(
                    Advice::d3p(["confirm", text])
                        .by(Actor::Person)
                        .what("clarify it, then answer it"),
                ),
            );
        }
    }
}
