//! GL514: approver-not-separate.

use super::Context;
use super::support::approval::approval_evidence;
use super::support::signed::{person, signatures_on};
use crate::definition::Derivation;
use crate::derive::step_hooks;
use crate::model::Finding;
use crate::record::{EntryKind, is_run_path};
use std::collections::BTreeSet;

rule! {
    /// A person approved what they deployed or recorded themselves.
    ///
    /// ## What it checks
    /// While `approval.separation` is on, nobody who said GO is the actor of the ledger lines that
    /// ran or recorded a deployment of this release: by full name, by a principal of theirs, or by
    /// the part of one before the `@`.
    ///
    /// ## Why it matters
    /// Four eyes are two people. The actor is what the machine says, so this catches the honest
    /// mistake; keeping the deploy credential from approvers is what stops the other one.
    ///
    /// ## How to fix
    /// Let somebody else approve, or deploy. A team of one writes `separation: "off"`, which every
    /// report shows.
    GL514 "approver-not-separate" Error since "0.1.0" clauses ["X-3", "P11-3.1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let (Some(evidence), Some(release)) = (approval_evidence(project), project.release()) else {
        return;
    };
    let policy = &project.effective().policy.approval;
    if policy.separation == "off" || !signatures_on(project) {
        return;
    }
    let deploys = |path: &str| {
        project.phase.evidence.iter().any(|(kind, def)| {
            let step = project.phase.step_producing(kind).map(|(step, _)| step);
            let of_step = step.is_some_and(|step| {
                is_run_path(path)
                    && step_hooks(project, step).iter().any(|(hook, _)| {
                        path.rsplit('/')
                            .next()
                            .is_some_and(|name| name.starts_with(&format!("{hook}-")))
                    })
            });
            def.derive == Some(Derivation::Deployment) && (def.path == path || of_step)
        })
    };
    let actors: BTreeSet<String> = project
        .ledger
        .lines
        .iter()
        .filter(|line| line.entry.release == release.name())
        .filter(|line| matches!(line.entry.kind, EntryKind::Ran | EntryKind::Recorded))
        .filter(|line| line.entry.digests.iter().any(|file| deploys(&file.path)))
        .map(|line| line.entry.actor.to_lowercase())
        .collect();
    for (decision, signer) in context.decisions().iter().zip(context.signers()) {
        let Ok(signer) = signer else { continue };
        let person = person(&policy.persons, &signer.identity);
        let names = person.into_iter().flat_map(|person| {
            let principals = person
                .principals
                .iter()
                .flat_map(|name| [name.as_str(), name.split('@').next().unwrap_or_default()]);
            principals.chain([person.name.as_str()])
        });
        let Some(actor) = names.map(str::to_lowercase).find(|name| actors.contains(name)) else {
            continue;
        };
        if !decision.is_go() {
            continue;
        }
        let message = format!("{} approves what `{actor}` deployed", signer.person);
        out.push(
            Finding::new(&GL514, evidence.piece(), evidence.at(decision.pointer()), message)
                .clauses(&evidence.def.clauses)
                .help(
                    "let another person approve; a team of one says approval.separation: \"off\"",
                ),
        );
    }
}
