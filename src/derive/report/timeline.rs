//! Everything that happened, in the order of the times that the files claim.

use super::heading;
use super::text::{at, cell, length, table};
use crate::definition::EvidenceFormat;
use crate::derive::view::View;
use crate::model::Stamp;
use crate::record::EntryKind;

pub(super) fn write(view: &View<'_>, out: &mut String) {
    heading(out, "Timeline");
    let mut rows = evidence(view);
    rows.extend(ledger(view));
    rows.extend(decisions(view));
    rows.extend(logs(view));
    rows.sort();
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|(at, what)| vec![at.to_string(), what]).collect();
    table(out, &["Time", "What"], &rows, "Nothing is dated.");
    heading(out, "Gates");
    gates(view, out);
}

fn evidence(view: &View<'_>) -> Vec<(Stamp, String)> {
    let mut rows = Vec::new();
    for evidence in view.whole_files() {
        let title = cell(&evidence.def.title);
        let status = evidence.value().map_or("-".to_owned(), |value| at(value, "/status"));
        let worth = if status == "-" { String::new() } else { format!(", {status}") };
        match (evidence.started(), evidence.finished()) {
            (Some(started), Some(finished)) if started < finished => {
                let launch = if evidence.def.launch { " (launch)" } else { "" };
                rows.push((started, format!("{title}: begins{launch}")));
                let took = length(finished.millis_since(started));
                rows.push((finished, format!("{title}: done{worth}, after {took}")));
            }
            (_, Some(moment)) | (Some(moment), None) => {
                let launch = if evidence.def.launch { " (launch)" } else { "" };
                rows.push((moment, format!("{title}: done{worth}{launch}")));
            }
            (None, None) => {}
        }
    }
    rows
}

fn ledger(view: &View<'_>) -> Vec<(Stamp, String)> {
    let row = |line: &&crate::record::Line| {
        let entry = &line.entry;
        let gate = cell(entry.gate.as_deref().unwrap_or_default());
        let actor = cell(&entry.actor.to_string());
        match entry.kind {
            EntryKind::GatePassed => {
                Some((line.at, format!("Gate {gate}: passed, run by {actor}")))
            }
            EntryKind::GateRefused => {
                let why = cell(&entry.rules.join(" "));
                Some((line.at, format!("Gate {gate}: refused ({why}), run by {actor}")))
            }
            EntryKind::RunRefused => {
                let hook = cell(entry.hook.as_deref().unwrap_or_default());
                let why = cell(&entry.rules.join(" "));
                Some((line.at, format!("Hook {hook}: not run ({why}), asked for by {actor}")))
            }
            _ => None,
        }
    };
    view.ledger().iter().filter_map(row).collect()
}

fn decisions(view: &View<'_>) -> Vec<(Stamp, String)> {
    let decisions = crate::decisions::decisions(view.project);
    let row = |decision: &crate::decisions::ApprovalDecision| {
        let statement = &decision.statement.as_ref().ok()?.predicate;
        let what =
            format!("Decision {} by {}", cell(&statement.decision), cell(&statement.head.person));
        Some((decision.decided_at()?, what))
    };
    decisions.iter().filter_map(row).collect()
}

/// Messages one by one; of the health window its ends, for its samples are summed up below.
fn logs(view: &View<'_>) -> Vec<(Stamp, String)> {
    let mut rows = Vec::new();
    let health = view.health_log();
    if let Some(log) = &health {
        let entries = view.entries(log);
        if let (Some(first), Some(last)) = (entries.first(), entries.last()) {
            rows.push((first.at, "Health window: first sample".to_owned()));
            rows.push((last.at, "Health window: last sample before this report".to_owned()));
        }
    }
    let others = view.evidence().filter(|log| {
        log.def.format == EvidenceFormat::AppendOnly
            && health.as_ref().is_none_or(|health| health.kind != log.kind)
    });
    for log in others {
        let told = view.entries(&log);
        rows.extend(told.iter().map(|entry| (entry.at, format!("Told: {}", cell(&entry.payload)))));
    }
    rows
}

fn gates(view: &View<'_>, out: &mut String) {
    let passes = view.passes();
    let ledger = view.ledger();
    let count = |gate: &str, kind: EntryKind| {
        let of = |line: &&&crate::record::Line| {
            line.entry.kind == kind && line.entry.gate.as_deref() == Some(gate)
        };
        ledger.iter().filter(of).count().to_string()
    };
    let rows: Vec<Vec<String>> = view
        .project
        .phase
        .gates
        .iter()
        .map(|(id, def)| {
            let pass = passes.iter().find(|pass| pass.gate == id);
            let decided = pass.map_or("not passed when this was compiled".to_owned(), |pass| {
                format!("passed {}", pass.at)
            });
            vec![
                format!("{} {}", def.number, cell(id)),
                decided,
                count(id, EntryKind::GatePassed),
                count(id, EntryKind::GateRefused),
            ]
        })
        .collect();
    table(out, &["Gate", "Decision", "Passes", "Refusals"], &rows, "The phase has no gates.");
}
