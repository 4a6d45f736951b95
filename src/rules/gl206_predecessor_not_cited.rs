//! GL206: predecessor-not-cited.

use super::Context;
use super::support::mend::mend;
use crate::decisions::rollbacks_begun;
use crate::model::{Finding, Location, Piece};

rule! {
    /// Evidence does not cite what had to come before it.
    ///
    /// ## What it checks
    /// Each piece cites its predecessors by digest: the staging report cites the readiness
    /// checklist, validation cites the staging report, and so on.
    ///
    /// ## Why it matters
    /// Times can be typed. A digest of a file can only be written once the file exists, so the
    /// chain of citations proves the order.
    ///
    /// ## How to fix
    /// Record it again with `d3p record`, which cites the predecessors itself.
    GL206 "predecessor-not-cited" Error since "0.1.0" clauses ["X-2", "P11-G2", "P11-G3"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    // A release that was taken back ends before all of it is there, and is reported all the same.
    let ended = !rollbacks_begun(context.project).is_empty();
    for evidence in context.readable() {
        for kind in &evidence.def.after {
            let Some(predecessor) = context.project.phase.evidence.get(kind) else { continue };
            let never = ended
                && evidence.def.computed
                && context.project.digest_of(&predecessor.path).is_none();
            if never
                || context.project.exemption(kind).is_some()
                || evidence.cites().any(|(_, path, _)| path == predecessor.path)
            {
                continue;
            }
            let message =
                format!("does not cite {kind} ({}), which must come before it", predecessor.path);
            let place = Location::pointer(&evidence.def.path, "/cites");
            out.push(
                Finding::new(&GL206, evidence.piece(), place, message)
                    .clauses(&evidence.def.clauses)
                    .follows([Piece::Evidence(kind.clone())])
                    .advise(mend(context.project, &evidence.piece())),
            );
        }
    }
}
