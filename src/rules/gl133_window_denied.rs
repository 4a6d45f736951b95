//! GL133: window-denied.

use super::support::plan::{Plan, PlannedWindow, plan, shown};
use super::support::window::denied_between;
use super::{Context, denied_at};
use crate::decisions::window_overridden;
use crate::definition::DenyWindow;
use crate::model::{Finding, Level, Stamp, State};

rule! {
    /// The planned release window lies in a denied one, or the steps would run into one.
    ///
    /// ## What it checks
    /// No window of the plan starts inside a window of `windows.deny`; that the planned steps would
    /// run into one is a warning, for a denied window judges the start of a launch only. What the
    /// persons of `approval.window` overrode is left out, and so is a launch that has begun: it is
    /// judged by its own time.
    ///
    /// ## Why it matters
    /// A plan for a freeze is found out at the launch, when everybody waits; a deployment that runs
    /// into one meets those whom the freeze protects.
    ///
    /// ## How to fix
    /// Move the window. Where the launch has to lie there, a person lets the plan stand
    /// (`d3p waive GL133`), and the window is overridden with the decision.
    GL133 "window-denied" Error since "0.1.0" clauses ["D3P-6", "DLC-8", "P8-6", "OPS-7"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    if context.launched_at().is_some() {
        return;
    }
    let Some(plan) = plan(project) else { return };
    for window in &plan.windows {
        for denied in &project.effective().policy.windows.deny {
            let Some((level, message)) = meets(context, &plan, window, denied) else { continue };
            let finding = Finding::new(&GL133, plan.piece.clone(), window.place.clone(), message);
            let finding = match level {
                Level::Error => finding.state(State::Failed),
                level => finding.level(level),
            };
            out.push(finding.edit("move the window"));
        }
    }
}

/// Where a planned window meets a denied one, and how much it weighs.
fn meets(
    context: &Context<'_>,
    plan: &Plan,
    window: &PlannedWindow,
    denied: &DenyWindow,
) -> Option<(Level, String)> {
    let now = context.judgement.now;
    let overridden =
        |at: Stamp| window_overridden(context.project, context.decisions(), &denied.id, at, now);
    if denied_at(denied, window.start) == Ok(true) {
        let message = format!("starts {}, in the denied window `{}`", window.start, denied.id);
        return (!overridden(window.start)).then_some((Level::Error, message));
    }
    let begins = denied_between(denied, window.start, plan.ends(window.start)).ok()??;
    let message = format!(
        "the steps take {} and would run into the denied window `{}`, which begins {begins}",
        shown(plan.needs),
        denied.id
    );
    (!overridden(begins)).then_some((Level::Warning, message))
}
