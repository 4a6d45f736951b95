//! From findings to states, from states to verdicts. Pure: `now` comes in as a value.
//!
//! There is one evaluator. Every command and every output format shows what is decided here; no
//! command can set a verdict.

mod account;
mod applies;
mod causes;
mod clearance;
mod controls;
mod exit;
mod gate;
mod next;
mod relations;
mod scope;
mod used;

pub use account::{Account, DecisionTold, GateTold};
pub use applies::{Answer, Applies, Part, applies};
pub use clearance::{Clearance, clearance_by_files};
pub use controls::{ControlShown, controls, state as state_of};
pub use exit::{closed_by, not_skipped, rolled_back};
pub use gate::{GateAssessment, Recorded, blocking, is_cause, is_handed_over, next_gate};
pub use next::next;
pub use relations::{asked, needs, unlocks, waits_for};
pub use scope::{Scope, gate_of, in_scope, within};
pub use used::launched;

use crate::decisions::{self, Waivers};
use crate::model::{Finding, Piece, Stamp, State};
use crate::project::{Project, locate};
use crate::rules::{self, Context, Judgement, States};
use std::collections::BTreeMap;

/// What everything is worth.
#[derive(Debug)]
pub struct Assessment {
    /// All findings, sorted by place, with line and column.
    pub findings: Vec<Finding>,
    /// The state of each piece.
    pub states: States,
    /// The gates, in order.
    pub gates: Vec<GateAssessment>,
    /// What people let stand, and what of it counts.
    pub waivers: Waivers,
}

impl Assessment {
    /// A gate by its id; `None` when the phase has none of it.
    pub fn gate(&self, id: &str) -> Option<&GateAssessment> {
        self.gates.iter().find(|gate| gate.id == id)
    }

    /// Whether a gate was passed, and still is.
    pub fn is_passed(&self, id: &str) -> bool {
        self.gate(id).is_some_and(GateAssessment::is_valid)
    }
}

/// Times to judge a project at: recorded gates at their records' times, everything else now.
pub fn judgement(project: &Project, now: Stamp) -> Judgement {
    let decided = project
        .phase
        .gates
        .iter()
        .filter_map(|(id, gate)| {
            let record = project.file(&project.places().gate(gate.number, id))?;
            Some((id.clone(), record.claims()?.time_verified))
        })
        .collect();
    Judgement { now, decided, before_launch: false }
}

/// Judges a project with its gates as they are recorded.
pub fn assess(project: &Project, now: Stamp) -> Assessment {
    assess_at(project, &judgement(project, now))
}

/// Judges a project as one that is about to be launched.
pub fn assess_before_launch(project: &Project, now: Stamp) -> Assessment {
    assess_at(project, &Judgement { before_launch: true, ..judgement(project, now) })
}

/// Judges `gate` as if it were decided now, with the gates before it as they are recorded.
pub fn assess_afresh(project: &Project, gate: &str, now: Stamp) -> Assessment {
    let mut times = judgement(project, now);
    let number = project.phase.gates.get(gate).map_or(0, |gate| gate.number);
    times.decided.retain(|id, _| {
        project.phase.gates.get(id).is_some_and(|recorded| recorded.number < number)
    });
    assess_at(project, &times)
}

fn assess_at(project: &Project, judgement: &Judgement) -> Assessment {
    let context = Context::new(project, judgement);
    let mut findings = rules::check(&context);
    let mut waivers = context.waivers();
    decisions::waive(project, &mut waivers, &mut findings);
    findings.extend(rules::check_waived(&context, &waivers));
    rules::check_reviews(&context, &mut findings);
    rules::check_reports(&context, &mut findings);
    let mut states = initial_states(project);
    worsen(&mut states, &findings);
    let later = rules::check_states(&context, &states);
    worsen(&mut states, &later);
    findings.extend(later);
    locate(project, &mut findings);
    findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    findings.dedup_by(|a, b| a.sort_key() == b.sort_key() && a.piece == b.piece);
    causes::find_causes(project, &mut findings);
    let gates = gate::assess_gates(project, &findings, &states, &waivers);
    Assessment { findings, states, gates, waivers }
}

/// Everything the phase knows, as passed until a finding says otherwise; exempt and absent
/// optional evidence as such, gates that were never recorded as missing.
fn initial_states(project: &Project) -> States {
    let mut states = BTreeMap::new();
    for id in project.phase.documents.keys() {
        states.insert(Piece::Document(id.clone()), State::Passed);
    }
    for id in project.phase.prerequisites.keys() {
        let exempt = project.prerequisite_exemption(id).is_some();
        states.insert(
            Piece::Prerequisite(id.clone()),
            if exempt { State::Exempt } else { State::Passed },
        );
    }
    for evidence in project.all_evidence() {
        let optional = project.is_optional(evidence.def);
        let unused =
            optional && evidence.file.is_absent() && !project.was_recorded(&evidence.def.path);
        let exempt = project.exemption(evidence.kind).is_some() || unused;
        states.insert(evidence.piece(), if exempt { State::Exempt } else { State::Passed });
    }
    for (id, gate) in &project.phase.gates {
        let recorded = project.present(&project.places().gate(gate.number, id)).is_some();
        states.insert(
            Piece::Record(id.clone()),
            if recorded { State::Passed } else { State::Missing },
        );
        states.insert(Piece::Gate(id.clone()), State::Passed);
    }
    states.insert(Piece::Policy, State::Passed);
    states.insert(Piece::Ledger, State::Passed);
    states
}

/// Worst wins.
fn worsen(states: &mut States, findings: &[Finding]) {
    for finding in findings {
        if let Some(state) = finding.effect() {
            let entry = states.entry(finding.piece.clone()).or_insert(state);
            *entry = (*entry).max(state);
        }
    }
}
