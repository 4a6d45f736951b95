//! GL534: failed-before.

use super::Context;
use crate::decisions::{approval_evidence, how_to_decide};
use crate::model::{Finding, Location, State};

rule! {
    /// The project's last launch went wrong, and whoever approves the next one has to know.
    ///
    /// ## What it checks
    /// Each archived release that was launched since the last launch that stands, and that failed or
    /// has an incident, waits for whoever says GO: their statement names it by the digest of its
    /// incident, or of the report of its launch where nobody wrote one.
    ///
    /// ## Why it matters
    /// Who does not know of the last failure cannot judge whether it is over. A new version or another
    /// commit does not make it another project.
    ///
    /// ## How to fix
    /// Read it: `d3p approve show` tells it in five lines. Then decide; `d3p approve sign` names what was
    /// seen.
    GL534 "failed-before" Error since "0.1.0" clauses ["DLC-7", "DLC-9", "P8-3", "P11-3.1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(evidence) = approval_evidence(project) else { return };
    for failed in &project.failed_launches {
        let told = !failed.incident.is_absent();
        let file = if told { &failed.incident } else { &failed.launch };
        if file.digest.is_none() {
            continue;
        }
        let (name, at) = (failed.release.name(), failed.at);
        let message = match told {
            true => format!("{name} was launched {at} and went wrong: its incident is to be read"),
            false => format!("{name} was launched {at} and failed, and nobody wrote down why"),
        };
        out.push(
            Finding::new(&GL534, evidence.piece(), Location::file(&file.path), message)
                .state(State::Review)
                .clauses(&evidence.def.clauses)
                .advise(
                    how_to_decide(project)
                        .what("whoever says GO reads it, and their statement names it"),
                ),
        );
    }
}
