//! GL135: signals-disagree.

use super::Context;
use super::support::health::{Signal, series_def, signal_rows};
use super::support::sections::sectioned;
use crate::derive::unasked_signals;
use crate::model::{Finding, Piece};

rule! {
    /// The table of signals says something else than what is watched.
    ///
    /// ## What it checks
    /// Each signal stands once in the table, and one that is measured is looked at every
    /// `health.interval`, as its check-in says. Where queries measure the window, each signal with a
    /// threshold is one of `health.signals`. What a person judges has a check-in of its own.
    ///
    /// ## Why it matters
    /// A table that says "every 15 minutes" beside a sampler that runs once an hour promises what
    /// nobody does.
    ///
    /// ## How to fix
    /// Write the interval of `d3p.yaml` into the table, or the table's into `d3p.yaml`.
    GL135 "signals-disagree" Error since "0.1.0" clauses ["D3P-5", "P8-4", "P11-4.1"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some((source, _)) = series_def(project) else { return };
    let piece = Piece::Document(source.document.clone());
    let Some(file) = sectioned(project).into_iter().find(|file| file.piece == piece) else {
        return;
    };
    let interval = project.effective().policy.health.interval;
    let unasked = unasked_signals(project);
    let rows = signal_rows(project, source);
    for (index, row) in rows.iter().enumerate() {
        let twice = rows[..index].iter().any(|other: &Signal| other.name == row.name);
        let message = match row.check_in {
            _ if twice => format!("{} stands in the table twice: which row counts?", row.name),
            Some(check_in) if row.condition.is_some() && check_in != interval => format!(
                "{} is looked at every {check_in}, and sampled every {interval} (health.interval)",
                row.name
            ),
            _ if unasked.contains(&row.name) => format!(
                "{} has a threshold, and is none of health.signals, whose queries measure the window: no check-in will have it",
                row.name
            ),
            _ => continue,
        };
        let place = file.at(row.range.clone());
        out.push(Finding::new(&GL135, piece.clone(), place, message).edit("write what is watched"));
    }
}
