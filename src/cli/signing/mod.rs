//! How a person signs a decision with their own key: the same for every kind of decision.

mod refusals;

pub(in crate::cli) use refusals::meant;

use crate::cli::common::Global;
use crate::cli::{Code, Failure};
use crate::decisions::{
    Decider, Decision, Kind, Signer, Statement, Unsigned, deceives, person_of, signed_by,
};
use crate::definition::Person;
use crate::env::Env;
use crate::model::{Advice, Location, Stamp};
use crate::process::{SshSigning, find_ssh_keygen, is_usual, own_keys, public_half, ssh_sign};
use crate::project::Project;
use crate::render::clean;
use crate::rules::refreeze;
use crate::sign::{NAMESPACE, PublicKey, SIGNERS_PATH};
use crate::source::Root;
use refusals::{fits, holds, unsigned};
use std::path::{Path, PathBuf};

/// Somebody who is about to sign.
#[derive(Debug)]
pub(in crate::cli) struct Signatory<'a> {
    /// The person, as the policy names them.
    pub(in crate::cli) person: &'a Person,
    /// What the allowed signers call them.
    principal: &'a str,
    /// Their key.
    key: PathBuf,
}

impl<'a> Signatory<'a> {
    /// Them as whoever decides now, in the role that was given, or else in their own.
    pub(in crate::cli) fn decider(
        &self,
        role: Option<&'a str>,
        now: Stamp,
        env: &Env<'_>,
    ) -> Decider<'a> {
        Decider {
            person: &self.person.name,
            principal: Some(self.principal),
            role: role.or(self.person.role.as_deref()),
            nonce: env.random_hex(16),
            now,
        }
    }
}

/// The person that the allowed signers call `principal`, and the key to sign with: the one that was
/// named, or the one in `~/.ssh` that the allowed signers give to this person.
///
/// # Errors
/// A refusal with the exact lines that make somebody an approver, or with the keys that would do.
pub(in crate::cli) fn signatory<'a>(
    project: &'a Project,
    principal: &'a str,
    key: Option<&Path>,
    global: &Global,
    env: &Env<'_>,
) -> Result<Signatory<'a>, Failure> {
    plain("--as", principal)?;
    let home = env.var("HOME").map(PathBuf::from);
    let persons = &project.effective().policy.approval.persons;
    let named = key.map(|key| global.directory.join(key));
    let given = named.as_deref();
    let person = person_of(persons, principal)
        .ok_or_else(|| unknown(project, principal, given, home.as_deref()))?;
    let key = match key {
        Some(key) => global.directory.join(key),
        None => listed_key(project, principal, home.as_deref())?,
    };
    fits(project, principal, &key, (env.now)())?;
    Ok(Signatory { person, principal, key })
}

/// Refuses a name that looks like another one.
///
/// # Errors
/// A refusal that names the character.
pub(in crate::cli) fn plain(option: &str, name: &str) -> Result<(), Failure> {
    let Some(why) = deceives(name) else { return Ok(()) };
    Err(Failure::usage(format!("{option} {}: {why}", clean(name)))
        .note("type the name yourself instead of copying it"))
}

/// Lets `ssh-keygen` sign a statement, after saying in one line what it `says` and how it is run.
/// What would not count is refused, so that it is never written.
///
/// # Errors
/// When there is no `ssh-keygen`, it gives no signature, or the signature would not count.
pub(in crate::cli) fn sign<K: Kind>(
    statement: &Statement<K>,
    signatory: &Signatory<'_>,
    says: &str,
    project: &Project,
    root: &Root,
    now: Stamp,
    env: &mut Env<'_>,
) -> Result<(String, Signer), Failure> {
    let text = statement.to_text();
    // Read as it will be read from the file.
    Statement::<K>::read(&text).map_err(|why| {
        Failure::refused(format!("there is nothing to sign yet: {why}"))
            .advise(Advice::d3p(["status", "--next"]).what("see what the release lacks"))
    })?;
    let head = statement.predicate.head();
    holds(project, head.principal.as_deref().unwrap_or_default(), head.role.as_deref())?;
    let program = find_ssh_keygen(root.dir(), env.var("PATH")).map_err(|error| {
        Failure::incomplete(error.to_string())
            .code(Code::Key)
            .advise(Advice::answer("install OpenSSH: its ssh-keygen makes the signature"))
    })?;
    let signing = SshSigning {
        program: &program.path,
        key: &signatory.key,
        namespace: NAMESPACE,
        text: &text,
        vars: &env.vars,
    };
    // Whoever touches a key has read what it is for.
    env.out.flush()?;
    let err = &mut env.err;
    let signature = ssh_sign(&signing, &mut |args| {
        writeln!(err, "{says}:")?;
        writeln!(err, "+ ssh-keygen {}", args.join(" "))?;
        err.flush()
    })
    .map_err(|error| Failure::incomplete(format!("ssh-keygen: {error}")).code(Code::Key))?
    .map_err(|said| unsigned(&signatory.key, &said, env.stdin_terminal))?;
    let signature = signature.trim_end().to_owned();
    let decision = Decision::<K>::read(0, &text, Some(&signature));
    let counts = signed_by(project, &decision, now, None);
    counts.map(|signer| (signature, signer)).map_err(|why| {
        let why = match why {
            Unsigned::Missing => "it is not signed".to_owned(),
            Unsigned::Invalid(why) | Unsigned::NotAllowed(why) => why,
        };
        Failure::refused(format!("this signature would not count: {why}"))
            .advise(
                Advice::d3p(["approve", "status"]).what("see who may sign, and with which keys"),
            )
            .note("nothing was written")
    })
}

