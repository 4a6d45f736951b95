//! GL926: policy-ended.

use super::Context;
use crate::model::{Advice, Finding, Location, Piece, Stamp, State};

rule! {
    /// The policy has ended.
    ///
    /// ## What it checks
    /// `valid_until` in `d3p.yaml`, where it is given, is not over: now before the launch, and when the
    /// launch began afterwards.
    ///
    /// ## Why it matters
    /// A policy that somebody agreed to for a while goes on to let everything through, long after they
    /// would have looked at it again.
    ///
    /// ## How to fix
    /// Look at the policy again, set `valid_until` to a later day in a reviewed change, and pass the
    /// first gate again with `--refreeze`.
    GL926 "policy-ended" Error since "0.1.0" clauses ["X-3", "P8-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(text) = &project.effective().policy.valid_until else { return };
    let moment = context.launched_at().unwrap_or(context.judgement.now);
    let Ok(end) = Stamp::parse(text) else { return };
    if moment < end {
        return;
    }
    let place = Location::pointer("d3p.yaml", "/valid_until");
    let message = format!("the policy counts until {end}, and it is {moment}");
    let again = Advice::edit(place.clone(), "look at the policy again, and write a later day");
    out.push(
        Finding::new(&GL926, Piece::Policy, place, message)
            .state(State::Stale)
            .advise(again.or(super::refreeze(project))),
    );
}
