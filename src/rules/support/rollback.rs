//! What the decisions on taking the launch back come to (D3P-9).
//!
//! A decision counts when a person of the authority tree made it, about this attempt, and the
//! policy takes their key. Of each person the last one counts. A ROLL_BACK stands until somebody at
//! the same place of the tree or above says CONTINUE over a ledger that names it, and no CONTINUE
//! helps once a rollback began. Nothing is lifted by time: what ends is only the leave to run the rollback.

use super::person::not_a_person;
use super::signed::{Signed, Signer, Unsigned, fold, lacking, signatures_on, signed_by};
use super::standing::changes;
use crate::definition::DecisionPolicy;
use crate::derive::rollback::{
    RollbackDecision, authority_tree, deployed_at, rollback_check, rollback_covers,
    rollback_decisions, rollbacks_begun,
};
use crate::model::{Location, Piece, Sha256Digest, Stamp, State};
use crate::project::Project;
use crate::record::{FileDigest, History, Rollback};
use crate::rules::Context;
use crate::sign::Presence;
use std::collections::BTreeMap;

/// A decision that counts, and who made it.
#[derive(Clone, Debug)]
pub struct Voice {
    /// Its place in `decisions`.
    pub index: usize,
    /// The person's place in the authority tree.
    pub order: u32,
    /// Whether it says to roll back.
    pub roll_back: bool,
    /// When.
    pub at: Stamp,
    /// When it ends: the earlier of what it says itself and what the policy allows.
    pub ends: Stamp,
    /// Who; made of the name where nothing is signed.
    pub signer: Signer,
    /// Digest of the exact text.
    pub text: Sha256Digest,
    /// The lines of the ledger that it was made over.
    pub before: History,
}

/// The times that decisions are judged at.
#[derive(Clone, Copy, Debug)]
pub struct Moments {
    /// Now.
    pub now: Stamp,
    /// When the gate that binds them was passed: a key that was in force then still counts.
    pub gate: Option<Stamp>,
    /// Whether a decision is about to be used: then only keys that are in force now count.
    pub use_now: bool,
}

impl Moments {
    /// When rules look at decisions.
    pub(crate) fn of_rules(context: &Context<'_>) -> Self {
        let kind = rollback_check(context.project).map(|check| check.evidence.kind);
        let gate = kind.and_then(|kind| context.project.phase.gate_of_evidence(kind));
        let gate = gate.and_then(|(gate, _)| context.judgement.decided.get(gate).copied());
        Self { now: context.judgement.now, gate, use_now: false }
    }
}

/// Why a decision does not count, and what that makes of it.
pub(crate) type Fault = (State, String);

/// What the decisions come to.
#[derive(Clone, Debug, Default)]
pub struct Ruling {
    /// Decisions that count, and that their person has not gone back on.
    pub voices: Vec<Voice>,
    /// Those to roll back that nobody lifted.
    pub standing: Vec<Voice>,
}

impl Ruling {
    /// What a rollback still lacks when only decisions that are `in_force` then count; empty when it
    /// is decided.
    pub fn lacking(&self, project: &Project, in_force: Option<Stamp>) -> Vec<String> {
        let counts = |voice: &&Voice| in_force.is_none_or(|at| voice.ends >= at);
        let signers: Vec<Signer> =
            self.standing.iter().filter(counts).map(|voice| voice.signer.clone()).collect();
        lacking(&wanted(project), &signers)
    }
}

/// What the policy asks of these decisions; hardware only where something is signed.
fn wanted(project: &Project) -> DecisionPolicy {
    let mut policy = project.effective().policy.approval.rollback.clone();
    if !signatures_on(project) {
        policy.presence.clear();
    }
    policy
}

/// What the decisions come to at these times.
pub fn ruling(project: &Project, moments: Moments) -> Ruling {
    let begun = rollbacks_begun(project).first().map(|began| began.line.at);
    let counting = rollback_decisions(project).into_iter().filter_map(|decision| {
        let voice = voice(project, &decision, moments).ok()?;
        let said = &decision.statement.as_ref().ok()?.predicate;
        // "Roll back" goes on to stand, whatever is edited then; only its use wants the files as
        // they were.
        let kept = voice.roll_back && !moments.use_now;
        (kept || superseded(project, said).is_empty()).then_some(voice)
    });
    let in_time = |voice: &Voice| voice.roll_back || begun.is_none_or(|begun| voice.at < begun);
    let all: Vec<Voice> = counting.filter(in_time).collect();
    // Whose clock is ahead has not spoken last: the ledger says who knew of what.
    let told = project.lineage();
    let after = |other: &Voice, own: &Voice| told.is_known(own.text, &other.before);
    let same = |other: &Voice, own: &Voice| same_name(&other.signer.person, &own.signer.person);
    let again = |own: &Voice| all.iter().any(|other| same(other, own) && after(other, own));
    let voices: Vec<Voice> = all.iter().filter(|own| !again(own)).cloned().collect();
    let lifts = |other: &Voice, own: &Voice| {
        !other.roll_back && other.order <= own.order && after(other, own)
    };
    let stands = |own: &&Voice| own.roll_back && !voices.iter().any(|other| lifts(other, own));
    let mut standing: BTreeMap<String, Voice> = BTreeMap::new();
    for voice in voices.iter().filter(stands) {
        standing.insert(fold(&voice.signer.person), voice.clone());
    }
    let standing = standing.into_values().collect();
    Ruling { voices, standing }
}

