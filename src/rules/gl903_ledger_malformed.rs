//! GL903: ledger-malformed.

use super::Context;
use crate::model::{Advice, Finding, Location, Piece};
use std::collections::BTreeSet;

rule! {
    /// A line of the ledger is not a ledger entry.
    ///
    /// ## What it checks
    /// Each line is one JSON object in exactly the form d3p writes, with an id of its own, and the last
    /// line is complete.
    ///
    /// ## Why it matters
    /// The ledger is only ever added to. A line that cannot be read was edited, cut, or merged with
    /// conflict markers.
    ///
    /// ## How to fix
    /// Restore the file from version control, unless it has lines since then; to merge two branches, keep
    /// the lines of both. Where the last line was cut, the command that takes it away, or ends it, is
    /// printed.
    GL903 "ledger-malformed" Error since "0.1.0" clauses ["D3P-10", "X-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let ledger = &context.project.ledger;
    let restore = Advice::answer("restore it from version control")
        .at(Location::file(context.project.places().ledger()));
    let mut add = |range: std::ops::Range<usize>, message: String, advice: Advice| {
        out.push(
            Finding::new(
                &GL903,
                Piece::Ledger,
                Location::span(context.project.places().ledger(), range),
                message,
            )
            .advise(advice),
        );
    };
    let length =
        context.project.file(context.project.places().ledger()).map_or(0, |file| file.text.len());
    for (range, why) in &ledger.malformed {
        // The lines before one that was cut are worth more than an older file.
        let advice = match ledger.cut && range.end == length {
            true => Advice::run([
                "truncate",
                "-s",
                &range.start.to_string(),
                context.project.places().ledger(),
            ]),
            false => restore.clone(),
        };
        add(range.clone(), format!("not a ledger entry: {why}"), advice);
    }
    if let (more @ 1.., Some((range, _))) = (ledger.more_malformed, ledger.malformed.last()) {
        let message = format!("{more} more lines after it are no ledger entries");
        add(range.clone(), message, restore.clone());
    }
    if let (true, Some(line)) = (ledger.cut, ledger.lines.last())
        && line.range.end == length
    {
        let advice = Advice::end_line(context.project.places().ledger());
        add(line.range.clone(), "the last line has no line ending".to_owned(), advice);
    }
    let mut ids = BTreeSet::new();
    for line in &ledger.lines {
        if !ids.insert(&line.entry.id) {
            let message = format!("the id {} stands twice", line.entry.id);
            add(line.range.clone(), message, restore.clone());
        }
    }
}
