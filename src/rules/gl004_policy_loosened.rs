//! GL004: policy-loosened.

use super::Context;
use crate::definition::{Change, Direction};
use crate::model::{Finding, Location, Piece};
use crate::sign::SIGNERS_PATH;
use serde_json::Value;

rule! {
    /// `d3p.yaml` demands less than the policy that gate 1 froze.
    ///
    /// ## What it checks
    /// Each key of `d3p.yaml` is compared with `records/policy.json`. Every key states in its
    /// schema which direction is stricter (`x-d3p-stricter`); a key that states none loosens by any
    /// change.
    ///
    /// ## Why it matters
    /// Lowering the bar after the run began is the quietest way over it. Gates go on using the
    /// frozen policy, and say so.
    ///
    /// ## How to fix
    /// Restore the value. Before launch, `d3p gate readiness --refreeze` takes the edited policy,
    /// shows the difference, and supersedes approvals.
    GL004 "policy-loosened" Error since "0.1.0" clauses ["X-2"] waivable false
}

/// Where the signers stand among what the policy rests on.
const SIGNERS: &str = "/definition/signers";

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let changes = &context.project.policy_changes;
    for change in changes.iter().filter(|change| change.direction == Direction::Looser) {
        let signers = change.pointer == SIGNERS;
        let message = if signers {
            format!("{SIGNERS_PATH} was changed after gate 1 froze who may sign")
        } else {
            format!("`{}` was loosened after gate 1 froze it: {}", name(change), values(change))
        };
        let help = if context.project.launched_at().is_some() {
            "restore it; d3p diff readiness shows the frozen policy".to_owned()
        } else {
            "restore it, or take the edit into this release: d3p gate readiness --refreeze"
                .to_owned()
        };
        let place = match signers {
            true => Location::file(SIGNERS_PATH),
            false => Location::pointer("d3p.yaml", &change.pointer),
        };
        out.push(Finding::new(&GL004, Piece::Policy, place, message).help(help));
    }
}

/// A changed key, as it is written in `d3p.yaml`.
pub(super) fn name(change: &Change) -> String {
    change.pointer.trim_start_matches('/').replace('/', ".")
}

/// Both values of a change.
pub(super) fn values(change: &Change) -> String {
    let show =
        |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), Value::to_string);
    format!("{} → {}", show(&change.was), show(&change.now))
}
