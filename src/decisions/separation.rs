//! Four eyes: whether who decides is somebody else than who wrote or deployed, and who is left to
//! decide.

use crate::decisions::person::{fold, signatures_on};
use crate::definition::{Derivation, Person};
use crate::model::{Advice, Placeholder};
use crate::project::{Project, Release, step_hooks};
use crate::record::{Entry, EntryKind};
use serde_json::Value;
use std::collections::BTreeSet;

/// What somebody does who must not have written or deployed the release.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// They say GO.
    Approve,
    /// They let a finding stand.
    Waive,
}

/// Why `person` may not do that to `release`: they wrote or deployed it themselves, as the machines
/// say. `None` where they may, or the policy does not ask.
pub fn not_separate(
    project: &Project,
    release: &Release,
    person: &Person,
    deed: Deed,
) -> Option<String> {
    if !is_asked_for(project) {
        return None;
    }
    let does = match deed {
        Deed::Approve => "approves",
        Deed::Waive => "waives",
    };
    let name = &person.name;
    if let Some(actor) = deployers(project, release).iter().find(|actor| is_actor(person, actor)) {
        return Some(format!("{name} {does} what `{actor}` deployed"));
    }
    wrote(project, person).map(|author| format!("{name} {does} what {author} wrote"))
}

/// Persons who could say GO to this release: they have a principal, and neither wrote nor deployed it.
pub fn approvers(project: &Project) -> Vec<&Person> {
    let release = project.release();
    let separate = |person: &&Person| {
        !person.principals.is_empty()
            && release.as_ref().is_none_or(|release| {
                not_separate(project, release, person, Deed::Approve).is_none()
            })
    };
    project.effective().policy.approval.persons.iter().filter(separate).collect()
}

/// How a person decides in this project.
pub fn how_to_decide(project: &Project) -> Advice {
    if signatures_on(project) {
        Advice::decide(["approve", "sign"])
            .with("--as", Placeholder::PRINCIPAL)
            .words(["--decision", "go"])
    } else {
        let kind = project.phase.approval().map_or("", |(kind, _)| kind);
        Advice::decide(["record", kind])
            .with("--by", Placeholder::FULL_NAME)
            .words(["--decision", "go"])
    }
}

/// Who of those that may has not said GO, and how each does; `said` are folded names.
pub(crate) fn who_else(project: &Project, said: &BTreeSet<String>) -> Advice {
    let policy = &project.effective().policy.approval;
    let open: Vec<&Person> = approvers(project)
        .into_iter()
        .filter(|person| !said.contains(&fold(&person.name)))
        .collect();
    let wanted = |person: &&&Person| {
        person.role.as_ref().is_some_and(|role| {
            let held = |other: &Person| {
                said.contains(&fold(&other.name)) && other.role.as_ref() == Some(role)
            };
            policy.production.roles.contains(role) && !policy.persons.iter().any(held)
        })
    };
    let lacking: Vec<&&Person> = open.iter().filter(wanted).collect();
    let told = |person: &Person| {
        let role = person.role.as_deref().map_or(String::new(), |role| format!(" ({role})"));
        let who = &person.principals[0];
        Advice::decide(["approve", "sign", "--as", who, "--decision", "go"])
            .what(format!("{}{role} decides", person.name))
    };
    let all: Vec<Advice> = match lacking.is_empty() {
        true => open.iter().map(|person| told(person)).collect(),
        false => lacking.iter().map(|person| told(person)).collect(),
    };
    let signed = Advice::any(all).filter(|_| signatures_on(project));
    signed.unwrap_or_else(|| how_to_decide(project))
}

/// The author of the release that `person` is, where authors do not approve.
pub(crate) fn wrote<'a>(project: &'a Project, person: &Person) -> Option<&'a str> {
    let asked = is_asked_for(project);
    authors(project).into_iter().find(|author| asked && is_author(person, author))
}

fn is_asked_for(project: &Project) -> bool {
    project.effective().policy.approval.separation != "off" && signatures_on(project)
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
    let deploys = |entry: &&Entry| {
        project.phase.evidence.iter().any(|(kind, def)| {
            let step = project.phase.step_producing(kind).map(|(step, _)| step);
            let hooks = step.map_or(Vec::new(), |step| step_hooks(project, step));
            let ran = hooks.iter().any(|(hook, _)| entry.hook.as_deref() == Some(*hook));
            let recorded = entry.digests.iter().any(|file| file.path == def.path);
            def.derive == Some(Derivation::Deployment) && (ran || recorded)
        })
    };
    let lines = project.ledger.lines.iter().map(|line| &line.entry);
    lines
        .filter(|entry| entry.release == release.name())
        .filter(|entry| matches!(entry.kind, EntryKind::Ran | EntryKind::Recorded))
        .filter(deploys)
        .map(|entry| entry.actor.name.to_lowercase())
        .collect()
}

/// Who wrote what is released, as the manifest says.
fn authors(project: &Project) -> Vec<&str> {
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let authors = manifest.and_then(|manifest| manifest.value()?.get("authors")?.as_array());
    authors.into_iter().flatten().filter_map(Value::as_str).collect()
}
