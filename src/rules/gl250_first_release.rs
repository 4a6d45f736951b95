//! GL250: first-release.

use super::Context;
use crate::decisions::{approval_evidence, how_to_decide};
use crate::definition::NativeCheck;
use crate::model::{Finding, State};
use crate::project::Project;
use serde_json::Value;

rule! {
    /// Nothing was launched from this project before, so there is nothing to compare with.
    ///
    /// ## What it checks
    /// No archived release was launched, and the policy pins no baseline: what was measured on staging is
    /// compared with nothing, and where the manifest says that there is none before it, a rollback only takes it away. This is
    /// said once, with each value, to whoever says GO, and their statement names it.
    ///
    /// ## Why it matters
    /// Somebody has to say whether the first values are good: they are what the next release is compared
    /// with.
    ///
    /// ## How to fix
    /// Nothing has to be mended: read the values in `d3p approve show`, and say GO or NO_GO. To compare
    /// with what runs now, pin a report of it as `validation.baseline` before gate 1.
    GL250 "first-release" Error since "0.1.0" clauses ["DLC-4", "P11-2.2", "P11-3.1"] waivable false
}

/// Whether this is the first release that is launched from here, as far as the archives tell, and what it
/// has nothing to compare with is told to whoever approves it.
pub(super) fn is_first(project: &Project) -> bool {
    project.last_launch.is_none()
        && project.effective().policy.validation.baseline.is_none()
        && approval_evidence(project).is_some()
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(approval) = approval_evidence(project).filter(|_| is_first(project)) else { return };
    let returns = project.previous_release().is_some();
    for evidence in context.readable() {
        for native in &evidence.def.native {
            let NativeCheck::Performance { at, .. } = native else { continue };
            let list = evidence.value().and_then(|value| value.pointer(at)?.as_array());
            let values: Vec<String> = list.into_iter().flatten().filter_map(uncompared).collect();
            if values.is_empty() {
                continue;
            }
            let back = if returns { "" } else { "; a rollback returns to no release" };
            let message = format!(
                "nothing was launched from here before, so nothing is compared: {}{back}",
                values.join(", ")
            );
            out.push(
                Finding::new(&GL250, approval.piece(), evidence.at(at.clone()), message)
                    .state(State::Review)
                    .clauses(&approval.def.clauses)
                    .advise(
                        how_to_decide(project)
                            .what("whoever says GO sees it, and their statement names it"),
                    ),
            );
        }
    }
}

/// A value that has no baseline, in words.
fn uncompared(item: &Value) -> Option<String> {
    item.get("baseline").filter(|own| own.is_null())?;
    let metric = item.get("metric").and_then(Value::as_str).unwrap_or("a metric");
    let unit = item.get("unit").and_then(Value::as_str).unwrap_or_default();
    Some(format!("{metric} {}{unit}", item.get("observed").unwrap_or(&Value::Null)))
}
