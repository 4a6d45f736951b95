//! GL904: ledger-broken.

use super::Context;
use super::support::advice::{restore, restore_in};
use crate::model::{Finding, Location, Piece};
use crate::project::FileEntry;
use crate::record::MOST_FAULTS;

rule! {
    /// A line of the ledger names a line that is not there.
    ///
    /// ## What it checks
    /// Each digest in `heads` is the digest of a line that stands before it in the ledger, and only the
    /// first line names none.
    /// Where gates, runs or decisions are recorded, there are lines.
    /// The first line of a later attempt names the last of the attempts before, which lie in the
    /// archives.
    ///
    /// ## Why it matters
    /// Lines name their predecessors by digest, and records name lines. A predecessor that is gone or edited breaks the chain.
    ///
    /// ## How to fix
    /// `d3p doctor --restore` puts back the lines that git, an archive or what was published holds. Where nobody does,
    /// close the attempt.
    GL904 "ledger-broken" Error since "0.1.0" clauses ["D3P-10", "X-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    // What lies there instead of lines is told by what it is.
    if context.project.file(context.project.places().ledger()).is_none_or(FileEntry::is_absent)
        && let Some(why) = context.project.ledger_harm()
    {
        let place = Location::file(context.project.places().ledger());
        out.push(Finding::new(&GL904, Piece::Ledger, place, why).advise(restore()));
    }
    let earlier = context.project.earlier.iter();
    let earlier = earlier.map(|attempt| (attempt.ledger_file.path.as_str(), &attempt.ledger));
    let ledgers: Vec<_> =
        std::iter::once((context.project.places().ledger(), &context.project.ledger))
            .chain(earlier)
            .collect();
    for (path, ledger) in &ledgers {
        let others = || ledgers.iter().filter(|(other, _)| other != path);
        let mut broken = 0;
        for (index, line) in ledger.lines.iter().enumerate() {
            // Which line is the last of its gate is read from their order.
            let before = |head: &str| match ledger.place(head) {
                Some(place) => place < index,
                None => others().any(|(_, other)| other.place(head).is_some()),
            };
            let unknown = line.entry.heads.iter().find(|head| !before(head));
            let message = match unknown {
                Some(head) if ledger.place(head).is_some() => {
                    format!("names a line that stands after it: {head}")
                }
                Some(head) => format!("names a line that is not there: {head}"),
                None if line.entry.heads.is_empty() && index > 0 => {
                    "names no line before it; only the first line may".to_owned()
                }
                None => continue,
            };
            broken += 1;
            if broken > MOST_FAULTS {
                continue;
            }
            let place = Location::span(*path, line.range.clone());
            out.push(
                Finding::new(&GL904, Piece::Ledger, place, message)
                    .advise(restore_in(context.project, path)),
            );
        }
        if let Some(more @ 1..) = broken.checked_sub(MOST_FAULTS) {
            let message = format!("{more} more lines do not name what is before them");
            out.push(
                Finding::new(&GL904, Piece::Ledger, Location::file(*path), message)
                    .advise(restore_in(context.project, path)),
            );
        }
    }
}