/// A decision as one that counts, whatever its files have become since.
///
/// # Errors
/// Why it does not count.
pub fn voice(
    project: &Project,
    decision: &RollbackDecision,
    moments: Moments,
) -> Result<Voice, Fault> {
    let statement = decision.statement.as_ref().map_err(|why| {
        (State::Invalid, format!("the statement cannot be taken as a decision: {why}"))
    })?;
    let said = &statement.predicate;
    let invalid = |why: String| (State::Invalid, why);
    let at = decision
        .decided_at()
        .ok_or_else(|| invalid("it does not say when it was made".to_owned()))?;
    let signer = who(project, decision, said, at, moments).map_err(invalid)?;
    about_this(project, said)?;
    place(project, said)?;
    moment(project, said, at, moments.now).map_err(invalid)?;
    let own = Stamp::parse(&said.not_after).unwrap_or(at);
    let ends = own.min(at.plus(project.effective().policy.approval.rollback.max_age));
    Ok(Voice {
        index: decision.index,
        order: said.authority.order,
        roll_back: decision.is_roll_back(),
        at,
        ends,
        signer,
        text: Sha256Digest::of(decision.text.as_bytes()),
        before: project.history(said.ledger_heads.iter().map(String::as_str)),
    })
}

/// Who made a decision: by their key, or by name where the policy wants no signatures.
fn who(
    project: &Project,
    decision: &RollbackDecision,
    said: &Rollback,
    at: Stamp,
    moments: Moments,
) -> Result<Signer, String> {
    let approval = &project.effective().policy.approval;
    if signatures_on(project) {
        // Nobody's objection falls away by itself; a CONTINUE is as good as its key.
        let then = if decision.is_roll_back() { Some(at) } else { moments.gate };
        let signed = Signed { text: &decision.text, signature: decision.signature.as_deref() };
        let by = crate::record::Predicate::by(said);
        let then = then.filter(|_| !moments.use_now);
        let signer =
            signed_by(project, signed, by, moments.now, then).map_err(|why| match why {
                Unsigned::Missing => {
                    format!("the decision in the name of {} is not signed", said.principal)
                }
                Unsigned::Invalid(why) => {
                    format!("{}'s signature does not count: {why}", said.principal)
                }
                Unsigned::NotAllowed(why) => format!("this key may not decide: {why}"),
            })?;
        if let Some(what) = signer.unshown(&approval.rollback) {
            return Err(format!("{}'s key did not show a {what}", signer.person));
        }
        return Ok(signer);
    }
    if decision.signature.is_some() {
        return Err(
            "it carries a signature, and the policy says `signatures: off`: nobody checks it"
                .to_owned(),
        );
    }
    let name = &said.principal;
    if let Some(why) = not_a_person(name) {
        return Err(format!("\"{name}\" cannot decide: {why}"));
    }
    let person = approval.persons.iter().find(|person| person.name == *name);
    if person.is_none() && !approval.persons.is_empty() {
        return Err(format!(
            "\"{name}\" cannot decide: `approval.persons` in d3p.yaml does not name them"
        ));
    }
    Ok(by_name(name, person.and_then(|person| person.role.clone())))
}

/// Whether it is about this attempt, under this policy.
fn about_this(project: &Project, said: &Rollback) -> Result<(), Fault> {
    let Some(release) = project.release() else { return Ok(()) };
    let question = rollback_check(project).map_or("", |check| check.question);
    let pairs = [
        ("release", said.release.clone(), release.version),
        ("commit", said.commit.clone(), release.commit),
        ("attempt", said.attempt.to_string(), release.attempt.to_string()),
        ("environment", said.environment.clone(), "production".to_owned()),
        ("question", said.question.clone(), question.to_owned()),
        ("policy", said.policy.sha256.clone(), project.effective().digest.to_string()),
    ];
    let other = pairs.into_iter().find(|(_, was, now)| was != now);
    other.map_or(Ok(()), |(what, was, now)| {
        let message = format!("{}'s decision is about {what} {was}, here is {now}", said.principal);
        Err((State::Stale, message))
    })
}

/// Whether the person stands in the authority tree, as they relied on it.
fn place(project: &Project, said: &Rollback) -> Result<(), Fault> {
    let name = &said.principal;
    let tree = authority_tree(project)
        .ok_or_else(|| (State::Stale, "the authority tree cannot be read".to_owned()))?;
    if tree.rows.contains(&said.authority) && said.authority.name == *name {
        return Ok(());
    }
    if tree.rows.iter().any(|row| row.name == *name) {
        let message = format!("the authority tree now says otherwise of {name} than they signed");
        return Err((State::Stale, message));
    }
    Err((State::Invalid, format!("{name} is not in the authority tree")))
}

