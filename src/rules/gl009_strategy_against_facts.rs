//! GL009: strategy-against-facts.

use super::Context;
use crate::model::{Finding, Location, Piece};

rule! {
    /// The strategy is another one than follows from what the policy says of the change.
    ///
    /// ## What it checks
    /// `facts` in `d3p.yaml` say what is changed: of high risk is put behind a feature flag; else what
    /// is critical is released as a canary; else what keeps state is rolled, and what keeps none is
    /// replaced blue-green. The first fact that says something counts. `rollout.strategy` is that one.
    ///
    /// ## Why it matters
    /// A strategy is chosen for what can go wrong. One that does not fit is a decision, and whoever
    /// approves the launch should see it as one.
    ///
    /// ## How to fix
    /// Take the strategy that follows, or let it stand: approvers see the warning.
    GL009 "strategy-against-facts" Warning since "0.1.0" clauses ["DLC-5", "P8-2", "OPS-7"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let policy = &context.project.effective().policy;
    let Some((follows, fact)) = policy.facts.strategy() else { return };
    let Some(chosen) = policy.rollout.strategy.as_deref().filter(|own| *own != follows) else {
        return;
    };
    let message = format!("the strategy is {chosen}; from {fact} follows {follows}");
    let place = Location::pointer("d3p.yaml", "/rollout/strategy");
    out.push(
        Finding::new(&GL009, Piece::Policy, place, message)
            .edit(format!("write strategy: {follows}, or let approvers see this")),
    );
}
