//! The workflow state (P8-7): derived from the gates when the last one passes, never set by hand.

use crate::definition::NativeCheck;
use crate::model::{Closing, Stamp};
use crate::project::{Evidence, Project, Release};
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
    let record = project.file(&project.places().gate(number, id))?;
    Some(record.claims()?.time_verified)
}

/// Where the state of a release that was taken back lies, and what it says; `None` while the rollback is
/// not reported.
pub fn rolled_back(project: &Project, release: &Release) -> Option<(String, Value)> {
    let exit = project.phase.exit(Closing::RolledBack)?;
    let (kind, _) = project.phase.taken_back(false)?;
    let at = project.evidence(kind)?.finished()?;
    let own = evidence(project)?;
    let mut state = state(project, release, own.kind, at);
    let last = exit.after.as_ref().and_then(|id| project.phase.gates.get(id));
    let last = last.map_or(0, |gate| gate.number);
    let gates = project.phase.gates.iter().filter(|(_, gate)| gate.number <= last);
    let passed: Vec<&str> = gates.map(|(id, _)| id.as_str()).collect();
    state["currentPhase"] = json!(Closing::RolledBack.word());
    state["completedGates"] = json!(passed);
    // What was taken back is not deployed.
    if let Some((_, before)) = project.phase.completion.workflow.split_last() {
        state["completedPhases"] = json!(before);
    }
    state["nextPhase"] = json!(project.phase.title);
    Some((own.def.path.clone(), state))
}

/// The state of a release whose last gate was passed at `completed`.
pub fn state(project: &Project, release: &Release, kind: &str, completed: Stamp) -> Value {
    let mut gates: Vec<_> = project.phase.gates.iter().collect();
    gates.sort_by_key(|(_, gate)| gate.number);
    let ids: Vec<&str> = gates.into_iter().map(|(id, _)| id.as_str()).collect();
    let mut state = json!({
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
        "completedGates": ids,
        "completedAt": completed.to_string(),
        "nextPhase": project.phase.completion.next,
    });
    if !project.phase.completion.workflow.is_empty() {
        state["completedPhases"] = json!(project.phase.completion.workflow);
    }
    state
}
