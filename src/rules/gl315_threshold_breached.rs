//! GL315: threshold-breached.

use super::Context;
use super::support::health;
use crate::model::{Advice, Conclusion, Finding, Location, State};

rule! {
    /// A sample of the health window lies outside its threshold.
    ///
    /// ## What it checks
    /// Each metric of each sample meets the threshold that the monitoring document gives for it. What
    /// cannot be compared, such as a time with percent, is for a human to judge.
    ///
    /// ## Why it matters
    /// The thresholds were written down before the launch, when nobody had to defend a number.
    ///
    /// ## How to fix
    /// Follow the gate's failure handling: escalate, extend monitoring, or roll back.
    /// Or let a person sign that it may stand: `d3p waive GL315`.
    GL315 "threshold-breached" Error since "0.1.0" clauses ["P11-4.1", "P11-G4", "D3P-5"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(series) = health::series(context) else { return };
    for sample in &series.samples {
        for (metric, (threshold, text)) in &series.thresholds {
            let Some(observed) = sample.quantity(metric) else { continue };
            let (state, message) = match threshold.judge(Some(observed), None) {
                Conclusion::Passed => continue,
                Conclusion::Failed => {
                    (State::Failed, format!("{metric} was {observed}, the threshold is {text}"))
                }
                Conclusion::Inconclusive(why) => (
                    State::Review,
                    format!("{metric} was {observed}, which cannot be judged by {text}: {why}"),
                ),
            };
            let place = Location::span(&series.log.def.path, sample.range.clone());
            out.push(
                Finding::new(&GL315, series.log.piece(), place, message)
                    .state(state)
                    .clauses(&series.log.def.clauses)
                    .advise(Advice::answer("escalate, extend monitoring, or roll back as planned")),
            );
        }
    }
}
