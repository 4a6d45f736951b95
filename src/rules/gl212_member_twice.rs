//! GL212: member-twice.

use super::support::sections::{cell, sectioned};
use super::{Context, support::predicates};
use crate::definition::CellType;
use crate::model::{Finding, State};
use predicates::Demand;

rule! {
    /// A member stands twice in a list.
    ///
    /// ## What it checks
    /// Suites are named once each, and so are the metrics of a table.
    ///
    /// ## Why it matters
    /// A suite that is counted twice hides one that did not run; of two thresholds, the looser one is
    /// the one people remember.
    ///
    /// ## How to fix
    /// Keep one.
    GL212 "member-twice" Error since "0.1.0" clauses ["P11-2.2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    metrics_twice(context, out);
    predicates::report(context, out, &GL212, Demand::Twice, State::Invalid);
}

/// Metrics that stand in two rows of a table.
fn metrics_twice(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections.iter().copied() {
            let (Some(columns), Some(found)) = (&def.table, file.find(context.project, def)) else {
                continue;
            };
            let Some((table, places)) = found.table(context.project, columns) else { continue };
            let metric = columns.columns.values().position(|kind| *kind == CellType::Metric);
            let Some(place) = metric.map(|index| places[index]) else { continue };
            let mut seen: Vec<&str> = Vec::new();
            for row in &table.rows {
                let name = cell(row, place);
                if seen.contains(&name) {
                    let message = format!("{name} stands twice in the table");
                    let at = file.at(row.range.clone());
                    out.push(
                        Finding::new(&GL212, file.piece.clone(), at, message).clauses(&def.clauses),
                    );
                }
                seen.push(name);
            }
        }
    }
}
