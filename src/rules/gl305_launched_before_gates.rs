//! GL305: launched-before-gates.

use super::Context;
use super::support::advice::abandon;
use crate::definition::Before;
use crate::model::{Finding, State};

rule! {
    /// Production was deployed before the gates that guard it were passed.
    ///
    /// ## What it checks
    /// The deployment's `started_at` is not before the pass of each gate that must hold before the
    /// step that launches, as their records and ledger lines say.
    ///
    /// ## Why it matters
    /// Gates that are run after the fact, over evidence that is shaped to fit, guard nothing.
    ///
    /// ## How to fix
    /// It cannot be undone. Roll back and begin a new attempt, or archive the release as what it
    /// was. `d3p check --before STEP` in the CI job that holds the deploy credential
    /// prevents it.
    GL305 "launched-before-gates" Error since "0.1.0" clauses ["DLC-8", "DLC-12", "P11-G3"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(launch) = project.phase.launch().and_then(|(kind, _)| project.evidence(kind)) else {
        return;
    };
    let Some(started) = launch.started() else { return };
    let skew = project.effective().policy.skew;
    let launch_gate = project.phase.launch_gate();
    let demanded = project
        .phase
        .steps
        .values()
        .filter(|step| step.produces.as_deref() == Some(launch.kind))
        .flat_map(|step| &step.before)
        .filter_map(|before| match before {
            Before::Gate(gate) => Some(gate),
            _ => None,
        });
    let mut gates: Vec<&String> = demanded
        .filter(|gate| project.phase.gates.get(*gate).is_some_and(|gate| gate.number < launch_gate))
        .collect();
    gates.sort();
    gates.dedup();
    for gate in gates {
        let message = match project.ledger.last_pass(gate) {
            None => format!("production was deployed, and gate {gate} was never passed"),
            Some(line) if started.plus(skew) < line.at => {
                format!(
                    "production was deployed {started}, before gate {gate} was passed ({})",
                    line.at
                )
            }
            Some(_) => continue,
        };
        out.push(
            Finding::new(&GL305, launch.piece(), launch.at(launch.start_pointer()), message)
                .state(State::Invalid)
                .clauses(&launch.def.clauses)
                .advise(abandon().what("roll back and begin a new attempt")),
        );
    }
}
