//! GL241: findings-suppressed.

use super::Context;
use super::support::runs::{again_or_waive, scans};
use crate::model::{Finding, State};
use serde_json::Value;

rule! {
    /// Findings that the policy would not let pass were suppressed where the scanner looked.
    ///
    /// ## What it checks
    /// A suppressed finding does not count. But where more critical or high ones are suppressed than
    /// the policy lets stand (`validation.security.max_critical`, `max_high`), a person looks at them:
    /// `review`.
    ///
    /// ## Why it matters
    /// A comment in the code is written in a second and read by nobody; two critical findings must not
    /// leave the gate by it.
    ///
    /// ## How to fix
    /// Mend what was found, and take the suppression out. If it is right, let a person sign that it may
    /// stand: `d3p waive GL241`. The waiver ends when the number changes.
    GL241 "findings-suppressed" Error since "0.1.0" clauses ["DLC-4", "DLC-7", "P11-2.2"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let policy = &context.project.effective().values;
    for evidence in scans(context) {
        for severity in ["critical", "high"] {
            let bound = policy.pointer(&format!("/validation/security/max_{severity}"));
            let most = bound.and_then(Value::as_u64).unwrap_or_default();
            let place = format!("/security/suppressed/{severity}");
            let count = evidence.value().and_then(|value| value.pointer(&place)?.as_u64());
            let Some(count) = count.filter(|count| *count > most) else { continue };
            let message = format!(
                "{count} {severity} findings are suppressed in the scan; the policy lets {most} stand"
            );
            let finding = Finding::new(&GL241, evidence.piece(), evidence.at(&place), message);
            let way_out = again_or_waive(context.project, &GL241, &evidence, &place);
            out.push(finding.state(State::Review).clauses(&evidence.def.clauses).advise(way_out));
        }
    }
}
