//! GL136: signal-family-missing.

use super::Context;
use super::support::health::{family_of, series_def, signal_rows};
use super::support::sections::sectioned;
use crate::model::{Finding, Location, Piece, State};

rule! {
    /// The table of signals has none of a family that must be watched.
    ///
    /// ## What it checks
    /// Of each family that the phase names (errors, processors and memory and network, latency,
    /// business) the monitoring document's table has a signal: one with a threshold, or one that a
    /// named person judges. A family that does not apply is said so in `d3p.yaml`, with a reason and a
    /// name, and every report shows it. A signal whose name does not tell its family is given one
    /// there.
    ///
    /// ## Why it matters
    /// A release can be fast, free of errors, and sell nothing.
    ///
    /// ## How to fix
    /// Add a row, with a threshold or with who judges (`Mei Tanaka judges: orders as on a usual day`).
    /// Or `health: { families: { business: { not_applicable: { reason: "…", decided_by: "…" } } } }`.
    GL136 "signal-family-missing" Error since "0.1.0" clauses ["D3P-5", "P8-4", "P8-6"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some((source, families)) = series_def(project) else { return };
    let piece = Piece::Document(source.document.clone());
    let Some(file) = sectioned(project).into_iter().find(|file| file.piece == piece) else {
        return;
    };
    let rows = signal_rows(project, source);
    for (id, family) in families {
        let has = rows.iter().any(|row| {
            family_of(project, families, &row.name).is_some_and(|(own, _)| own == id.as_str())
        });
        if has || project.family_exemption(id).is_some() {
            continue;
        }
        let message = format!("no signal of {} ({id}) is watched", family.title);
        out.push(
            Finding::new(&GL136, piece.clone(), Location::file(&file.file.path), message)
                .state(State::Missing)
                .edit(format!(
                    "add a row of this family, or health.families.{id}.not_applicable to d3p.yaml"
                )),
        );
    }
}
