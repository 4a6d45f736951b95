//! Who really made a decision: its signature, held against the allowed signers and the policy.

use crate::decisions::person::person_of;
use crate::decisions::statement::{Decision, Head, Kind};
use crate::definition::{DecisionPolicy, Person};
use crate::model::{Reason, Stamp};
use crate::project::Project;
use crate::record::signed_digest;
use crate::sign::{NAMESPACE, Presence, SIGNERS_PATH, Verified};
use std::collections::{BTreeMap, BTreeSet};

/// A decision that a person signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signer {
    /// The person, as the policy names them.
    pub person: String,
    /// Their role, as the policy says it.
    pub role: Option<String>,
    /// What the allowed signers call them.
    pub principal: String,
    /// `SHA256:…` of the key.
    pub fingerprint: String,
    /// What a hardware key says of the person at it.
    pub presence: Option<Presence>,
    /// Why the key would not be taken today, though it was when the deployment began, as that
    /// claims.
    pub expired: Option<String>,
}

/// Why a decision is nobody's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unsigned {
    /// It has no signature.
    Missing,
    /// The signature is not of this text.
    Invalid(String),
    /// The signature is of this text, and its key is not one that counts.
    NotAllowed(String),
}

/// Who signed a decision, judged at `now`; a key that was in force at `then` and has only expired
/// since still counts, and that is said.
///
/// # Errors
/// [`Unsigned`].
pub fn signed_by<K: Kind>(
    project: &Project,
    decision: &Decision<K>,
    now: Stamp,
    then: Option<Stamp>,
) -> Result<Signer, Unsigned> {
    let Some(head) = decision.said().map(Kind::head) else {
        return Err(Unsigned::Invalid("the statement cannot be taken as a decision".to_owned()));
    };
    let armored = decision.signature.as_deref().ok_or(Unsigned::Missing)?;
    let signature = project
        .signatures
        .verify(&decision.text, armored)
        .map_err(|why| Unsigned::Invalid(why.into_text()))?;
    let principal = head.principal.as_deref().ok_or_else(|| {
        Unsigned::Invalid("the statement does not say who signs it (principal)".to_owned())
    })?;
    let fingerprint = signature.fingerprint();
    let policy = &project.effective().policy.approval;
    // A key that was revoked counts nowhere, whatever was frozen; nor does what it certified.
    let revoked = [&project.current.policy.approval.revoked, &policy.revoked];
    let vouching = signature.fingerprints();
    if let Some(key) = vouching.iter().find(|key| revoked.iter().any(|list| list.contains(key))) {
        return Err(Unsigned::NotAllowed(format!("the key {key} is revoked")));
    }
    let signers = project.signers.as_ref().ok_or_else(|| {
        let why = match project.present(SIGNERS_PATH) {
            Some(_) => "is not the one that was expected",
            None => "is not there",
        };
        Unsigned::NotAllowed(format!("{SIGNERS_PATH} {why}: nobody may sign"))
    })?;
    // A time that somebody outside knows is as good as today: of the signature, not of the text,
    // which may have lain there long before anybody signed it.
    let witnessed = project.witnessed(&signed_digest(&decision.text, armored));
    let judged = witnessed.unwrap_or(now);
    let expired = match (signers.find(principal, &signature, NAMESPACE, judged), then) {
        (Ok(_), _) => None,
        (Err(why), Some(at)) if signers.find(principal, &signature, NAMESPACE, at).is_ok() => {
            Some(why)
        }
        (Err(why), _) => return Err(Unsigned::NotAllowed(why.into_text())),
    };
    let person = person_behind(project, head, principal, &signature)?;
    Ok(Signer {
        person: person.name.clone(),
        role: person.role.clone(),
        principal: principal.to_owned(),
        fingerprint,
        presence: signature.presence(),
        expired: expired.map(Reason::into_text),
    })
}

/// The person whose principal it is, when key and statement say nobody else.
fn person_behind<'a>(
    project: &'a Project,
    head: &Head,
    principal: &str,
    signature: &Verified,
) -> Result<&'a Person, Unsigned> {
    let policy = &project.effective().policy.approval;
    let person = person_of(&policy.persons, principal).ok_or_else(|| {
        Unsigned::NotAllowed(format!("approval.persons in d3p.yaml gives {principal} to nobody"))
    })?;
    // A certificate for two persons would let one of them sign as both.
    let principals = signature.certificate().map(|found| found.principals()).unwrap_or_default();
    let other = |name: &&String| {
        person_of(&policy.persons, name).is_some_and(|other| other.name != person.name)
    };
    if let Some(name) = principals.iter().find(other) {
        return Err(Unsigned::NotAllowed(format!(
            "the certificate is {principal}'s and {name}'s, who are two persons"
        )));
    }
    if person.name != head.person {
        return Err(Unsigned::NotAllowed(format!(
            "{principal} is {}, and the statement says {}",
            person.name, head.person
        )));
    }
    if head.role.is_some() && head.role != person.role {
        let role = head.role.as_deref().unwrap_or_default();
        return Err(Unsigned::NotAllowed(format!("d3p.yaml does not make {principal} {role}")));
    }
    Ok(person)
}

impl Signer {
    /// What hardware did not show of this person, of all that `policy` asks for.
    pub fn unshown<'a>(&self, policy: &'a DecisionPolicy) -> Option<&'a str> {
        let shown = |what: &str| {
            self.presence.is_some_and(|presence| match what {
                "pin" => presence.verified,
                _ => presence.touched,
            })
        };
        policy.presence.iter().map(String::as_str).find(|what| !shown(what))
    }
}

/// What a decision still lacks, given who made it; empty when it is made. Persons are counted, each
/// role wants a person of its own, and nobody counts whose key did not show what it must.
pub fn lacking(policy: &DecisionPolicy, signers: &[Signer]) -> Vec<String> {
    let counting = signers.iter().filter(|signer| signer.unshown(policy).is_none());
    // One key counts once, whomever certificates give it to.
    let mut keys = BTreeSet::new();
    let persons: BTreeMap<&str, &str> = counting
        .filter(|signer| keys.insert(&signer.fingerprint))
        .map(|signer| (signer.person.as_str(), signer.role.as_deref().unwrap_or_default()))
        .collect();
    let mut out = Vec::new();
    if persons.len() < policy.threshold {
        out.push(format!("{} of {} persons said so", persons.len(), policy.threshold));
    }
    let held = |role: &&String| persons.values().any(|own| own == role);
    out.extend(
        policy.roles.iter().filter(|role| !held(role)).map(|role| format!("nobody as {role}")),
    );
    out
}
