//! Who really made a decision: its signature, held against the allowed signers and the policy.

use super::approval::Decision;
use crate::definition::Person;
use crate::model::Stamp;
use crate::project::Project;
use crate::record::NO_GO;
use crate::sign::{NAMESPACE, Presence, SIGNERS_PATH, SshSignature};
use std::collections::BTreeSet;

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

/// Who signed `decision`, judged at `now`; when the deployment had begun at `launched`, a key that
/// has only expired since still counts, and that is said.
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
    let armored = decision.signature.as_deref().ok_or(Unsigned::Missing)?;
    let signature = SshSignature::parse(armored).map_err(Unsigned::Invalid)?;
    if signature.namespace() != NAMESPACE {
        return Err(Unsigned::Invalid(format!(
            "it was made for `{}`, not for `{NAMESPACE}`",
            signature.namespace()
        )));
    }
    signature.verify(decision.text.as_bytes()).map_err(Unsigned::Invalid)?;
    let predicate = &statement.predicate;
    let identity = predicate.identity.clone().ok_or_else(|| {
        Unsigned::Invalid("the statement does not say who signs it (identity)".to_owned())
    })?;
    let fingerprint = signature.fingerprint();
    let policy = &project.effective().policy.approval;
    if project.current.policy.approval.revoked.contains(&fingerprint)
        || policy.revoked.contains(&fingerprint)
    {
        return Err(Unsigned::NotAllowed(format!("the key {fingerprint} is revoked")));
    }
    let signers = project.signers.as_ref().ok_or_else(|| {
        Unsigned::NotAllowed(format!("{SIGNERS_PATH} is not there: nobody may sign"))
    })?;
    let today = signers.find(&identity, &signature, NAMESPACE, now);
    let expired = match (today, launched) {
        (Ok(_), _) => None,
        (Err(why), Some(at)) if signers.find(&identity, &signature, NAMESPACE, at).is_ok() => {
            Some(why)
        }
        (Err(why), _) => return Err(Unsigned::NotAllowed(why)),
    };
    let person = person(&policy.persons, &identity).ok_or_else(|| {
        Unsigned::NotAllowed(format!("approval.persons in d3p.yaml gives {identity} to nobody"))
    })?;
    if person.name != predicate.principal {
        return Err(Unsigned::NotAllowed(format!(
            "{identity} is {}, and the statement says {}",
            person.name, predicate.principal
        )));
    }
    if predicate.role.is_some() && predicate.role != person.role {
        let role = predicate.role.as_deref().unwrap_or_default();
        return Err(Unsigned::NotAllowed(format!("d3p.yaml does not make {identity} {role}")));
    }
    Ok(Signer {
        person: person.name.clone(),
        role: person.role.clone(),
        identity,
        fingerprint,
        presence: signature.presence(),
        expired,
    })
}

/// How a person decides in this project.
pub fn how_to_decide(project: &Project) -> String {
    if signatures_on(project) {
        "the person decides: d3p approve sign --as NAME --decision go".to_owned()
    } else {
        "d3p record production-approval --by \"FULL NAME\" --decision go".to_owned()
    }
}

/// The person that a principal of the allowed signers is.
pub fn person<'a>(persons: &'a [Person], identity: &str) -> Option<&'a Person> {
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
    let on = signatures_on(project);
    let name = |decision: &Decision| {
        if on {
            return signer(project, decision, now, launched).ok().map(|signer| signer.person);
        }
        Some(decision.statement.as_ref().ok()?.predicate.principal.clone())
    };
    let fold = |name: String| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    decisions.iter().filter(|decision| counts(decision)).filter_map(name).map(fold).collect()
}

/// Whether a `NO_GO` is outvoted: as many others as the threshold, and one more, said GO after it.
pub(crate) fn is_lifted(
    project: &Project,
    decisions: &[Decision],
    no_go: &Decision,
    now: Stamp,
    launched: Option<Stamp>,
) -> bool {
    let Ok(statement) = &no_go.statement else { return false };
    if statement.predicate.decision != NO_GO || !signatures_on(project) {
        return false;
    }
    let said = no_go.decided_at();
    let later = |decision: &Decision| decision.is_go() && decision.decided_at() > said;
    let mut others = persons_who(project, decisions, now, launched, later);
    others.remove(&statement.predicate.principal.to_lowercase());
    others.len() > project.effective().policy.approval.threshold
}
