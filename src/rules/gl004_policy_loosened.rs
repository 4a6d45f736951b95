//! GL004: policy-loosened.

use super::Context;
use super::support::advice::{refreeze, restore_file};
use crate::definition::{Change, Direction};
use crate::model::{Advice, Finding, Location, Piece};
use crate::project::Project;
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
    /// Restore the value. Before launch, `d3p gate 1 --refreeze` takes the edited policy,
    /// shows the difference, and supersedes approvals. Where the phase definition is that of another
    /// version of d3p, judge the release with that version.
    GL004 "policy-loosened" Error since "0.1.0" clauses ["X-2"] waivable false
}

/// Where the signers stand among what the policy rests on.
const SIGNERS: &str = "/definition/signers";
/// Where the phase definition stands there.
const PHASE: &str = "/definition/phase";

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let changes = &context.project.policy_changes;
    for change in changes.iter().filter(|change| change.direction == Direction::Looser) {
        if change.pointer.starts_with(PHASE) && !context.project.phase.custom {
            out.push(other_version(context.project));
            continue;
        }
        let signers = change.pointer == SIGNERS;
        let message = if signers {
            format!("{SIGNERS_PATH} was changed after gate 1 froze who may sign")
        } else {
            format!("`{}` was loosened after gate 1 froze it: {}", name(change), values(change))
        };
        let place = match signers {
            true => Location::file(SIGNERS_PATH),
            false => Location::pointer("d3p.yaml", &change.pointer),
        };
        let restore = match signers {
            true => restore_file(SIGNERS_PATH).what("bring it back, where a copy of it is"),
            false => Advice::edit(place.clone(), "write what was frozen"),
        };
        let first = context.project.phase.first_gate().map_or("", |(id, _)| id);
        let other = match context.project.launched_at() {
            Some(_) => Advice::d3p(["diff", first]).what("see the frozen policy"),
            None => refreeze(context.project),
        };
        out.push(Finding::new(&GL004, Piece::Policy, place, message).advise(restore.or(other)));
    }
}

/// The phase that this program brings along is not the one that the gates were passed with.
fn other_version(project: &Project) -> Finding {
    let message = "the phase definition that gate 1 froze is not the one of this d3p";
    Finding::new(&GL004, Piece::Policy, Location::file(project.places().policy()), message).advise(Advice::answer("judge this release with the d3p that passed its gates: the records name its version (predicate.verifier.version)"))
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
