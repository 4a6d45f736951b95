//! GL904: ledger-broken.

use super::Context;
use crate::model::{Finding, Location, Piece};
use crate::record::LEDGER_PATH;
use std::collections::BTreeSet;

rule! {
    /// A line of the ledger names a line that is not there.
    ///
    /// ## What it checks
    /// Each digest in `heads` is the digest of a line of the ledger, and only the first line names none.
    ///
    /// ## Why it matters
    /// Lines name their predecessors by digest. A predecessor that is gone or edited breaks the chain.
    ///
    /// ## How to fix
    /// Restore the file from version control.
    GL904 "ledger-broken" Error since "0.1.0" clauses ["D3P-10", "X-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let ledger = &context.project.ledger;
    let known: BTreeSet<String> = ledger.lines.iter().map(|line| line.digest.to_string()).collect();
    for (index, line) in ledger.lines.iter().enumerate() {
        let unknown = line.entry.heads.iter().find(|head| !known.contains(*head));
        let message = match unknown {
            Some(head) => format!("names a line that is not there: {head}"),
            None if line.entry.heads.is_empty() && index > 0 => {
                "names no line before it; only the first line may".to_owned()
            }
            None => continue,
        };
        out.push(
            Finding::new(
                &GL904,
                Piece::Ledger,
                Location::span(LEDGER_PATH, line.range.clone()),
                message,
            )
            .help(format!("restore {LEDGER_PATH} from version control")),
        );
    }
}
