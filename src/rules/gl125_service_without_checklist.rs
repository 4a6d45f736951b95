//! GL125: service-without-checklist.

use super::Context;
use super::support::sections::sectioned;
use crate::model::{Finding, State};
use serde_json::Value;

rule! {
    /// A service of the policy has no verification checklist.
    ///
    /// ## What it checks
    /// Below the demanded heading, each service that `d3p.yaml` names has a subsection of its name
    /// with at least one task item.
    ///
    /// ## Why it matters
    /// The service that nobody verified is the one that is down.
    ///
    /// ## How to fix
    /// Add a heading with the service's name and a list of `- [ ]` items.
    GL125 "service-without-checklist" Error since "0.1.0" clauses ["D3P-2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections.iter().copied() {
            let (Some(checklist), Some(found)) = (&def.checklist, file.find(context.project, def))
            else {
                continue;
            };
            let members = checklist.for_each.resolve(&context.project.effective().values);
            for member in members.as_array().into_iter().flatten().filter_map(Value::as_str) {
                let items = found.subsection(member).map_or(0, |part| part.tasks().count());
                if items < checklist.min_items {
                    let message = format!("{member} has no verification checklist");
                    let place = file.at(found.section.heading.clone());
                    out.push(
                        Finding::new(&GL125, file.piece.clone(), place, message)
                            .state(State::Missing)
                            .clauses(&def.clauses)
                            .edit(format!(
                                "add \"### {member}\" and \"- [ ] what to verify\" below it"
                            )),
                    );
                }
            }
        }
    }
}
