//! GL402: launched-in-denied-window.

use super::support::plan::plan;
use super::support::window::denied_between;
use super::{Context, denied_at};
use crate::decisions::{decisions, window_overridden};
use crate::definition::NativeCheck;
use crate::model::{Advice, Finding, Level, Location, Piece, Stamp, State};
use crate::project::Project;

rule! {
    /// Production was deployed inside a denied window.
    ///
    /// ## What it checks
    /// The deployment did not start in a window that `windows.deny` in `d3p.yaml` names: peak hours, a
    /// freeze, a Friday afternoon. Windows are judged in their own time zone. One that started outside
    /// and ran into a window is told as a warning: stopping it half way would have been worse. A window
    /// that the persons of `approval.window` overrode, in the signed decision on the launch, does not
    /// deny it; GL411 says who did.
    ///
    /// ## Why it matters
    /// Blackouts exist because of what happened the last time.
    ///
    /// ## How to fix
    /// Nothing mends it afterwards. `d3p check --before STEP` refuses before it
    /// happens and names the window, and it says when the planned steps would run into one.
    GL402 "launched-in-denied-window" Error since "0.1.0" clauses ["D3P-6", "DLC-8", "DLC-12", "P8-6", "OPS-7"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let policy = &context.project.effective().policy;
    let now = context.judgement.now;
    let allowed =
        |id: &str, at: Stamp| window_overridden(context.project, context.decisions(), id, at, now);
    for evidence in context.readable() {
        if !evidence.def.native.iter().any(|native| matches!(native, NativeCheck::Window { .. })) {
            continue;
        }
        let (Some(from), to) = (evidence.started(), evidence.finished()) else { continue };
        for window in &policy.windows.deny {
            let into = || denied_between(window, from, to.unwrap_or(from)).ok().flatten();
            let finding = |pointer: &str, message: String| {
                Finding::new(&GL402, evidence.piece(), evidence.at(pointer), message)
                    .clauses(&evidence.def.clauses)
            };
            if denied_at(window, from) == Ok(true) {
                let message = format!("{from} lies in the denied window `{}`", window.id);
                let found = finding(evidence.start_pointer(), message)
                    .state(State::Failed)
                    .advise(Advice::answer("see to it that clearance is asked for before a launch (d3p check --before), which refuses"));
                out.extend((!allowed(&window.id, from)).then_some(found));
            } else if let Some(at) = into().filter(|at| !allowed(&window.id, *at)) {
                let message =
                    format!("ran into the denied window `{}`, which began {at}", window.id);
                out.push(finding(evidence.finish_pointer(), message).level(Level::Warning).advise(Advice::answer("plan the next one to end before the window; it is history and stands in every report")));
            }
        }
    }
}

/// The denied windows that a launch at `now` would run into by the planned steps: told before, and
/// keeping nobody.
pub fn runs_into(project: &Project, now: Stamp) -> Vec<Finding> {
    let Some(plan) = plan(project) else { return Vec::new() };
    let ends = plan.ends(now);
    let windows = project.effective().policy.windows.deny.iter().enumerate();
    let meets = windows.filter_map(|(index, window)| {
        let begins = denied_between(window, now, ends).ok().flatten().filter(|at| *at > now)?;
        if window_overridden(project, &decisions(project), &window.id, begins, now) {
            return None;
        }
        let message = format!(
            "by the planned steps a launch now ends {ends}, and runs into the denied window `{}`, which begins {begins}",
            window.id
        );
        let place = Location::pointer("d3p.yaml", format!("/windows/deny/{index}"));
        let help = "start earlier, or after the window; nothing stops a launch that has begun";
        Some(Finding::new(&GL402, Piece::Policy, place, message).level(Level::Warning).advise(Advice::answer(help)))
    });
    meets.collect()
}
