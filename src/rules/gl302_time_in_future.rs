//! GL302: time-in-future.

use super::support::advice::abandon;
use super::support::mend::mend;
use super::{Context, prerequisite_status};
use crate::model::{Advice, Finding, Location, Piece, Stamp};

rule! {
    /// A time lies in the future of the moment it is judged at.
    ///
    /// ## What it checks
    /// No time in evidence, in a log's entry or on a prerequisite lies after now, nor after the
    /// decision of the gate that binds it, by more than `skew`: clocks of two machines disagree. A
    /// day has come once it has begun anywhere on earth.
    ///
    /// ## Why it matters
    /// A stamp in the future never expires: age checks everywhere subtract it and find it fresh.
    ///
    /// ## How to fix
    /// Record it when it has happened. If the clock of the machine was wrong, set it and record
    /// again.
    GL302 "time-in-future" Error since "0.1.0" clauses ["X-4", "X-2"]
}

/// What a log holds is not taken back: its time comes, or the attempt is closed.
fn wait_for(at: Stamp) -> Advice {
    let wait =
        Advice::wait("set the clock that was ahead; what was written so counts from then on");
    wait.not_before(at).or(abandon())
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let now = context.judgement.now;
    let skew = project.effective().policy.skew;
    for evidence in context.readable() {
        let bound = match project.phase.gate_of_evidence(evidence.kind) {
            Some((gate, _)) if context.is_bound(&evidence, gate) => {
                context.gate_time(gate).min(now)
            }
            _ => now,
        };
        for pointer in ["/started_at", "/finished_at", "/created_at"] {
            let stamp = evidence.text_at(pointer).and_then(|text| Stamp::parse(text).ok());
            if let Some(stamp) = stamp.filter(|stamp| *stamp > bound.plus(skew)) {
                let message = format!("{stamp} lies after the moment of judgement ({bound})");
                out.push(
                    Finding::new(&GL302, evidence.piece(), evidence.at(pointer), message)
                        .clauses(&evidence.def.clauses)
                        .advise(mend(project, &evidence.piece())),
                );
            }
        }
        for entry in evidence.file.entries().iter().filter(|entry| entry.at > now.plus(skew)) {
            let message = format!("entry of {} lies in the future", entry.at);
            let place = Location::span(&evidence.def.path, entry.range.clone());
            out.push(
                Finding::new(&GL302, evidence.piece(), place, message).advise(wait_for(entry.at)),
            );
        }
    }
    for id in
        project.phase.prerequisites.keys().filter(|id| project.prerequisite_exemption(id).is_none())
    {
        let Some(status) = prerequisite_status(project, id, now) else { continue };
        if let Some((pointer, text)) = &status.dated
            && status.is_ahead(now, skew)
        {
            let message = format!("dated {text}, which lies in the future");
            let place = Location::pointer(&status.path, pointer);
            out.push(
                Finding::new(&GL302, Piece::Prerequisite(id.clone()), place, message)
                    .edit("give the day on which it happened"),
            );
        }
    }
}
