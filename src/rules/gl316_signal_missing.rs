//! GL316: signal-missing.

use super::Context;
use super::support::health;
use crate::model::{Advice, Finding, Location, State};

rule! {
    /// A sample lacks a signal, or its value cannot be read.
    ///
    /// ## What it checks
    /// Each sample has every signal of `health.signals` and every metric of the monitoring
    /// document's table, each told once, and a finite number with a unit that can be: no negative
    /// rate, no latency of nothing.
    ///
    /// ## Why it matters
    /// No data, `NaN` and "ok" are not good values. They are ambiguous, and ambiguity waits for a
    /// human.
    ///
    /// ## How to fix
    /// Mend the measurement and go on sampling; a human decides about the sample that lacks it.
    /// Or let a person sign that the sample may stand: `d3p waive GL316`.
    GL316 "signal-missing" Error since "0.1.0" clauses ["P11-4.1", "DLC-7", "DLC-12"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(series) = health::series(context) else { return };
    let mut wanted: Vec<&String> = series.signals.iter().chain(series.thresholds.keys()).collect();
    wanted.sort();
    wanted.dedup();
    for sample in &series.samples {
        for metric in &wanted {
            let message = match (sample.metrics.get(*metric), sample.quantity(metric)) {
                (None, _) => format!("the sample has no {metric}"),
                (Some(text), None) => {
                    format!("{metric} is \"{text}\", which is no one number with a unit")
                }
                (Some(_), Some(quantity)) => match quantity.impossible() {
                    None => continue,
                    Some(why) => format!("{metric} was {quantity}, which cannot be: {why}"),
                },
            };
            let place = Location::span(&series.log.def.path, sample.range.clone());
            out.push(
                Finding::new(&GL316, series.log.piece(), place, message)
                    .state(State::Review)
                    .clauses(&series.log.def.clauses)
                    .advise(Advice::answer("mend the measurement, and decide about this sample")),
            );
        }
    }
}
