//! Letting a person sign a statement with their own key: who they are, which key, and `ssh-keygen`.

use crate::cli::Failure;
use crate::cli::common::Global;
use crate::definition::Person;
use crate::env::Env;
use crate::process::{SshSigning, find_ssh_keygen, ssh_sign, usual_keys};
use crate::project::Project;
use crate::rules::person_of;
use crate::sign::{NAMESPACE, SIGNERS_PATH};
use crate::source::Root;
use ssh_key::PublicKey;
use std::path::{Path, PathBuf};

/// Somebody who is to sign, and their key.
#[derive(Debug)]
pub(super) struct Hand<'a> {
    /// Who the policy says they are.
    pub(super) person: &'a Person,
    key: PathBuf,
}

/// The person that `identity` is, and the key to sign with: the one that was named, or the one in
/// the usual place that the allowed signers give to them.
///
/// # Errors
/// When they may not decide here, or no key of theirs is found; both with the way out.
pub(super) fn hand<'a>(
    project: &'a Project,
    identity: &str,
    key: Option<&Path>,
    global: &Global,
    env: &Env<'_>,
) -> Result<Hand<'a>, Failure> {
    let home = env.var("HOME").map(PathBuf::from);
    let persons = &project.effective().policy.approval.persons;
    let person =
        person_of(persons, identity).ok_or_else(|| unknown(project, identity, home.as_deref()))?;
    let key = match key {
        Some(key) => global.directory.join(key),
        None => usual_key(project, identity, home.as_deref())?,
    };
    Ok(Hand { person, key })
}

/// Lets `ssh-keygen` sign `text` with the person's key; `says` is what they are about to say, and is
/// shown with the command.
///
/// # Errors
/// When there is no `ssh-keygen`, or it made no signature.
pub(super) fn sign(
    hand: &Hand<'_>,
    text: &str,
    says: &str,
    root: &Root,
    env: &mut Env<'_>,
) -> Result<String, Failure> {
    let program = find_ssh_keygen(root.dir(), env.var("PATH")).map_err(|error| {
        Failure::incomplete(error.to_string())
            .help("install OpenSSH: its ssh-keygen makes the signature")
    })?;
    let signing = SshSigning {
        program: &program.path,
        key: &hand.key,
        namespace: NAMESPACE,
        text,
        vars: &env.vars,
    };
    let err = &mut env.err;
    let signature = ssh_sign(&signing, &mut |args| {
        writeln!(err, "{says}")?;
        writeln!(err, "+ ssh-keygen {}", args.join(" "))
    })
    .map_err(|error| Failure::incomplete(format!("ssh-keygen: {error}")))?
    .ok_or_else(|| {
        Failure::incomplete("ssh-keygen made no signature; nothing was written")
            .help(format!("is {} your key? --key FILE names another", hand.key.display()))
    })?;
    Ok(signature.trim_end().to_owned())
}

fn usual_key(project: &Project, identity: &str, home: Option<&Path>) -> Result<PathBuf, Failure> {
    let lines: Vec<_> = project.signers.iter().flat_map(|signers| signers.of(identity)).collect();
    let keys = home.map(usual_keys).unwrap_or_default();
    let listed = |text: &str| {
        let key = PublicKey::from_openssh(text).ok();
        key.is_some_and(|key| lines.iter().any(|line| line.key == *key.key_data()))
    };
    if let Some((path, _)) = keys.iter().find(|(_, text)| listed(text)) {
        return Ok(path.clone());
    }
    if lines.is_empty() {
        return Err(unknown(project, identity, home));
    }
    let mut failure = Failure::incomplete(format!(
        "none of the keys in ~/.ssh is one that {SIGNERS_PATH} gives to {identity}"
    ));
    for line in lines {
        failure = failure.help(format!("line {}: {}", line.line, line.fingerprint()));
    }
    Err(failure.help("name the key: --key FILE (a .pub file, where an agent has the other half)"))
}

/// How somebody becomes an approver: the exact lines, for their own key.
fn unknown(project: &Project, identity: &str, home: Option<&Path>) -> Failure {
    let key = home.map(usual_keys).unwrap_or_default().into_iter().next();
    let key = key.map_or("ssh-ed25519 AAAA…".to_owned(), |(_, text)| {
        text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
    });
    let failure = Failure::refused(format!("{identity} may not decide in this project yet"))
        .help(format!("1. a line in {SIGNERS_PATH}: {identity} namespaces=\"{NAMESPACE}\" {key}"))
        .help(format!(
            "2. in d3p.yaml: approval: {{ persons: [{{ name: FULL NAME, role: ROLE, principals: [{identity}] }}] }}"
        ))
        .help("have that change reviewed: whoever may write these lines may approve");
    if project.frozen.is_some() {
        return failure
            .help("gate 1 froze who may: d3p gate readiness --refreeze takes the new lines");
    }
    failure
}
