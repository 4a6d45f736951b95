//! GL544: timestamp-invalid.

use super::Context;
use super::support::advice::{abandon, restore};
use crate::model::{Finding, Location, Piece, State};

rule! {
    /// A time stamp in the ledger proves nothing.
    ///
    /// ## What it checks
    /// Each time stamp is about the line that it names, is signed by an authority for which a root of
    /// the frozen policy vouches, with a chain that was in force then, and does not lie in the future.
    ///
    /// ## Why it matters
    /// d3p writes no other one. A stamp of another line, or by somebody else, was put there to make a
    /// made up time look as if somebody outside knew it.
    ///
    /// ## How to fix
    /// Restore the ledger. Where the authority moved to another root before the first gate was passed
    /// again, `timestamp.roots` holds the old one beside the new one.
    GL544 "timestamp-invalid" Error since "0.1.0" clauses ["X-11", "X-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    // Without roots none can be judged, which is said for itself.
    if matches!(project.timestamp_roots(), Some(Err(_))) {
        return;
    }
    let ahead = context.judgement.now.plus(project.effective().policy.skew);
    for (place, proved) in &project.attested().each {
        let why = match proved {
            Err(why) => why.to_string(),
            Ok(own) if own.earliest > ahead => format!("{} lies in the future", own.earliest),
            Ok(_) => continue,
        };
        let Some(line) = project.ledger.lines.get(*place) else { continue };
        let place = Location::span(project.places().ledger(), line.range.clone());
        let message = format!("the time stamp counts for nothing: {why}");
        out.push(
            Finding::new(&GL544, Piece::Ledger, place, message)
                .state(State::Invalid)
                .advise(restore().or(abandon())),
        );
    }
}
