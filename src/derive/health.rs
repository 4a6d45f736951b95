//! The health log's entries and the thresholds they are held against (P11-4.1).

use crate::model::Threshold;
use crate::project::Project;
use crate::project::sections::{all_sectioned, cell};
use std::collections::BTreeMap;

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

/// The thresholds of a document's table: metric → threshold.
pub(crate) fn table(
    project: &Project,
    document: &str,
    section: &str,
) -> BTreeMap<String, (Threshold, String)> {
    let mut thresholds = BTreeMap::new();
    for file in all_sectioned(project) {
        if file.piece != crate::model::Piece::Document(document.to_owned()) {
            continue;
        }
        let Some(def) = file.sections.iter().find(|def| def.id == section) else { continue };
        let (Some(found), Some(columns)) = (file.find(project, def), &def.table) else { continue };
        let Some((table, places)) = found.table(project, columns) else { continue };
        let place = |name: &str| columns.columns.get_index_of(name).map(|index| places[index]);
        let (Some(signal), Some(bound)) = (place("Signal"), place("Threshold")) else { continue };
        for row in &table.rows {
            // The first counts; a second one is a fault of its own.
            if let Some(threshold) = Threshold::parse(cell(row, bound)) {
                let text = cell(row, bound).to_owned();
                thresholds.entry(cell(row, signal).to_owned()).or_insert((threshold, text));
            }
        }
    }
    thresholds
}
