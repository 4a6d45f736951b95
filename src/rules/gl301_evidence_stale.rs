//! GL301: evidence-stale.

use super::Context;
use super::support::inner_times::inner;
use super::support::mend::mend;
use crate::model::{Advice, Finding, Location, Piece, State};

rule! {
    /// Evidence or a prerequisite is older than its kind may be.
    ///
    /// ## What it checks
    /// `finished_at` plus `max_age` has not passed at the moment of judgement: before launch that
    /// is now; from the launch on, the deployment's start for what led to it, and the gate's
    /// decision for what followed. A completed release never ages. So it is for other times that the
    /// phase lists (`dated`), such as those of sign-offs.
    ///
    /// ## Why it matters
    /// Staging that was validated last week was validated with last week's data, certificates and
    /// dependencies; and who signed off years ago signed off something else.
    ///
    /// ## How to fix
    /// Produce it again. Ages are policy: `max_age` in `d3p.yaml`, before gate 1 freezes it.
    /// Or let a person sign that it may be older: `d3p waive GL301`.
    GL301 "evidence-stale" Error since "0.1.0" clauses ["P11-1.1", "X-2"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    for evidence in context.readable() {
        let (Some(max_age), Some(finished)) = (project.max_age(evidence.kind), evidence.finished())
        else {
            continue;
        };
        let at = context.evidence_judged_at(&evidence);
        if finished.plus(max_age) < at {
            let message =
                format!("finished {finished}, more than {max_age} before it was judged ({at})");
            out.push(
                Finding::new(
                    &GL301,
                    evidence.piece(),
                    evidence.at(evidence.finish_pointer()),
                    message,
                )
                .state(State::Stale)
                .clauses(&evidence.def.clauses)
                .advise(mend(project, &evidence.piece())),
            );
        }
    }
    inner_times(context, out);
    for (gate, def) in &project.phase.gates {
        let at = context.judged_at(gate);
        for id in def.prerequisites.iter().filter(|id| project.prerequisite_exemption(id).is_none())
        {
            let Some(status) = context.prerequisite(id, at) else { continue };
            if let (Some(stamp), Some((pointer, text))) = (status.stamp, &status.dated)
                && stamp.plus(status.max_age) < at
            {
                let message = format!(
                    "dated {text}, older than {} when it was judged ({at})",
                    status.max_age
                );
                out.push(
                    Finding::new(
                        &GL301,
                        Piece::Prerequisite(id.clone()),
                        Location::pointer(&status.path, pointer),
                        message,
                    )
                    .state(State::Stale)
                    .advise(Advice::answer(format!("let the phase that produces {id} run again"))),
                );
            }
        }
    }
}

/// Times in evidence besides those of its header: a day counts until it has ended everywhere.
fn inner_times(context: &Context<'_>, out: &mut Vec<Finding>) {
    for evidence in context.readable() {
        let at = context.evidence_judged_at(&evidence);
        for time in inner(&evidence) {
            let Some(max_age) = time.def.max_age else { continue };
            if time.ends.plus(max_age) < at {
                let message =
                    format!("{}, more than {max_age} before it was judged ({at})", time.text);
                out.push(
                    Finding::new(&GL301, evidence.piece(), evidence.at(&time.pointer), message)
                        .state(State::Stale)
                        .clauses(&evidence.def.clauses)
                        .advise(mend(context.project, &evidence.piece())),
                );
            }
        }
    }
}
