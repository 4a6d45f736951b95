//! GL314: samples-copied.

use super::Context;
use super::support::health;
use crate::model::{Advice, Finding, Location, State};
use std::collections::BTreeMap;

rule! {
    /// Samples of the health window repeat each other.
    ///
    /// ## What it checks
    /// No three samples in a row say exactly the same, and no single text makes up more than half
    /// of four samples or more.
    ///
    /// ## Why it matters
    /// Rows are copied from the interim report. Real measurements move; a human looks at those
    /// that do not.
    ///
    /// ## How to fix
    /// Sample with a resolution that moves, or say in the observation what was looked at each time.
    /// Or let a person sign that they may stand: `d3p waive GL314`.
    GL314 "samples-copied" Error since "0.1.0" clauses ["P11-4.1", "X-4", "DLC-7"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(series) = health::series(context) else { return };
    let samples = &series.samples;
    let in_a_row = samples
        .windows(3)
        .find(|three| three[0].payload == three[1].payload && three[1].payload == three[2].payload);
    let mut same: BTreeMap<_, usize> = BTreeMap::new();
    samples.iter().for_each(|sample| *same.entry(&sample.payload).or_default() += 1);
    let half = samples
        .iter()
        .find(|sample| samples.len() >= 4 && same[&sample.payload] * 2 > samples.len());
    let Some(sample) = in_a_row.map(|three| &three[2]).or(half) else { return };
    let place = Location::span(&series.log.def.path, sample.range.clone());
    out.push(
        Finding::new(&GL314, series.log.piece(), place, "samples repeat each other to the letter")
            .state(State::Review)
            .clauses(&series.log.def.clauses)
            .advise(Advice::answer("sample anew with a resolution that moves")),
    );
}
