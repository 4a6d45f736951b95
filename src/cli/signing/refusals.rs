//! What can be refused about somebody and their key before anything is signed.

use crate::cli::{Code, Failure};
use crate::decisions::{person_of, same_name};
use crate::model::{Advice, Reason, Stamp};
use crate::process::{own_keys, public_half};
use crate::project::Project;
use crate::render::clean;
use crate::rules::refreeze;
use crate::sign::{Certificate, NAMESPACE, PublicKey, SIGNERS_PATH, SignerLine};
use std::path::Path;

/// What to say to somebody who gave an `principal` that is no listed principal, and who is listed all
/// the same: by their full name, by their key, or in a policy that gate 1 has not frozen.
pub(in crate::cli) fn meant(
    project: &Project,
    principal: &str,
    given: Option<&Path>,
    home: Option<&Path>,
) -> Option<Failure> {
    let persons = &project.effective().policy.approval.persons;
    if person_of(persons, principal).is_some() {
        return None;
    }
    if person_of(&project.current.policy.approval.persons, principal).is_some() {
        let gate = project.phase.gates.keys().next()?;
        return Some(
            Failure::refused(format!(
                "{principal} was added to d3p.yaml after gate {gate} froze who may decide"
            ))
            .advise(refreeze(project).what("take the new lines")),
        );
    }
    if let Some(person) = persons.iter().find(|person| same_name(&person.name, principal)) {
        let failure = Failure::refused(format!(
            "{principal} is a full name, and --as wants what {SIGNERS_PATH} calls {}",
            person.name
        ));
        return Some(again(failure, &person.principals));
    }
    let texts: Vec<String> = match given {
        Some(path) => public_half(path).into_iter().collect(),
        None => home.map(own_keys).unwrap_or_default().into_iter().map(|(_, text)| text).collect(),
    };
    let keys: Vec<PublicKey> =
        texts.iter().filter_map(|text| PublicKey::from_openssh(text).ok()).collect();
    let lines = project.signers.iter().flat_map(|signers| &signers.lines);
    let own = lines.filter(|line| keys.contains(&line.key));
    let names: Vec<String> = own
        .flat_map(|line| &line.principals)
        .filter(|name| person_of(persons, name).is_some())
        .cloned()
        .collect();
    let first = names.first()?;
    let failure =
        Failure::refused(format!("{principal} is nobody in {SIGNERS_PATH}: this key is {first}'s"));
    Some(again(failure, &names))
}

fn again(failure: Failure, principals: &[String]) -> Failure {
    principals.iter().fold(failure, |failure, name| {
        failure.advise(Advice::answer(format!("run it again with --as {}", clean(name))))
    })
}

/// Refuses a key whose signature would not count, as far as its public half can tell: no touch and
/// no passphrase is asked for in vain.
pub(super) fn fits(
    project: &Project,
    principal: &str,
    key: &Path,
    now: Stamp,
) -> Result<(), Failure> {
    let public = public_half(key);
    if !key.exists() && public.is_none() {
        return Err(Failure::incomplete(format!("{} is not there", key.display())).code(Code::Key)
            .advise(Advice::answer("--key FILE names your key: a private one, or a .pub file whose other half an agent holds")));
    }
    let Some(text) = public else { return Ok(()) };
    let lines = project.signers.iter().flat_map(|signers| &signers.lines);
    let lines: Vec<&SignerLine> = lines.filter(|line| line.covers(principal)).collect();
    let certificate = Certificate::from_openssh(&text).map_err(|why| vain(why.into_text()))?;
    let certified = certificate.is_some();
    let data = match (&certificate, PublicKey::from_openssh(&text)) {
        (Some(certificate), _) => {
            certificate.holds(principal, now).map_err(|why| vain(why.into_text()))?;
            certificate.authority().clone()
        }
        (None, Ok(public)) => public,
        // What cannot be read here is left to ssh-keygen.
        (None, Err(_)) => return Ok(()),
    };
    let fingerprint = data.fingerprint();
    let certified_key = certificate.as_ref().map(Certificate::key);
    let policies = [&project.current.policy, &project.effective().policy];
    for key in certified_key.into_iter().chain([&data]) {
        let key = key.fingerprint();
        if policies.iter().any(|policy| policy.approval.revoked.contains(&key)) {
            return Err(vain(format!("the key {key} is revoked")));
        }
    }
    let own: Vec<&&SignerLine> =
        lines.iter().filter(|line| line.key == data && line.cert_authority == certified).collect();
    if own.is_empty() {
        return Err(no_line(principal, key, &fingerprint, certified, &lines));
    }
    let faults: Vec<String> = own
        .iter()
        .filter_map(|line| {
            let fault = line
                .unfit(NAMESPACE)
                .or_else(|| line.in_force(now).err().map(Reason::into_text))?;
            Some(format!("line {}: {fault}", line.line))
        })
        .collect();
    if faults.len() == own.len() { Err(vain(faults.join("; "))) } else { Ok(()) }
}

