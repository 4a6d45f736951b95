//! The decision that a phase is not gone through for a release, since by its facts nothing is deployed
//! (OPS-3). Its statement stands in a line of the ledger; it clears no launch.

use super::change::{contradictions, skip_reason};
use super::person::{person_of, signatures_on};
use super::rollback::deciding_name;
use super::separation::{Deed, not_separate};
use super::signature::{Signer, Unsigned, lacking, signed_by};
use super::statement::{Decider, Decision, Head, Kind, Statement};
use crate::definition::{ApprovalPolicy, DecisionPolicy, ReasonDef};
use crate::model::{Reason, Stamp};
use crate::project::{Project, Release};
use crate::record::{CheckedChange, EntryKind, Line, Reassigned};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// That the phase is skipped for one release.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Skip {
    /// The circumstance, by its name in the protocol.
    pub ground: String,
    /// The facts that it follows from, as they were given.
    pub facts: String,
    /// Why, in a person's words.
    pub reason: String,
    /// Who decides, and about what.
    #[serde(flatten)]
    pub head: Head,
}

impl Kind for Skip {
    const TYPE: &'static str = "https://d3p.dev/predicates/skip/v1";
    const SCHEMA: &'static str = "skip-statement";

    fn head(&self) -> &Head {
        &self.head
    }

    /// As many persons as a launch takes: it is one that is not made.
    fn policy(approval: &ApprovalPolicy) -> &DecisionPolicy {
        &approval.production
    }
}

/// The statement by which `decider` skips the phase; `None` while no fact says that it may be.
pub fn skip_statement(
    project: &Project,
    release: &Release,
    (reason, change): (&str, &CheckedChange),
    decider: &Decider<'_>,
) -> Option<Statement<Skip>> {
    let ground = skip_reason(project)?;
    let max_age = project.effective().policy.approval.production.max_age;
    let said = Skip {
        ground: ground.name.clone(),
        facts: rests_on(project, ground, change),
        reason: reason.split_whitespace().collect::<Vec<_>>().join(" "),
        head: Head::new(project, release, decider, decider.now.plus(max_age)),
    };
    Some(Statement::new(release.subject(), said))
}

/// The facts that it follows from, and what the policy makes of paths that look like something else.
fn rests_on(project: &Project, ground: &ReasonDef, change: &CheckedChange) -> String {
    let facts = Some(ground.told(project.facts()));
    let all = facts.into_iter().chain(Reassigned::told(&change.reassigned));
    all.collect::<Vec<_>>().join("; ")
}

/// What was decided about skipping the phase.
#[derive(Clone, Debug, Default)]
pub struct Skipped {
    /// Who decided so, and why each did.
    pub by: Vec<(String, String)>,
    /// Why others that decided count for nothing.
    pub invalid: Vec<String>,
    /// What is lacking for it to count; empty when it does.
    pub lacking: Vec<String>,
}

impl Skipped {
    /// Whether the phase is skipped.
    pub fn counts(&self) -> bool {
        !self.by.is_empty() && self.lacking.is_empty()
    }
}

/// Whether the phase is skipped for the open release, judged at `now`.
pub fn skipped(project: &Project, now: Stamp) -> Skipped {
    let mut out = Skipped::default();
    let mut signers: Vec<Signer> = Vec::new();
    let lines = project.ledger.lines.iter().filter(|line| line.entry.kind == EntryKind::Skipped);
    for line in lines {
        let Some(signed) = &line.entry.skip else { continue };
        let signature = Some(signed.signature.as_str()).filter(|text| !text.is_empty());
        let decision: Decision<Skip> = Decision::read(0, &signed.statement, signature);
        let counted = decision.said().ok_or_else(|| Reason::from("it cannot be understood"));
        let counted = counted.and_then(|said| {
            stands(project, said, line)?;
            let signer = decider(project, &decision, said, now)?;
            Ok((said.head.person.clone(), said.reason.clone(), signer))
        });
        match counted {
            Ok((person, why, signer)) => {
                signers.extend(signer);
                out.by.push((person, why));
            }
            Err(why) => out.invalid.push(why.to_string()),
        }
    }
    let policy = &project.effective().policy.approval.production;
    out.lacking = match signatures_on(project) {
        true => lacking(policy, &signers),
        false => {
            let persons: BTreeSet<&String> = out.by.iter().map(|(person, _)| person).collect();
            let few = persons.len() < policy.threshold;
            let says = || format!("{} of {} persons", persons.len(), policy.threshold);
            few.then(says).into_iter().collect()
        }
    };
    out
}

/// Whether what was decided about is what lies here, and the change does not speak against it.
fn stands(project: &Project, said: &Skip, line: &Line) -> Result<(), Reason> {
    let release = project.release().ok_or("no release is open")?;
    let mut differences = said.head.differences(&release);
    differences.extend(said.head.policy_difference(project));
    if let Some((what, was, now)) = differences.into_iter().next() {
        return Err(format!("it is about {what} {was}, here is {now}").into());
    }
    let ground = skip_reason(project).ok_or("by the facts of d3p.yaml nothing is skipped")?;
    let change = line.entry.change.as_ref().ok_or("nobody asked git what the release changes")?;
    let here = rests_on(project, ground, change);
    if ground.name != said.ground || here != said.facts {
        return Err(format!("it rests on: {}; here is: {here}", said.facts).into());
    }
    agrees(project, change)
}

/// Whether git says of the change what the facts say.
///
/// # Errors
/// What it says against them, or why it could not tell.
pub fn agrees(project: &Project, change: &CheckedChange) -> Result<(), Reason> {
    let release = project.release().ok_or("no release is open")?;
    if change.commit != release.commit {
        return Err(format!("git was asked about commit {}", change.commit).into());
    }
    if let Some(doubt) = &change.doubt {
        return Err(format!("what the release changes cannot be told: {doubt}").into());
    }
    match contradictions(project, change).into_iter().next() {
        Some((_, why)) => Err(why.into()),
        None => Ok(()),
    }
}

/// Who decided; the signer where decisions are signed.
fn decider(
    project: &Project,
    decision: &Decision<Skip>,
    said: &Skip,
    now: Stamp,
) -> Result<Option<Signer>, Reason> {
    let decided = decision.decided_at().ok_or("it does not say when it was decided")?;
    if decided > now.plus(project.effective().policy.skew) {
        return Err(format!("it was decided in the future ({decided})").into());
    }
    if !signatures_on(project) {
        let name = deciding_name(project, &said.head.person);
        let nobody = || format!("{} is nobody of approval.persons", said.head.person);
        return name.map(|_| None).ok_or_else(|| nobody().into());
    }
    let signer = signed_by(project, decision, now, Some(decided)).map_err(|why| match why {
        Unsigned::Missing => "it is not signed".to_owned(),
        Unsigned::Invalid(why) => format!("the signature does not count: {why}"),
        Unsigned::NotAllowed(why) => format!("its key may not decide: {why}"),
    })?;
    let release = project.release().ok_or("no release is open")?;
    let person = person_of(&project.effective().policy.approval.persons, &signer.principal);
    match person.and_then(|own| not_separate(project, &release, own, Deed::Skip)) {
        Some(why) => Err(why.into()),
        None => Ok(Some(signer)),
    }
}
