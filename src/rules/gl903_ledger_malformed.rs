//! GL903: ledger-malformed.

use super::Context;
use crate::model::{Finding, Location, Piece};
use crate::record::LEDGER_PATH;
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
    /// Restore the file from version control; to merge two branches, keep the lines of both. When the
    /// last line is cut short, the next command that writes a line says how to mend it.
    GL903 "ledger-malformed" Error since "0.1.0" clauses ["D3P-10", "X-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let ledger = &context.project.ledger;
    let mut add = |range: std::ops::Range<usize>, message: String| {
        out.push(
            Finding::new(&GL903, Piece::Ledger, Location::span(LEDGER_PATH, range), message)
                .help(format!("restore {LEDGER_PATH} from version control")),
        );
    };
    for (range, why) in &ledger.malformed {
        add(range.clone(), format!("not a ledger entry: {why}"));
    }
    if let (more @ 1.., Some((range, _))) = (ledger.more_malformed, ledger.malformed.last()) {
        add(range.clone(), format!("{more} more lines after it are no ledger entries"));
    }
    if let (true, Some(line)) = (ledger.cut, ledger.lines.last()) {
        add(line.range.clone(), "the last line is cut short".to_owned());
    }
    let mut ids = BTreeSet::new();
    for line in &ledger.lines {
        if !ids.insert(&line.entry.id) {
            add(line.range.clone(), format!("the id {} stands twice", line.entry.id));
        }
    }
}
