//! GL546: time-contradicted.

use super::Context;
use super::support::advice::{abandon, withdraw};
use crate::decisions::withdrawals;
use crate::model::{Finding, Location, Piece, Stamp, State};
use crate::project::Bounds;

rule! {
    /// A time is not the one that somebody outside knows.
    ///
    /// ## What it checks
    /// A line of the ledger is not later than a time stamp of it, or of a line that leads back to it,
    /// and not earlier than one that it leads back to itself. What evidence says of its times is not
    /// later than the stamp of the line that recorded it, and a launch does not begin before the last
    /// stamp before it. The authority's accuracy and `skew` are allowed for; a time that was withdrawn
    /// is not judged.
    ///
    /// ## Why it matters
    /// A clock that is set back puts a launch into a window that is over, makes evidence young, and
    /// brings a key back that has expired. The stamps before and after it show between which times it
    /// really was.
    ///
    /// ## How to fix
    /// Set the clock that was wrong. Close this attempt, so that the next one is made with times that
    /// hold.
    GL546 "time-contradicted" Error since "0.1.0" clauses ["X-11", "X-4"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let attested = project.attested();
    if !attested.each.iter().any(|(_, proved)| proved.is_ok()) {
        return;
    }
    let skew = project.effective().policy.skew;
    let withdrawn = withdrawals(project, context.judgement.now);
    let ledger = project.places().ledger();
    for (place, line) in project.ledger.lines.iter().enumerate() {
        let own = withdrawn.get(&line.digest);
        if own.is_some_and(|own| own.counts()) {
            continue;
        }
        let Bounds { after, before } = attested.bounds(place);
        let place = || Location::span(ledger, line.range.clone());
        if let Some(before) = before.filter(|before| line.at > before.plus(skew)) {
            let message = format!("the line says {}, and was stamped {before}", line.at);
            out.push(
                Finding::new(&GL546, Piece::Ledger, place(), message)
                    .state(State::Invalid)
                    .advise(withdraw(project, line).or(abandon())),
            );
        }
        if let Some(after) = after.filter(|after| *after > line.at.plus(skew)) {
            let message = format!(
                "the line says {}, and leads back to a time stamp of {after}: it was written later",
                line.at
            );
            out.push(
                Finding::new(&GL546, Piece::Ledger, place(), message)
                    .state(State::Invalid)
                    .advise(abandon()),
            );
        }
    }
    of_evidence(context, out);
    of_launch(context, out);
}

/// Evidence that says that it was made after the line that recorded it was stamped.
fn of_evidence(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let skew = project.effective().policy.skew;
    for evidence in context.readable() {
        let Some(before) = evidence.file.digest.and_then(|own| project.witnessed(&own)) else {
            continue;
        };
        for pointer in ["/started_at", "/finished_at", "/created_at"] {
            let at = evidence.text_at(pointer).and_then(|text| Stamp::parse(text).ok());
            if let Some(at) = at.filter(|at| *at > before.plus(skew)) {
                let message = format!("{at} is later than the time stamp of its line ({before})");
                out.push(
                    Finding::new(&GL546, evidence.piece(), evidence.at(pointer), message)
                        .state(State::Invalid)
                        .clauses(&evidence.def.clauses)
                        .advise(super::support::mend::mend(project, &evidence.piece())),
                );
            }
        }
    }
}

/// A launch that is said to have begun before the stamp that its line leads back to.
fn of_launch(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some((kind, _)) = project.phase.launch() else { return };
    let Some(evidence) = project.evidence(kind) else { return };
    let Some(started) = evidence.started() else { return };
    let launched = super::support::stamps::timed(project)
        .into_iter()
        .find(|own| own.line.entry.kind == crate::record::EntryKind::Began);
    let after = launched.and_then(|own| own.bounds.after);
    let skew = project.effective().policy.skew;
    if let Some(after) = after.filter(|after| *after > started.plus(skew)) {
        let message =
            format!("it began after {after}, which somebody outside knows, and says {started}");
        out.push(
            Finding::new(&GL546, evidence.piece(), evidence.at("/started_at"), message)
                .state(State::Invalid)
                .clauses(&evidence.def.clauses)
                .advise(abandon()),
        );
    }
}
