//! The workflow state (P8-7): derived from the gates when the last one passes, never set by hand.

use crate::definition::NativeCheck;
use crate::model::Stamp;
use crate::project::{Evidence, Project, Release};
use crate::record::GateRecordClaims;
use serde_json::{Value, json};

/// The phase's workflow state, there or not; `None` when the phase has none.
pub fn evidence(project: &Project) -> Option<Evidence<'_>> {
    let is_state = |native: &NativeCheck| matches!(native, NativeCheck::WorkflowState {});
    project.all_evidence().find(|evidence| evidence.def.native.iter().any(is_state))
}

/// The last gate's id.
pub fn last_gate(project: &Project) -> Option<&str> {
    let gates = project.phase.gates.iter();
    gates.max_by_key(|(_, gate)| gate.number).map(|(id, _)| id.as_str())
}

/// When the last gate was passed, as its record says.
pub fn completed_at(project: &Project) -> Option<Stamp> {
    let id = last_gate(project)?;
    let number = project.phase.gates.get(id)?.number;
    let record = project.file(&project.places().gate(number, id))?.value()?;
    Some(GateRecordClaims::read(record)?.time_verified)
}

/// The state of a release whose last gate was passed at `completed`.
pub fn state(project: &Project, release: &Release, kind: &str, completed: Stamp) -> Value {
    let mut gates: Vec<_> = project.phase.gates.iter().collect();
    gates.sort_by_key(|(_, gate)| gate.number);
    let ids: Vec<&str> = gates.into_iter().map(|(id, _)| id.as_str()).collect();
    json!({
        "$schema": format!("https://d3p.dev/schemas/{kind}.v1.schema.json"),
        "schema_version": 1,
        "kind": kind,
        "release": release.version,
        "commit": release.commit,
        "attempt": release.attempt,
        "environment": "production",
        "origin": "computed",
        "phase": project.phase.id,
        "currentPhase": "complete",
        "completedPhases": ids,
        "completedAt": completed.to_string(),
        "nextPhase": project.phase.completion.next,
    })
}