/// Why a decision was not made between the deployment and now, over this ledger.
fn moment(project: &Project, said: &Rollback, at: Stamp, now: Stamp) -> Result<(), String> {
    let skew = project.effective().policy.skew;
    if at > now {
        return Err(format!("{} decided {at}, which lies in the future", said.principal));
    }
    match deployed_at(project) {
        None => return Err("it was made, and nothing was deployed to production".to_owned()),
        Some(deployed) if at.plus(skew) < deployed => {
            return Err(format!(
                "{} decided {at}, before the deployment to production began ({deployed})",
                said.principal
            ));
        }
        Some(_) => {}
    }
    let gone = said.ledger_heads.iter().find(|head| project.ledger.line(head).is_none());
    if said.ledger_heads.is_empty() || gone.is_some() {
        return Err(format!("{} decided over a ledger whose lines are not here", said.principal));
    }
    Ok(())
}

/// What became of the files that a decision rests on; the launch's report may still change.
pub fn superseded(project: &Project, said: &Rollback) -> Vec<String> {
    let launch = project.phase.launch().map(|(_, def)| &def.path);
    let without = |files: Vec<FileDigest>| {
        files.into_iter().filter(|file| Some(&file.path) != launch).collect::<Vec<_>>()
    };
    changes(&without(said.covers.clone()), &without(rollback_covers(project)))
}

/// The exact command by which the first of the tree who can does it.
pub fn how_to_roll_back(project: &Project, decision: &str) -> String {
    let rows = authority_tree(project).map(|tree| tree.rows).unwrap_or_default();
    let name = rows.iter().find_map(|row| deciding_name(project, &row.name));
    let name = name.unwrap_or_else(|| "NAME".to_owned());
    let name = if name.contains(' ') { format!("\"{name}\"") } else { name };
    format!("d3p rollback decide --as {name} --decision {decision} --reason \"WHY\"")
}

/// What a person of the tree gives as `--as`; `None` when they cannot decide.
pub fn deciding_name(project: &Project, name: &str) -> Option<String> {
    let persons = &project.effective().policy.approval.persons;
    let person = persons.iter().find(|person| person.name == name);
    if signatures_on(project) {
        return person?.principals.first().cloned();
    }
    (persons.is_empty() || person.is_some()).then(|| name.to_owned())
}

/// Whether two names are the same but for case and the width of gaps.
pub fn same_name(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

/// Why nobody could decide on a rollback, whatever happens: where, and in which piece.
///
/// Enough of the tree must be able to, not all: a tree that may only hold names with a key would be
/// written shorter, and an outage is not the time to find out whom else one could have called.
pub(crate) fn nobody_could_roll_back(project: &Project) -> Vec<(String, Location, Piece)> {
    let Some(tree) = authority_tree(project).filter(|tree| !tree.rows.is_empty()) else {
        return Vec::new();
    };
    let persons = &project.effective().policy.approval.persons;
    let mut out: Vec<(String, Location, Piece)> = tree
        .rows
        .iter()
        .filter_map(|row| {
            let alike = |name: &str| name != row.name && same_name(name, &row.name);
            let person = persons.iter().find(|person| alike(&person.name))?;
            let message = format!(
                "\"{}\" in the authority tree is \"{}\" in approval.persons: whose decision would it be?",
                row.name, person.name
            );
            Some((message, tree.place.clone(), tree.piece.clone()))
        })
        .collect();
    let able: Vec<Signer> = tree
        .rows
        .iter()
        .filter(|row| deciding_name(project, &row.name).is_some())
        .map(|row| {
            let person = persons.iter().find(|person| person.name == row.name);
            by_name(&row.name, person.and_then(|person| person.role.clone()))
        })
        .collect();
    // Whether their keys are in hardware is known when they sign.
    let mut policy = wanted(project);
    policy.presence.clear();
    let lacking = lacking(&policy, &able);
    // That the policy itself names too few has a finding of its own.
    let too_few =
        persons.len() < policy.threshold && (signatures_on(project) || !persons.is_empty());
    if !lacking.is_empty() && !too_few {
        let who: Vec<&str> = tree.rows.iter().map(|row| row.name.as_str()).collect();
        let message = format!(
            "nobody could decide on a rollback: of the authority tree ({}), {} can, and approval.rollback in d3p.yaml wants more ({})",
            who.join(", "),
            able.len(),
            lacking.join(", ").replace("said so", "can")
        );
        out.push((message, tree.place, tree.piece));
    }
    out
}

/// Somebody who is known by name alone: with a key of their own, that could show all it must.
fn by_name(name: &str, role: Option<String>) -> Signer {
    Signer {
        person: name.to_owned(),
        role,
        identity: String::new(),
        fingerprint: name.to_owned(),
        presence: Some(Presence { touched: true, verified: true }),
        expired: None,
    }
}
