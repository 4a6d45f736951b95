//! GL202: schema-mismatch.

use super::Context;
use super::support::mend::mend;
use super::support::missing_keys::unmade;
use super::support::sections::skeletons;
use crate::model::{AdviceKind, Finding, Location, Mark};
use crate::text::edit;

rule! {
    /// Evidence does not have the form its schema demands.
    ///
    /// ## What it checks
    /// JSON evidence, and the front matter of Markdown evidence, fit the schema of their kind in
    /// `schemas/`: every key there, none unknown (outside `x-…`), types, closed lists of words,
    /// times with offset, digests.
    ///
    /// ## Why it matters
    /// A schema is the contract that tools, agents and auditors read the same way. Unknown keys
    /// are where facts go to be ignored.
    ///
    /// ## How to fix
    /// Mend the place the finding points at; `d3p schema KIND` prints the schema. What hooks make is
    /// mended in `d3p.yaml` or in the hook: the finding names the report or key that is lacking.
    GL202 "schema-mismatch" Error since "0.1.0" clauses ["X-4", "P11-1.2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let skeletons = skeletons(context.project);
    for evidence in
        context.readable().filter(|evidence| !skeletons.contains(&evidence.def.path.as_str()))
    {
        let Some(value) = evidence.value() else { continue };
        for fault in context.project.phase.folder.faults(evidence.kind, value) {
            // A placeholder is one fault, and has a rule of its own.
            let text = value.pointer(&fault.pointer).and_then(serde_json::Value::as_str);
            if text.is_some_and(crate::markdown::placeholder::is_left) {
                continue;
            }
            // A key that is not there at all is one that hooks could not make.
            let absent = fault.pointer.is_empty();
            let unmade = if absent { unmade(context.project, evidence.kind) } else { None };
            let mark =
                if fault.on_key { Mark::Key(fault.pointer) } else { Mark::Pointer(fault.pointer) };
            let place = Location { path: evidence.def.path.clone(), mark };
            let mend = mend(context.project, &evidence.piece());
            // What its schema says of the value is how the recorded body is corrected.
            let advice = match (unmade, fault.help) {
                (Some(unmade), _) => unmade,
                (None, Some(meant)) => mend.what(meant),
                (None, None) => mend,
            };
            // What was recorded is recorded anew, and never edited.
            let advice = match fault.becomes.filter(|_| advice.kind == AdviceKind::Edit) {
                Some(value) => advice.replacing(place.clone(), edit::flow(&value)),
                None => advice,
            };
            out.push(
                Finding::new(&GL202, evidence.piece(), place, fault.message)
                    .clauses(&evidence.def.clauses)
                    .advise(advice),
            );
        }
    }
}
