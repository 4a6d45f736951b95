//! GL303: time-out-of-order.

use super::Context;
use super::support::inner_times::inner;
use super::support::mend::mend;
use crate::model::{Finding, Stamp};

rule! {
    /// Evidence began before what it builds on was finished.
    ///
    /// ## What it checks
    /// Each piece starts after its predecessors ended, give or take the policy's `skew`
    /// (5 minutes unless it says otherwise) between clocks of different machines. What is promised, such
    /// as the day by which an action is due, does not lie before it was promised.
    ///
    /// ## Why it matters
    /// A validation that began before the deployment it validates validated something else.
    ///
    /// ## How to fix
    /// Run the steps in order and record them again.
    GL303 "time-out-of-order" Error since "0.1.0" clauses ["X-2", "DLC-8"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let skew = project.effective().policy.skew;
    for evidence in context.readable() {
        for time in inner(&evidence) {
            let promised = time.def.not_before.as_ref().and_then(|own| evidence.text_at(own));
            let Some(promised) = promised.and_then(|text| Stamp::parse(text).ok()) else {
                continue;
            };
            if time.ends.plus(skew) < promised {
                let message = format!("{} was over when it was promised ({promised})", time.text);
                out.push(
                    Finding::new(&GL303, evidence.piece(), evidence.at(&time.pointer), message)
                        .clauses(&evidence.def.clauses)
                        .advise(mend(project, &evidence.piece())),
                );
            }
        }
        let Some(started) = evidence.started() else { continue };
        for kind in &evidence.def.after {
            let Some(predecessor) = project.evidence(kind) else { continue };
            let Some(finished) = predecessor.finished() else { continue };
            if started.plus(skew) < finished {
                let message = format!("began {started}, before {kind} was finished ({finished})");
                out.push(
                    Finding::new(
                        &GL303,
                        evidence.piece(),
                        evidence.at(evidence.start_pointer()),
                        message,
                    )
                    .clauses(&evidence.def.clauses)
                    .advise(mend(project, &evidence.piece())),
                );
            }
        }
    }
}
