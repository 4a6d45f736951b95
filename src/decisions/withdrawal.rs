//! The decision that the time of a line of the ledger is not to be believed, since the clock that it
//! was written by was ahead.
//!
//! Its statement stands in a line of the ledger itself. It takes back the time and nothing else: what
//! the line tells of has happened, and is judged by times of its own.

use super::person::{person_of, signatures_on};
use super::separation::{Deed, not_separate};
use super::signature::{Signer, Unsigned, lacking, signed_by};
use super::statement::{Decider, Decision, Head, Kind, Statement};
use crate::definition::{ApprovalPolicy, DecisionPolicy};
use crate::model::{Reason, Sha256Digest, Stamp};
use crate::project::{Project, Release};
use crate::record::Line;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// That the time of one line is not to be believed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Withdrawal {
    /// Digest of the line.
    pub line: String,
    /// The time that it claims.
    pub at: String,
    /// Why.
    pub reason: String,
    /// Who decides, and about what.
    #[serde(flatten)]
    pub head: Head,
}

impl Kind for Withdrawal {
    const TYPE: &'static str = "https://d3p.dev/predicates/withdrawal/v1";
    const SCHEMA: &'static str = "withdrawal-statement";

    fn head(&self) -> &Head {
        &self.head
    }

    /// As many persons as let a finding stand.
    fn policy(approval: &ApprovalPolicy) -> &DecisionPolicy {
        &approval.waiver
    }
}

/// The statement by which `decider` withdraws the time of `line`, now and for good.
pub fn withdrawal_statement(
    project: &Project,
    release: &Release,
    line: &Line,
    reason: &str,
    decider: &Decider<'_>,
) -> Statement<Withdrawal> {
    let said = Withdrawal {
        line: line.digest.to_string(),
        at: line.at.to_string(),
        reason: reason.split_whitespace().collect::<Vec<_>>().join(" "),
        // It is over once that time has come.
        head: Head::new(project, release, decider, line.at),
    };
    Statement::new(release.subject(), said)
}

/// What was signed about the time of one line.
#[derive(Clone, Debug, Default)]
pub struct Withdrawn {
    /// Who signed, and why each did.
    pub by: Vec<(Signer, String)>,
    /// Why others that were signed count for nothing.
    pub invalid: Vec<String>,
    /// What is lacking for it to count; empty when it does.
    pub lacking: Vec<String>,
}

impl Withdrawn {
    /// Whether the time is withdrawn.
    pub fn counts(&self) -> bool {
        self.lacking.is_empty()
    }
}

/// What was signed about the times of lines, by the digest of the line, judged at `now`.
pub fn withdrawals(project: &Project, now: Stamp) -> BTreeMap<Sha256Digest, Withdrawn> {
    let mut found: BTreeMap<Sha256Digest, Withdrawn> = BTreeMap::new();
    for (place, line) in project.ledger.lines.iter().enumerate() {
        let Some(signed) = &line.entry.withdrawal else { continue };
        let decision: Decision<Withdrawal> =
            Decision::read(place, &signed.statement, Some(&signed.signature));
        let Some(said) = decision.said() else { continue };
        let Some(digest) = Sha256Digest::parse(&said.line) else { continue };
        let of = found.entry(digest).or_default();
        match signer(project, &decision, said, place, now) {
            Ok(signer) => of.by.push((signer, said.reason.clone())),
            Err(why) => of.invalid.push(why.to_string()),
        }
    }
    for of in found.values_mut() {
        let signers: Vec<Signer> = of.by.iter().map(|(signer, _)| signer.clone()).collect();
        of.lacking = lacking(&project.effective().policy.approval.waiver, &signers);
    }
    found
}

/// Who signed one, which stands at `place` of the ledger.
fn signer(
    project: &Project,
    decision: &Decision<Withdrawal>,
    said: &Withdrawal,
    place: usize,
    now: Stamp,
) -> Result<Signer, Reason> {
    if !signatures_on(project) {
        return Err("d3p.yaml says `signatures: \"off\"`: nobody can sign it".into());
    }
    let release = project.release().ok_or("no release is open")?;
    if let Some((what, was, now)) = said.head.differences(&release).into_iter().next() {
        return Err(format!("it is about {what} {was}, here is {now}").into());
    }
    let before = &project.ledger.lines[..place];
    let about = before.iter().find(|line| line.digest.to_string() == said.line);
    let about = about.ok_or("it names no line before it")?;
    let decided = decision.decided_at().ok_or("it does not say when it was signed")?;
    let skew = project.effective().policy.skew;
    if about.at <= decided.plus(skew) {
        return Err(
            format!("{} was no later than the moment it was signed ({decided})", about.at).into()
        );
    }
    if decided > now.plus(skew) {
        return Err(format!("it was signed in the future ({decided})").into());
    }
    let signer = signed_by(project, decision, now, Some(decided)).map_err(|why| match why {
        Unsigned::Missing => "it is not signed".to_owned(),
        Unsigned::Invalid(why) => format!("the signature does not count: {why}"),
        Unsigned::NotAllowed(why) => format!("its key may not decide: {why}"),
    })?;
    let person = person_of(&project.effective().policy.approval.persons, &signer.principal);
    match person.and_then(|own| not_separate(project, &release, own, Deed::Withdraw)) {
        Some(why) => Err(why.into()),
        None => Ok(signer),
    }
}

/// The newest line of the ledger whose time is believed, besides the line `but`.
pub fn newest(project: &Project, now: Stamp, but: Option<Sha256Digest>) -> Option<&Line> {
    let withdrawn = withdrawals(project, now);
    let believed = |line: &&Line| {
        Some(line.digest) != but && !withdrawn.get(&line.digest).is_some_and(Withdrawn::counts)
    };
    project.ledger.lines.iter().filter(believed).max_by_key(|line| line.at)
}