/// No line of the signers has this key for `principal`; their own lines are named.
fn no_line(
    principal: &str,
    key: &Path,
    fingerprint: &str,
    certified: bool,
    lines: &[&SignerLine],
) -> Failure {
    let what = if certified { "an authority with the key" } else { "the key" };
    let failure = vain(format!("no line names {principal} with {what} {fingerprint}"));
    let failure = lines.iter().fold(failure, |failure, line| {
        failure.note(format!("line {} of {SIGNERS_PATH}: {}", line.line, line.fingerprint()))
    });
    // Only the public half was read, and it may be that of another key.
    let private = key.extension().is_none_or(|extension| extension != "pub") && key.exists();
    match private {
        true => {
            let file = key.display();
            failure.note(format!(
                "that is what {file}.pub says; where it is out of date: ssh-keygen -y -f {file} > {file}.pub"
            ))
        }
        false => failure,
    }
}

/// Refuses a role that the policy does not give to this person.
pub(super) fn holds(project: &Project, principal: &str, role: Option<&str>) -> Result<(), Failure> {
    let person = person_of(&project.effective().policy.approval.persons, principal);
    let own = person.and_then(|person| person.role.as_deref());
    match role {
        Some(role) if Some(role) != own => {
            let failure = vain(format!("d3p.yaml does not make {principal} {role}"));
            Err(match own {
                Some(own) => failure
                    .advise(Advice::answer(format!("{principal} is {own}: leave --role out"))),
                None => failure,
            })
        }
        _ => Ok(()),
    }
}

fn vain(why: String) -> Failure {
    Failure::refused(format!("this signature would not count: {why}"))
        .advise(Advice::d3p(["approve", "status"]).what("see who may sign, and with which keys"))
        .note("nothing was signed or written")
}

/// What to do when `ssh-keygen` made no signature. What it said is a hint only.
pub(super) fn unsigned(key: &Path, said: &str, terminal: bool) -> Failure {
    let file = key.display();
    let lower = said.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let public = key.extension().is_some_and(|extension| extension == "pub");
    let help = if has(&["permissions", "unprotected"]) {
        format!("others may read {file}, or you may not: chmod 600 {file}")
    } else if has(&["device not found", "no such device", "authenticator"]) {
        "plug in the hardware key that this key was made with, and run it again".to_owned()
    } else if has(&["passphrase"]) && !terminal {
        format!(
            "{file} has a passphrase, and there is no terminal to type it: ssh-add {file}, or run it in a terminal"
        )
    } else if has(&["passphrase"]) {
        "the passphrase was wrong: run it again".to_owned()
    } else if public {
        format!(
            "{file} is a public key, and no agent has its other half: ssh-add the private key, or name it with --key"
        )
    } else {
        format!("is {file} your key? --key FILE names another")
    };
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(2)..];
    let failure =
        Failure::incomplete("ssh-keygen made no signature; nothing was written").code(Code::Key);
    let told = |failure: Failure, line: &&str| {
        failure.note(format!("ssh-keygen said: {}", clean(line.trim())))
    };
    last.iter().fold(failure, told).advise(Advice::answer(help))
}
