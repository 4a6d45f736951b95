//! GL236: fewer-tests.

use super::Context;
use super::support::runs::made;
use crate::definition::NativeCheck;
use crate::derive::baseline;
use crate::model::{Finding, State};

rule! {
    /// Tests, suites or metrics of the baseline are gone.
    ///
    /// ## What it checks
    /// Where `validation.baseline` pins a file that counts tests, each of its suites ran again, and none
    /// has fewer tests, and each of its metrics is measured. A suite that vanished is a failure; fewer tests
    /// and a metric that vanished are `review`.
    ///
    /// ## Why it matters
    /// The easiest way to a green suite is a smaller one.
    ///
    /// ## How to fix
    /// Run the suite, or pin a newer baseline in `d3p.yaml` before gate 1 freezes the policy.
    /// Or let a person sign that it may stand: `d3p waive GL236`.
    GL236 "fewer-tests" Error since "0.1.0" clauses ["DLC-4", "P11-2.2"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for made in made(context) {
        // What is compared with a baseline is what is measured against it, too.
        let measures = |native: &NativeCheck| matches!(native, NativeCheck::Performance { .. });
        if !made.evidence.def.native.iter().any(measures) {
            continue;
        }
        let Some(Ok(baseline)) = baseline(context.project) else { continue };
        let measured = made.evidence.value().and_then(|value| value.get("performance"));
        let measured =
            measured.and_then(serde_json::Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for before in &baseline.metrics {
            if !measured.iter().any(|own| own["metric"] == before.name.as_str()) {
                let message = format!("{} of the baseline is not measured any more", before.name);
                let place = if measured.is_empty() { "" } else { "/performance" };
                out.push(made.finding(&GL236, place, message, State::Review));
            }
        }
        let suites = made.evidence.value().and_then(|value| value.get("suites"));
        let suites =
            suites.and_then(serde_json::Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for (name, before) in &baseline.suites {
            let now = suites.iter().position(|suite| suite["name"] == name.as_str());
            let Some(index) = now else {
                let message = format!("suite {name} of the baseline did not run");
                out.push(made.finding(&GL236, "/suites", message, State::Failed));
                continue;
            };
            let total = suites[index]["total"].as_u64().unwrap_or_default();
            if total < *before {
                let message = format!("suite {name} has {total} tests; the baseline had {before}");
                out.push(made.finding(
                    &GL236,
                    &format!("/suites/{index}/total"),
                    message,
                    State::Review,
                ));
            }
        }
    }
}
