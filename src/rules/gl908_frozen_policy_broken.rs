//! GL908: frozen-policy-broken.

use super::Context;
use crate::model::{Advice, Finding, Location, Piece};

rule! {
    /// The policy that gate 1 froze is gone or altered.
    ///
    /// ## What it checks
    /// Once a gate is passed, `records/policy.json` exists, is canonical, and is an effective policy.
    ///
    /// ## Why it matters
    /// Every verdict of the release is computed with it. Without it, gates would be judged by whatever
    /// `d3p.yaml` says today.
    ///
    /// ## How to fix
    /// Restore it from version control.
    GL908 "frozen-policy-broken" Error since "0.1.0" clauses ["X-1", "X-2"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let mut gates = project.phase.gates.iter();
    let recorded =
        gates.any(|(id, gate)| project.present(&project.places().gate(gate.number, id)).is_some());
    if project.frozen.is_some() {
        return;
    }
    let frozen =
        project.phase.first_gate().is_some_and(|(id, _)| project.ledger.last_pass(id).is_some());
    let message = match project.present(project.places().policy()) {
        Some(_) if !frozen => return,
        Some(_) => "the frozen policy cannot be read, or is not in canonical form",
        None if recorded => "gates are recorded as passed, and the policy they froze is gone",
        None => return,
    };
    out.push(
        Finding::new(&GL908, Piece::Policy, Location::file(project.places().policy()), message)
            .advise(Advice::restore(project.places().policy())),
    );
}
