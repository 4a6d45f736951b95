//! Who really made a decision: its signature, held against the allowed signers and the policy.

use super::approval::Decision;
use super::separation::approvers;
use crate::definition::{DecisionPolicy, Person};
use crate::model::Stamp;
use crate::project::Project;
use crate::record::{By, Predicate as _, signed_digest};
use crate::sign::{NAMESPACE, Presence, SIGNERS_PATH, SshSignature};
use std::collections::{BTreeMap, BTreeSet};

/// A decision that a person signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signer {
    /// The person, as the policy names them.
    pub person: String,
    /// Their role, as the policy says it.
    pub role: Option<String>,
    /// What the allowed signers call them.
    pub identity: String,
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

/// Whether the policy wants signatures.
pub fn signatures_on(project: &Project) -> bool {
    project.effective().policy.signatures != "off"
}

/// Who signed a decision on the launch, judged at `now`; when the deployment had begun at
/// `launched`, a key that has only expired since still counts, and that is said. A NO_GO counts as
/// long as its key was in force when it was made, as it claims: no objection falls away by itself.
///
/// # Errors
/// [`Unsigned`].
pub fn signer(
    project: &Project,
    decision: &Decision,
    now: Stamp,
    launched: Option<Stamp>,
) -> Result<Signer, Unsigned> {
    let Ok(statement) = &decision.statement else {
        return Err(Unsigned::Invalid("the statement cannot be taken as a decision".to_owned()));
    };
    let then = if decision.is_go() { launched } else { decision.decided_at() };
    let signed = Signed { text: &decision.text, signature: decision.signature.as_deref() };
    signed_by(project, signed, statement.predicate.by(), now, then)
}

/// Who signed each of `decisions`, in the same order. A key is one person's: where certificates give
/// it to two, whoever comes second does not count.
pub(crate) fn signers(
    project: &Project,
    decisions: &[Decision],
    now: Stamp,
    launched: Option<Stamp>,
) -> Vec<Result<Signer, Unsigned>> {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let mut who = |decision| {
        let signer = signer(project, decision, now, launched)?;
        let owner = owners.entry(signer.fingerprint.clone()).or_insert(signer.person.clone());
        if *owner != signer.person {
            return Err(Unsigned::NotAllowed(format!(
                "the key {} signs as {owner} already",
                signer.fingerprint
            )));
        }
        Ok(signer)
    };
    decisions.iter().map(&mut who).collect()
}

/// A text and the armored signature beside it.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The exact text.
    pub text: &'a str,
    /// The signature, if there is one.
    pub signature: Option<&'a str>,
}

