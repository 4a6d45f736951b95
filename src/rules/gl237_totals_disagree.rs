//! GL237: totals-disagree.

use super::Context;
use super::support::runs::made;
use crate::derive::imported;
use crate::model::Finding;

rule! {
    /// A report's own totals are not what it holds.
    ///
    /// ## What it checks
    /// The totals that a JUnit report writes down are compared with its test cases. What counts is
    /// always what was counted.
    ///
    /// ## Why it matters
    /// A report that miscounts itself was edited, cut, or merged badly.
    ///
    /// ## How to fix
    /// Look at the runner that wrote it; nothing has to be done for the gate.
    GL237 "totals-disagree" Warning since "0.1.0" clauses ["DLC-4", "P11-2.2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for made in made(context) {
        for (index, (import, text)) in made.facts.imports.iter().enumerate() {
            if import.format != "junit" {
                continue;
            }
            let Ok(report) = imported(text) else { continue };
            for wrong in report.disagreements {
                let message = format!(
                    "{}: suite {} says {}={}, and holds {}",
                    import.source, wrong.suite, wrong.attribute, wrong.claimed, wrong.counted
                );
                let place = made.evidence.at(format!("/imports/{index}"));
                out.push(Finding::new(&GL237, made.evidence.piece(), place, message));
            }
        }
    }
}
