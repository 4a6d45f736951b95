//! GL141: step-empty.

use super::Context;
use super::support::sections::{cell, sectioned};
use super::support::words::is_nothing;
use crate::definition::{CellType, TableDef};
use crate::model::{Finding, State};

rule! {
    /// A step of a plan says that nothing is done.
    ///
    /// ## What it checks
    /// In each table of steps, which gives every step a person and a duration, the step says what is
    /// done: not `Nothing`, not `n/a`, and not that there is no way back.
    ///
    /// ## Why it matters
    /// "Nothing, there is no way back" has an owner and takes five minutes, and takes nothing back.
    ///
    /// ## How to fix
    /// Write the action. Where a release cannot be taken back, the plan says how harm is stopped: a
    /// flag, a halt of the rollout, a fix forward with its owner.
    GL141 "step-empty" Error since "0.1.0" clauses ["D3P-2", "P8-3", "P11-5", "DLC-6"]
}

/// Whether a table is one of steps: its columns hold a person and a duration.
fn is_of_steps(def: &TableDef) -> bool {
    let has = |kind| def.columns.values().any(|own| *own == kind);
    has(CellType::Person) && has(CellType::Duration)
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections {
            let (Some(columns), Some(found)) = (&def.table, file.find(context.project, def)) else {
                continue;
            };
            let Some((table, places)) = found.table(context.project, columns) else { continue };
            let step = columns.columns.values().position(|kind| *kind == CellType::Text);
            let Some(place) = step.filter(|_| is_of_steps(columns)).map(|index| places[index])
            else {
                continue;
            };
            for row in &table.rows {
                let text = cell(row, place);
                if text.is_empty() || !is_nothing(text) {
                    continue;
                }
                let message = format!("\"{text}\" is no step: it says that nothing is done");
                let range =
                    row.cells.get(place).map_or(row.range.clone(), |cell| cell.range.clone());
                out.push(
                    Finding::new(&GL141, file.piece.clone(), file.at(range), message)
                        .state(State::Failed)
                        .clauses(&def.clauses)
                        .edit("write what is done"),
                );
            }
        }
    }
}
