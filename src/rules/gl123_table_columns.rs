//! GL123: table-columns.

use super::Context;
use super::support::sections::{column_index, sectioned};
use crate::model::Finding;

rule! {
    /// A demanded table, or one of its columns, is missing.
    ///
    /// ## What it checks
    /// The section has a table with every demanded column, in any order; further columns are
    /// welcome. `titles` in `d3p.yaml` gives a column's heading in the author's language.
    ///
    /// ## Why it matters
    /// Steps without owner, or thresholds without a number beside them, are what gets skipped.
    ///
    /// ## How to fix
    /// Add the column that the finding names.
    GL123 "table-columns" Error since "0.1.0" clauses ["D3P-2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections.iter().copied() {
            let (Some(table), Some(found)) = (&def.table, file.find(context.project, def)) else {
                continue;
            };
            if found.table(context.project, table).is_some() {
                continue;
            }
            let wanted: Vec<&str> =
                table.columns.keys().map(|column| context.project.translated(column)).collect();
            let (place, message) = match found.tables().next() {
                None => (
                    found.section.heading.clone(),
                    format!("section \"{}\" has no table", found.section.title),
                ),
                Some(near) => {
                    let lacking: Vec<&str> = table
                        .columns
                        .keys()
                        .filter(|column| column_index(context.project, near, column).is_none())
                        .map(|column| context.project.translated(column))
                        .collect();
                    (
                        near.range.clone(),
                        format!("the table lacks the column {}", lacking.join(", ")),
                    )
                }
            };
            out.push(
                Finding::new(&GL123, file.piece.clone(), file.at(place), message)
                    .clauses(&def.clauses)
                    .edit(format!("make the columns | {} |", wanted.join(" | "))),
            );
        }
    }
}
