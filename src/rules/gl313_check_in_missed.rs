//! GL313: check-in-missed.

use super::Context;
use super::support::advice::waive;
use super::support::health;
use crate::model::{Advice, Finding, Location, Span, State};

rule! {
    /// A check-in of the health window was missed.
    ///
    /// ## What it checks
    /// From the end of the deployment to the end of the window, no two samples lie further apart
    /// than one and a half of `health.interval` and a second; of `every` in the parts of `health.first`.
    ///
    /// ## Why it matters
    /// Two of nine check-ins is not monitoring, and the gap is where the incident was.
    ///
    /// ## How to fix
    /// It cannot be filled in afterwards. Escalate as the gate's failure handling says; a window
    /// that is watched anew begins with a new deployment.
    /// Or let a person sign that the gap may stand: `d3p waive GL313`.
    GL313 "check-in-missed" Error since "0.1.0" clauses ["P11-4.1", "D3P-5", "P8-4"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(series) = health::series(context) else { return };
    let Some(start) = series.start else { return };
    let end = start.plus(series.window);
    let health = &context.project.effective().policy.health;
    let mut before = start;
    for sample in &series.samples {
        let gap = sample.at.millis_since(before);
        let passed = u64::try_from(before.millis_since(start) / 1000).unwrap_or_default();
        let every = health.every(Span::from_seconds(passed));
        // Half an interval late is late, not missed; and a second, for commands take their time.
        let interval = i64::try_from(every.seconds()).unwrap_or(i64::MAX / 2000);
        let longest = interval * 1500 + 1000;
        if before < end && gap > longest {
            let message = format!(
                "no sample between {before} and {} ({} s), the interval is {}",
                sample.at,
                gap / 1000,
                every
            );
            let place = Location::span(&series.log.def.path, sample.range.clone());
            out.push(
                Finding::new(&GL313, series.log.piece(), place, message)
                    .state(State::Failed)
                    .clauses(&series.log.def.clauses)
                    .advise(
                        Advice::answer("it cannot be filled in afterwards: decide on a rollback")
                            .or(waive(GL313.code, &series.log.def.path)
                                .what("let a person sign that the gap may stand")),
                    ),
            );
        }
        before = sample.at;
    }
}