/// The key in `~/.ssh` that the allowed signers give to this person.
fn listed_key(project: &Project, principal: &str, home: Option<&Path>) -> Result<PathBuf, Failure> {
    let lines: Vec<_> = project.signers.iter().flat_map(|signers| signers.of(principal)).collect();
    let keys = home.map(own_keys).unwrap_or_default();
    let listed = |text: &str| {
        let key = PublicKey::from_openssh(text).ok();
        key.is_some_and(|key| lines.iter().any(|line| line.key == key))
    };
    if let Some((path, _)) = keys.iter().find(|(_, text)| listed(text)) {
        return Ok(path.clone());
    }
    if lines.is_empty() {
        return Err(unknown(project, principal, None, home));
    }
    let mut failure = Failure::incomplete(format!(
        "none of the keys in ~/.ssh is one that {SIGNERS_PATH} gives to {principal}"
    ))
    .code(Code::Key);
    for line in lines {
        failure = failure.note(format!("line {}: {}", line.line, line.fingerprint()));
    }
    let names = keys.iter().filter_map(|(path, _)| path.file_name()?.to_str());
    let looked: Vec<&str> = names.collect();
    let looked = if looked.is_empty() { "none is there".to_owned() } else { looked.join(", ") };
    Err(failure
        .note(format!("looked at: {looked}"))
        .advise(Advice::answer(
            "name the key: --key FILE (a .pub file, where an agent has the other half)",
        ))
        .note("one that only an agent holds: ssh-add -L > me.pub, then --key me.pub"))
}

/// How somebody becomes an approver: the exact lines that are lacking, for their own key.
fn unknown(
    project: &Project,
    principal: &str,
    given: Option<&Path>,
    home: Option<&Path>,
) -> Failure {
    if let Some(failure) = meant(project, principal, given, home) {
        return failure;
    }
    let mut failure = Failure::refused(format!("{principal} may not decide in this project yet"));
    let listed = project.signers.iter().any(|signers| signers.of(principal).next().is_some());
    if !listed {
        let keys = to_be_listed(given, home);
        failure = failure.advise(match keys.as_slice() {
            [key] => Advice::edit(
                Location::file(SIGNERS_PATH),
                format!("add this line: {principal} namespaces=\"{NAMESPACE}\" {key}"),
            ),
            [_, _, ..] => Advice::answer(format!(
                "more than one key is in ~/.ssh: with --key FILE added, this prints the line for {SIGNERS_PATH}"
            )),
            [] => Advice::edit(
                Location::file(SIGNERS_PATH),
                format!(
                    "make a key with ssh-keygen -t ed25519, and add a line: {principal} namespaces=\"{NAMESPACE}\" ssh-ed25519 AAAA… (the first two words of the .pub file)"
                ),
            ),
        });
    }
    let persons = &project.effective().policy.approval.persons;
    if person_of(persons, principal).is_none() {
        let person = format!("{{ name: \"FULL NAME\", role: ROLE, principals: [{principal}] }}");
        failure = failure.advise(match persons.is_empty() {
            true => Advice::edit(
                Location::key("d3p.yaml", "/approval"),
                format!("add a person, below approval: persons: [{person}]"),
            ),
            false => Advice::edit(
                Location::key("d3p.yaml", "/approval/persons"),
                format!("add a person to the list approval.persons: {person}"),
            ),
        });
    }
    failure = failure.note("have that change reviewed: whoever may write these lines may approve");
    if project.frozen.is_some() {
        return failure
            .advise(refreeze(project).what("the first gate froze who may; take the new lines"));
    }
    failure
}

/// The public half of the key that was named; else of every one that may be meant, which is the first
/// alone where that has a usual name.
fn to_be_listed(given: Option<&Path>, home: Option<&Path>) -> Vec<String> {
    let texts: Vec<String> = match given {
        Some(path) => public_half(path).into_iter().collect(),
        None => {
            let keys = home.map(own_keys).unwrap_or_default();
            let usual = keys.first().is_some_and(|(path, _)| is_usual(path));
            let meant = if usual { 1 } else { keys.len() };
            keys.into_iter().take(meant).map(|(_, text)| text).collect()
        }
    };
    let key = |text: &String| text.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    texts.iter().map(key).collect()
}
