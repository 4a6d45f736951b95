//! GL401: launched-without-rollback-plan.

use super::Context;
use super::support::advice::abandon;
use crate::definition::Before;
use crate::model::{Finding, State};

rule! {
    /// Production was deployed without a rollback plan in place.
    ///
    /// ## What it checks
    /// When a deployment is reported, the rollback plan and the rollback strategy exist, and the
    /// plan was finished before the deployment began.
    ///
    /// ## Why it matters
    /// The first guardrail: do not deploy without an immediate rollback plan. It can never be
    /// waived.
    ///
    /// ## How to fix
    /// Nothing mends it afterwards: roll back, write the plan, and begin a new attempt.
    GL401 "launched-without-rollback-plan" Error since "0.1.0" clauses ["D3P-6", "DLC-8", "DLC-12", "P8-6"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(launch) = project.phase.launch().and_then(|(kind, _)| project.evidence(kind)) else {
        return;
    };
    let Some(started) = launch.started() else { return };
    // What must hold before the launch; other steps come later and have conditions of their own.
    let steps = project.phase.steps.values();
    let demanded = steps
        .filter(|step| step.produces.as_deref() == Some(launch.kind))
        .flat_map(|step| &step.before);
    for before in demanded {
        let message = match before {
            Before::Evidence(kind) => match project.evidence(kind) {
                None => continue,
                Some(plan) if plan.file.is_absent() => format!("deployed without {kind}"),
                Some(plan) => match plan.finished() {
                    Some(finished) if finished > started.plus(project.effective().policy.skew) => {
                        format!("deployed {started}, before {kind} was finished ({finished})")
                    }
                    _ => continue,
                },
            },
            Before::Document(id) => match project.phase.documents.get(id) {
                Some(def) if project.present(&def.path).is_none() => {
                    format!("deployed without the document {}", def.title.to_lowercase())
                }
                _ => continue,
            },
            _ => continue,
        };
        out.push(
            Finding::new(&GL401, launch.piece(), launch.at(launch.start_pointer()), message)
                .state(State::Failed)
                .clauses(&launch.def.clauses)
                .advise(abandon().what("roll back, write the plan and begin a new attempt")),
        );
    }
}
