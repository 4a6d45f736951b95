//! GL242: mostly-skipped.

use super::Context;
use super::support::runs::{again_or_waive, scans};
use crate::model::{Finding, State};
use serde_json::Value;

rule! {
    /// More tests of a suite were skipped than ran.
    ///
    /// ## What it checks
    /// In each suite of the evidence at least as many tests ran as were skipped. Otherwise a person
    /// looks at it: `review`.
    ///
    /// ## Why it matters
    /// "4 of 504 passed, none failed" is green, and says nothing of the 500.
    ///
    /// ## How to fix
    /// Run the tests, or take out those that nobody means to run. If it is right, let a person sign that
    /// it may stand: `d3p waive GL242`. The waiver ends when the number changes.
    GL242 "mostly-skipped" Error since "0.1.0" clauses ["DLC-4", "DLC-7", "P11-2.2"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for evidence in scans(context) {
        let suites = evidence.value().and_then(|value| value.get("suites")?.as_array());
        for (index, suite) in suites.into_iter().flatten().enumerate() {
            let number = |key: &str| suite.get(key).and_then(Value::as_u64).unwrap_or_default();
            let (total, skipped) = (number("total"), number("skipped"));
            if skipped <= total.saturating_sub(skipped) {
                continue;
            }
            let name = suite.get("name").and_then(Value::as_str).unwrap_or_default();
            let place = format!("/suites/{index}/skipped");
            let message = format!("suite {name} skipped {skipped} of its {total} tests");
            let finding = Finding::new(&GL242, evidence.piece(), evidence.at(&place), message);
            let way_out = again_or_waive(context.project, &GL242, &evidence, &place);
            out.push(finding.state(State::Review).clauses(&evidence.def.clauses).advise(way_out));
        }
    }
}
