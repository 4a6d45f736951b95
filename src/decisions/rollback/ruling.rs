//! What the decisions on taking the launch back come to (D3P-9).
//!
//! A decision counts when a person of the authority tree made it, about this attempt, and the
//! policy takes their key. Of each person the last one counts. A ROLL_BACK stands until somebody at
//! the same place of the tree or above says CONTINUE over a ledger that names it, and no CONTINUE
//! helps once a rollback began. Nothing is lifted by time: what ends is only the leave to run the rollback.

use super::authority::{authority_tree, deciding_name};
use super::deployed::{deployed_at, rollbacks_begun};
use super::kind::{
    Rollback, RollbackDecision, rollback_check, rollback_covers, rollback_decisions,
};
use crate::decisions::person::{fold, nobody_in, same_name, signatures_on};
use crate::decisions::signature::{Signer, Unsigned, lacking, signed_by};
use crate::decisions::statement::changed_files;
use crate::definition::DecisionPolicy;
use crate::model::{Location, Piece, Reason, Sha256Digest, Stamp, State};
use crate::project::Project;
use crate::record::{FileDigest, History};
use crate::sign::Presence;
use std::collections::BTreeMap;

/// A decision that counts, and who made it.
#[derive(Clone, Debug)]
pub struct Vote {
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

/// Why a decision does not count, and what that makes of it.
pub(crate) type Fault = (State, String);

/// What the decisions come to.
#[derive(Clone, Debug, Default)]
pub struct Ruling {
    /// Decisions that count, and that their person has not gone back on.
    pub votes: Vec<Vote>,
    /// Those to roll back that nobody lifted.
    pub unlifted: Vec<Vote>,
}

impl Ruling {
    /// What a rollback still lacks when only decisions that are `in_force` then count; empty when it
    /// is decided.
    pub fn lacking(&self, project: &Project, in_force: Option<Stamp>) -> Vec<String> {
        let counts = |vote: &&Vote| in_force.is_none_or(|at| vote.ends >= at);
        let signers: Vec<Signer> =
            self.unlifted.iter().filter(counts).map(|vote| vote.signer.clone()).collect();
        lacking(&wanted(project), &signers)
    }
}

/// What the policy asks of these decisions; hardware only where something is signed.
pub(super) fn wanted(project: &Project) -> DecisionPolicy {
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
        let vote = vote(project, &decision, moments).ok()?;
        let said = decision.said()?;
        // "Roll back" goes on to stand, whatever is edited then; only its use wants the files as
        // they were.
        let kept = vote.roll_back && !moments.use_now;
        (kept || files_changed(project, said).is_empty()).then_some(vote)
    });
    let in_time = |vote: &Vote| vote.roll_back || begun.is_none_or(|begun| vote.at < begun);
    let all: Vec<Vote> = counting.filter(in_time).collect();
    // Whose clock is ahead has not spoken last: the ledger says who knew of what.
    let told = project.lineage();
    let after = |other: &Vote, own: &Vote| told.is_known(own.text, &other.before);
    let same = |other: &Vote, own: &Vote| same_name(&other.signer.person, &own.signer.person);
    let again = |own: &Vote| all.iter().any(|other| same(other, own) && after(other, own));
    let votes: Vec<Vote> = all.iter().filter(|own| !again(own)).cloned().collect();
    let lifts = |other: &Vote, own: &Vote| {
        !other.roll_back && other.order <= own.order && after(other, own)
    };
    let stands = |own: &&Vote| own.roll_back && !votes.iter().any(|other| lifts(other, own));
    let mut unlifted: BTreeMap<String, Vote> = BTreeMap::new();
    for vote in votes.iter().filter(stands) {
        unlifted.insert(fold(&vote.signer.person), vote.clone());
    }
    let unlifted = unlifted.into_values().collect();
    Ruling { votes, unlifted }
}

/// A decision as one that counts, whatever its files have become since.
///
/// # Errors
/// Why it does not count.
pub fn vote(
    project: &Project,
    decision: &RollbackDecision,
    moments: Moments,
) -> Result<Vote, Fault> {
    let statement = decision.statement.as_ref().map_err(|why| {
        (State::Invalid, format!("the statement cannot be taken as a decision: {why}"))
    })?;
    let said = &statement.predicate;
    let invalid = |why: String| (State::Invalid, why);
    let at = decision
        .decided_at()
        .ok_or_else(|| invalid("it does not say when it was made".to_owned()))?;
    let signer =
        who(project, decision, said, at, moments).map_err(|why| invalid(why.into_text()))?;
    about_this(project, said)?;
    place(project, said)?;
    moment(project, said, at, moments.now).map_err(|why| invalid(why.into_text()))?;
    Ok(Vote {
        index: decision.index,
        order: said.authority.order,
        roll_back: decision.is_roll_back(),
        at,
        ends: decision.ends(project).unwrap_or(at),
        signer,
        text: decision.digest(),
        before: project.history(said.head.ledger_heads.iter().map(String::as_str)),
    })
}

