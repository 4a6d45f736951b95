//! What machines signed: the envelopes that lie there, held against the policy's keys, and those
//! that the ledger names.

use crate::definition::{EvidenceDef, EvidenceFormat, Machine};
use crate::model::{Advice, Piece, Reason, Sha256Digest, Stamp};
use crate::project::Project;
use crate::record::{
    EVIDENCE_PREDICATE, EntryKind, EvidenceStatement, GateRecordClaims, Line, RECORD_PREDICATE,
};
use crate::sign::{Envelope, MachineKey, PAYLOAD_TYPE};
use crate::text::json;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A file that a machine signed as it lies here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MachineSigned {
    /// Path of the envelope.
    pub envelope: String,
    /// The file that it signs.
    pub path: String,
    /// The machine, as the policy names it.
    pub machine: String,
    /// Whether `d3p.yaml` lists the key no more: then the signature counts no more.
    pub withdrawn: bool,
}

/// An envelope that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Refused {
    /// The path of the envelope.
    pub(crate) envelope: String,
    /// What it signs.
    pub(crate) piece: Piece,
    /// Why not, one clause.
    pub(crate) why: String,
    /// The command that records and signs anew.
    pub(crate) again: Option<Advice>,
}

/// An envelope that the ledger names and that is not there as it names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Gone {
    /// The path of the envelope.
    pub(crate) envelope: String,
    /// What it signs.
    pub(crate) piece: Piece,
    /// Where the ledger says so.
    pub(crate) range: std::ops::Range<usize>,
    /// Whether another one lies in its place.
    pub(crate) replaced: bool,
    /// The command that records and signs anew.
    pub(crate) again: Advice,
}

/// Everything that machines signed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct MachineSignatures {
    /// What holds, by envelope.
    pub valid: Vec<MachineSigned>,
    /// What does not hold.
    pub(crate) refused: Vec<Refused>,
    /// What the ledger names and nobody has.
    pub(crate) gone: Vec<Gone>,
}

impl MachineSignatures {
    /// What has a signature that does not hold, or had one that is gone.
    pub fn broken(&self) -> BTreeSet<Piece> {
        let refused = self.refused.iter().map(|refused| &refused.piece);
        refused.chain(self.gone.iter().map(|gone| &gone.piece)).cloned().collect()
    }
}

/// What a line of the ledger says of an envelope.
struct Named<'a> {
    line: &'a Line,
    envelope: &'a str,
    sha256: &'a str,
    piece: Piece,
    again: Advice,
    /// Whether no later line is about the same thing. What was recorded anew is history, and so is
    /// the signature of what it replaced.
    current: bool,
}

/// The keys of the policy's machines that can be read, by name.
pub fn machine_keys(machines: &[Machine]) -> Vec<(&str, MachineKey)> {
    let key = |machine: &'_ Machine| MachineKey::parse(&machine.key).ok();
    machines.iter().filter_map(|machine| Some((machine.name.as_str(), key(machine)?))).collect()
}

/// Judges every envelope of the project.
pub fn machine_signatures(project: &Project, now: Stamp) -> MachineSignatures {
    let mut out = MachineSignatures::default();
    let named = named(project);
    let keys = Keys {
        governing: machine_keys(&project.effective().policy.machines),
        current: machine_keys(&project.current.policy.machines),
    };
    let mut wrong = BTreeSet::new();
    for (path, file) in project.raw.iter().filter(|(path, _)| project.places().is_envelope(path)) {
        let lines: Vec<&Named<'_>> = named.iter().filter(|named| named.envelope == path).collect();
        let judged = match file.faults.first() {
            Some(fault) => Err((None, fault.message.clone())),
            None => judge(project, path, &file.text, &keys, now),
        };
        match judged {
            Ok(signed) => out.valid.push(signed),
            Err(_) if !lines.is_empty() && lines.iter().all(|named| !named.current) => {}
            Err((piece, why)) => {
                wrong.insert(path.as_str());
                let line = lines.iter().find(|named| named.current);
                let piece = line.map(|named| named.piece.clone()).or(piece);
                out.refused.push(Refused {
                    envelope: path.clone(),
                    piece: piece.unwrap_or_else(|| Piece::File(path.clone())),
                    why,
                    again: line.map(|named| named.again.clone()),
                });
            }
        }
    }
    for named in named.iter().filter(|named| named.current && !wrong.contains(named.envelope)) {
        let found = project.digest_of(named.envelope).map(|digest| digest.to_string());
        if found.as_deref() != Some(named.sha256) {
            out.gone.push(Gone {
                envelope: named.envelope.to_owned(),
                piece: named.piece.clone(),
                range: named.line.range.clone(),
                replaced: found.is_some(),
                again: named.again.clone(),
            });
        }
    }
    out
}

