//! Answers to questions: the Yes / No / Clarify loop (D3P-4, P11-C2).

use super::Recording;
use crate::cli::Failure;
use crate::cli::args::RecordArgs;
use crate::cli::common::{Global, open_release};
use crate::cli::session::Session;
use crate::decisions::same_name;
use crate::definition::EvidenceDef;
use crate::env::{Env, Exit};
use crate::model::Advice;
use crate::project::{Project, Release};
use serde_json::{Map, Value, json};

/// What somebody answered.
#[derive(Debug)]
pub(in crate::cli) struct Answer {
    /// The question as it was put.
    pub(in crate::cli) question: String,
    /// `yes`, `no` or `clarify`.
    pub(in crate::cli) answer: &'static str,
    /// Full name of the person.
    pub(in crate::cli) by: String,
    /// What they said besides.
    pub(in crate::cli) note: Option<String>,
}

/// Records an answer beside those that were given before; a question that is put again replaces
/// its old answer, which is kept under `raw/attempts/`.
pub(in crate::cli) fn answer(
    session: &mut Session,
    given: &Answer,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    session.lock()?;
    let project = &session.project;
    let release = open_release(project)?;
    known(project, &given.by)?;
    let (kind, def) = questions(project, &release)?;
    let mut members = Map::new();
    let mut asked = asked(project, def, release.attempt)?;
    let now = (env.now)();
    let mut entry = json!({
        "id": id(&given.question),
        "question": given.question,
        "answer": given.answer,
        "answered_by": given.by,
        "answered_at": now.to_string(),
    });
    if let Some(note) = &given.note {
        entry["note"] = json!(note);
    }
    match asked.iter_mut().find(|old| old["id"] == entry["id"]) {
        Some(old) => *old = entry,
        None => asked.push(entry),
    }
    members.insert("questions".to_owned(), Value::Array(asked));
    let recording = Recording { session, release: &release, kind, def };
    let args = RecordArgs { kind: kind.to_owned(), ..RecordArgs::default() };
    Ok(recording.json(&args, Some(Ok(members)), None, global, env)?.exit)
}

/// Whether the policy knows who answers, where it lists anybody.
fn known(project: &Project, by: &str) -> Result<(), Failure> {
    let persons = &project.effective().policy.approval.persons;
    if persons.is_empty() || persons.iter().any(|person| same_name(&person.name, by)) {
        return Ok(());
    }
    let names: Vec<&str> = persons.iter().map(|person| person.name.as_str()).collect();
    Err(Failure::refused(format!("{by} is nobody the policy knows, and answers nothing"))
        .note(format!("persons of d3p.yaml (approval.persons): {}", names.join(", ")))
        .note("nothing was recorded"))
}

/// The evidence that takes answers now: that of the first gate that has not passed.
fn questions<'a>(
    project: &'a Project,
    release: &Release,
) -> Result<(&'a str, &'a EvidenceDef), Failure> {
    let mut kinds: Vec<(&str, &EvidenceDef)> = project
        .phase
        .evidence
        .iter()
        .filter(|(_, def)| def.questions)
        .map(|(kind, def)| (kind.as_str(), def))
        .collect();
    kinds.sort_by_key(|(kind, _)| project.phase.gate_of_evidence(kind).map(|gate| gate.1.number));
    let open = |kind: &str| {
        let gate = project.phase.gate_of_evidence(kind).map(|(gate, _)| gate);
        gate.is_none_or(|gate| !project.was_passed(gate, release))
    };
    let found = kinds.iter().find(|(kind, _)| open(kind)).or_else(|| kinds.last());
    found.copied().ok_or_else(|| Failure::incomplete("this phase has no evidence for questions"))
}

/// What was answered before, for this attempt.
fn asked(project: &Project, def: &EvidenceDef, attempt: u64) -> Result<Vec<Value>, Failure> {
    let Some(file) = project.present(&def.path) else { return Ok(Vec::new()) };
    let unreadable = || {
        Failure::refused(format!("{} cannot be read, and answers in it would be lost", def.path))
            .advise(Advice::d3p(["check", &def.path]))
    };
    let value = file.value().filter(|_| file.faults.is_empty()).ok_or_else(unreadable)?;
    if value.get("attempt").and_then(Value::as_u64) != Some(attempt) {
        return Ok(Vec::new());
    }
    value.get("questions").and_then(Value::as_array).cloned().ok_or_else(unreadable)
}

/// A short name of a question: its words, in lower case, joined by hyphens.
fn id(question: &str) -> String {
    let words: Vec<String> = question
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut id = words.join("-");
    if !id.starts_with(|c: char| c.is_ascii_lowercase()) {
        id.insert_str(0, "q-");
    }
    if id.len() > 60 || !question.is_ascii() {
        // Questions that differ keep different names.
        let digest = crate::model::Sha256Digest::of(question.trim().as_bytes()).to_string();
        let digest = digest.trim_start_matches("sha256:");
        id = format!("{}-{}", id[..id.len().min(50)].trim_end_matches('-'), &digest[..8]);
    }
    id.trim_end_matches('-').to_owned()
}
