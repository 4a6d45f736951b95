//! The record that the files as they stand would make of a gate.

use crate::decisions::{
    Waivers, approval_evidence, decisions, rollback_check, rollback_decisions, used_for,
};
use crate::definition::GateDef;
use crate::model::{Piece, Sha256Digest};
use crate::project::{Project, Release, bound_by_gate, required_bindings};
use crate::record::{GateRecord, GateRecordClaims, UsedWaiver};

/// Digests of the single decisions that a gate's evidence holds: `path#/decisions/0` → digest.
pub fn decision_digests(project: &Project, gate: &GateDef) -> Vec<(String, Sha256Digest)> {
    let bound = |kind: &str| gate.evidence.iter().any(|own| own == kind);
    let mut out = Vec::new();
    let mut add = |path: &str, index: usize, text: &str| {
        let uri = format!("{path}#/decisions/{index}/statement");
        out.push((uri, Sha256Digest::of(text.as_bytes())));
    };
    if let Some(evidence) = approval_evidence(project).filter(|own| bound(own.kind)) {
        for decision in decisions(project) {
            add(&evidence.def.path, decision.index, &decision.text);
        }
    }
    if let Some(check) = rollback_check(project).filter(|own| bound(own.evidence.kind)) {
        for decision in rollback_decisions(project) {
            add(&check.evidence.def.path, decision.index, &decision.text);
        }
    }
    out
}

/// The waivers that let something stand in what a gate itself demands; `listed` as for
/// [`required_bindings`].
pub fn gate_waivers(
    project: &Project,
    gate: &GateDef,
    listed: Option<&[String]>,
    waivers: &Waivers,
) -> Vec<UsedWaiver> {
    let demanded = required_bindings(project, gate, listed);
    let pieces: Vec<Piece> = demanded.into_iter().map(|(piece, _)| piece).collect();
    used_for(waivers, &pieces)
}

/// The record that the files as they stand make of `gate`, given what no file can reproduce.
pub fn expected_record<'a>(
    project: &'a Project,
    gate_id: &'a str,
    release: &'a Release,
    claims: GateRecordClaims,
    recorded: bool,
    waivers: &Waivers,
) -> Option<GateRecord<'a>> {
    let gate = project.phase.gates.get(gate_id)?;
    let previous = gate.after.as_ref().and_then(|id| {
        let path = project.places().gate(project.phase.gates.get(id)?.number, id);
        let digest = project.present(&path)?.digest?;
        Some((path, digest))
    });
    let effective = project.effective();
    let bound = bound_by_gate(project, gate, recorded.then_some(&claims));
    // Decisions of a file that came after the pass are none that the gate saw.
    let mut decisions = decision_digests(project, gate);
    decisions.retain(|(uri, _)| bound.iter().any(|own| uri.split('#').next() == Some(own.path())));
    Some(GateRecord {
        gate: gate_id,
        number: gate.number,
        repository: &release.repository,
        release: &release.version,
        commit: &release.commit,
        attempt: release.attempt,
        artifacts: &release.artifacts,
        bound,
        decisions,
        waivers_path: project.places().waivers(),
        policy: (project.places().policy(), effective.digest),
        previous,
        exemptions: project.exemptions(),
        waivers: gate_waivers(project, gate, recorded.then_some(&claims.listed[..]), waivers),
        demo: effective.policy.demo,
        claims,
    })
}
