//! What an authority outside must have stamped, and what of it is stamped.

use crate::decisions::GO;
use crate::model::{Advice, Finding, Location, Piece, State};
use crate::project::{Bounds, Project};
use crate::record::{EntryKind, Line};
use crate::rules::{GL545, launching_hooks};

/// A line whose time matters, in words, and between which times it was written.
#[derive(Clone, Debug)]
pub struct Timed<'a> {
    /// What happened.
    pub what: String,
    /// The line.
    pub line: &'a Line,
    /// Between which times, as far as somebody outside knows.
    pub bounds: Bounds,
}

/// Gates that were passed, decisions to launch and launches of this attempt, in the ledger's order.
pub fn timed(project: &Project) -> Vec<Timed<'_>> {
    let Some(release) = project.release().map(|release| release.name()) else { return Vec::new() };
    let launching = launching_hooks(project);
    let attested = project.attested();
    let lines = project.ledger.lines.iter().enumerate();
    let own = lines.filter(|(_, line)| line.entry.release == release);
    own.filter_map(|(place, line)| {
        let entry = &line.entry;
        let hook = entry.hook.as_deref().unwrap_or_default();
        let what = match entry.kind {
            EntryKind::GatePassed => format!("gate {} passed", entry.gate.as_deref()?),
            EntryKind::Recorded => {
                let said = entry.decided.as_ref().filter(|said| said.decision == GO)?;
                format!("{} said {GO}", said.person)
            }
            EntryKind::Began if launching.contains(&hook) => format!("{hook} began"),
            _ => return None,
        };
        Some(Timed { what, line, bounds: attested.bounds(place) })
    })
    .collect()
}

/// How a stamp is asked for again.
pub fn stamp_again() -> Advice {
    Advice::d3p(["timestamp"]).what("see that the authority can be reached, and ask it again")
}

/// A finding that something has no stamp which the policy demands.
pub fn unstamped(project: &Project, message: String) -> Finding {
    let place = Location::file(project.places().ledger());
    Finding::new(&GL545, Piece::Ledger, place, message).state(State::Missing).advise(stamp_again())
}
