//! GL514: approver-not-separate.

use super::Context;
use super::support::approval::approval_evidence;
use super::support::signed::{fold, person_of, signatures_on};
use crate::definition::{Derivation, Person};
use crate::derive::step_hooks;
use crate::model::Finding;
use crate::project::{Project, Release};
use crate::record::{EntryKind, is_run_path};
use serde_json::Value;
use std::collections::BTreeSet;

rule! {
    /// A person approved what they wrote or deployed themselves.
    ///
    /// ## What it checks
    /// While `approval.separation` is on, nobody who said GO is the actor of the ledger lines that
    /// ran or recorded a deployment of this release: by full name, by a principal of theirs, or by
    /// the part of one before the `@`. Nor is it one of the `authors` of the release manifest, which
    /// `d3p init` takes from git, by name or mail address.
    ///
    /// ## Why it matters
    /// Four eyes are two people. Actor and authors are what machines say, so this catches the honest
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
    let deployers = deployers(project, &release);
    let authors = authors(project);
    for (decision, signer) in context.decisions().iter().zip(context.signers()) {
        let Ok(signer) = signer else { continue };
        let Some(person) = person_of(&policy.persons, &signer.identity) else { continue };
        if !decision.is_go() {
            continue;
        }
        let deployed = deployers.iter().find(|actor| is_actor(person, actor));
        let wrote = authors.iter().find(|author| is_author(person, author));
        let message = match (deployed, wrote) {
            (Some(actor), _) => format!("{} approves what `{actor}` deployed", signer.person),
            (None, Some(author)) => format!("{} approves what {author} wrote", signer.person),
            (None, None) => continue,
        };
        out.push(
            Finding::new(&GL514, evidence.piece(), evidence.at(decision.pointer()), message)
                .clauses(&evidence.def.clauses)
                .help(
                    "let another person approve; a team of one says approval.separation: \"off\"",
                ),
        );
    }
}

/// Whether an account is this person's: their name, a principal, or the part of it before the `@`.
fn is_actor(person: &Person, actor: &str) -> bool {
    let principals = person.principals.iter();
    let mut names = principals
        .flat_map(|name| [name.as_str(), name.split('@').next().unwrap_or_default()])
        .chain([person.name.as_str()]);
    names.any(|name| name.to_lowercase() == actor)
}

/// Whether `author`, such as `Ana Silva (ana@example.com)`, is this person.
fn is_author(person: &Person, author: &str) -> bool {
    let (name, mail) = match author.split_once('(') {
        Some((name, rest)) => (name, rest.trim_end_matches(')')),
        None => (author, ""),
    };
    fold(name) == fold(&person.name)
        || person.principals.iter().any(|own| own.eq_ignore_ascii_case(mail.trim()))
}

/// Accounts that ran or recorded a deployment of the release, in lower case.
fn deployers(project: &Project, release: &Release) -> BTreeSet<String> {
    let of_hook = |path: &str, step: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let hooks = step_hooks(project, step);
        hooks.iter().any(|(hook, _)| name.starts_with(&format!("{hook}-")))
    };
    let deploys = |path: &str| {
        project.phase.evidence.iter().any(|(kind, def)| {
            let step = project.phase.step_producing(kind).map(|(step, _)| step);
            let ran = is_run_path(path) && step.is_some_and(|step| of_hook(path, step));
            def.derive == Some(Derivation::Deployment) && (def.path == path || ran)
        })
    };
    let lines = project.ledger.lines.iter().map(|line| &line.entry);
    lines
        .filter(|entry| entry.release == release.name())
        .filter(|entry| matches!(entry.kind, EntryKind::Ran | EntryKind::Recorded))
        .filter(|entry| entry.digests.iter().any(|file| deploys(&file.path)))
        .map(|entry| entry.actor.to_lowercase())
        .collect()
}

/// Who wrote what is released, as the manifest says.
fn authors(project: &Project) -> Vec<&str> {
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let authors = manifest.and_then(|manifest| manifest.value()?.get("authors")?.as_array());
    authors.into_iter().flatten().filter_map(Value::as_str).collect()
}
