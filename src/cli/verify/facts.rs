//! What the facts of each gate are worth: who could have typed them.
//!
//! A fact is what a machine can make: evidence that is derived of runs and reports, that `d3p`
//! computes of files, or a sample of the health window. A plan, an acceptance, a lesson are words of
//! people, whom no signature of a machine makes truer; they are counted apart.

use super::trust::Trust;
use crate::definition::{EvidenceFormat, NativeCheck};
use crate::derive::{cited_facts, measured, taken_by};
use crate::model::{Advice, Assurance, Finding, Location, Piece, Stamp, State};
use crate::project::required_bindings;
use crate::project::{Evidence, Project};
use crate::record::{FileDigest, Run};
use crate::render::json::{AssuranceView, FactView, FactsView};
use crate::rules::{GL915, MachineSigned, machine_signatures};
use std::collections::{BTreeMap, BTreeSet};

/// What machines signed of a project, and whose policy says which machines count.
pub(super) struct Facts<'a> {
    project: &'a Project,
    /// The machine that signed a file as it lies there, by path.
    signed: BTreeMap<String, String>,
    /// What has a signature that does not hold, or had one that is gone.
    broken: BTreeSet<Piece>,
    /// Whether the policy, and so the keys, come from outside the tree, which agrees with them.
    anchored: bool,
    /// Whether somebody outside had seen every envelope, and knows when.
    witnessed: bool,
}

/// What a file of facts rests on.
enum Basis {
    /// Runs or bytes that these machines signed.
    Signed(BTreeSet<String>),
    /// Other files: rules compute it again.
    Computed,
    /// Whoever wrote it.
    Typed,
}

impl<'a> Facts<'a> {
    /// Looks at every envelope, once.
    pub(super) fn of(project: &'a Project, trust: &Trust, now: Stamp) -> Self {
        let found = machine_signatures(project, now);
        let broken = found.broken();
        let mut signed = found.valid;
        signed.retain(|signed| !signed.withdrawn);
        let seen = |signed: &MachineSigned| {
            let digest = project.digest_of(&signed.envelope);
            digest.is_some_and(|digest| project.witnessed(&digest).is_some())
        };
        let witnessed = signed.iter().all(seen);
        let anchored = trust.pinned && trust.findings.is_empty();
        // Of two, the first is told.
        let signed = signed.into_iter().rev().map(|own| (own.path, own.machine)).collect();
        Self { project, signed, broken, anchored, witnessed }
    }

    /// What the facts of a gate are worth, and why.
    pub(super) fn of_gate(&self, gate: &str) -> FactsView {
        let Some(def) = self.project.phase.gates.get(gate) else { return FactsView::default() };
        let present = required_bindings(self.project, def, None)
            .into_iter()
            .filter(|(_, path)| self.project.present(path).is_some());
        let (mut words, mut typed) = (0, 0);
        let mut machines = BTreeSet::new();
        let mut each = Vec::new();
        for (piece, path) in present {
            let evidence = match &piece {
                Piece::Evidence(kind) => self.project.evidence(kind),
                _ => None,
            };
            let Some(evidence) = evidence.filter(is_fact) else {
                words += 1;
                continue;
            };
            let (level, basis) = match self.basis(&evidence) {
                Basis::Signed(by) => {
                    machines.extend(by);
                    (self.of_signed(), "signed")
                }
                // It is worth what it is computed of; here that is not followed any further.
                Basis::Computed => (Assurance::L0, "computed"),
                Basis::Typed => {
                    typed += 1;
                    (Assurance::L0, "typed")
                }
            };
            each.push(FactView { path, level: level.word(), basis });
        }
        let files = each.len();
        let (level, why) = self.level(files, typed, &machines);
        let record = self.by(&self.project.places().gate(def.number, gate));
        FactsView {
            facts: level.word(),
            facts_why: why,
            typed,
            files,
            words,
            each,
            record_signed_by: record,
        }
    }

    /// What a machine's signature is worth here.
    fn of_signed(&self) -> Assurance {
        match (self.anchored, self.witnessed) {
            (false, _) => Assurance::L1,
            (true, false) => Assurance::L2,
            (true, true) => Assurance::L3,
        }
    }

    /// Silence is not consent: without a signature of a machine there is no level above the lowest.
    fn level(
        &self,
        files: usize,
        typed: usize,
        machines: &BTreeSet<String>,
    ) -> (Assurance, String) {
        let names = machines.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let lowest = |why: &str| (Assurance::L0, why.to_owned());
        match (files, machines.is_empty(), typed) {
            (0, _, _) => return lowest("there is nothing that a machine makes"),
            (_, true, 0) => return lowest("computed of what people wrote; no machine signed that"),
            (_, true, _) => return lowest("no machine signed them"),
            (_, false, 0) => {}
            (_, false, _) => {
                return lowest(&format!(
                    "not all of them are signed by a machine ({names} signed some)"
                ));
            }
        }
        let level = self.of_signed();
        let where_from = match level {
            Assurance::L0 | Assurance::L1 => {
                "this tree's policy: whoever may write the tree may have added the key"
            }
            Assurance::L2 => "a policy from outside this tree",
            Assurance::L3 => {
                "a policy from outside this tree, before a time that somebody outside knows"
            }
        };
        (level, format!("signed by {names} of {where_from}"))
    }