/// What lines of the ledger say of envelopes. What another release or attempt signed is history.
fn named(project: &Project) -> Vec<Named<'_>> {
    let Some(release) = project.release().map(|release| release.name()) else { return Vec::new() };
    let mut last: BTreeMap<String, Sha256Digest> = BTreeMap::new();
    let mut found = Vec::new();
    for line in &project.ledger.lines {
        let Some((about, piece, again)) = about(project, line) else { continue };
        if line.entry.release == release {
            last.insert(about.clone(), line.digest);
        }
        for file in
            line.entry.digests.iter().filter(|file| project.places().is_envelope(&file.path))
        {
            let (envelope, sha256) = (file.path.as_str(), file.sha256.as_str());
            let (piece, again) = (piece.clone(), again.clone());
            let named = Named { line, envelope, sha256, piece, again, current: false };
            found.push((about.clone(), named));
        }
    }
    let judged = found.into_iter().map(|(about, named)| {
        let current = last.get(&about) == Some(&named.line.digest);
        Named { current, ..named }
    });
    judged.collect()
}

/// What a line is about: something that the next line about it replaces, the piece that it belongs
/// to, and the command that makes it anew.
fn about(project: &Project, line: &Line) -> Option<(String, Piece, Advice)> {
    let entry = &line.entry;
    let record = |gate: &str| {
        let def = project.phase.gates.get(gate)?;
        let piece = Piece::Record(gate.to_owned());
        Some((project.places().gate(def.number, gate), piece, Advice::d3p(["gate", gate])))
    };
    match entry.kind {
        EntryKind::GatePassed => record(entry.gate.as_deref()?),
        EntryKind::Ran => {
            let hook = entry.hook.as_deref()?;
            let produced = produced(project, hook);
            // Each run of a hook that adds samples is worth something; else only the last one is.
            let adds = produced.is_some_and(|(_, def)| def.format == EvidenceFormat::AppendOnly);
            let about = match entry.digests.first().filter(|_| adds) {
                Some(run) => run.path.clone(),
                None => format!("hook {hook}"),
            };
            let piece = produced.map(|(kind, _)| Piece::Evidence(kind.to_owned()));
            Some((about, piece.unwrap_or(Piece::Ledger), Advice::d3p(["run", hook])))
        }
        EntryKind::Recorded => {
            let path = entry.digests.first()?.path.as_str();
            let gates = project.phase.gates.iter();
            let signed = gates
                .map(|(gate, def)| (gate, project.places().gate(def.number, gate)))
                .find(|(_, record)| record == path);
            if let Some((gate, _)) = signed {
                return record(gate);
            }
            let (kind, _) = project.phase.evidence.iter().find(|(_, def)| def.path == path)?;
            let piece = Piece::Evidence(kind.clone());
            Some((path.to_owned(), piece, Advice::d3p(["record", kind.as_str()])))
        }
        EntryKind::GateRefused
        | EntryKind::Began
        | EntryKind::RunRefused
        | EntryKind::Watched
        | EntryKind::Archived
        | EntryKind::Withdrew
        | EntryKind::Skipped
        | EntryKind::HandedOver
        | EntryKind::Timestamped => None,
    }
}

