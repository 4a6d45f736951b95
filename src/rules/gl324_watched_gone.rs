//! GL324: watched-gone.

use super::Context;
use super::support::advice::{abandon, restore};
use super::support::announcements::people_logs;
use super::support::rollout;
use crate::decisions::Moments;
use crate::definition::Cause;
use crate::model::{Advice, Finding, Judgement, Location, State};
use crate::record::EntryKind;
use crate::rollout::{newest, progress};
use std::collections::BTreeSet;

rule! {
    /// What was measured while production was watched is gone, was edited, or was laid there.
    ///
    /// ## What it checks
    /// Each record that the ledger names lies there as it was written, and no other lies beside them. What
    /// was announced of a stage that failed has the line of the ledger that tells of it.
    ///
    /// ## Why it matters
    /// A stage is judged by its record each time anew. Whoever may take one away may take away the
    /// sample that failed.
    ///
    /// ## How to fix
    /// Bring it back: `d3p doctor --restore`.
    GL324 "watched-gone" Error since "0.1.0" clauses ["DLC-5", "X-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let piece = || rollout::piece(project);
    let mut named = BTreeSet::new();
    for line in &project.ledger.lines {
        let files = line.entry.digests.iter();
        for file in files.filter(|file| project.places().is_watched(&file.path)) {
            named.insert(file.path.as_str());
            let now = project.digest_of(&file.path);
            if now.is_some_and(|digest| digest.to_string() == file.sha256) {
                continue;
            }
            let word = if now.is_some() { "was edited" } else { "is gone" };
            let message =
                format!("production was watched until {}, and {} {word}", line.at, file.path);
            let place = Location::span(project.places().ledger(), line.range.clone());
            out.push(
                Finding::new(&GL324, piece(), place, message).state(State::Invalid).advise(
                    Advice::restore(&file.path)
                        .or(abandon().what("where nobody has it any more, close the release")),
                ),
            );
        }
    }
    out.extend(alarms(context));
    let own = project.raw.keys().filter(|path| project.places().is_watched(path));
    for path in own.filter(|path| !named.contains(path.as_str())) {
        let message = "no line of the ledger names this record: d3p did not write it";
        out.push(
            Finding::new(&GL324, piece(), Location::file(path), message)
                .state(State::Invalid)
                .advise(
                    restore()
                        .what("bring back the line of the ledger that tells of it")
                        .or(abandon().what("where nobody has it any more, close this attempt")),
                ),
        );
    }
}

/// Alarms of stages that no line of the ledger tells of: it was written with them, and was cut out.
fn alarms(context: &Context<'_>) -> Vec<Finding> {
    let project = context.project;
    let gates = project.phase.gates.values();
    let Some(gate) = gates.into_iter().find(|gate| gate.failure.cause == Cause::Threshold) else {
        return Vec::new();
    };
    let Some(release) = project.release().map(|release| release.name()) else { return Vec::new() };
    let opens = format!("{} Stage ", gate.failure.message);
    let failed = |stage: u64| {
        let lines = project.ledger.lines.iter().map(|line| &line.entry);
        lines
            .filter(|own| own.release == release && own.stage == Some(stage))
            .any(|own| own.kind == EntryKind::Watched && own.found == Some(Judgement::Failed))
    };
    // An engine's word is that of the run that brought it.
    let now = newest(project);
    let judged = |stage: u64| {
        let Some(now) = now else { return false };
        let told = progress(project, Moments { now, gate: None, use_now: false });
        let own = told.stages.iter().find(|own| own.stage.number == stage);
        own.and_then(|own| own.judged.as_ref()).is_some_and(|own| own.outcome == Judgement::Failed)
    };
    let mut out = Vec::new();
    for log in people_logs(project) {
        for entry in log.file.entries() {
            let number = entry.payload.strip_prefix(&opens);
            let number = number.and_then(|rest| rest.split_once(' ')?.0.parse().ok());
            let Some(stage) = number.filter(|stage| !failed(*stage) && !judged(*stage)) else {
                continue;
            };
            let message = format!(
                "it was announced {} that stage {stage} failed, and no line of the ledger tells of it: it was cut",
                entry.at
            );
            let place = Location::span(&log.def.path, entry.range.clone());
            let found = Finding::new(&GL324, rollout::piece(project), place, message);
            out.push(
                found.state(State::Invalid).advise(
                    restore()
                        .what("bring back the line of the ledger that tells of it")
                        .or(abandon().what("where nobody has it any more, close this attempt")),
                ),
            );
        }
    }
    out
}
