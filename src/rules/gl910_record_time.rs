//! GL910: record-time.

use super::Context;
use crate::model::{Advice, Finding, Location, Piece, State};
use crate::project::required_bindings;

rule! {
    /// A gate's record carries a time that cannot be.
    ///
    /// ## What it checks
    /// `timeVerified` lies after everything the gate binds, after the previous gate, before the next, and
    /// not in the future.
    ///
    /// ## Why it matters
    /// The time of a record is a claim; these are its bounds. What it binds cannot be younger than the
    /// verdict over it.
    ///
    /// ## How to fix
    /// Before launch: run the gate again. After launch: restore the record from version control.
    GL910 "record-time" Error since "0.1.0" clauses ["X-1", "X-2"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let skew = project.effective().policy.skew;
    let claims = |id: &str| {
        let gate = project.phase.gates.get(id)?;
        project.file(&project.places().gate(gate.number, id))?.claims()
    };
    for (id, gate) in &project.phase.gates {
        let Some(own) = claims(id) else { continue };
        let at = own.time_verified;
        let mut why = None;
        // Clocks of two machines disagree.
        if at > context.judgement.now.plus(skew) {
            why = Some("lies in the future".to_owned());
        }
        if let Some(previous) = gate.after.as_deref().and_then(claims)
            && at < previous.time_verified
        {
            why = Some(format!("lies before the previous gate ({})", previous.time_verified));
        }
        for (piece, _) in required_bindings(project, gate, Some(&own.listed)) {
            let Piece::Evidence(kind) = piece else { continue };
            let Some(evidence) = project.evidence(&kind) else { continue };
            let growing = evidence.def.format == crate::definition::EvidenceFormat::AppendOnly;
            if let Some(finished) =
                evidence.finished().filter(|finished| at.plus(skew) < *finished && !growing)
            {
                why = Some(format!("lies before {kind} was finished ({finished})"));
            }
        }
        if let Some(why) = why {
            out.push(
                Finding::new(
                    &GL910,
                    Piece::Record(id.clone()),
                    Location::pointer(
                        project.places().gate(gate.number, id),
                        "/predicate/timeVerified",
                    ),
                    format!("{at} {why}"),
                )
                .state(State::Invalid)
                .advise(Advice::d3p(["gate", id])),
            );
        }
    }
}
