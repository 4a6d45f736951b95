//! A project as it stood at a moment.
//!
//! Logs and the ledger grow after a report was compiled. What is derived from them counts what was
//! there at its own moment, so that a finished release verifies for ever.

use crate::decisions::rollbacks_begun;
use crate::definition::{EvidenceFormat, NativeCheck, Obligation};
use crate::markdown::entries::Entry;
use crate::model::{Closing, Stamp};
use crate::project::{Began, Evidence, FileEntry, Project, Release};
use crate::record::{EntryKind, Line};
use std::collections::{BTreeMap, BTreeSet};

/// The moment that something is derived at.
#[derive(Clone, Debug)]
pub struct Moment {
    /// What is dated later does not count.
    pub until: Stamp,
    /// Paths of the optional evidence that counts; `None`: all that is there.
    pub optional: Option<BTreeSet<String>>,
}

/// A gate that was passed at the moment.
#[derive(Clone, Debug)]
pub(crate) struct Pass<'a> {
    /// Its id.
    pub(crate) gate: &'a str,
    /// When it was passed.
    pub(crate) at: Stamp,
}

/// A project at a moment.
#[derive(Debug)]
pub struct View<'a> {
    /// Everything that was loaded.
    pub(crate) project: &'a Project,
    /// The release that is looked at.
    pub(crate) release: &'a Release,
    /// What of it had happened.
    pub(crate) moment: Moment,
    /// Whether something waits for whoever decides on the launch.
    pub(crate) waits: bool,
    /// Number of the gate that binds what is derived.
    own_gate: u32,
    /// What the record of that gate says of the logs, once there is one.
    logs: Option<BTreeMap<String, BTreeSet<String>>>,
    /// Ledger lines that led to that gate's pass, once there is one.
    led_to: Option<BTreeSet<String>>,
}

impl<'a> View<'a> {
    /// The project at `moment`, for a piece of evidence that gate `gate` binds.
    pub fn new(
        project: &'a Project,
        release: &'a Release,
        gate: Option<&str>,
        moment: Moment,
    ) -> Self {
        let def = gate.and_then(|id| project.phase.gates.get_key_value(id));
        let record = def
            .and_then(|(id, def)| project.file(&project.places().gate(def.number, id))?.claims());
        let logs = record.map(|claims| {
            let entries = |log: &crate::record::RecordedLog| {
                log.entries.iter().map(ToString::to_string).collect()
            };
            claims.logs.iter().map(|log| (log.path.clone(), entries(log))).collect()
        });
        let passed = gate.and_then(|id| project.ledger.last_pass(id));
        let passed = passed.filter(|line| line.entry.release == release.name());
        Self {
            project,
            release,
            moment,
            waits: false,
            own_gate: def.map_or(u32::MAX, |(_, def)| def.number),
            logs,
            led_to: passed.map(|line| ancestors(project, line)),
        }
    }

    /// The same, and whether something waits for whoever decides on the launch, as rules found.
    #[must_use]
    pub fn waiting(self, waits: bool) -> Self {
        Self { waits, ..self }
    }

