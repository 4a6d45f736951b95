//! What lies in a release otherwise than its ledger and its records say: gone, unreadable, or other
//! bytes where none may change any more. Each is known again by its digest.

use crate::definition::{EvidenceFormat, NativeCheck};
use crate::model::Sha256Digest;
use crate::project::wanted::{Wanted, bound, covered, frozen};
use crate::project::{Project, Unsealed, bound_by_gate};
use crate::record::{EntryKind, Line};
use crate::text::{Fault, FaultKind};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A file that is not as it was recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Damage {
    /// Its path from the project's root.
    pub path: String,
    /// What became of it.
    pub harm: Harm,
    /// The bytes that belong there; of a log, its copy as a gate bound it last, if one did.
    pub digest: Option<Sha256Digest>,
    /// Of a log, the digests of all entries that were recorded, in their order.
    pub entries: Vec<Sha256Digest>,
    /// What names it.
    pub named_by: String,
}

/// What became of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Harm {
    /// It is not there.
    Gone,
    /// It is there and cannot be read as what it is; why.
    Unreadable(String),
    /// The system lets nobody here read it, whatever it holds; why, and what lets it be read.
    Denied(String, String),
    /// It says something else, and is history.
    Edited,
}

impl Harm {
    /// The same in words, to stand behind a path.
    pub fn words(&self) -> String {
        match self {
            Self::Gone => "is gone".to_owned(),
            Self::Unreadable(why) => format!("cannot be used: {why}"),
            Self::Denied(why, _) => format!("may hold what was recorded: {why}"),
            Self::Edited => "is not as it was recorded".to_owned(),
        }
    }
}

impl From<&Fault> for Harm {
    fn from(fault: &Fault) -> Self {
        let message = fault.message.clone();
        match fault.kind {
            FaultKind::Unreadable => Self::Denied(message, fault.help.clone().unwrap_or_default()),
            _ => Self::Unreadable(message),
        }
    }
}

impl Project {
    /// The release that the ledger is of; where the manifest does not say it, as the last line does.
    pub fn told_release(&self) -> Option<String> {
        let told = || Some(self.ledger.lines.last()?.entry.release.clone());
        self.release().map(|release| release.name()).or_else(told)
    }

    /// Why lines cannot be added to the ledger, for they would hide what is wrong with it; `None` when
    /// they can.
    pub fn ledger_harm(&self) -> Option<String> {
        let ledger = &self.ledger;
        if let Some(file) = self.file(self.places().ledger())
            && let Some(fault) = file.faults.first()
            && fault.kind != FaultKind::Absent
        {
            return Some(fault.message.clone());
        }
        if let Some((_, why)) = ledger.malformed.first() {
            return Some(format!("a line of it is no ledger entry: {why}"));
        }
        if ledger.cut {
            return Some("its last line has no line ending".to_owned());
        }
        let mut ids = BTreeSet::new();
        if let Some(twice) = ledger.lines.iter().find(|line| !ids.insert(&line.entry.id)) {
            return Some(format!("the id {} stands twice", twice.entry.id));
        }
        let known = |index: usize, head: &String| match ledger.place(head) {
            Some(place) => place < index,
            None => self.earlier.iter().any(|earlier| earlier.ledger.place(head).is_some()),
        };
        for (index, line) in ledger.lines.iter().enumerate() {
            if let Some(head) = line.entry.heads.iter().find(|head| !known(index, head)) {
                return Some(format!("a line names one that does not stand before it: {head}"));
            }
        }
        let witness = self.witness().filter(|_| ledger.lines.is_empty())?;
        Some(format!("it has no lines, and {witness} is of one that had"))
    }

    /// A file that lies there and that no `d3p` writes without a line of the ledger.
    fn witness(&self) -> Option<String> {
        let mut gates = self.phase.gates.iter();
        let record = gates.find_map(|(id, gate)| {
            let path = self.places().gate(gate.number, id);
            let file = self.files.get(&path).filter(|file| !file.is_absent())?;
            file.claims().map(|_| path)
        });
        let run = || self.raw.keys().find(|path| self.places().is_run(path)).cloned();
        record.or_else(run).or_else(|| self.decided_over_lines())
    }

    /// A file of signed decisions that name lines of a ledger.
    fn decided_over_lines(&self) -> Option<String> {
        let mut decided = self.all_evidence();
        let found = decided.find(|evidence| {
            let holds = evidence.def.native.iter().any(NativeCheck::holds_decisions);
            let decisions = evidence.value().and_then(|value| value.get("decisions")?.as_array());
            let over_lines = |decision: &Value| {
                let text = decision.get("statement").and_then(Value::as_str).unwrap_or_default();
                let said: Value = serde_json::from_str(text).unwrap_or_default();
                let heads = said.pointer("/predicate/ledgerHeads").and_then(Value::as_array);
                heads.is_some_and(|heads| !heads.is_empty())
            };
            holds && decisions.is_some_and(|all| all.iter().any(over_lines))
        });
        found.map(|evidence| evidence.def.path.clone())
    }

