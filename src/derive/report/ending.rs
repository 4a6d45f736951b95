//! The evidence with its digests, the handoff, and what is left to people.

use super::text::{NOTHING, at, cell, table};
use super::{heading, region};
use crate::definition::{Checkpoint, EvidenceFormat, Hold, PredicateOp};
use crate::derive::view::View;
use std::fmt::Write as _;

pub(super) fn write(view: &View<'_>, out: &mut String) {
    evidence(view, out);
    region(out, "Follow-ups", "follow-ups");
    region(out, "Lessons", "lessons");
    found_none(view, out);
    later(view, out);
    checklist(view, out);
    handoff(view, out);
}

/// Where it stands who found that there are none (P8-8).
fn found_none(view: &View<'_>, out: &mut String) {
    let says = |def: &&crate::definition::EvidenceDef| {
        def.require.iter().any(|own| matches!(own.op, PredicateOp::FilledOr(_)))
    };
    for def in view.project.phase.evidence.values().filter(says) {
        let _ = writeln!(
            out,
            "Beside these, {} has what follows and who does it, or who found that nothing does.\n",
            cell(&def.path)
        );
    }
}

/// The deployment checklist in its groups, as far as gates had decided it (P8-1).
fn checklist(view: &View<'_>, out: &mut String) {
    let project = view.project;
    let mut group = "";
    if !project.phase.checklist.is_empty() {
        heading(out, "Deployment checklist");
    }
    for item in &project.phase.checklist {
        let own = item.group.as_deref().unwrap_or_default();
        if own != group {
            let gap = if group.is_empty() { "" } else { "\n" };
            let _ = writeln!(out, "{gap}### {}\n", cell(own));
            group = own;
        }
        match item.unless.as_ref().filter(|fact| fact.holds(project.facts())) {
            Some(fact) => {
                let told = fact.told(project.facts());
                let _ =
                    writeln!(out, "- [ ] {} (does not apply: {})", cell(&item.title), cell(&told));
            }
            None => write_box(view, out, item),
        }
    }
}

fn evidence(view: &View<'_>, out: &mut String) {
    heading(out, "Evidence");
    let mut files = 0;
    let mut typed = 0;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let health = view.health_log().filter(|log| !log.file.is_absent());
    for evidence in view.evidence().chain(health) {
        let value = evidence.value();
        let origin = value.map_or(NOTHING.to_owned(), |value| at(value, "/origin"));
        files += 1;
        typed += usize::from(!["computed", "ran"].contains(&origin.as_str()));
        let log = evidence.def.format == EvidenceFormat::AppendOnly;
        let digest = evidence.file.digest.map_or(NOTHING.to_owned(), |digest| digest.to_string());
        rows.push(vec![
            cell(&evidence.def.path),
            if log { format!("{} entries", view.entries(&evidence).len()) } else { digest },
            origin,
            if log { NOTHING.to_owned() } else { view.tries(&evidence).to_string() },
        ]);
    }
    let _ = writeln!(
        out,
        "{typed} of {files} files could have been typed. Origins are claims of the files themselves.\n"
    );
    table(out, &["Path", "SHA-256", "Origin", "Try"], &rows, "No evidence is there.");
    let documents: Vec<Vec<String>> = super::opening::citations(view)
        .into_iter()
        .filter(|(path, _)| view.project.phase.documents.values().any(|def| def.path == *path))
        .map(|(path, sha256)| vec![cell(&path), sha256])
        .collect();
    table(out, &["Document", "SHA-256"], &documents, "No document is there.");
    let raw: Vec<Vec<String>> = raw_files(view);
    table(out, &["Other file", "SHA-256 as cited"], &raw, "No other file is cited.");
}

/// Everything that the evidence cites and that is no evidence itself.
fn raw_files(view: &View<'_>) -> Vec<Vec<String>> {
    let known = |path: &str| view.project.phase.evidence.values().any(|def| def.path == path);
    let mut all: Vec<Vec<String>> = view
        .whole_files()
        .flat_map(|evidence| {
            let cites: Vec<_> = evidence.cites().collect();
            cites.into_iter().map(|(_, path, sha256)| (path.to_owned(), sha256.to_owned()))
        })
        .filter(|(path, _)| !known(path))
        .map(|(path, sha256)| vec![cell(&path), cell(&sha256)])
        .collect();
    all.sort();
    all.dedup();
    all
}

/// What comes after the report cannot stand in it.
fn later(view: &View<'_>, out: &mut String) {
    let later = view.project.phase.evidence.values().filter(|def| {
        let report = super::report_def(view.project).map(|(kind, _)| kind);
        report.is_some_and(|report| def.after.iter().any(|kind| kind == report))
    });
    for def in later {
        let _ = writeln!(
            out,
            "{} come after this report and cite it: {}.\n",
            cell(&def.title),
            cell(&def.path)
        );
    }
}

/// The handoff checklist, as far as gates had decided it when this was compiled (P11-H).
fn handoff(view: &View<'_>, out: &mut String) {
    let phase = &view.project.phase;
    heading(out, "Handoff");
    phase.handoff.iter().for_each(|item| write_box(view, out, item));
    let _ = writeln!(
        out,
        "\nThe boxes are computed from the gates that were passed when this was compiled; d3p status shows them as they are now."
    );
    let _ =
        writeln!(out, "Next phase, once every gate is passed: {}.", cell(&phase.completion.next));
}

/// A box, ticked once every gate that decides it was passed.
fn write_box(view: &View<'_>, out: &mut String, item: &Checkpoint) {
    let (phase, passes) = (&view.project.phase, view.passes());
    let gates = item.holds.iter().filter_map(|hold| match hold {
        Hold::Evidence { evidence } | Hold::Entries { entries: evidence, .. } => {
            phase.gate_of_evidence(evidence)
        }
        Hold::Document { document } => phase.gate_of_document(document),
        // Nobody takes what is not compiled yet.
        Hold::Taken { .. } => None,
        Hold::Prerequisite { prerequisite } => {
            let mut gates = phase.gates.iter();
            gates
                .find(|(_, gate)| gate.prerequisites.contains(prerequisite))
                .map(|(id, gate)| (id.as_str(), gate))
        }
    });
    let open = gates
        .filter(|(id, _)| !passes.iter().any(|pass| pass.gate == *id))
        .max_by_key(|(_, gate)| gate.number);
    let _ = match open {
        None => writeln!(out, "- [x] {}", cell(&item.title)),
        Some((gate, _)) => {
            writeln!(out, "- [ ] {} (gate {} decides it)", cell(&item.title), cell(gate))
        }
    };
}
