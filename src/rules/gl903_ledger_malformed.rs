//! GL903: ledger-malformed.

use super::Context;
use super::support::advice::restore;
use crate::model::{Finding, Location, Piece};
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
    /// `d3p doctor --restore` keeps every line of every copy: of this file, of git, of the archives, of what
    /// machines published.
    /// What is no line is left out, and kept beside.
    GL903 "ledger-malformed" Error since "0.1.0" clauses ["D3P-10", "X-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let ledger = &context.project.ledger;
    let mut add = |range: std::ops::Range<usize>, message: String| {
        out.push(
            Finding::new(
                &GL903,
                Piece::Ledger,
                Location::span(context.project.places().ledger(), range),
                message,
            )
            .advise(restore()),
        );
    };
    let length =
        context.project.file(context.project.places().ledger()).map_or(0, |file| file.text.len());
    for (range, why) in &ledger.malformed {
        add(range.clone(), format!("not a ledger entry: {why}"));
    }
    if let (more @ 1.., Some((range, _))) = (ledger.more_malformed, ledger.malformed.last()) {
        let message = format!("{more} more lines after it are no ledger entries");
        add(range.clone(), message);
    }
    if let (true, Some(line)) = (ledger.cut, ledger.lines.last())
        && line.range.end == length
    {
        add(line.range.clone(), "the last line has no line ending".to_owned());
    }
    let mut ids = BTreeSet::new();
    for line in &ledger.lines {
        if !ids.insert(&line.entry.id) {
            let message = format!("the id {} stands twice", line.entry.id);
            add(line.range.clone(), message);
        }
    }
}