    /// Every file that is not as it was recorded, sorted by path; not the ledger itself.
    pub fn damage(&self) -> Vec<Damage> {
        let mut found: Vec<Damage> = Vec::new();
        for (path, wanted) in self.wanted() {
            if let Some(harm) = self.harm(&path, &wanted) {
                let Wanted { digest, named_by, .. } = wanted;
                let (digest, entries) = (Some(digest), Vec::new());
                found.push(Damage { path, harm, digest, entries, named_by });
            }
        }
        found.extend(self.logs());
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    /// A file that a gate bound and that says something else now, whether or not that may count.
    pub fn edited(&self, path: &str) -> Option<Damage> {
        let Wanted { digest, named_by, .. } = self.wanted().remove(path)?;
        let harm = if self.digest_of(path).is_none() { Harm::Gone } else { Harm::Edited };
        let (digest, path) = (Some(digest), path.to_owned());
        (self.digest_of(&path) != digest).then(|| Damage {
            path,
            harm,
            digest,
            entries: Vec::new(),
            named_by,
        })
    }

    /// Whether the system lets nobody here read the file: then what it holds now is not known.
    pub fn is_denied(&self, path: &str) -> bool {
        let file = self.files.get(path).or_else(|| self.raw.get(path));
        let faults = file.into_iter().flat_map(|file| &file.faults);
        let cited = self.cited.get(path).and_then(|cited| cited.as_ref().err());
        faults.chain(cited).any(|fault| fault.kind == FaultKind::Unreadable)
    }

    /// What became of a file that is not what was recorded, to stand behind its path.
    pub fn fate(&self, path: &str) -> &'static str {
        match self.digest_of(path) {
            Some(_) => "was edited",
            None if self.is_denied(path) || self.listing.contains(path) => "cannot be read",
            None => "is gone",
        }
    }

    /// Whether a line of the ledger, or a gate's record, names bytes with this digest.
    pub fn names(&self, sha256: &str) -> bool {
        let named = |wanted: &Wanted| wanted.digest.to_string() == sha256;
        let records = self.ledger.lines.iter().filter_map(|line| line.entry.record.as_ref());
        self.names_file(sha256)
            || records.into_iter().any(|record| record.sha256 == sha256)
            || self.wanted().values().any(named)
    }

    /// Whether the ledger or a record names bytes for what belongs at `path`.
    pub fn is_named(&self, path: &str) -> bool {
        path == self.places().ledger()
            || self.wanted().contains_key(path)
            || self.was_recorded(path)
    }

    /// What each file must be, as the ledger and the records of gates say, and by which of them.
    fn wanted(&self) -> BTreeMap<String, Wanted> {
        let mut wanted = BTreeMap::new();
        let release = self.told_release();
        let own = |line: &&Line| Some(&line.entry.release) == release.as_ref();
        // Of these the ledger names lines, or nothing.
        let texts: BTreeSet<&str> = self
            .phase
            .evidence
            .values()
            .filter(|def| def.format != EvidenceFormat::Json)
            .map(|def| def.path.as_str())
            .collect();
        for line in self.ledger.lines.iter().filter(own) {
            self.wanted_by(line, &texts, &mut wanted);
        }
        for Unsealed { path, was, .. } in &self.unsealed {
            let named_by = "the line that closes the release".to_owned();
            if let Some(digest) = *was {
                wanted.insert(path.clone(), Wanted { digest, strict: true, named_by });
            }
        }
        let launched = self.launched_at().is_some();
        // What was decided on a launch is decided.
        let approval = self.phase.approval().map(|(_, def)| def.path.as_str());
        if let Some(decided) = approval.and_then(|path| wanted.get_mut(path)) {
            decided.strict = launched;
        }
        let decisions = approval.and_then(|path| self.files.get(path)?.value());
        if let Some(decisions) = decisions.filter(|_| launched) {
            covered(decisions, &mut wanted);
        }
        for (id, gate) in &self.phase.gates {
            let path = self.places().gate(gate.number, id);
            let Some(file) = self.files.get(&path) else { continue };
            // One that the ledger does not carry proves nothing.
            let carried = self.ledger.last_pass(id).and_then(|line| line.entry.record.as_ref());
            let own = file.digest.map(|digest| digest.to_string());
            if let Some(record) = file.value()
                && carried.is_some_and(|carried| Some(&carried.sha256) == own.as_ref())
            {
                bound(self.places(), record, &path, launched, &mut wanted);
                if gate.after.is_none() {
                    frozen(self.places(), record, &path, &mut wanted);
                }
            }
        }
        wanted
    }

