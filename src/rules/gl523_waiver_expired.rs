//! GL523: waiver-expired.

use super::Context;
use crate::decisions::{WaiverState, Waivers};
use crate::model::{Finding, Piece};
use crate::rules::support::advice::{drop_waivers, waive};

rule! {
    /// A waiver has ended, or rests on a key that has.
    ///
    /// ## What it checks
    /// Each waiver is in force at the moment that what it is about is judged at: now before the
    /// launch, then the deployment's start or the gate's decision. It ends as it says itself, and
    /// `approval.waiver.max_age` after it was signed at the latest. The keys that signed it are
    /// still in force today.
    ///
    /// ## Why it matters
    /// An exception that never ends is another rule. What an ended waiver let stand blocks again.
    ///
    /// ## How to fix
    /// Mend what was waived; or have it signed anew: `d3p waive RULE --path PATH --until DATE
    /// --reason TEXT --as PRINCIPAL`, which drops the old one.
    GL523 "waiver-expired" Warning since "0.1.0" clauses ["X-3", "X-2"]
    [elsewhere]
}

/// Runs once it is known what is let stand.
pub(super) fn check_waived(context: &Context<'_>, waivers: &Waivers, out: &mut Vec<Finding>) {
    let piece = || Piece::File(context.project.places().waivers().to_owned());
    for set in &waivers.sets {
        if let WaiverState::Expired(at) = set.state {
            let message =
                format!("the waiver of {} ended {at}: it lets nothing stand", set.said.place());
            out.push(
                Finding::new(&GL523, piece(), set.location(context.project), message).advise(
                    waive(&set.said.rule, &set.said.path)
                        .what("mend it, or have it signed anew")
                        .or(drop_waivers()),
                ),
            );
        }
        if set.state == WaiverState::InForce {
            for signer in set.parts.iter().map(|part| &part.signer) {
                let Some(why) = &signer.expired else { continue };
                let message = format!(
                    "{}'s signature on the waiver of {} is taken as of {} only: {why}",
                    signer.person,
                    set.said.place(),
                    set.moment
                );
                out.push(Finding::new(&GL523, piece(), set.location(context.project), message));
            }
        }
    }
}
