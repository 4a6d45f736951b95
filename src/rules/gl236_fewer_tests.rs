//! GL236: fewer-tests.

use super::Context;
use super::support::runs::made;
use crate::definition::Derivation;
use crate::derive::baseline;
use crate::model::{Finding, State};

rule! {
    /// Tests or suites of the baseline are gone.
    ///
    /// ## What it checks
    /// Where `validation.baseline` pins a file that counts tests, each of its suites ran again, and none
    /// has fewer tests. A suite that vanished is a failure; fewer tests are `review`.
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
        if made.evidence.def.derive != Some(Derivation::Validation) {
            continue;
        }
        let Some(Ok(baseline)) = baseline(context.project) else { continue };
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
