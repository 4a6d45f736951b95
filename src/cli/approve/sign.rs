//! `d3p approve sign`: a person decides, with their own key.

use crate::cli::args::{DecisionArg, SignArgs};
use crate::cli::common::{Global, release};
use crate::cli::{Failure, record};
use crate::collect::{self, ApprovalRequest};
use crate::decide::assess;
use crate::derive::approval::read_decision;
use crate::env::{Env, Exit};
use crate::process::{SshSigning, find_ssh_keygen, ssh_sign, usual_keys};
use crate::project::Project;
use crate::record::{GO, NO_GO};
use crate::rules::{Unsigned, person_of, signatures_on, signer};
use crate::sign::{NAMESPACE, SIGNERS_PATH};
use ssh_key::PublicKey;
use std::path::{Path, PathBuf};

pub(super) fn run(args: &SignArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (root, project) = global.open()?;
    let release = release(&project)?;
    if !signatures_on(&project) {
        return Err(Failure::incomplete(
            "d3p.yaml has signatures: \"off\": decisions are typed here",
        )
        .help("d3p record production-approval --by \"FULL NAME\" --decision go")
        .help("or turn them on before gate 1: signatures: \"on\""));
    }
    let now = (env.now)();
    record::may_decide(&project, &assess(&project, now))?;
    let home = env.var("HOME").map(PathBuf::from);
    let persons = &project.effective().policy.approval.persons;
    let person = person_of(persons, &args.identity)
        .ok_or_else(|| unknown(&project, &args.identity, home.as_deref()))?;
    let key = key(args, &project, global, home.as_deref())?;
    let (kind, _) = record::approval_def(&project)?;
    let request = ApprovalRequest {
        by: &person.name,
        identity: Some(&args.identity),
        role: args.role.as_deref().or(person.role.as_deref()),
        decision: if args.decision == DecisionArg::Go { GO } else { NO_GO },
        gate: project.phase.gate_of_evidence(kind).map_or("", |(gate, _)| gate),
        window_overrides: args.override_windows.clone(),
        nonce: env.random_hex(16),
        now,
    };
    let statement = collect::statement(&project, &release, &request);
    let text = statement.to_text();
    let program = find_ssh_keygen(root.dir(), env.var("PATH")).map_err(|error| {
        Failure::incomplete(error.to_string())
            .help("install OpenSSH: its ssh-keygen makes the signature")
    })?;
    let signing = SshSigning {
        program: &program.path,
        key: &key,
        namespace: NAMESPACE,
        text: &text,
        vars: &env.vars,
    };
    let err = &mut env.err;
    let signature = ssh_sign(&signing, &mut |args| {
        writeln!(
            err,
            "{}, who is {}, decides {}:",
            request.by,
            request.role.unwrap_or("nothing else"),
            request.decision
        )?;
        writeln!(err, "+ ssh-keygen {}", args.join(" "))
    })
    .map_err(|error| Failure::incomplete(format!("ssh-keygen: {error}")))?
    .ok_or_else(|| {
        Failure::incomplete("ssh-keygen made no signature; nothing was written")
            .help(format!("is {} your key? --key FILE names another", key.display()))
    })?;
    // What would not count is not written.
    let decision = read_decision(0, &text, Some(&signature));
    if let Err(why) = signer(&project, &decision, now, None) {
        let why = match why {
            Unsigned::Missing => "it is not signed".to_owned(),
            Unsigned::Invalid(why) | Unsigned::NotAllowed(why) => why,
        };
        return Err(Failure::refused(format!("this signature would not count: {why}"))
            .help("d3p approve status shows who may sign, and with which keys")
            .help("nothing was written"));
    }
    record::decide(&statement, signature.trim_end(), global, env)
}

/// The key to sign with: the one that was named, or the one in the usual place that the allowed
/// signers give to this person.
fn key(
    args: &SignArgs,
    project: &Project,
    global: &Global,
    home: Option<&Path>,
) -> Result<PathBuf, Failure> {
    if let Some(key) = &args.key {
        return Ok(global.directory.join(key));
    }
    let lines: Vec<_> =
        project.signers.iter().flat_map(|signers| signers.of(&args.identity)).collect();
    let keys = home.map(usual_keys).unwrap_or_default();
    let listed = |text: &str| {
        let key = PublicKey::from_openssh(text).ok();
        key.is_some_and(|key| lines.iter().any(|line| line.key == *key.key_data()))
    };
    if let Some((path, _)) = keys.iter().find(|(_, text)| listed(text)) {
        return Ok(path.clone());
    }
    if lines.is_empty() {
        return Err(unknown(project, &args.identity, home));
    }
    let mut failure = Failure::incomplete(format!(
        "none of the keys in ~/.ssh is one that {SIGNERS_PATH} gives to {}",
        args.identity
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
