//! What a waiver is about: which findings, at which place, and what leads to the launch.

use super::kind::{NoWorse, Waiver};
use crate::definition::{Before, NativeCheck, Obligation};
use crate::model::{Finding, Mark, Piece, Sha256Digest, State};
use crate::project::{Content, Evidence, Project, piece_of};
use crate::text::canonical;
use serde_json::{Value, json};

pub(super) fn is_about(said: &Waiver, finding: &Finding) -> bool {
    said.rule == finding.rule.code
        && said.path == finding.location.path
        && said.pointer.as_ref().is_none_or(|pointer| finding.location.is_within(pointer))
}

/// Why a finding cannot be let stand; `None` when it can.
pub fn not_waivable(project: &Project, finding: &Finding) -> Option<String> {
    if !finding.rule.waivable {
        return Some(format!("{} can never be waived", finding.rule.code));
    }
    if finding.piece != piece_of(project, &finding.location.path) {
        return Some("it is about more than the file that it is at".to_owned());
    }
    if let Some(why) = untouchable(project, &finding.piece) {
        return Some(why.to_owned());
    }
    match finding.state {
        Some(State::Failed | State::Stale | State::Review) => None,
        None => Some("it blocks nothing".to_owned()),
        Some(_) => Some(
            "what is missing or cannot be believed was seen by nobody: there is nothing to accept"
                .to_owned(),
        ),
    }
}

/// Why nothing that is found in a piece can be let stand.
pub(super) fn untouchable(project: &Project, piece: &Piece) -> Option<&'static str> {
    let approval = || approval(project).map(|evidence| evidence.piece());
    match piece {
        Piece::Policy | Piece::Gate(_) | Piece::Record(_) | Piece::Ledger => {
            Some("policy and records cannot be waived")
        }
        _ if approval().as_ref() == Some(piece) => Some("an approval cannot be waived"),
        _ => None,
    }
}

/// Digest of a finding: its rule, its place, and what stands there; `None` when nothing does.
/// Numbers of lines do not count, so that what is added elsewhere changes nothing.
pub fn finding_digest(project: &Project, finding: &Finding) -> Option<Sha256Digest> {
    let location = &finding.location;
    let file = project.present(&location.path)?;
    let here = match &location.mark {
        // A log goes on; what stands before its entries does not.
        Mark::File if matches!(file.content, Content::Log(..)) => {
            json!(["head", &file.text[file.head()]])
        }
        Mark::File => json!(["file", file.digest?.to_string()]),
        Mark::Span { start, end } => json!(["text", file.text.get(*start..*end)?]),
        Mark::Pointer(pointer) | Mark::Key(pointer) => {
            json!(["value", pointer, nearest(file.value()?, pointer)])
        }
    };
    let mut whole = json!([finding.rule.code, location.path, here]);
    if let (Some(counted), Some(whole)) = (finding.counted, whole.as_array_mut()) {
        whole.push(json!(counted.to_string()));
    }
    Some(Sha256Digest::of(canonical::to_canonical(&whole).as_bytes()))
}

/// What a finding measured, as a waiver says it; `None` where it is no number.
pub fn no_worse(finding: &Finding) -> Option<NoWorse> {
    let own = finding.measured.as_ref()?;
    let whole = json!([finding.rule.code, finding.location.path, own.of]);
    let of = Sha256Digest::of(canonical::to_canonical(&whole).as_bytes()).to_string();
    Some(NoWorse { of, thousandths: own.thousandths })
}

/// The value at a pointer; where there is none, the last one on the way.
fn nearest<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    let mut pointer = pointer;
    loop {
        match (value.pointer(pointer), pointer.rsplit_once('/')) {
            (Some(found), _) => return found,
            (None, Some((parent, _))) => pointer = parent,
            (None, None) => return value,
        }
    }
}

/// Whether a piece leads to the launch: the approval covers it, or the launch is not cleared
/// without it. What lets something in it stand must be known to whoever approves.
pub fn precedes_launch(project: &Project, piece: &Piece) -> bool {
    let phase = &project.phase;
    let (kind, _) = phase.launch().unzip();
    let launch = kind.and_then(|kind| phase.step_producing(kind));
    let before = launch.map_or(&[][..], |(_, step)| &step.before[..]);
    let early = |number: u32| number < phase.launch_gate();
    match piece {
        Piece::Prerequisite(_) => gate_of(project, piece).is_some_and(|(_, number)| early(number)),
        Piece::Document(id) => {
            gate_of(project, piece).is_some_and(|(_, number)| early(number))
                || approved_documents(project).contains(id)
                || before.iter().any(|held| matches!(held, Before::Document(own) if own == id))
        }
        Piece::Evidence(kind) => {
            let optional =
                phase.evidence.get(kind).is_some_and(|def| def.obligation == Obligation::Optional);
            gate_of(project, piece).is_some_and(|(_, number)| early(number))
                || before.iter().any(|held| match held {
                    Before::Evidence(own) => own == kind,
                    Before::Questions(_) => optional,
                    _ => false,
                })
        }
        _ => false,
    }
}

fn approval(project: &Project) -> Option<Evidence<'_>> {
    project.evidence(project.phase.approval()?.0)
}

fn approved_documents(project: &Project) -> Vec<String> {
    let documents = approval(project).and_then(|evidence| {
        evidence.native(|native| match native {
            NativeCheck::Approval { documents, .. } => Some(documents.clone()),
            _ => None,
        })
    });
    documents.unwrap_or_default()
}

/// The gate that binds a piece.
pub(crate) fn gate_of<'a>(project: &'a Project, piece: &Piece) -> Option<(&'a str, u32)> {
    let mut gates = project.phase.gates.iter();
    let gate = match piece {
        Piece::Evidence(kind) => gates.find(|(_, gate)| gate.evidence.contains(kind)),
        Piece::Document(id) => gates.find(|(_, gate)| gate.documents.contains(id)),
        Piece::Prerequisite(id) => gates.find(|(_, gate)| gate.prerequisites.contains(id)),
        _ => None,
    };
    gate.map(|(id, gate)| (id.as_str(), gate.number))
}
