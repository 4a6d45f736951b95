//! Tables and single lines of human reports.

use crate::decide::{Assessment, GateAssessment, Recorded, is_handed_over, waits_for};
use crate::decisions::{
    WaiverSet, WaiverState, Waivers, loosened, loosened_since, rollbacks_begun,
};
use crate::definition::Checkpoint;
use crate::model::{Closing, Finding, Level, Piece, State};
use crate::project::Project;
use crate::render::clean;
use crate::rules::checkpoint_holds;
use std::fmt::Write as _;

/// The lines that stand on top of every report.
pub fn banner(project: &Project) -> String {
    let policy = &project.effective().policy;
    let mut out = String::new();
    if policy.demo {
        out.push_str("DEMO RELEASE: made by d3p demo; it proves nothing about any real release\n");
    }
    match project.release() {
        Some(release) => {
            let _ = writeln!(
                out,
                "{} {} attempt {} at {}",
                clean(&policy.project),
                clean(&release.version),
                release.attempt,
                clean(&release.commit.chars().take(12).collect::<String>())
            );
        }
        None => {
            let _ = writeln!(out, "{}: no release is open", clean(&policy.project));
        }
    }
    if let Some(began) = rollbacks_begun(project).first() {
        let closed = project.closed().and_then(|line| line.entry.closed);
        let word = if closed == Some(Closing::RolledBack) {
            "closed: rolled back"
        } else {
            "rollback began"
        };
        let _ = writeln!(out, "{word} ({}, {})", clean(began.hook), began.line.at);
    }
    if policy.signatures == "off" {
        out.push_str("signatures: off (approvals are typed; nothing here proves who decided)\n");
    }
    if policy.signatures != "off" && policy.approval.separation == "off" {
        out.push_str("separation: off (whoever wrote or deployed it may approve it)\n");
    }
    if project.phase.custom {
        let _ =
            writeln!(out, "phase definition: the project's own, sha256 {}", project.phase.digest);
    }
    out.push_str(&looser(project));
    for exemption in project.exemptions() {
        let _ = writeln!(out, "exempt: {}", clean(&exemption));
    }
    out
}

/// What the policy asks for less of than it should: how often, and where. That production is watched
/// for a shorter time stands alone.
fn looser(project: &Project) -> String {
    let mut out = String::new();
    let recommended = loosened(project);
    if let Some(window) = recommended.iter().find(|own| own.pointer == "/health/window") {
        let _ = writeln!(out, "watched for too short: {}", clean(&window.message));
    }
    let before = project.last_launch.as_ref().map_or(String::new(), |last| last.release.name());
    let than = [("recommended", recommended), (&before, loosened_since(project))];
    for (than, places) in than.iter().filter(|(_, places)| !places.is_empty()) {
        let mut keys: Vec<String> = places
            .iter()
            .map(|own| own.pointer.trim_start_matches('/').replace('/', "."))
            .collect();
        keys.dedup();
        let _ = writeln!(out, "looser than {than}: {} ({})", places.len(), clean(&keys.join(", ")));
    }
    out
}

/// What people let stand, and what of it counts: a line each, on top of every report.
pub fn waived(waivers: &Waivers) -> String {
    let mut out = String::new();
    for set in &waivers.sets {
        let (state, why) = waiver_state(set);
        let word =
            if state == "in-force" { "waived".to_owned() } else { format!("waiver, {state}") };
        let why = if why.is_empty() { why } else { format!(" ({why})") };
        let said = &set.said;
        let line = format!(
            "{} until {} by {}: {}{why}",
            said.place(),
            set.ends(),
            set.persons().join(", "),
            said.reason
        );
        let _ = writeln!(out, "{word}: {}", clean(&line));
    }
    if !waivers.invalid.is_empty() {
        let _ = writeln!(
            out,
            "waivers that count for nothing: {} (d3p waive --list)",
            waivers.invalid.len()
        );
    }
    out
}

/// What a waiver is worth: the word of reports, and why where that is not plain.
pub fn waiver_state(set: &WaiverSet) -> (&'static str, String) {
    match &set.state {
        WaiverState::InForce if set.used.is_empty() => {
            ("unused", "it lets nothing stand".to_owned())
        }
        WaiverState::InForce => ("in-force", String::new()),
        WaiverState::Expired(at) => ("expired", format!("it ended {at}")),
        WaiverState::Late => ("late", format!("what it is about was judged {}", set.moment)),
        WaiverState::Lacking(lacks) => ("lacking", lacks.join(", ")),
    }
}

