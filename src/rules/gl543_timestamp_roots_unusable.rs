//! GL543: timestamp-roots-unusable.

use super::Context;
use crate::model::{Advice, Finding, Location, Piece, State};

rule! {
    /// The certificates that may vouch for the authority of time cannot be used.
    ///
    /// ## What it checks
    /// `timestamp.roots` in `d3p.yaml` names a PEM file of the project with at least one certificate,
    /// and each in it can be read. Its text is frozen with the policy.
    ///
    /// ## Why it matters
    /// Without them no time stamp proves anything, and every time is a claim, though the policy looks
    /// as if somebody outside knew it.
    ///
    /// ## How to fix
    /// Write the root certificate of the authority into the file: whoever runs it publishes that.
    GL543 "timestamp-roots-unusable" Error since "0.1.0" clauses ["X-11"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(Err(why)) = context.project.timestamp_roots() else { return };
    let place = Location::pointer("d3p.yaml", "/timestamp/roots");
    let mend = Advice::edit(place.clone(), "name a PEM file with the authority's root certificate");
    out.push(
        Finding::new(&GL543, Piece::Policy, place, why.into_text())
            .state(State::Invalid)
            .advise(mend),
    );
}
