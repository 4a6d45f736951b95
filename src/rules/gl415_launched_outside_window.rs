//! GL415: launched-outside-window.

use super::Context;
use super::support::plan::{Plan, plan};
use crate::definition::NativeCheck;
use crate::model::{Advice, Finding, Stamp, State};
use crate::project::Project;

rule! {
    /// Production was deployed outside the planned release window.
    ///
    /// ## What it checks
    /// The deployment began inside a window of the plan, within the clock tolerance `skew`. Clearance
    /// asks the same of the moment at which it is asked.
    ///
    /// ## Why it matters
    /// Support was staffed and users were told for the window that the plan names. A launch at another
    /// time is another plan, and nobody cleared it.
    ///
    /// ## How to fix
    /// Before the launch: wait for the window, or write the agreed one into the plan, pass its gate
    /// again and let it be decided again. Afterwards it is history, and a person signs that it may
    /// stand: `d3p waive GL415`.
    GL415 "launched-outside-window" Error since "0.1.0" clauses ["D3P-3", "D3P-6", "DLC-8", "OPS-7"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(plan) = plan(context.project) else { return };
    for evidence in context.readable() {
        if !evidence.def.native.iter().any(|native| matches!(native, NativeCheck::Window { .. })) {
            continue;
        }
        let Some(started) = evidence.started() else { continue };
        if let Some(message) = outside(context.project, &plan, started) {
            let place = evidence.at(evidence.start_pointer());
            out.push(
                Finding::new(&GL415, evidence.piece(), place, format!("deployed {message}"))
                    .state(State::Failed)
                    .clauses(&evidence.def.clauses)
                    .advise(Advice::answer("decide on a rollback, or let a person sign that it may stand (d3p waive GL415)")),
            );
        }
    }
}

/// Why a launch must not begin at `now` by the plan: a finding on the plan, for clearance.
pub fn outside_plan(project: &Project, now: Stamp) -> Option<Finding> {
    let plan = plan(project)?;
    let message = format!("now is {}", outside(project, &plan, now)?);
    let place = plan.windows.first()?.place.clone();
    Some(
        Finding::new(&GL415, plan.piece, place, message)
            .state(State::Failed)
            .edit("wait for the window, or write the agreed one and have it decided anew"),
    )
}

/// `at` and the windows that it does not lie in; `None` when it lies in one of them.
fn outside(project: &Project, plan: &Plan, at: Stamp) -> Option<String> {
    let skew = project.effective().policy.skew;
    if plan.windows.iter().any(|window| window.admits(at, skew)) {
        return None;
    }
    let windows: Vec<String> =
        plan.windows.iter().map(|window| format!("{} to {}", window.start, window.end)).collect();
    Some(format!("{at}, outside the planned window {}", windows.join(" and ")))
}
