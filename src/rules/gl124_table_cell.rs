//! GL124: table-cell.

use super::Context;
use super::support::sections::{cell, sectioned};
use crate::decisions::{nobody_in, who_judges};
use crate::definition::CellType;
use crate::markdown::placeholder;
use crate::model::{Condition, Finding, Span, Stamp, hollow, is_metric_name};
use crate::project::Project;

rule! {
    /// A cell does not hold what its column demands.
    ///
    /// ## What it checks
    /// Owners are persons, starts are times or offsets from the launch (`T-30m`), durations have
    /// units (`15m`), thresholds are a comparison with number and unit (`< 1%`), or name in words the
    /// person who judges. Text says something: not `.`, `somewhere` or `see the wiki`.
    ///
    /// ## Why it matters
    /// "Soon", "the team", "somewhere" and "high" cannot be checked by anybody, and thresholds are
    /// evaluated against samples later.
    ///
    /// ## How to fix
    /// Write the value in the form that the finding shows.
    GL124 "table-cell" Error since "0.1.0" clauses ["D3P-2", "D3P-5", "P8-3", "P8-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections.iter().copied() {
            let (Some(columns), Some(found)) = (&def.table, file.find(context.project, def)) else {
                continue;
            };
            let Some((table, places)) = found.table(context.project, columns) else { continue };
            for row in &table.rows {
                for ((column, kind), place) in columns.columns.iter().zip(&places) {
                    let text = cell(row, *place);
                    // A placeholder is one fault, and has a rule of its own.
                    if placeholder::is_left(text) {
                        continue;
                    }
                    let Some(expected) = wrong(context.project, *kind, text) else { continue };
                    let range =
                        row.cells.get(*place).map_or(row.range.clone(), |cell| cell.range.clone());
                    let shown =
                        if text.is_empty() { "empty".to_owned() } else { format!("\"{text}\"") };
                    let message = format!("{column} is {shown}, expected {expected}");
                    out.push(
                        Finding::new(&GL124, file.piece.clone(), file.at(range), message)
                            .clauses(&def.clauses)
                            .differs(&expected, text)
                            .edit("fill in the cell"),
                    );
                }
            }
        }
    }
}

/// What was expected, when `text` is not of the kind.
fn wrong(project: &Project, kind: CellType, text: &str) -> Option<String> {
    let (fits, expected) = match kind {
        CellType::Text => {
            let why = hollow(text)?;
            return Some(format!("words that say something: {why}"));
        }
        CellType::Person => {
            let why = nobody_in(project, text)?;
            return Some(format!("a person's full name, such as Ana Silva: {why}"));
        }
        CellType::Time => {
            (Stamp::parse(text).is_ok(), "a time with offset, such as 2026-11-21T09:30:00Z")
        }
        CellType::Offset => (
            is_offset(text) || Stamp::parse(text).is_ok(),
            "T-30m, T+0m, T+1h or a time with offset",
        ),
        CellType::Duration => (
            Span::parse(text).is_ok(),
            "a duration in whole seconds (s), minutes (m), hours (h) or days (d), such as 15m or 1h30m",
        ),
        CellType::Threshold => {
            if who_judges(text).is_some() {
                return None;
            }
            let why = Condition::parse(text).err()?;
            return Some(format!(
                "a threshold, such as < 1% or <= 250ms, or in words who judges: Ana Silva judges: … \
                 ({why})"
            ));
        }
        CellType::Number => (text.parse::<u32>().is_ok(), "a whole number"),
        CellType::Metric => (is_metric_name(text), "a metric's name, such as error_rate"),
    };
    (!fits).then(|| expected.to_owned())
}

fn is_offset(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('T') else { return false };
    let Some(span) = rest.strip_prefix(['+', '-']) else { return false };
    Span::parse(span).is_ok() || ["0m", "0s", "0h"].contains(&span)
}
