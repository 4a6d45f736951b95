//! Four eyes: whether who decides is somebody else than who wrote or deployed, and who is left to
//! decide.

use crate::decisions::person::{fold, signatures_on};
use crate::definition::{Derivation, Person};
use crate::model::{Advice, Placeholder};
use crate::project::{Project, Release, step_hooks};
use crate::record::{Authorship, Entry, EntryKind};
use std::collections::BTreeSet;

/// What somebody does who must not have written or deployed the release.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// They say GO.
    Approve,
    /// They let a finding stand.
    Waive,
    /// They say that the time of a line is not to be believed.
    Withdraw,
    /// They go on with a rollout though a stage did not pass.
    Continue,
    /// They say that it is not gone through.
    Skip,
}

/// Why `person` may not do that to `release`: they wrote or deployed it themselves, as the machines
/// say. `None` where they may, or the policy does not ask.
pub fn not_separate(
    project: &Project,
    release: &Release,
    person: &Person,
    deed: Deed,
) -> Option<String> {
    if !separation_wanted(project) {
        return None;
    }
    let does = match deed {
        Deed::Approve => "approves",
        Deed::Waive => "waives",
        Deed::Withdraw => "withdraws times of",
        Deed::Continue => "goes on with",
        Deed::Skip => "skips the phase for",
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
    let asked = separation_wanted(project);
    authors(project).iter().map(String::as_str).find(|author| asked && is_author(person, author))
}

/// Whether who wrote or deployed a release may not approve it.
pub fn separation_wanted(project: &Project) -> bool {
    project.effective().policy.approval.separation != "off" && signatures_on(project)
}

/// Who wrote the release: as git was asked just now, else as the line says with which the first gate
/// was passed. The manifest has no part in it.
pub fn authorship(project: &Project) -> Option<&Authorship> {
    let release = project.release()?;
    let told = || project.ledger.last_pass(project.phase.first_gate()?.0);
    let told = || told().filter(|line| line.entry.release == release.name());
    let asked = project.asked_authors.as_ref();
    asked.or_else(|| told()?.entry.authors.as_ref()).filter(|own| own.commit == release.commit)
}

/// Authors of the release that are no person of the policy, by name or mail address.
pub(crate) fn unknown_authors(project: &Project) -> Vec<&str> {
    let persons = &project.effective().policy.approval.persons;
    let known = |author: &&str| persons.iter().any(|person| is_author(person, author));
    authors(project).iter().map(String::as_str).filter(|author| !known(author)).collect()
}

/// Whether an account is this person's: their name, a principal, or the part of it before the `@`.
fn is_actor(person: &Person, actor: &str) -> bool {
    let principals = person.principals.iter();
    let mut names = principals
        .flat_map(|name| [name.as_str(), name.split('@').next().unwrap_or_default()])
        .chain([person.name.as_str()]);
    names.any(|name| name.to_lowercase() == actor)
}

/// Whether `author`, such as `Ana Silva <ana@example.com>`, is this person.
fn is_author(person: &Person, author: &str) -> bool {
    let (name, mail) = author.rsplit_once('<').unwrap_or((author, ""));
    let mail = account(mail.trim_end_matches('>'));
    let mut mails = person.principals.iter().chain(&person.emails);
    fold(name) == fold(&person.name) || !mail.is_empty() && mails.any(|own| account(own) == mail)
}

/// A mail address in lower case; one that a forge made up, without the number in front of the name.
fn account(mail: &str) -> String {
    let mail = mail.trim().to_lowercase();
    match mail.split_once('+') {
        Some((number, rest))
            if rest.contains("@users.noreply.") && number.bytes().all(|b| b.is_ascii_digit()) =>
        {
            rest.to_owned()
        }
        _ => mail,
    }
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

/// Who wrote what is released.
fn authors(project: &Project) -> &[String] {
    authorship(project).map_or(&[], |own| &own.persons)
}
