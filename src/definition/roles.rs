//! Finds what a phase declares, by what it is to d3p and never by name.

use crate::definition::{EvidenceDef, ExitDef, GateDef, NativeCheck, Phase, PutBy, StepDef};
use crate::model::Closing;

impl Phase {
    /// A gate by id or number.
    pub fn gate(&self, name: &str) -> Option<(&str, &GateDef)> {
        self.gates
            .iter()
            .find(|(id, gate)| *id == name || gate.number.to_string() == name)
            .map(|(id, gate)| (id.as_str(), gate))
    }

    /// The gate that binds a piece of evidence.
    pub fn gate_of_evidence(&self, kind: &str) -> Option<(&str, &GateDef)> {
        self.gates
            .iter()
            .find(|(_, gate)| gate.evidence.iter().any(|bound| bound == kind))
            .map(|(id, gate)| (id.as_str(), gate))
    }

    /// The gate that binds a document.
    pub fn gate_of_document(&self, id: &str) -> Option<(&str, &GateDef)> {
        self.gates
            .iter()
            .find(|(_, gate)| gate.documents.iter().any(|bound| bound == id))
            .map(|(gate_id, gate)| (gate_id.as_str(), gate))
    }

    /// The evidence whose front matter is the release's identity.
    pub fn identity(&self) -> Option<(&str, &EvidenceDef)> {
        self.evidence.iter().find(|(_, def)| def.identity).map(|(kind, def)| (kind.as_str(), def))
    }

    /// The step whose hooks produce a piece of evidence.
    pub fn step_producing(&self, kind: &str) -> Option<(&str, &StepDef)> {
        self.steps
            .iter()
            .find(|(_, step)| step.produces.as_deref() == Some(kind))
            .map(|(id, step)| (id.as_str(), step))
    }

    /// The gate that freezes the policy: the one before which there is none.
    pub fn first_gate(&self) -> Option<(&str, &GateDef)> {
        self.gates
            .iter()
            .find(|(_, gate)| gate.after.is_none())
            .map(|(id, gate)| (id.as_str(), gate))
    }

    /// The evidence that reports the launch.
    pub fn launch(&self) -> Option<(&str, &EvidenceDef)> {
        self.evidence.iter().find(|(_, def)| def.launch).map(|(kind, def)| (kind.as_str(), def))
    }

    /// The evidence that holds the decisions on the launch (P11-3.1).
    pub fn approval(&self) -> Option<(&str, &EvidenceDef)> {
        let decided = |def: &EvidenceDef| {
            def.native.iter().any(|native| matches!(native, NativeCheck::Approval { .. }))
        };
        self.evidence.iter().find(|(_, def)| decided(def)).map(|(kind, def)| (kind.as_str(), def))
    }

    /// The question of the protocol that a command puts.
    pub fn put_by(&self, moment: PutBy) -> Option<&str> {
        let prompt = self.prompts.values().find(|prompt| prompt.put_by == Some(moment));
        prompt.map(|prompt| prompt.text.as_str())
    }

    /// What ends a release that was launched and taken back, where the phase knows such an exit.
    pub fn exit(&self, outcome: Closing) -> Option<&ExitDef> {
        self.gates.values().find_map(|gate| gate.by_outcome.get(&outcome))
    }

    /// The evidence that tells what was taken back, of a launch or of its rehearsal.
    pub fn taken_back(&self, rehearsed: bool) -> Option<(&str, &EvidenceDef)> {
        let tells = |native: &NativeCheck| matches!(native, NativeCheck::TakenBack { rehearsed: own } if *own == rehearsed);
        let found = self.evidence.iter().find(|(_, def)| def.native.iter().any(tells));
        found.map(|(kind, def)| (kind.as_str(), def))
    }

    /// The evidence that tells what went wrong.
    pub fn incident(&self) -> Option<(&str, &EvidenceDef)> {
        let tells = |native: &NativeCheck| matches!(native, NativeCheck::Incident { .. });
        let found = self.evidence.iter().find(|(_, def)| def.native.iter().any(tells));
        found.map(|(kind, def)| (kind.as_str(), def))
    }

    /// Whether a step is the launch: it produces the launch's report.
    pub fn launches(&self, step: &StepDef) -> bool {
        self.launch().is_some_and(|(kind, _)| step.produces.as_deref() == Some(kind))
    }

    /// The number of the gate that binds the launch's report.
    pub fn launch_gate(&self) -> u32 {
        self.launch()
            .and_then(|(kind, _)| self.gate_of_evidence(kind))
            .map_or(u32::MAX, |(_, gate)| gate.number)
    }
}
