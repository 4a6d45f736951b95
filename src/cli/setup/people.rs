//! Persons: who decides, with which key, where they are reached; and what somebody decided away.

use super::{Known, Proposal};
use crate::cli::Failure;
use crate::cli::args::SetupArgs;
use crate::cli::common::says_something;
use crate::decisions::{is_mononym, not_a_person};
use crate::definition::Exemption;
use crate::env::Env;
use crate::model::Advice;
use crate::process::{own_keys, public_half};
use crate::sign::{NAMESPACE, PublicKey, SIGNERS_PATH};
use crate::source::{Loaded, Root};
use crate::write::ChangeSet;
use serde_json::{Value, json};
use std::path::Path;

/// A person's key.
pub(super) struct Signer {
    pub(super) principal: String,
    /// The line of the allowed signers.
    line: String,
    pub(super) fingerprint: String,
}

/// The persons that were given, beside those who are there and whoever wrote the last commit.
pub(super) fn persons(
    args: &SetupArgs,
    known: &Known<'_>,
    env: &Env<'_>,
) -> Result<(Vec<Proposal>, Vec<Signer>), Failure> {
    let pointer = "/approval/persons";
    let there = known.policy.pointer(pointer).and_then(Value::as_array);
    let mut list: Vec<Value> = there.cloned().unwrap_or_default();
    let mut signers = Vec::new();
    for text in &args.persons {
        let (person, signer) = person(text, env)?;
        list.retain(|own| own.get("name") != person.get("name"));
        list.push(person);
        signers.extend(signer);
    }
    let owners = owners(known, &list, env)?;
    let mut file = None;
    for (person, signer, source) in owners {
        list.push(person);
        signers.extend(signer);
        file = file.or(Some(source));
    }
    let (name, email) = &known.author;
    let is_known =
        |own: &Value| own["name"] == json!(name) || own.to_string().contains(email.as_str());
    let mut source = "--person".to_owned();
    if not_a_person(name).is_none() && !email.is_empty() && !list.iter().any(is_known) {
        list.push(json!({ "name": name, "role": "author", "emails": [email] }));
        source =
            format!("--person; {name} wrote the last commit, and does not approve what they wrote");
    }
    if list.is_empty() {
        return Ok((Vec::new(), signers));
    }
    let proposal = Proposal::given(&["approval", "persons"], json!(list), source);
    let proposal = match file {
        Some(file) => {
            Proposal { source: format!("{}; {file}", proposal.source), ..proposal }.at(&file)
        }
        None => proposal,
    };
    Ok((vec![proposal], signers))
}

/// Where a forge looks for who owns what.
const OWNERS: [&str; 4] =
    ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// Owners of the whole repository, as far as an address says who they are and the history what they are
/// called; and where that stands. A handle of a forge is no person that a signature could name.
fn owners(
    known: &Known<'_>,
    list: &[Value],
    env: &Env<'_>,
) -> Result<Vec<(Value, Option<Signer>, String)>, Failure> {
    let mut out = Vec::new();
    let Some((path, text)) = known.first(&OWNERS) else { return Ok(out) };
    for (index, line) in text.lines().enumerate() {
        let mut words = line.split_whitespace();
        if !matches!(words.next(), Some("*" | "/" | "/**")) {
            continue;
        }
        for email in words.filter(|word| word.contains('@') && !word.starts_with('@')) {
            let Some((name, _)) = known.authors.iter().find(|(_, own)| own == email) else {
                continue;
            };
            let is_known =
                |own: &Value| own["name"] == json!(name) || own.to_string().contains(email);
            if not_a_person(name).is_some() || list.iter().any(is_known) {
                continue;
            }
            let person = json!({ "name": name, "role": "code owner", "principals": [email] });
            let signer =
                key_of(email, env).map(|key| signer(email.to_owned(), &key)).transpose()?;
            out.push((person, signer, format!("{path}:{}", index + 1)));
        }
    }
    Ok(out)
}

/// `NAME, ROLE, PRINCIPAL, KEY, REACHABLE`: a name first, an address and a key wherever they stand.
fn person(text: &str, env: &Env<'_>) -> Result<(Value, Option<Signer>), Failure> {
    let (name, rest) = named(text);
    let parts = rest.split(',').map(str::trim).filter(|part| !part.is_empty());
    // Whoever is listed by one word has one name.
    if let Some(why) = not_a_person(name).filter(|_| !is_mononym(name)) {
        return Err(Failure::usage(format!("--person `{name}`: {why}"))
            .note("--person \"NAME, ROLE, ADDRESS, KEY.pub, WHERE THEY ARE REACHED\"; all but the name may be left out"));
    }
    let (mut principal, mut key, mut words) = (None, None, Vec::new());
    for part in parts {
        let path = env.cwd.join(part);
        if part.contains('@') && !part.contains(' ') {
            principal = Some(part.to_owned());
        } else if let Some(half) = public_half(&path) {
            key = Some(half);
        } else if Path::new(part).extension().is_some_and(|own| own == "pub") {
            return Err(Failure::incomplete(format!("--person {name}: there is no key at {part}"))
                .advise(Advice::answer(
                    "name a file with a public key, such as ~/.ssh/id_ed25519.pub",
                )));
        } else {
            words.push(part);
        }
    }
    let mut person = json!({ "name": name });
    for (member, value) in [("role", words.first()), ("reachable", words.get(1))] {
        if let Some(value) = value {
            says_something("--person", value)?;
            person[member] = json!(value);
        }
    }
    let Some(principal) = principal else { return Ok((person, None)) };
    person["principals"] = json!([principal]);
    let key = key.or_else(|| key_of(&principal, env));
    let signer = key.map(|key| signer(principal, &key)).transpose()?;
    Ok((person, signer))
}

