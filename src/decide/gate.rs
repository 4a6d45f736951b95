//! Gates: what blocks one, and whether its record still counts.

use crate::decide::Assessment;
use crate::decisions::Waivers;
use crate::definition::{Cause, GateDef};
use crate::model::{Finding, Piece, Stamp, State, Verdict};
use crate::project::required_bindings;
use crate::project::{FileEntry, Project};
use crate::rules::{GL201, GL220, GL315, GL323, States, checkpoint_holds, gate_waivers};
use std::collections::BTreeSet;

/// What a gate says, and what its record is worth.
#[derive(Clone, Debug)]
pub struct GateAssessment {
    /// Gate id.
    pub id: String,
    /// Gate number.
    pub number: u32,
    /// What the files make of it now.
    pub verdict: Verdict,
    /// What its record is worth.
    pub recorded: Recorded,
    /// Whether something that it demands stands only because a waiver lets it.
    pub with_waiver: bool,
}

/// What a gate's record is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Recorded {
    /// There is none.
    No,
    /// It is what the files make, and the gates before it are valid: passed at this time.
    Valid(Stamp),
    /// There is one, and it does not count any more.
    Reopened,
}

impl GateAssessment {
    /// Whether the gate is passed, recorded and still valid.
    pub fn is_valid(&self) -> bool {
        matches!(self.recorded, Recorded::Valid(_))
    }
}

/// The gates up to and including `gate`, first to last.
pub fn chain<'a>(project: &'a Project, gate: &str) -> Vec<(&'a str, &'a GateDef)> {
    let mut chain = Vec::new();
    let mut current = project.phase.gates.get_key_value(gate);
    while let Some((id, def)) = current {
        chain.push((id.as_str(), def));
        current = def.after.as_ref().and_then(|id| project.phase.gates.get_key_value(id));
    }
    chain.reverse();
    chain
}

/// Every finding that keeps `gate` from being passed now: on what it and the gates before it bind,
/// on their records, on the policy and on the ledger. `own_record` adds its own record.
pub fn blocking<'a>(
    project: &Project,
    findings: &'a [Finding],
    gate: &str,
    own_record: bool,
) -> Vec<&'a Finding> {
    let mut pieces = BTreeSet::from([Piece::Policy, Piece::Ledger]);
    for (id, def) in chain(project, gate) {
        let record = project.file(&project.places().gate(def.number, id));
        // A gate that is decided anew looks at optional evidence that lies there now.
        let claims = record.filter(|_| own_record || id != gate).and_then(FileEntry::claims);
        let listed = claims.map(|claims| &claims.listed[..]);
        pieces.extend(required_bindings(project, def, listed).into_iter().map(|(piece, _)| piece));
        pieces.insert(Piece::Gate(id.to_owned()));
        if own_record || id != gate {
            pieces.insert(Piece::Record(id.to_owned()));
        }
    }
    findings
        .iter()
        .filter(|finding| finding.state.is_some() && pieces.contains(&finding.piece))
        .collect()
}

/// The verdict that a list of blocking findings makes.
fn verdict(blocking: &[&Finding]) -> Verdict {
    match blocking.iter().filter_map(|finding| finding.weight()).max() {
        None => Verdict::Passed,
        Some(State::Review) => Verdict::Review,
        Some(_) => Verdict::Refused,
    }
}

pub(super) fn assess_gates(
    project: &Project,
    findings: &[Finding],
    states: &States,
    waivers: &Waivers,
) -> Vec<GateAssessment> {
    let mut gates: Vec<GateAssessment> = Vec::new();
    for (id, def) in &project.phase.gates {
        let record = project.file(&project.places().gate(def.number, id));
        let claims = record.and_then(FileEntry::claims);
        let listed = claims.map(|claims| &claims.listed[..]);
        let with_waiver = !gate_waivers(project, def, listed, waivers).is_empty();
        let own = states.get(&Piece::Record(id.clone())).copied().unwrap_or(State::Missing);
        let with_record = blocking(project, findings, id, true);
        let recorded = match claims {
            Some(claims) if own == State::Passed && with_record.is_empty() => {
                Recorded::Valid(claims.time_verified)
            }
            _ if own == State::Missing => Recorded::No,
            _ => Recorded::Reopened,
        };
        gates.push(GateAssessment {
            id: id.clone(),
            number: def.number,
            verdict: verdict(&blocking(project, findings, id, false)),
            recorded,
            with_waiver,
        });
    }
    gates.sort_by_key(|gate| gate.number);
    gates
}

/// Whether a finding is what the gate's named failure is about.
pub fn is_cause(cause: Cause, finding: &Finding) -> bool {
    let piece = matches!(finding.piece, Piece::Prerequisite(_) | Piece::Evidence(_));
    match cause {
        Cause::Missing => finding.rule == &GL220 || finding.rule == &GL201,
        Cause::Failed => piece && finding.state == Some(State::Failed),
        Cause::Threshold => {
            [&GL315, &GL323].contains(&finding.rule) && finding.state == Some(State::Failed)
        }
    }
}

/// Whether the work may be handed on: every gate is passed and valid, and every item of the handoff
/// checklist holds.
pub fn is_handed_over(project: &Project, assessment: &Assessment) -> bool {
    let holds = |item| checkpoint_holds(project, &assessment.states, item).is_ok();
    next_gate(assessment).is_none() && project.phase.handoff.iter().all(holds)
}

/// The first gate that is not passed and valid.
pub fn next_gate(assessment: &Assessment) -> Option<&GateAssessment> {
    assessment.gates.iter().find(|gate| !gate.is_valid())
}
