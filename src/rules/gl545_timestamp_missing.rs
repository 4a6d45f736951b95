//! GL545: timestamp-missing.

use super::Context;
use super::support::stamps::{timed, unstamped};
use crate::model::Finding;

rule! {
    /// A gate, a GO or a launch has no time stamp, and the policy demands one.
    ///
    /// ## What it checks
    /// With `timestamp.required` each gate that was passed, each GO and each launch is covered by a
    /// time stamp: of its line of the ledger, or of one that leads back to it.
    ///
    /// ## Why it matters
    /// Without one its time is what the machine that wrote it claims: windows, ages of evidence and
    /// the validity of keys are judged by it.
    ///
    /// ## How to fix
    /// `d3p timestamp` asks the authority for what is there now; the time it says is then the latest
    /// at which it can have happened.
    GL545 "timestamp-missing" Error since "0.1.0" clauses ["X-11"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let policy = &project.effective().policy.timestamp;
    if !policy.as_ref().is_some_and(|own| own.required) {
        return;
    }
    let lacking: Vec<String> = timed(project)
        .into_iter()
        .filter(|own| own.bounds.before.is_none())
        .map(|own| format!("{} ({})", own.what, own.line.at))
        .collect();
    if !lacking.is_empty() {
        out.push(unstamped(project, format!("no time stamp covers: {}", lacking.join(", "))));
    }
}
