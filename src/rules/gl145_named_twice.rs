//! GL145: named-twice.

use super::Context;
use super::support::sections::{cell, sectioned};
use crate::decisions::fold;
use crate::model::Finding;
use std::collections::BTreeMap;

rule! {
    /// A person, or what is in place of one, stands twice where each row is to be another one.
    ///
    /// ## What it checks
    /// In columns that the phase calls `distinct`, such as the names of the authority tree, nothing
    /// stands twice, whatever the case of its letters and the width of its gaps; and no table of a
    /// document has the same row twice.
    ///
    /// ## Why it matters
    /// A tree of three rows that all name one person has nobody left to ask when that person does not
    /// answer, and looks as if it had.
    ///
    /// ## How to fix
    /// Name another person, or leave the row out: a tree of one person says so.
    GL145 "named-twice" Error since "0.1.0" clauses ["D3P-9", "D3P-2", "X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections.iter().copied() {
            let (Some(wanted), Some(found)) = (&def.table, file.find(context.project, def)) else {
                continue;
            };
            let Some((table, places)) = found.table(context.project, wanted) else { continue };
            let columns: Vec<(&String, usize)> =
                wanted.columns.keys().zip(places.iter().copied()).collect();
            let distinct: Vec<_> =
                columns.iter().filter(|(name, _)| wanted.distinct.contains(name)).collect();
            let mut seen: BTreeMap<(Option<&str>, String), usize> = BTreeMap::new();
            for (number, row) in table.rows.iter().enumerate() {
                let whole: Vec<String> =
                    columns.iter().map(|(_, place)| fold(cell(row, *place))).collect();
                let mut keys = vec![(None, whole.join("|"), row.range.clone())];
                keys.extend(distinct.iter().map(|(name, place)| {
                    let at = row.cells.get(*place).map_or(&row.range, |cell| &cell.range);
                    (Some(name.as_str()), fold(cell(row, *place)), at.clone())
                }));
                let twice = keys.into_iter().filter_map(|(column, text, at)| {
                    let first = *seen.entry((column, text.clone())).or_insert(number);
                    (first < number && !text.is_empty()).then_some((column, first, at))
                });
                // A row that is another one's copy is one fault.
                let Some((column, first, at)) = twice.into_iter().next() else { continue };
                let what = column.map_or("the row".to_owned(), |column| format!("its {column}"));
                let message = format!("{what} stands in row {} already", first + 1);
                out.push(
                    Finding::new(&GL145, file.piece.clone(), file.at(at), message)
                        .clauses(&def.clauses)
                        .related(file.at(table.rows[first].range.clone()), "the first one")
                        .edit("name another one, or leave the row out"),
                );
            }
        }
    }
}
