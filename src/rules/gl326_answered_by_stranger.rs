//! GL326: answered-by-stranger.

use super::Context;
use crate::decisions::same_name;
use crate::model::{Actor, Advice, Finding, State};
use serde_json::Value;

rule! {
    /// A question was answered by somebody whom the policy does not know.
    ///
    /// ## What it checks
    /// Where `approval.persons` in `d3p.yaml` lists persons, each answer to a question of the release is
    /// one of theirs.
    ///
    /// ## Why it matters
    /// "Yes" by a name that nobody knows is a Yes of nobody.
    ///
    /// ## How to fix
    /// Let a person of the policy answer (`d3p confirm`), or list who answered in `approval.persons`. Or
    /// whoever may approve signs that they know them: `d3p waive GL326`.
    GL326 "answered-by-stranger" Error since "0.1.0" clauses ["D3P-4", "P11-C2", "DLC-7"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let persons = &context.project.effective().policy.approval.persons;
    if persons.is_empty() {
        return;
    }
    for evidence in context.readable().filter(|own| own.def.questions) {
        let list = evidence.value().and_then(|value| value.get("questions")?.as_array());
        for (index, question) in list.into_iter().flatten().enumerate() {
            let text = |key: &str| question.get(key).and_then(Value::as_str).unwrap_or_default();
            let by = text("answered_by");
            if persons.iter().any(|person| same_name(&person.name, by)) {
                continue;
            }
            let place = evidence.at(format!("/questions/{index}/answered_by"));
            let message = format!("{by} answered, and is nobody the policy knows");
            out.push(
                Finding::new(&GL326, evidence.piece(), place, message)
                    .state(State::Review)
                    .clauses(&evidence.def.clauses)
                    .advise(
                        Advice::d3p(["confirm", text("question")])
                            .by(Actor::Person)
                            .what("let a person of the policy answer"),
                    ),
            );
        }
    }
}
