//! GL515: role-missing.

use super::Context;
use crate::decisions::{approval_evidence, signatures_on};
use crate::model::{Advice, Finding, Placeholder, State};
use std::collections::BTreeMap;

rule! {
    /// A role that must approve has not.
    ///
    /// ## What it checks
    /// Each of `approval.production.roles` is held by another one of the persons whose GO counts; the policy
    /// says who holds which.
    ///
    /// ## Why it matters
    /// Two of the same team see the same things. Who must look is decided before the night of the
    /// release.
    ///
    /// ## How to fix
    /// Ask somebody who holds the role: `d3p approve sign --as PRINCIPAL --role ROLE --decision go`.
    GL515 "role-missing" Error since "0.1.0" clauses ["X-3", "P11-3.1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    let wanted = &context.project.effective().policy.approval.production.roles;
    if context.decisions().is_empty() || !signatures_on(context.project) {
        return;
    }
    let mut persons: BTreeMap<&str, &str> = BTreeMap::new();
    for (decision, signer) in context.decisions().iter().zip(context.signers()) {
        if let (true, Ok(signer)) = (decision.is_go(), signer) {
            persons.insert(&signer.person, signer.role.as_deref().unwrap_or_default());
        }
    }
    for (index, role) in wanted.iter().enumerate() {
        // Each person holds one role, so each role wants a person of its own.
        let before = wanted[..index].iter().filter(|other| *other == role).count();
        let held = persons.values().filter(|own| *own == role).count();
        if held > before {
            continue;
        }
        out.push(
            Finding::new(
                &GL515,
                evidence.piece(),
                evidence.at("/decisions"),
                format!("nobody said GO as {role}"),
            )
            .state(State::Missing)
            .clauses(&evidence.def.clauses)
            .advise(
                Advice::decide(["approve", "sign"]).with("--as", Placeholder::PRINCIPAL).words([
                    "--role",
                    role,
                    "--decision",
                    "go",
                ]),
            ),
        );
    }
}