/// The name that a text begins with, and the rest: what belongs to it may come after a comma.
fn named(text: &str) -> (&str, &str) {
    const BELONGS: [&str; 9] = ["jr", "sr", "ii", "iii", "iv", "md", "phd", "esq", "mba"];
    let (name, rest) = text.split_once(',').unwrap_or((text, ""));
    let (next, after) = rest.split_once(',').unwrap_or((rest, ""));
    let plain = next.trim().replace('.', "").to_lowercase();
    match BELONGS.contains(&plain.as_str()) {
        true => (text[..name.len() + 1 + next.len()].trim(), after),
        false => (name.trim(), rest),
    }
}

/// The key in `~/.ssh` whose comment is the person; any other may be somebody else's.
fn key_of(principal: &str, env: &Env<'_>) -> Option<String> {
    let mut keys = own_keys(Path::new(env.var("HOME")?)).into_iter().map(|(_, text)| text);
    keys.find(|text| text.split_whitespace().nth(2) == Some(principal))
}

fn signer(principal: String, text: &str) -> Result<Signer, Failure> {
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    let key = PublicKey::from_openssh(&words.join(" ")).map_err(|why| {
        Failure::incomplete(format!("the key of {principal} cannot be used: {why}"))
    })?;
    let line = format!("{principal} namespaces=\"{NAMESPACE}\" {}", words.join(" "));
    Ok(Signer { principal, line, fingerprint: key.fingerprint() })
}

/// Adds the lines of persons to the allowed signers.
pub(super) fn sign_up(
    root: &Root,
    signers: &[Signer],
    project: &str,
    changes: &mut ChangeSet,
) -> Result<(), Failure> {
    let (mut text, was) = match root.load(SIGNERS_PATH) {
        Loaded::File(file) => (file.text, Some(file.digest)),
        Loaded::Faulty { .. } => {
            (format!("# Who may approve releases of {project}, one key on each line.\n"), None)
        }
    };
    let before = text.clone();
    for signer in signers {
        if !text.lines().any(|line| line == signer.line) {
            if !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&signer.line);
            text.push('\n');
        }
    }
    if text != before || was.is_none() {
        changes.replace(SIGNERS_PATH, text, was);
    }
    Ok(())
}

/// What this project does not have, as `--without KIND=REASON` says; whoever wrote the last commit decided it,
/// unless `--by` names another.
pub(super) fn without(args: &SetupArgs, known: &Known<'_>) -> Result<Vec<Proposal>, Failure> {
    let by = args.by.clone().unwrap_or_else(|| known.author.0.clone());
    let mut out = Vec::new();
    for given in &args.without {
        let Some((ids, reason)) = given.split_once('=') else {
            return Err(Failure::usage(format!("--without {given}: KIND=REASON is wanted")));
        };
        says_something("--without", reason)?;
        if let Some(why) = not_a_person(&by) {
            return Err(Failure::usage(format!("`{by}` cannot have decided it: {why}"))
                .note("--by \"FULL NAME\" says who decided"));
        }
        for id in ids.split(',').map(str::trim) {
            out.push(exemption(known, id, reason.trim(), &by)?);
        }
    }
    Ok(out)
}

fn exemption(known: &Known<'_>, id: &str, reason: &str, by: &str) -> Result<Proposal, Failure> {
    let source = format!("--without, decided by {by}; every report and whoever approves is told");
    if known.phase.prerequisites.contains_key(id) {
        let value = json!({ "not_applicable": { "reason": reason, "decided_by": by } });
        return Ok(Proposal::given(&["prerequisites", id], value, source));
    }
    let def = known.phase.evidence.get(id).and_then(|def| def.exempt_unless.as_ref());
    if let Some(Exemption { policy, .. }) = def
        && let Some((parent, key)) = policy.trim_start_matches('/').split_once('/')
    {
        let value = json!({ key: false, "decided_by": by, "reason": reason });
        return Ok(Proposal::given(&[parent], value, source));
    }
    let known: Vec<&str> = known
        .phase
        .prerequisites
        .keys()
        .chain(
            known
                .phase
                .evidence
                .iter()
                .filter(|(_, def)| def.exempt_unless.is_some())
                .map(|(id, _)| id),
        )
        .map(String::as_str)
        .collect();
    Err(Failure::usage(format!("nothing that can be left out is called `{id}`"))
        .note(format!("these can: {}", known.join(", "))))
}
