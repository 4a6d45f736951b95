//! GL402: launched-in-denied-window.

use super::support::window::denied_between;
use super::{Context, denied_at};
use crate::decisions::window_overridden;
use crate::definition::NativeCheck;
use crate::model::{Advice, Finding, Stamp, State};

rule! {
    /// Production was deployed inside a denied window.
    ///
    /// ## What it checks
    /// No moment of the deployment, from its start to its end, lies in a window that `windows.deny` in
    /// `d3p.yaml` names: peak hours, a freeze, a Friday afternoon. Windows are judged in their own
    /// time zone. A window that the persons of `approval.window` overrode, in the signed decision on
    /// the launch, does not deny it; GL411 says who did.
    ///
    /// ## Why it matters
    /// Blackouts exist because of what happened the last time.
    ///
    /// ## How to fix
    /// Nothing mends it afterwards. `d3p check --before deploy-production` refuses before it
    /// happens and names the window.
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
        let (from, to) = (evidence.started(), evidence.finished());
        for window in &policy.windows.deny {
            let between = from.zip(to).and_then(|(from, to)| {
                denied_between(window, from, to).ok().flatten().filter(|at| *at != from)
            });
            let times = [
                (evidence.start_pointer(), from.filter(|at| denied_at(window, *at) == Ok(true))),
                (evidence.finish_pointer(), to.filter(|at| denied_at(window, *at) == Ok(true))),
                (evidence.start_pointer(), between),
            ];
            let inside = times.iter().find(|(_, at)| at.is_some_and(|at| !allowed(&window.id, at)));
            if let Some((pointer, Some(at))) = inside {
                let message = match [from, to].contains(&Some(*at)) {
                    true => format!("{at} lies in the denied window `{}`", window.id),
                    false => format!("spans the denied window `{}`, which begins {at}", window.id),
                };
                out.push(
                    Finding::new(&GL402, evidence.piece(), evidence.at(*pointer), message)
                        .state(State::Failed)
                        .clauses(&evidence.def.clauses)
                        .advise(Advice::answer("see to it that clearance is asked for before a launch (d3p check --before), which refuses")),
                );
            }
        }
    }
}
