//! GL209: requirement-unmet.

use super::Context;
use super::support::runs::{again_or_waive, scans};
use crate::model::Finding;
use serde_json::Value;

rule! {
    /// Evidence does not say what its gate asks for.
    ///
    /// ## What it checks
    /// Each value the phase names is compared with what the gate wants: no failed test, exit code 0, every service healthy, at least one test.
    ///
    /// ## Why it matters
    /// This is the gate itself: valid evidence of something that failed.
    ///
    /// ## How to fix
    /// Mend the cause, run the step again and record what really happened.
    /// Or let a person sign that it may stand: `d3p waive GL209`.
    GL209 "requirement-unmet" Error since "0.1.0" clauses ["P11-G1", "P11-G2", "P11-G3", "DLC-4"] waivable true
}

/// What the predicates found is in `out` already.
#[expect(clippy::ptr_arg, reason = "every rule is called alike")]
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    tell_unchanged(context, out);
}

/// Says of findings that are too many how many of them the scanner knew before: to mend all of those
/// at once is seldom what a team can do, and a person may let them stand.
fn tell_unchanged(context: &Context<'_>, found: &mut [Finding]) {
    for evidence in scans(context) {
        let unchanged = evidence.value().and_then(|value| value.pointer("/security/unchanged"));
        for (severity, count) in unchanged.and_then(Value::as_object).into_iter().flatten() {
            let place = format!("/security/{severity}");
            let location = evidence.at(&place);
            let told = found
                .iter_mut()
                .find(|finding| finding.rule.code == GL209.code && finding.location == location);
            if let (Some(finding), Some(count @ 1..)) = (told, count.as_u64()) {
                finding.message.push_str(&format!(
                    "; {count} of them are unchanged since the scanner's baseline"
                ));
                finding.advice = Some(again_or_waive(context.project, &GL209, &evidence, &place));
            }
        }
    }
}
