//! The health log's entries, and the table of signals that they are held against (P11-4.1).

use crate::definition::{CellType, FamilyDef, NativeCheck, ThresholdSource};
use crate::model::{Condition, Piece, Span};
use crate::project::Project;
use crate::project::sections::{all_sectioned, cell};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::ops::Range;

/// Reads `error_rate=0.2% latency_p99=180ms :: all quiet` up to the `::`.
pub(crate) fn metrics(payload: &str) -> BTreeMap<String, String> {
    let metrics = payload.split("::").next().unwrap_or_default();
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in metrics.split_whitespace().filter_map(|pair| pair.split_once('=')) {
        // A metric that is given twice has no value: which one would count?
        all.entry(name.to_owned())
            .and_modify(|other| *other = format!("{other} and {value}"))
            .or_insert_with(|| value.to_owned());
    }
    all
}

/// A row of the table of signals.
#[derive(Clone, Debug)]
pub(crate) struct Signal {
    /// The metric.
    pub(crate) name: String,
    /// Its threshold as written.
    pub(crate) text: String,
    /// Its threshold; `None` when it is in words.
    pub(crate) condition: Option<Condition>,
    /// How often it is looked at, when that can be read.
    pub(crate) check_in: Option<Span>,
    /// The row's place in the document.
    pub(crate) range: Range<usize>,
}

/// The rows of a document's table of signals. The columns are known by what they hold.
pub(crate) fn signals(project: &Project, source: &ThresholdSource) -> Vec<Signal> {
    let piece = Piece::Document(source.document.clone());
    let files = all_sectioned(project);
    let Some(file) = files.iter().find(|file| file.piece == piece) else { return Vec::new() };
    let Some(def) = file.sections.iter().find(|def| def.id == source.section) else {
        return Vec::new();
    };
    let (Some(found), Some(columns)) = (file.find(project, def), &def.table) else {
        return Vec::new();
    };
    let Some((table, places)) = found.table(project, columns) else { return Vec::new() };
    let place = |kind| {
        let index = columns.columns.values().position(|own| *own == kind)?;
        places.get(index).copied()
    };
    let (Some(name), Some(bound)) = (place(CellType::Metric), place(CellType::Threshold)) else {
        return Vec::new();
    };
    let check_in = place(CellType::Duration);
    let rows = table.rows.iter().map(|row| Signal {
        name: cell(row, name).to_owned(),
        text: cell(row, bound).to_owned(),
        condition: Condition::parse(cell(row, bound)).ok(),
        check_in: check_in.and_then(|place| Span::parse(cell(row, place)).ok()),
        range: row.range.clone(),
    });
    rows.collect()
}

/// The thresholds of a document's table: metric → threshold, as parsed and as written. What stands
/// there in words is judged by a person, and by nobody else.
pub(crate) fn table(
    project: &Project,
    source: &ThresholdSource,
) -> BTreeMap<String, (Condition, String)> {
    let mut thresholds = BTreeMap::new();
    for signal in signals(project, source) {
        // The first counts; a second one is a fault of its own.
        if let Some(condition) = signal.condition {
            thresholds.entry(signal.name).or_insert((condition, signal.text));
        }
    }
    thresholds
}

/// The table of signals and the families that it must have, as the phase declares them.
pub(crate) fn series_def(
    project: &Project,
) -> Option<(&ThresholdSource, &IndexMap<String, FamilyDef>)> {
    project.phase.evidence.values().flat_map(|def| &def.native).find_map(|native| match native {
        NativeCheck::HealthSeries { thresholds, families, .. } => Some((thresholds, families)),
        _ => None,
    })
}

/// The family of a signal: as the policy says, else the first that has a part of its name, else the
/// one that takes every other.
pub(crate) fn family_of<'a>(
    project: &'a Project,
    families: &'a IndexMap<String, FamilyDef>,
    name: &str,
) -> Option<(&'a str, &'a FamilyDef)> {
    let own = &project.effective().policy.health.families;
    let said = |id: &str| {
        own.get(id).is_some_and(|family| family.signals.iter().any(|signal| signal == name))
    };
    let known = |def: &FamilyDef| def.names.iter().any(|part| name.contains(part.as_str()));
    families
        .iter()
        .find(|(id, _)| said(id))
        .or_else(|| families.iter().find(|(_, def)| known(def)))
        .or_else(|| families.iter().find(|(_, def)| def.names.is_empty()))
        .map(|(id, def)| (id.as_str(), def))
}
