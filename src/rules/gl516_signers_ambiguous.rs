//! GL516: signers-ambiguous.

use super::Context;
use crate::decisions::signatures_on;
use crate::model::{Advice, Finding, Location, Piece};
use crate::project::Project;
use crate::sign::{NAMESPACE, SIGNERS_PATH};
use std::collections::{BTreeMap, BTreeSet};

rule! {
    /// It is not clear which person a key stands for.
    ///
    /// ## What it checks
    /// While `signatures` is on: every line of `.d3p/allowed_signers` can be read; no key stands in
    /// lines of two persons, no principal belongs to two persons, every person who may approve has
    /// a principal and a line for it, which names them literally and for `d3p-approval` alone.
    ///
    /// ## Why it matters
    /// One key under two names is one person counted twice. A pattern lets a name in that nobody
    /// wrote down.
    ///
    /// ## How to fix
    /// Give each key to one person, and each person a line: `ana@example.com
    /// namespaces="d3p-approval" ssh-ed25519 AAAA…`.
    GL516 "signers-ambiguous" Error since "0.1.0" clauses ["X-3", "P11-3.1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    if !signatures_on(project) {
        return;
    }
    let persons = &project.effective().policy.approval.persons;
    let mut add = |place: Location, message: String, advice: Advice| {
        out.push(Finding::new(&GL516, Piece::Policy, place, message).advise(advice));
    };
    // A phase in which nobody approves wants nobody who may.
    if persons.is_empty() && project.phase.approval().is_some() {
        let place = Location::pointer("d3p.yaml", "/approval/persons");
        let list = Advice::edit(
            place.clone(),
            format!(
                "list who may approve, such as {{ name: Ana Silva, principals: [ana@example.com] }}, and write a line with the key of each into {SIGNERS_PATH}: ana@example.com namespaces=\"{NAMESPACE}\" ssh-ed25519 AAAA…"
            ),
        );
        let page = Advice::d3p(["explain", "approval.persons"]).what("to see what may stand there");
        let off = Advice::edit(
            Location::file("d3p.yaml"),
            "a project without signatures says signatures: \"off\"",
        );
        let message = "signatures are on, and nobody may approve".to_owned();
        add(place, message, list.or(page).or(off));
    }
    let owner = principals(project, &mut add);
    keys(project, &owner, &mut add);
}

/// Advice on lines of the signers' file.
fn signers(what: &str) -> Advice {
    Advice::edit(Location::file(SIGNERS_PATH), what)
}

const EXAMPLE: &str = "write lines such as NAME namespaces=\"d3p-approval\" ssh-ed25519 AAAA…";

/// Whose each principal is; those that are nobody's or two persons' are told.
fn principals<'a>(
    project: &'a Project,
    add: &mut dyn FnMut(Location, String, Advice),
) -> BTreeMap<&'a str, &'a str> {
    let persons = &project.effective().policy.approval.persons;
    let mut owner: BTreeMap<&str, &str> = BTreeMap::new();
    for (index, person) in persons.iter().enumerate() {
        let place = Location::pointer("d3p.yaml", format!("/approval/persons/{index}"));
        // Whoever is listed with the addresses of their commits only writes, and decides nothing.
        if person.principals.is_empty() && person.emails.is_empty() {
            let message = format!("{} has no principal to sign with", person.name);
            add(
                place.clone(),
                message,
                Advice::edit(
                    place.clone(),
                    "add principals: [NAME] to that person, as .d3p/allowed_signers has it",
                ),
            );
        }
        for principal in &person.principals {
            if let Some(other) = owner.insert(principal, &person.name) {
                let message = format!("{principal} is both {other} and {}", person.name);
                add(
                    place.clone(),
                    message,
                    Advice::edit(place.clone(), "give each principal to one person"),
                );
            }
            let lines = project.signers.iter().flat_map(|signers| signers.of(principal));
            if lines.count() == 0 {
                let message = format!("{SIGNERS_PATH} has no key of {principal} ({})", person.name);
                add(place.clone(), message, signers(EXAMPLE));
            }
        }
    }
    owner
}

/// Lines that cannot be read or used, and keys that stand for two persons.
fn keys(
    project: &Project,
    owner: &BTreeMap<&str, &str>,
    add: &mut dyn FnMut(Location, String, Advice),
) {
    let Some(allowed) = &project.signers else { return };
    let text = project.file(SIGNERS_PATH).map_or("", |file| file.text.as_str());
    let at = |line: usize| {
        let start = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let length = text.lines().nth(line - 1).map_or(0, str::len);
        Location::span(SIGNERS_PATH, start..start + length)
    };
    for fault in &allowed.faults {
        add(at(fault.line), fault.message.clone(), signers(EXAMPLE));
    }
    let mut keys: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for line in &allowed.lines {
        let named = || line.principals.iter().filter_map(|name| owner.get(name.as_str()).copied());
        let people: BTreeSet<&str> = named().collect();
        if people.is_empty() {
            continue;
        }
        if let Some(why) = line.unfit(NAMESPACE) {
            add(at(line.line), why, signers(EXAMPLE));
        }
        let one = (people.len() == 1).then(|| people.first().copied()).flatten();
        let known = keys.get(&line.fingerprint()).copied();
        match (one, known) {
            // The key of an authority stands for many people; their certificates tell them apart.
            _ if line.cert_authority => {}
            (Some(person), Some((other, first))) if person != other => add(
                at(line.line),
                format!("this key is {person}'s here and {other}'s in line {first}"),
                signers("give each key to one person"),
            ),
            (Some(person), _) => {
                keys.insert(line.fingerprint(), (person, line.line));
            }
            (None, _) => {
                let all: Vec<&str> = people.into_iter().collect();
                let message = format!("this key is of several persons: {}", all.join(", "));
                add(at(line.line), message, signers("give each key to one person"));
            }
        }
    }
}
