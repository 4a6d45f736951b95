//! GL143: window-unusable.

use super::Context;
use super::support::plan::{PlannedWindow, plan, shown};
use crate::model::{Finding, State};

rule! {
    /// The planned release window cannot be kept.
    ///
    /// ## What it checks
    /// Each window of the plan ends after it starts, and is as long as the planned steps take: from
    /// its start to the end of the last step. While nothing has been launched, one of them is not
    /// over yet. All windows together last two weeks at most, or as long as the steps take.
    ///
    /// ## Why it matters
    /// Whoever cleared the window, staffed it and told customers did so for these times. A window
    /// of last year, or one that the steps do not fit into, was cleared by nobody.
    ///
    /// ## How to fix
    /// Write the window that was agreed, or plan fewer steps into it. The plan is bound by its gate:
    /// after a change the gate is passed again, and the decision is made again.
    GL143 "window-unusable" Error since "0.1.0" clauses ["D3P-3", "D3P-6", "P8-6", "OPS-7"]
}

/// Most that all windows of a plan may last together, in milliseconds: two weeks. Whoever is told of
/// more is told nothing.
const MOST: i64 = 14 * 24 * 60 * 60 * 1000;

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(plan) = plan(project) else { return };
    let now = context.judgement.now;
    let waits = context.launched_at().is_none();
    let over = waits && plan.windows.iter().all(|window| window.end < now);
    let all: i64 = plan.windows.iter().map(|window| window.millis().max(0)).sum();
    let wrong = |window: &PlannedWindow| {
        let lasts = window.millis();
        if lasts <= 0 {
            let message = format!("the window ends {}, before it starts", window.end);
            return Some((State::Invalid, message));
        }
        if lasts < plan.needs {
            let message = format!(
                "the window lasts {}, the planned steps take {} from its start",
                shown(lasts),
                shown(plan.needs)
            );
            return Some((State::Invalid, message));
        }
        if all > MOST.max(plan.needs) {
            let message = format!(
                "{} of windows say nothing of when: a launch at nearly any time lies in one",
                shown(all)
            );
            return Some((State::Invalid, message));
        }
        over.then(|| (State::Stale, format!("the window ended {}, now is {now}", window.end)))
    };
    for window in &plan.windows {
        let Some((state, message)) = wrong(window) else { continue };
        out.push(
            Finding::new(&GL143, plan.piece.clone(), window.place.clone(), message)
                .state(state)
                .edit("write the window that was agreed"),
        );
    }
}