    /// The machine that signed the file at `path` as it lies there.
    fn by(&self, path: &str) -> Option<String> {
        self.signed.get(path).cloned()
    }

    /// What a piece of evidence rests on. Its own signature counts unless it says itself that it was
    /// typed: a job that signs what somebody wrote signs that it got it.
    fn basis(&self, evidence: &Evidence<'_>) -> Basis {
        if self.broken.contains(&evidence.piece()) {
            return Basis::Typed;
        }
        if evidence.def.format == EvidenceFormat::AppendOnly {
            return self.samples(evidence);
        }
        let origin = evidence.text_at("/origin");
        if matches!(origin, Some("ran" | "imported" | "computed"))
            && let Some(machine) = self.by(&evidence.def.path)
        {
            return Basis::Signed(BTreeSet::from([machine]));
        }
        // What only d3p writes is computed, whatever else calls itself that.
        if evidence.def.computed {
            return Basis::Computed;
        }
        if origin != Some("ran") {
            return Basis::Typed;
        }
        // GL230 makes it again of these runs and of the reports that their records name.
        let facts = cited_facts(self.project, evidence);
        let there = |file: &FileDigest| {
            let found = self.project.digest_of(&file.path);
            found.is_some_and(|digest| digest.to_string() == file.sha256)
        };
        if !facts.runs.iter().all(|(file, _)| there(file)) {
            return Basis::Typed;
        }
        self.all_runs(facts.runs.iter().map(|(file, _)| file.path.as_str()))
    }

    /// Entries that name the runs which measured them, and say exactly what these make.
    fn samples(&self, log: &Evidence<'_>) -> Basis {
        let runs = self.project.runs();
        let runs: BTreeMap<&str, (&str, &Run)> =
            runs.into_iter().map(|(path, run)| (run.id.as_str(), (path, run))).collect();
        let measured_by = self.project.measured_by();
        let mut paths = BTreeSet::new();
        for entry in log.file.entries() {
            let named = measured_by.get(entry.digest.to_string().as_str());
            match named.and_then(|named| runs.get(named)) {
                Some((path, run))
                    if measured(self.project, run).as_ref() == Some(&entry.payload)
                        && taken_by(self.project, run, entry.at)
                        && paths.insert(*path) => {}
                _ => return Basis::Typed,
            }
        }
        self.all_runs(paths.into_iter())
    }

    fn all_runs<'b>(&self, paths: impl Iterator<Item = &'b str>) -> Basis {
        let machines: Option<BTreeSet<String>> = paths.map(|path| self.by(path)).collect();
        match machines.filter(|machines| !machines.is_empty()) {
            Some(machines) => Basis::Signed(machines),
            None => Basis::Typed,
        }
    }
}

/// Whether a machine can make it.
fn is_fact(evidence: &Evidence<'_>) -> bool {
    let looks = |native: &NativeCheck| matches!(native, NativeCheck::Readiness {});
    let def = evidence.def;
    def.derive.is_some() || def.computed || def.native.iter().any(looks)
}

/// A finding for each gate whose facts are worth less than demanded.
pub(super) fn too_low(
    wanted: Option<Assurance>,
    assurance: &[AssuranceView],
    project: &Project,
) -> Vec<Finding> {
    let Some(wanted) = wanted else { return Vec::new() };
    let low = assurance.iter().filter(|line| line.facts.facts < wanted.word());
    low.map(|line| {
        let number = project.phase.gates.get(&line.gate).map_or(0, |gate| gate.number);
        let place = Location::file(project.places().gate(number, &line.gate));
        let FactsView { facts, facts_why, .. } = &line.facts;
        let message = format!("the facts are {facts}, and {wanted} is demanded: {facts_why}");
        Finding::new(&GL915, Piece::Gate(line.gate.clone()), place, message)
            .state(State::Invalid)
            .advise(Advice::answer("let the job that records them sign: D3P_SIGNING_KEY, `machines` in d3p.yaml; and give --policy-commit SHA"))
    })
    .collect()
}

/// One sentence about a gate's facts.
pub(super) fn sentence(view: &FactsView) -> String {
    let words = match view.words {
        0 => String::new(),
        1 => "; one more is words of people".to_owned(),
        words => format!("; {words} more are words of people"),
    };
    let record = match &view.record_signed_by {
        Some(machine) => format!("; its record is signed by {machine}"),
        None => String::new(),
    };
    format!(
        "facts {}: {} of {} files could have been typed ({}){words}{record}",
        view.facts, view.typed, view.files, view.facts_why
    )
}

/// What stays possible, in words.
pub(super) fn cannot_exclude(assurance: &[AssuranceView]) -> String {
    if !assurance.is_empty() && assurance.iter().all(|line| line.facts.facts != "L0") {
        return "that a machine signed what never happened: whoever decides what its job runs decides what it signs".to_owned();
    }
    "that facts were typed and never happened: what no machine signed is somebody's word".to_owned()
}