/// The evidence that a hook produces.
fn produced<'a>(project: &'a Project, hook: &str) -> Option<(&'a str, &'a EvidenceDef)> {
    let declared = project.effective().policy.hooks.get(hook)?;
    let step = project.phase.steps.get(declared.step(hook))?;
    let (kind, def) = project.phase.evidence.get_key_value(step.produces.as_ref()?)?;
    Some((kind, def))
}

struct Keys<'a> {
    /// What the policy of the release lists.
    governing: Vec<(&'a str, MachineKey)>,
    /// What `d3p.yaml` lists now.
    current: Vec<(&'a str, MachineKey)>,
}

/// The piece that a wrong envelope is about, if that is known, and what is wrong.
type Wrong = (Option<Piece>, String);

/// What an envelope signs, and who made it.
fn judge(
    project: &Project,
    path: &str,
    text: &str,
    keys: &Keys<'_>,
    now: Stamp,
) -> Result<MachineSigned, Wrong> {
    let unknown = |why: String| (None, why);
    let envelope = Envelope::parse(text).map_err(|why| unknown(why.into_text()))?;
    if envelope.payload_type != PAYLOAD_TYPE {
        let why =
            format!("its payload is of the type `{}`, not `{PAYLOAD_TYPE}`", envelope.payload_type);
        return Err(unknown(why));
    }
    let (machine, key) = signed_by(&envelope, keys).map_err(|why| unknown(why.into_text()))?;
    let payload = std::str::from_utf8(&envelope.payload)
        .map_err(|_| unknown("its payload is not UTF-8".to_owned()))?;
    let statement = json::parse(payload).map_err(|faults| {
        let why = faults.into_iter().next().map_or_else(String::new, |fault| fault.message);
        unknown(format!("its payload is no strict JSON: {why}"))
    })?;
    let signed = match statement.get("predicateType").and_then(Value::as_str) {
        Some(RECORD_PREDICATE) => record(project, payload, &statement)?,
        Some(EVIDENCE_PREDICATE) => evidence(project, payload, now)?,
        other => {
            let other = other.unwrap_or("none");
            return Err(unknown(format!("its payload is a statement of another type: {other}")));
        }
    };
    let (covered, digest) = signed;
    if project.places().envelope(&covered, digest) != path {
        let why = format!(
            "it signs {covered}, and belongs at {}",
            project.places().envelope(&covered, digest)
        );
        return Err(unknown(why));
    }
    if let Some(why) = beyond(project, machine, step_of(project, &covered)) {
        return Err(unknown(why));
    }
    let withdrawn = !keys.current.iter().any(|(_, current)| current == key);
    Ok(MachineSigned {
        envelope: path.to_owned(),
        path: covered,
        machine: machine.to_owned(),
        withdrawn,
    })
}

/// Why the signatures of a machine do not count for a step; without one, for the record of a gate.
pub fn beyond(project: &Project, machine: &str, step: Option<&str>) -> Option<String> {
    let machines = &project.effective().policy.machines;
    let steps = machines.iter().find(|own| own.name == machine)?.steps.as_ref()?;
    let (list, what) = (steps.join(", "), step.unwrap_or("a gate or what no step makes"));
    let within = step.is_some_and(|step| steps.iter().any(|own| own == step));
    (!within).then(|| format!("{machine} signs for {list} alone, and this is of {what}"))
}

/// The step that the file of evidence or the record of a run is of.
fn step_of<'a>(project: &'a Project, path: &str) -> Option<&'a str> {
    if let Some((kind, _)) = project.phase.evidence.iter().find(|(_, def)| def.path == path) {
        return project.phase.step_producing(kind).map(|(step, _)| step);
    }
    let hook = project.raw.get(path)?.value()?.get("hook")?.as_str()?;
    let (name, declared) = project.effective().policy.hooks.get_key_value(hook)?;
    Some(declared.step(name))
}