/// `3 errors, 1 warning`.
pub fn tally(findings: &[&Finding]) -> String {
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    let words = |count: usize, word: &str| {
        if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
    };
    let mut parts = vec![words(count(Level::Error), "error")];
    for (level, word) in [(Level::Warning, "warning"), (Level::Note, "note")] {
        if count(level) > 0 {
            parts.push(words(count(level), word));
        }
    }
    parts.join(", ")
}

/// A size in bytes, for people.
pub fn size(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
        None => format!("{bytes} B"),
    }
}

/// One line per gate.
pub fn gate_table(project: &Project, gates: &[GateAssessment]) -> String {
    let mut out = String::new();
    for gate in gates {
        let title = project.phase.gates.get(&gate.id).map_or("", |def| def.title.as_str());
        let title = clean(title);
        let state = match gate.recorded {
            Recorded::Valid(at) if gate.with_waiver => format!("passed {at}, with a waiver"),
            Recorded::Valid(at) => format!("passed {at}"),
            Recorded::Reopened => "open again: its record no longer counts".to_owned(),
            Recorded::No if gate.verdict == crate::model::Verdict::Passed => {
                format!("ready: d3p gate {}", gate.id)
            }
            Recorded::No => "open".to_owned(),
        };
        let _ = writeln!(out, "  {} {:<28} {state}", gate.number, title);
    }
    out
}

/// One line per piece of evidence, document and prerequisite.
pub fn piece_table(project: &Project, assessment: &Assessment) -> String {
    let state = |piece: &Piece| assessment.states.get(piece).map_or("", |state| state.word());
    let mut out = String::new();
    let mut row = |piece: Piece, path: &str| {
        let _ = writeln!(out, "  {:<9} {:<34} {}", state(&piece), piece.id(), clean(path));
        let open = assessment.states.get(&piece).is_some_and(|own| *own == State::Missing);
        let waits = waits_for(&project.phase, assessment, &piece);
        if open && !waits.is_empty() {
            let names: Vec<String> = waits.iter().map(named).collect();
            let _ = writeln!(out, "            waits for {}", names.join(", "));
        }
    };
    for id in project.phase.prerequisites.keys() {
        let path = project.prerequisite_paths.get(id).map_or("", String::as_str);
        row(Piece::Prerequisite(id.clone()), path);
    }
    for (id, def) in &project.phase.documents {
        row(Piece::Document(id.clone()), &def.path);
    }
    for (kind, def) in &project.phase.evidence {
        row(Piece::Evidence(kind.clone()), &def.path);
    }
    out
}

/// A piece as something that is waited for.
fn named(piece: &Piece) -> String {
    match piece {
        Piece::Gate(id) => format!("gate {id}"),
        own => own.id().to_owned(),
    }
}

/// The computed progress tracker.
pub fn tracker(project: &Project, assessment: &Assessment) -> String {
    boxes(project, assessment, &project.phase.checkpoints)
}

/// The computed handoff checklist; once all of it holds and every gate is passed, the message of
/// completion and the next phase, and not before (P11-H, D3P-11).
pub fn handoff(project: &Project, assessment: &Assessment) -> String {
    let phase = &project.phase;
    let mut out = String::new();
    if !phase.handoff.is_empty() {
        out.push_str("Handoff (computed)\n");
        out.push_str(&boxes(project, assessment, &phase.handoff));
    }
    if is_handed_over(project, assessment) {
        let completion = &phase.completion;
        let _ = writeln!(out, "{}\nnext phase: {}", completion.message, completion.next);
    }
    out
}

/// The computed checklist, group by group (P8-1).
pub fn checklist(project: &Project, assessment: &Assessment) -> String {
    boxes(project, assessment, &project.phase.checklist)
}

fn boxes(project: &Project, assessment: &Assessment, items: &[Checkpoint]) -> String {
    let mut out = String::new();
    let mut group = None;
    for checkpoint in items {
        if checkpoint.group != group {
            group.clone_from(&checkpoint.group);
            let _ = writeln!(out, " {}", clean(group.as_deref().unwrap_or_default()));
        }
        if let Some(why) = project.removed_by_fact(checkpoint.unless.as_ref()) {
            let _ = writeln!(
                out,
                "  [-] {} (does not apply: {})",
                clean(&checkpoint.title),
                clean(&why)
            );
            continue;
        }
        let (mark, why) = match checkpoint_holds(project, &assessment.states, checkpoint) {
            Ok(()) => ('x', String::new()),
            Err(why) => (' ', format!(" ({why})")),
        };
        let _ = writeln!(out, "  [{mark}] {}{why}", clean(&checkpoint.title));
    }
    out
}