/// Who made a decision: by their key, or by name where the policy wants no signatures.
fn who(
    project: &Project,
    decision: &RollbackDecision,
    said: &Rollback,
    at: Stamp,
    moments: Moments,
) -> Result<Signer, Reason> {
    let approval = &project.effective().policy.approval;
    if signatures_on(project) {
        // Nobody's objection falls away by itself; a CONTINUE is as good as its key.
        let then = if decision.is_roll_back() { Some(at) } else { moments.gate };
        let then = then.filter(|_| !moments.use_now);
        let signer = signed_by(project, decision, moments.now, then).map_err(|why| match why {
            Unsigned::Missing => {
                format!("the decision in the name of {} is not signed", said.head.person)
            }
            Unsigned::Invalid(why) => {
                format!("{}'s signature does not count: {why}", said.head.person)
            }
            Unsigned::NotAllowed(why) => format!("this key may not decide: {why}"),
        })?;
        if let Some(what) = signer.unshown(&approval.rollback) {
            return Err(format!("{}'s key did not show a {what}", signer.person).into());
        }
        return Ok(signer);
    }
    if decision.signature.is_some() {
        return Err(
            "it carries a signature, and the policy says `signatures: off`: nobody checks it"
                .into(),
        );
    }
    let name = &said.head.person;
    if let Some(why) = nobody_in(project, name) {
        return Err(format!("\"{name}\" cannot decide: {why}").into());
    }
    let person = approval.persons.iter().find(|person| person.name == *name);
    if person.is_none() && !approval.persons.is_empty() {
        return Err(format!(
            "\"{name}\" cannot decide: `approval.persons` in d3p.yaml does not name them"
        )
        .into());
    }
    Ok(by_name(name, person.and_then(|person| person.role.clone())))
}

/// Whether it is about this attempt, under this policy.
fn about_this(project: &Project, said: &Rollback) -> Result<(), Fault> {
    let Some(release) = project.release() else { return Ok(()) };
    let question = rollback_check(project).map_or("", |check| check.question);
    let mut differences = said.head.differences(&release);
    if said.question != question {
        differences.push(("question", said.question.clone(), question.to_owned()));
    }
    differences.extend(said.head.policy_difference(project));
    let other = differences.into_iter().next();
    other.map_or(Ok(()), |(what, was, now)| {
        let message =
            format!("{}'s decision is about {what} {was}, here is {now}", said.head.person);
        Err((State::Stale, message))
    })
}

/// Whether the person stands in the authority tree, as they relied on it.
fn place(project: &Project, said: &Rollback) -> Result<(), Fault> {
    let name = &said.head.person;
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
fn moment(project: &Project, said: &Rollback, at: Stamp, now: Stamp) -> Result<(), Reason> {
    let skew = project.effective().policy.skew;
    if at > now.plus(skew) {
        return Err(format!("{} decided {at}, which lies in the future", said.head.person).into());
    }
    match deployed_at(project) {
        None => return Err("it was made, and nothing was deployed to production".into()),
        Some(deployed) if at.plus(skew) < deployed => {
            return Err(format!(
                "{} decided {at}, before the deployment to production began ({deployed})",
                said.head.person
            )
            .into());
        }
        Some(_) => {}
    }
    let gone = said.head.ledger_heads.iter().find(|head| project.ledger.line(head).is_none());
    if said.head.ledger_heads.is_empty() || gone.is_some() {
        return Err(
            format!("{} decided over a ledger whose lines are not here", said.head.person).into()
        );
    }
    Ok(())
}

/// What became of the files that a decision rests on; the launch's report may still change.
pub fn files_changed(project: &Project, said: &Rollback) -> Vec<String> {
    let launch = project.phase.launch().map(|(_, def)| &def.path);
    let without = |files: Vec<FileDigest>| {
        files.into_iter().filter(|file| Some(&file.path) != launch).collect::<Vec<_>>()
    };
    changed_files(&without(said.covers.clone()), &without(rollback_covers(project)))
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
        principal: String::new(),
        fingerprint: name.to_owned(),
        presence: Some(Presence { touched: true, verified: true }),
        expired: None,
    }
}