/// The machine whose key made a signature.
fn signed_by<'a>(
    envelope: &Envelope,
    keys: &'a Keys<'_>,
) -> Result<(&'a str, &'a MachineKey), Reason> {
    let signed = keys.governing.iter().find(|(_, key)| envelope.is_signed_by(key));
    if let Some((name, key)) = signed {
        return Ok((name, key));
    }
    if let Some((name, _)) = keys.governing.iter().find(|(_, key)| envelope.names(key)) {
        return Err(format!(
            "it was altered after it was signed: the signature of {name} does not fit"
        )
        .into());
    }
    Err("no key of `machines` in the policy made its signature".into())
}

/// The gate record that a payload is, byte for byte.
fn record(
    project: &Project,
    payload: &str,
    statement: &Value,
) -> Result<(String, Sha256Digest), Wrong> {
    let gate = GateRecordClaims::recorded_gate(statement)
        .and_then(|(gate, uri)| Some((project.phase.gates.get_key_value(gate)?, uri)));
    let Some(((gate, def), uri)) = gate else {
        return Err((None, "its payload is the record of no gate of this phase".to_owned()));
    };
    let piece = Some(Piece::Record(gate.clone()));
    let path = project.places().gate(def.number, gate);
    let Some(file) = project.present(&path) else {
        return Err((piece, format!("it signs {path}, which is not there")));
    };
    if file.text != payload {
        let found = file.value().and_then(GateRecordClaims::recorded_gate);
        let why = match found {
            Some((_, own)) if own != uri => format!("it signs the record of {uri}, not of {own}"),
            _ => format!("{path} was altered after it was signed"),
        };
        return Err((piece, why));
    }
    Ok((path, Sha256Digest::of(payload.as_bytes())))
}

/// The file of evidence, or the record of a run, that a payload is about.
fn evidence(project: &Project, payload: &str, now: Stamp) -> Result<(String, Sha256Digest), Wrong> {
    let statement = EvidenceStatement::parse(payload)
        .map_err(|why| (None, format!("its payload cannot be taken: {why}")))?;
    let path = statement.path();
    let known = project.phase.evidence.iter().find(|(_, def)| def.path == path);
    let file = match known {
        Some(_) => project.present(path),
        None => project.raw.get(path).filter(|_| project.places().is_run(path)),
    };
    let piece = known.map(|(kind, _)| Piece::Evidence(kind.clone()));
    let fail = |why: String| Err((piece.clone(), why));
    let Some(file) = file else {
        return fail(format!("it signs {path}, which is no evidence or run that lies here"));
    };
    let said = &statement.predicate;
    let differs = file.value().and_then(|value| differs(said, value));
    let digest = file.digest.filter(|digest| digest.to_string() == statement.sha256());
    let Some(digest) = digest else {
        return fail(differs.map_or_else(
            || format!("{path} was altered after it was signed"),
            |(key, own, found)| {
                format!("it signs another {path}: of {key} {own}, and this one is of {found}")
            },
        ));
    };
    if let Some((key, own, found)) = differs {
        return fail(format!("it says {key} {own}, and {path} says {found}"));
    }
    match Stamp::parse(&said.signed_at) {
        Ok(at) if at <= now => Ok((path.to_owned(), digest)),
        Ok(at) => fail(format!("it was signed in the future, {at}")),
        Err(error) => fail(format!("`signedAt`: {error}")),
    }
}

/// The first thing that a statement says otherwise than the file that it is about.
fn differs(said: &crate::record::Attested, file: &Value) -> Option<(&'static str, String, String)> {
    let text = |key: &str| file.get(key).and_then(Value::as_str).unwrap_or("none").to_owned();
    let attempt = file.get("attempt").and_then(Value::as_u64).unwrap_or(0).to_string();
    let pairs = [
        ("release", said.release.clone(), text("release")),
        ("commit", said.commit.clone(), text("commit")),
        ("attempt", said.attempt.to_string(), attempt),
        ("environment", said.environment.clone(), text("environment")),
        ("kind", said.kind.clone(), text("kind")),
    ];
    pairs.into_iter().find(|(_, own, found)| own != found)
}
