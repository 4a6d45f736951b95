//! GL226: workflow-state-differs.

use super::Context;
use super::support::advice::set_aside;
use crate::decisions::rollbacks_begun;
use crate::derive::workflow;
use crate::model::{Advice, Finding, State};

rule! {
    /// The workflow state is not what the gates say.
    ///
    /// ## What it checks
    /// The state is computed again from the record of the last gate, and every member is compared.
    /// Before that gate is passed there is none; a release that was taken back says that, and no more.
    ///
    /// ## Why it matters
    /// A state that can be set by hand says that a release is complete whenever somebody wants it
    /// to be.
    ///
    /// ## How to fix
    /// Remove the file while a gate is open. Once all are passed, running the last gate again writes
    /// what they say.
    GL226 "workflow-state-differs" Error since "0.1.0" clauses ["P8-7", "X-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(release) = project.release() else { return };
    let Some(evidence) = workflow::evidence(project) else { return };
    let Some(found) = evidence.value() else { return };
    let gate = workflow::last_gate(project).unwrap_or_default();
    let completed = workflow::completed_at(project);
    if completed.is_none() && project.ledger.last_pass(gate).is_some() {
        // The record is gone, which is a fault of its own.
        return;
    }
    let back = Some(rollbacks_begun(project)).filter(|begun| !begun.is_empty());
    let back = back.and_then(|_| workflow::rolled_back(project, &release));
    if back.is_some_and(|(_, state)| state == *found) {
        return;
    }
    let (pointer, message, advice) = match completed {
        None => (
            String::new(),
            format!("says that the phase is complete, and gate {gate} is not passed"),
            set_aside(&evidence.def.path),
        ),
        Some(completed) => {
            let made = workflow::state(project, &release, evidence.kind, completed);
            let members =
                |value: &serde_json::Value| value.as_object().cloned().unwrap_or_default();
            let (found, made) = (members(found), members(&made));
            let differs =
                made.keys().chain(found.keys()).find(|key| made.get(*key) != found.get(*key));
            let Some(key) = differs else { return };
            let says = made.get(key).map_or("nothing".to_owned(), ToString::to_string);
            let pointer = if found.contains_key(key) { format!("/{key}") } else { String::new() };
            (
                pointer,
                format!("`{key}` is not what the gates say: {says}"),
                Advice::d3p(["gate", gate]),
            )
        }
    };
    out.push(
        Finding::new(&GL226, evidence.piece(), evidence.at(pointer), message)
            .state(State::Invalid)
            .clauses(&evidence.def.clauses)
            .advise(advice),
    );
}
