//! GL403: signal-without-threshold.

use super::Context;
use super::support::health;
use crate::definition::NativeCheck;
use crate::model::{Finding, Location, Piece, State};
use serde_json::Value;

rule! {
    /// A signal that the policy demands has no threshold in the monitoring document.
    ///
    /// ## What it checks
    /// Each signal of `health.signals` has a row with a threshold in the monitoring document.
    ///
    /// ## Why it matters
    /// Do not lose observability: a signal without a threshold is watched by nobody, and cannot be
    /// judged in the health window.
    ///
    /// ## How to fix
    /// Add a row for the signal, with source, threshold and check-in interval.
    GL403 "signal-without-threshold" Error since "0.1.0" clauses ["D3P-6", "D3P-5", "DLC-12", "P8-6"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let values = &project.effective().values;
    for evidence in project.all_evidence() {
        for native in &evidence.def.native {
            let NativeCheck::HealthSeries { signals, thresholds, .. } = native else { continue };
            let Some(def) = project.phase.documents.get(&thresholds.document) else { continue };
            let piece = Piece::Document(thresholds.document.clone());
            // A missing document or an untouched one is a fault of its own.
            let sectioned = super::support::sections::sectioned(project);
            if !sectioned.iter().any(|file| file.piece == piece) {
                continue;
            }
            let table = health::table(project, thresholds);
            let signals = signals.resolve(values).as_array().into_iter().flatten();
            for signal in
                signals.filter_map(Value::as_str).filter(|signal| !table.contains_key(*signal))
            {
                let message =
                    format!("{signal} has no threshold; `health.signals` in d3p.yaml demands it");
                out.push(
                    Finding::new(&GL403, piece.clone(), Location::file(&def.path), message)
                        .state(State::Missing)
                        .clauses(&def.clauses)
                        .edit(format!("add a row for {signal}")),
                );
            }
        }
    }
}