    /// Evidence of the gates before its own that was there: whole files and logs.
    pub(crate) fn evidence(&self) -> impl Iterator<Item = Evidence<'a>> {
        let project = self.project;
        project.all_evidence().filter(move |evidence| {
            let gate = project.phase.gate_of_evidence(evidence.kind);
            let earlier = gate.is_some_and(|(_, gate)| gate.number < self.own_gate);
            (earlier || self.is_of_exit(evidence)) && self.counts(evidence)
        })
    }

    /// The same, without the logs: what is cited by digest.
    pub(crate) fn whole_files(&self) -> impl Iterator<Item = Evidence<'a>> {
        self.evidence().filter(|evidence| evidence.def.format != EvidenceFormat::AppendOnly)
    }

    /// Whether a launch that is taken back ends by it.
    fn is_of_exit(&self, evidence: &Evidence<'_>) -> bool {
        let exit = self.project.phase.exit(Closing::RolledBack);
        evidence.def.obligation == Obligation::Optional
            && exit.is_some_and(|exit| exit.evidence.iter().any(|kind| kind == evidence.kind))
    }

    /// The first rollback that began.
    pub(crate) fn taken_back(&self) -> Option<Began<'a>> {
        let first = rollbacks_begun(self.project).into_iter().next();
        first.filter(|began| began.line.at <= self.moment.until)
    }

    fn counts(&self, evidence: &Evidence<'_>) -> bool {
        // Whoever reports on what was taken back tells all of it.
        let forced = self.is_of_exit(evidence) && !rollbacks_begun(self.project).is_empty();
        let optional = !forced && self.project.is_optional(evidence.def);
        let chosen = match &self.moment.optional {
            Some(paths) if optional => {
                paths.contains(&evidence.def.path) || self.is_bound(evidence)
            }
            _ => true,
        };
        chosen && !evidence.file.is_absent() && self.project.exemption(evidence.kind).is_none()
    }

    /// Whether a gate before the moment bound it: then it may not be left out, optional or not.
    fn is_bound(&self, evidence: &Evidence<'_>) -> bool {
        let gate = self.project.phase.gate_of_evidence(evidence.kind);
        let file = gate
            .and_then(|(id, def)| self.project.file(&self.project.places().gate(def.number, id)));
        let claims = file.and_then(FileEntry::claims);
        claims.is_some_and(|claims| {
            claims.time_verified <= self.moment.until && claims.listed.contains(&evidence.def.path)
        })
    }

    /// The log whose entries are samples of the health window.
    pub(crate) fn health_log(&self) -> Option<Evidence<'a>> {
        let is_series = |native: &NativeCheck| matches!(native, NativeCheck::HealthSeries { .. });
        self.project.all_evidence().find(|evidence| evidence.def.native.iter().any(is_series))
    }

    /// The entries of a log that count, by time.
    pub(crate) fn entries(&self, log: &Evidence<'a>) -> Vec<&'a Entry> {
        let known = self.logs.as_ref().map(|logs| logs.get(&log.def.path));
        let mut entries: Vec<&Entry> = log
            .file
            .entries()
            .iter()
            .filter(|entry| entry.at <= self.moment.until)
            .filter(|entry| match known {
                Some(known) => known.is_some_and(|all| all.contains(&entry.digest.to_string())),
                None => true,
            })
            .collect();
        entries.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        entries
    }

    /// The ledger's lines about this release that count, by time.
    pub(crate) fn ledger(&self) -> Vec<&'a Line> {
        let name = self.release.name();
        let mut lines: Vec<&Line> = self
            .project
            .ledger
            .lines
            .iter()
            .filter(|line| line.entry.release == name && line.at <= self.moment.until)
            .filter(|line| match &self.led_to {
                Some(known) => known.contains(&line.digest.to_string()),
                None => true,
            })
            .collect();
        lines.sort_by(|a, b| (a.at, &a.entry.id).cmp(&(b.at, &b.entry.id)));
        lines
    }

    /// The gates before its own that were passed, in order, as their records say.
    pub(crate) fn passes(&self) -> Vec<Pass<'a>> {
        let gates = self.project.phase.gates.iter();
        gates
            .filter(|(_, def)| def.number < self.own_gate)
            .filter_map(|(id, def)| {
                let file = self.project.file(&self.project.places().gate(def.number, id))?;
                let at = file.claims()?.time_verified;
                (at <= self.moment.until).then_some(Pass { gate: id, at })
            })
            .collect()
    }

    /// How often a file was recorded: the tries that its header and its commands count, and what
    /// the ledger knows.
    pub(crate) fn tries(&self, evidence: &Evidence<'a>) -> u64 {
        let value = evidence.value();
        let number = |value: &serde_json::Value, key: &str| value.get(key)?.as_u64();
        let header = value.and_then(|value| number(value, "try")).unwrap_or(1);
        let commands = list(value, "/commands").filter_map(|command| number(command, "attempt"));
        let named = |line: &&&Line| {
            line.entry.kind == EntryKind::Recorded
                && line.entry.digests.iter().any(|file| file.path == evidence.def.path)
        };
        let recorded = self.ledger().iter().filter(named).count();
        commands.fold(header, u64::max).max(u64::try_from(recorded).unwrap_or(u64::MAX))
    }
}

/// The digests of `line` and of every line that leads to it.
fn ancestors(project: &Project, line: &Line) -> BTreeSet<String> {
    let heads: BTreeMap<String, &[String]> = project
        .ledger
        .lines
        .iter()
        .map(|line| (line.digest.to_string(), line.entry.heads.as_slice()))
        .collect();
    let mut seen = BTreeSet::new();
    let mut open = vec![line.digest.to_string()];
    while let Some(digest) = open.pop() {
        if let Some(heads) = heads.get(&digest) {
            open.extend(heads.iter().filter(|head| !seen.contains(*head)).cloned());
        }
        seen.insert(digest);
    }
    seen
}

/// The items of the list at `pointer`; none when there is no such list.
pub(crate) fn list<'a>(
    value: Option<&'a serde_json::Value>,
    pointer: &str,
) -> impl Iterator<Item = &'a serde_json::Value> + use<'a> {
    let found = value.and_then(|value| value.pointer(pointer));
    found.and_then(serde_json::Value::as_array).into_iter().flatten()
}
