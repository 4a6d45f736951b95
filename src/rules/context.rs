//! What a rule sees: the project, and the times it is judged at.

use crate::decisions::{
    self, ApprovalDecision, Moments, Signer, Unsigned, Waivers, precedes_launch, rollback_check,
};
use crate::derive::report::{self, Freshness};
use crate::model::{Piece, Stamp};
use crate::project::{Evidence, Project};
use crate::record::GateRecordClaims;
use crate::rules::support::machines::{self, MachineSignatures};
use crate::rules::support::predicates::{self, Failure};
use crate::rules::support::prerequisites::{PrerequisiteStatus, prerequisite_status};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The times a project is judged at.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Now, by the clock of whoever runs the tool.
    pub now: Stamp,
    /// When each recorded gate was computed; absent for a gate that is being decided now.
    pub decided: BTreeMap<String, Stamp>,
    /// Whether a launch is only about to happen: what leads to it is judged now, whatever an earlier
    /// report says.
    pub before_launch: bool,
}

/// What a rule sees.
pub struct Context<'a> {
    /// The project.
    pub project: &'a Project,
    /// The times it is judged at.
    pub judgement: &'a Judgement,
    failures: OnceCell<Vec<(Piece, Failure)>>,
    decisions: OnceCell<Vec<ApprovalDecision>>,
    signers: OnceCell<Vec<Result<Signer, Unsigned>>>,
    machines: OnceCell<MachineSignatures>,
    prerequisites: RefCell<BTreeMap<(String, Stamp), Rc<PrerequisiteStatus>>>,
}

impl<'a> Context<'a> {
    /// A context over `project`, judged at `judgement`.
    pub fn new(project: &'a Project, judgement: &'a Judgement) -> Self {
        Self {
            project,
            judgement,
            failures: OnceCell::new(),
            decisions: OnceCell::new(),
            signers: OnceCell::new(),
            machines: OnceCell::new(),
            prerequisites: RefCell::default(),
        }
    }

    /// What a prerequisite is worth as of `at`, computed once; `None` when the phase has none of that id.
    pub(super) fn prerequisite(&self, id: &str, at: Stamp) -> Option<Rc<PrerequisiteStatus>> {
        let key = (id.to_owned(), at);
        if let Some(known) = self.prerequisites.borrow().get(&key) {
            return Some(Rc::clone(known));
        }
        let status = Rc::new(prerequisite_status(self.project, id, at)?);
        self.prerequisites.borrow_mut().insert(key, Rc::clone(&status));
        Some(status)
    }

    /// When a gate was decided: its record's time, or now.
    pub fn gate_time(&self, gate: &str) -> Stamp {
        self.judgement.decided.get(gate).copied().unwrap_or(self.judgement.now)
    }

    /// When the launch that is judged began; `None` while it is only about to happen.
    pub fn launched_at(&self) -> Option<Stamp> {
        self.project.launched_at().filter(|_| !self.judgement.before_launch)
    }

    /// When evidence of a gate is judged: before launch now; from the launch on, what led to it is
    /// judged at its start and what followed at its gate's decision. So a completed release never
    /// ages, and a stale one cannot be launched.
    pub fn judged_at(&self, gate: &str) -> Stamp {
        let number = self.project.phase.gates.get(gate).map_or(u32::MAX, |gate| gate.number);
        if number < self.project.phase.launch_gate() {
            return self.launched_at().unwrap_or(self.judgement.now);
        }
        self.gate_time(gate)
    }

    /// Whether a piece of evidence is what the record of its gate bound, byte for byte: what was made
    /// again since is judged now, and opens the gate (GL311).
    pub(super) fn is_bound(&self, evidence: &Evidence<'_>, gate: &str) -> bool {
        let number = self.project.phase.gates.get(gate).map_or(0, |gate| gate.number);
        let record = self.project.file(&self.project.places().gate(number, gate));
        let Some(record) = record.and_then(|file| file.value()) else { return false };
        let digest = evidence.file.digest.map(|digest| digest.to_string());
        GateRecordClaims::recorded_inputs(record)
            .any(|(path, sha256)| *path == evidence.def.path && Some(sha256) == digest.as_deref())
    }

    /// When a piece of evidence is judged.
    pub fn evidence_judged_at(&self, evidence: &Evidence<'_>) -> Stamp {
        match self.project.phase.gate_of_evidence(evidence.kind) {
            Some((gate, _)) => self.judged_at(gate),
            None => self.judgement.now,
        }
    }

    /// The times that the decisions on taking the launch back are judged at.
    pub(super) fn rollback_moments(&self) -> Moments {
        let kind = rollback_check(self.project).map(|check| check.evidence.kind);
        let gate = kind.and_then(|kind| self.project.phase.gate_of_evidence(kind));
        let gate = gate.and_then(|(gate, _)| self.judgement.decided.get(gate).copied());
        Moments { now: self.judgement.now, gate, use_now: false }
    }

    /// The waivers, each judged at the moment that what it is about is judged at.
    pub fn waivers(&self) -> Waivers {
        let now = self.judgement.now;
        decisions::evaluate(self.project, now, &|piece| {
            if precedes_launch(self.project, piece) {
                return self.launched_at().unwrap_or(now);
            }
            let gate = decisions::gate_of(self.project, piece);
            gate.map_or(now, |(gate, _)| self.judged_at(gate))
        })
    }

    /// Evidence that could be read: its value exists.
    pub fn readable(&self) -> impl Iterator<Item = Evidence<'a>> {
        self.project.all_evidence().filter(|evidence| evidence.value().is_some())
    }

    /// Every predicate of the phase that does not hold, computed once.
    pub(super) fn failures(&self) -> &[(Piece, Failure)] {
        self.failures.get_or_init(|| predicates::all_failures(self.project))
    }

    /// The decisions of the production approval, computed once.
    pub(super) fn decisions(&self) -> &[ApprovalDecision] {
        self.decisions.get_or_init(|| decisions::decisions(self.project))
    }

    /// Who signed each decision, in the same order, computed once; empty where the policy wants no
    /// signatures.
    pub(super) fn signers(&self) -> &[Result<Signer, Unsigned>] {
        self.signers.get_or_init(|| {
            if !decisions::signatures_on(self.project) {
                return Vec::new();
            }
            let (now, launched) = (self.judgement.now, self.launched_at());
            decisions::signers(self.project, self.decisions(), now, launched)
        })
    }

    /// What machines signed, computed once.
    pub(super) fn machine_signatures(&self) -> &MachineSignatures {
        let now = self.judgement.now;
        self.machines.get_or_init(|| machines::machine_signatures(self.project, now))
    }

    /// Each compiled report and what it is worth, where something `waits` for whoever decides or nothing
    /// does; none without a release.
    pub(super) fn reports(&self, waits: bool) -> Vec<(Evidence<'a>, Freshness)> {
        let Some(release) = self.project.release() else { return Vec::new() };
        let all = self.project.all_evidence().filter(|own| own.def.told_of().is_some());
        let there = all.filter(|own| !own.file.is_absent());
        there
            .map(|evidence| {
                let freshness = report::freshness(self.project, &release, &evidence, waits);
                (evidence, freshness)
            })
            .collect()
    }
}
