//! GL222: prerequisite-undated.

use super::Context;
use crate::model::{Finding, Location, Piece, State};

rule! {
    /// A prerequisite carries no date that can be read.
    ///
    /// ## What it checks
    /// One of the keys that the phase names holds a day (`2026-11-21`, counted from 00:00 UTC) or a
    /// time with offset.
    ///
    /// ## Why it matters
    /// What has no date cannot be current. The file's own modification time says when it was
    /// copied, not when the rehearsal took place.
    ///
    /// ## How to fix
    /// Let the phase that produces it write its date, or name the key under `dated` in `d3p.yaml`.
    GL222 "prerequisite-undated" Error since "0.1.0" clauses ["P11-1.1"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (id, def) in &context.project.phase.prerequisites {
        if context.project.prerequisite_exemption(id).is_some() {
            continue;
        }
        let Some(status) = context.prerequisite(id, context.judgement.now) else {
            continue;
        };
        let readable =
            context.project.file(&status.path).is_some_and(|file| file.value().is_some());
        if !readable || status.stamp.is_some() {
            continue;
        }
        let (place, message) = match &status.dated {
            Some((pointer, text)) => (
                Location::pointer(&status.path, pointer),
                format!("\"{text}\" is neither a day nor a time with offset"),
            ),
            None => (
                Location::file(&status.path),
                format!("carries no date; looked for {}", def.dated.join(", ")),
            ),
        };
        out.push(
            Finding::new(&GL222, Piece::Prerequisite(id.clone()), place, message)
                .state(State::Invalid)
                .clauses(&def.clauses)
                .edit("write a date such as 2026-11-21 or 2026-11-21T09:30:00Z"),
        );
    }
}
