//! GL245: incident-unsettled.

use super::Context;
use crate::decisions::{deployed_at, rollbacks_begun};
use crate::definition::{CellType, NativeCheck};
use crate::model::{Finding, Stamp, State};
use crate::project::sections::{Sectioned, cell, sectioned};
use crate::project::{Evidence, Project};

rule! {
    /// The description of an incident leaves open what it is there to say.
    ///
    /// ## What it checks
    /// Its timeline has a row for the minute in which the deployment to production began, and for each
    /// rollback since, as the ledger tells them. What happened, the impact, the root cause, the fix
    /// before a retry and the follow-ups say something: not only "unknown", "none" or "we will see".
    ///
    /// ## Why it matters
    /// Whoever launches the next release relies on it. A cause that nobody looked for comes back.
    ///
    /// ## How to fix
    /// Write down what is known; where the cause is not found yet, find it before anything is launched.
    /// `d3p record` proposes the rows of the timeline where the file is not there.
    GL245 "incident-unsettled" Error since "0.1.0" clauses ["DLC-7", "DLC-9", "P8-3", "P8-8"] waivable false
}

/// What says nothing where it is all that is said.
const NOTHING: [&str; 10] =
    ["none", "nothing", "unknown", "unclear", "n/a", "na", "-", "?", "see above", "see log"];

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let found = project.phase.incident().and_then(|(kind, _)| project.evidence(kind));
    let Some(evidence) = found else { return };
    let Some((timeline, settled)) = evidence.native(|native| match native {
        NativeCheck::Incident { timeline, settled, .. } => Some((timeline, settled)),
        _ => None,
    }) else {
        return;
    };
    let files = sectioned(project);
    let Some(file) = files.iter().find(|file| file.piece == evidence.piece()) else { return };
    for id in settled {
        open(project, file, id, &evidence, out);
    }
    untold(project, file, timeline, &evidence, out);
}

/// What a section leaves open.
fn open(
    project: &Project,
    file: &Sectioned<'_>,
    id: &str,
    evidence: &Evidence<'_>,
    out: &mut Vec<Finding>,
) {
    let Some(def) = file.sections.iter().find(|def| def.id == id) else { return };
    let Some(found) = file.find(project, def) else { return };
    let prose = found.prose().map(|block| (block.text.as_str(), block.range.clone()));
    let cells = found.tables().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    let cells = cells.map(|cell| (cell.text.as_str(), cell.range.clone()));
    for (text, range) in prose.chain(cells) {
        let said = text.trim().trim_end_matches(['.', '!']).to_lowercase();
        let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
        if !NOTHING.contains(&words.as_str()) {
            continue;
        }
        let message = format!("{} leaves it open: \"{}\"", def.title.to_lowercase(), text.trim());
        out.push(
            Finding::new(&GL245, evidence.piece(), file.at(range), message)
                .state(State::Missing)
                .clauses(&def.clauses)
                .edit("say what is known; what is not known yet has to be found out first"),
        );
    }
}

/// What the ledger tells of, and the timeline does not.
fn untold(
    project: &Project,
    file: &Sectioned<'_>,
    id: &str,
    evidence: &Evidence<'_>,
    out: &mut Vec<Finding>,
) {
    let Some(def) = file.sections.iter().find(|def| def.id == id) else { return };
    let Some(columns) = &def.table else { return };
    let Some(found) = file.find(project, def) else { return };
    let Some((table, places)) = found.table(project, columns) else { return };
    let time = columns.columns.values().position(|kind| *kind == CellType::Time);
    let Some(time) = time.map(|index| places[index]) else { return };
    let told: Vec<Stamp> =
        table.rows.iter().filter_map(|row| Stamp::parse(cell(row, time)).ok()).collect();
    let deployed = deployed_at(project).map(|at| ("the deployment to production began", at));
    let back = rollbacks_begun(project);
    let back = back.iter().map(|own| ("a rollback began", own.line.at));
    for (what, at) in deployed.into_iter().chain(back) {
        // People write minutes; the ledger knows milliseconds.
        if told.iter().any(|own| own.millis_since(at).abs() < 60_000) {
            continue;
        }
        let range = table.rows.first().map_or(0..0, |row| row.range.clone());
        let message = format!("the timeline does not tell that {what} {at}");
        out.push(
            Finding::new(&GL245, evidence.piece(), file.at(range), message)
                .state(State::Missing)
                .clauses(&def.clauses)
                .edit(format!("add a row: | {at} | {what} |")),
        );
    }
}