    /// What one line names.
    fn wanted_by(
        &self,
        line: &Line,
        texts: &BTreeSet<&str>,
        wanted: &mut BTreeMap<String, Wanted>,
    ) {
        let named_by = format!("the ledger ({})", line.at);
        let mut want = |path: &str, sha256: &str, strict: bool| {
            if let Some(digest) = Sha256Digest::parse(sha256) {
                let named_by = named_by.clone();
                wanted.insert(path.to_owned(), Wanted { digest, strict, named_by });
            }
        };
        if let Some(record) = &line.entry.record {
            want(&record.path, &record.sha256, true);
        }
        for file in &line.entry.digests {
            let kept = file.path.starts_with(self.places().raw())
                || file.path.starts_with(self.places().objects())
                || self.places().is_envelope(&file.path);
            // What the last gate writes besides is made again by it; entries of logs are lines.
            let again = line.entry.kind == EntryKind::GatePassed && !kept;
            if !again && !texts.contains(file.path.as_str()) {
                want(
                    &file.path,
                    &file.sha256,
                    kept && !file.path.starts_with(self.places().detached()),
                );
            }
        }
    }

    /// What is wrong with the file at `path`.
    fn harm(&self, path: &str, wanted: &Wanted) -> Option<Harm> {
        let object =
            path.strip_prefix(self.places().objects()).and_then(|name| name.strip_prefix('/'));
        let now = match object {
            Some(name) => self.objects.get(name).copied(),
            None => self.digest_of(path),
        };
        if now == Some(wanted.digest) {
            return None;
        }
        let file = self.files.get(path).or_else(|| self.raw.get(path));
        let fault = file.and_then(|file| file.faults.first());
        let unreadable = fault.filter(|fault| fault.kind != FaultKind::Absent);
        match (now, unreadable) {
            (_, Some(fault)) => Some(fault.into()),
            (Some(_), None) => wanted.strict.then_some(Harm::Edited),
            // What nothing cites that lies there was not digested.
            (None, None) if self.listing.contains(path) => None,
            (None, None) if path.starts_with(self.places().detached()) => None,
            (None, None) => Some(Harm::Gone),
        }
    }

    /// Logs that lack an entry that was recorded, or what a gate bound of them.
    fn logs(&self) -> Vec<Damage> {
        let release = self.told_release();
        let logs = self.all_evidence();
        let mut found = Vec::new();
        for log in logs.filter(|log| log.def.format == EvidenceFormat::AppendOnly) {
            let path = &log.def.path;
            let (object, mut entries, intact) = self.bound_log(path);
            let named = self.ledger.lines.iter().filter(|line| {
                line.entry.kind == EntryKind::Recorded
                    && Some(&line.entry.release) == release.as_ref()
            });
            let named = named.flat_map(|line| &line.entry.digests);
            let mut known: BTreeSet<Sha256Digest> = entries.iter().copied().collect();
            for file in named.filter(|file| file.path == *path) {
                let digest = Sha256Digest::parse(&file.sha256);
                entries.extend(digest.filter(|digest| known.insert(*digest)));
            }
            if entries.is_empty() {
                continue;
            }
            let there: BTreeSet<Sha256Digest> =
                log.file.entries().iter().map(|entry| entry.digest).collect();
            let fault = log.file.faults.first();
            let harm = match fault {
                _ if log.file.is_absent() => Harm::Gone,
                Some(fault) => fault.into(),
                None if intact && entries.iter().all(|entry| there.contains(entry)) => continue,
                None => Harm::Edited,
            };
            let (path, named_by) = (path.clone(), "the ledger".to_owned());
            found.push(Damage { path, harm, digest: object, entries, named_by });
        }
        found
    }

    /// The copy of a log as the last gate that did so bound it, its entries then, and whether they
    /// still stand there in that order, below the same head.
    fn bound_log(&self, path: &str) -> (Option<Sha256Digest>, Vec<Sha256Digest>, bool) {
        let gates = self.phase.gates.iter().rev();
        let last = gates.into_iter().find_map(|(id, gate)| {
            let claims = self.files.get(&self.places().gate(gate.number, id))?.claims()?;
            let log = claims.logs.iter().find(|log| log.path == path)?.clone();
            let now = bound_by_gate(self, gate, Some(claims));
            let now = now.iter().find(|bound| bound.path() == path).map(|bound| bound.digest());
            Some((Some(log.object), now.is_none_or(|now| now == log.digest()), log.entries))
        });
        last.map_or((None, Vec::new(), true), |(object, intact, entries)| (object, entries, intact))
    }
}
