//! GL227: observations-differ.

use super::Context;
use super::support::mend::mend;
use crate::derive::observations;
use crate::model::{Finding, State};
use serde_json::Value;

rule! {
    /// The observations for the retrospective are not what the evidence makes.
    ///
    /// ## What it checks
    /// `observations` is derived again from the evidence and the ledger, up to the time that the
    /// file names, and compared.
    ///
    /// ## Why it matters
    /// The actions are people's words. That a gate was refused twice, or that a deployment took
    /// three times as long as planned, is not for anybody to leave out.
    ///
    /// ## How to fix
    /// Record the actions again; d3p adds the observations.
    GL227 "observations-differ" Error since "0.1.0" clauses ["P11-4.3"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(release) = project.release() else { return };
    for evidence in context.readable().filter(|evidence| observations::carries(evidence.def)) {
        let Some(until) = evidence.finished() else { continue };
        let made = observations::observations(project, &release, evidence.kind, until);
        let found = evidence.value().and_then(|value| value.get("observations"));
        if found == Some(&made) {
            continue;
        }
        let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let (found_items, made_items) = (found.map(items).unwrap_or_default(), items(&made));
        let text =
            |item: &Value| item.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
        let lost = made_items.iter().find(|item| !found_items.contains(item));
        let message = match lost {
            Some(item) => format!("does not say what the evidence does: {}", text(item)),
            None => "says more, or in another order, than the evidence does".to_owned(),
        };
        let pointer = if found.is_some() { "/observations" } else { "" };
        out.push(
            Finding::new(&GL227, evidence.piece(), evidence.at(pointer), message)
                .state(State::Stale)
                .clauses(&evidence.def.clauses)
                .advise(mend(project, &evidence.piece())),
        );
    }
}
