//! GL313: check-in-missed.

use super::Context;
use super::support::health;
use crate::model::{Finding, Location, State};

rule! {
    /// A check-in of the health window was missed.
    ///
    /// ## What it checks
    /// From the end of the deployment to the end of the window, no two samples lie further apart
    /// than one and a half of `health.interval`.
    ///
    /// ## Why it matters
    /// Two of nine check-ins is not monitoring, and the gap is where the incident was.
    ///
    /// ## How to fix
    /// It cannot be filled in afterwards. Escalate as the gate's failure handling says; a window
    /// that is watched anew begins with a new deployment.
    GL313 "check-in-missed" Error since "0.1.0" clauses ["P11-4.1", "D3P-5", "P8-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(series) = health::series(context) else { return };
    let Some(start) = series.start else { return };
    let end = start.plus(series.window);
    let longest = series.interval.seconds() + series.interval.seconds().div_ceil(2);
    let mut before = start;
    for sample in &series.samples {
        let gap = sample.at.seconds_since(before);
        if before < end && gap > i64::try_from(longest).unwrap_or(i64::MAX) {
            let message = format!(
                "no sample between {before} and {} ({gap} s), the interval is {}",
                sample.at, series.interval
            );
            let place = Location::span(&series.log.def.path, sample.range.clone());
            out.push(
                Finding::new(&GL313, series.log.piece(), place, message)
                    .state(State::Failed)
                    .clauses(&series.log.def.clauses)
                    .help("it cannot be filled in afterwards; extend monitoring or decide on a rollback"),
            );
        }
        before = sample.at;
    }
}