/// Who signed a statement that says to be `by` somebody, judged at `now`; a key that was in force at
/// `then` and has only expired since still counts, and that is said.
///
/// # Errors
/// [`Unsigned`].
pub fn signed_by(
    project: &Project,
    signed: Signed<'_>,
    by: By<'_>,
    now: Stamp,
    then: Option<Stamp>,
) -> Result<Signer, Unsigned> {
    let armored = signed.signature.ok_or(Unsigned::Missing)?;
    let signature = SshSignature::parse(armored).map_err(Unsigned::Invalid)?;
    if signature.namespace() != NAMESPACE {
        return Err(Unsigned::Invalid(format!(
            "it was made for `{}`, not for `{NAMESPACE}`",
            signature.namespace()
        )));
    }
    signature.verify(signed.text.as_bytes()).map_err(Unsigned::Invalid)?;
    let identity = by.identity.ok_or_else(|| {
        Unsigned::Invalid("the statement does not say who signs it (identity)".to_owned())
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
    let witnessed = project.witnessed.get(&signed_digest(signed.text, armored));
    let judged = witnessed.copied().unwrap_or(now);
    let expired = match (signers.find(identity, &signature, NAMESPACE, judged), then) {
        (Ok(_), _) => None,
        (Err(why), Some(at)) if signers.find(identity, &signature, NAMESPACE, at).is_ok() => {
            Some(why)
        }
        (Err(why), _) => return Err(Unsigned::NotAllowed(why)),
    };
    let person = person_of(&policy.persons, identity).ok_or_else(|| {
        Unsigned::NotAllowed(format!("approval.persons in d3p.yaml gives {identity} to nobody"))
    })?;
    // A certificate for two persons would let one of them sign as both.
    let principals = signature.certificate().map(|found| found.principals()).unwrap_or_default();
    let other = |name: &&String| {
        person_of(&policy.persons, name).is_some_and(|other| other.name != person.name)
    };
    if let Some(name) = principals.iter().find(other) {
        return Err(Unsigned::NotAllowed(format!(
            "the certificate is {identity}'s and {name}'s, who are two persons"
        )));
    }
    if person.name != by.principal {
        return Err(Unsigned::NotAllowed(format!(
            "{identity} is {}, and the statement says {}",
            person.name, by.principal
        )));
    }
    if by.role.is_some() && by.role != person.role.as_deref() {
        let role = by.role.unwrap_or_default();
        return Err(Unsigned::NotAllowed(format!("d3p.yaml does not make {identity} {role}")));
    }
    Ok(Signer {
        person: person.name.clone(),
        role: person.role.clone(),
        identity: identity.to_owned(),
        fingerprint,
        presence: signature.presence(),
        expired,
    })
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

/// Whether enough of those who said GO also said that the launch may lie in the denied window `id`
/// at `at`. Only signatures can say so.
pub fn window_overridden(
    project: &Project,
    decisions: &[Decision],
    id: &str,
    at: Stamp,
    now: Stamp,
) -> bool {
    if !signatures_on(project) {
        return false;
    }
    let policy = &project.effective().policy.approval.window;
    let launched = project.launched_at();
    let names = |decision: &&Decision| {
        decision.is_go()
            && decision.statement.as_ref().is_ok_and(|statement| {
                statement.predicate.window_overrides.iter().any(|own| own == id)
            })
            && decision.decided_at().is_some_and(|decided| decided.plus(policy.max_age) >= at)
    };
    let signers: Vec<Signer> = decisions
        .iter()
        .filter(names)
        .filter_map(|decision| signer(project, decision, now, launched).ok())
        .collect();
    lacking(policy, &signers).is_empty()
}

/// How a person decides in this project.
pub fn how_to_decide(project: &Project) -> String {
    if signatures_on(project) {
        "the person decides: d3p approve sign --as PRINCIPAL --decision go".to_owned()
    } else {
        "d3p record production-approval --by \"FULL NAME\" --decision go".to_owned()
    }
}

/// Who of those that may has not said GO, and how each does; `said` are folded names.
pub(crate) fn who_else(project: &Project, said: &BTreeSet<String>) -> String {
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
        format!("{}{role} decides: d3p approve sign --as {who} --decision go", person.name)
    };
    let all: Vec<String> = match lacking.is_empty() {
        true => open.iter().map(|person| told(person)).collect(),
        false => lacking.iter().map(|person| told(person)).collect(),
    };
    match all.is_empty() || !signatures_on(project) {
        true => how_to_decide(project),
        false => all.join("; or "),
    }
}

/// The person that a principal of the allowed signers is.
pub fn person_of<'a>(persons: &'a [Person], identity: &str) -> Option<&'a Person> {
    persons.iter().find(|person| person.principals.iter().any(|name| name == identity))
}

/// Persons, in lower case, whose decision `counts` and is that of a person: signed, where the
/// policy wants that.
pub(crate) fn persons_who(
    project: &Project,
    decisions: &[Decision],
    now: Stamp,
    launched: Option<Stamp>,
    counts: impl Fn(&Decision) -> bool,
) -> BTreeSet<String> {
    if signatures_on(project) {
        let signers = signers(project, decisions, now, launched);
        let counting = decisions.iter().zip(signers).filter(|(decision, _)| counts(decision));
        return counting.filter_map(|(_, signer)| Some(fold(&signer.ok()?.person))).collect();
    }
    let counting = decisions.iter().filter(|decision| counts(decision));
    let named = counting.filter_map(|decision| decision.statement.as_ref().ok());
    named.map(|statement| fold(&statement.predicate.principal)).collect()
}

/// A name as it is compared: case and the width of gaps make no other person.
pub(crate) fn fold(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
