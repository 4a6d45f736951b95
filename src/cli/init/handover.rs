//! What the phase before hands over: a release that it did not finish is not taken over.

use crate::cli::Failure;
use crate::decide::assess;
use crate::definition::Phase;
use crate::env::Env;
use crate::model::{Advice, Finding, Piece, State};
use crate::project::Project;
use crate::source::{Loaded, Root, where_it_lies};

/// The commit of the release that the phase before hands over.
pub(super) fn commit(phase: &Phase, root: &Root, release: &str) -> Option<String> {
    let mut handed = phase.prerequisites.values().filter(|def| def.from.is_some());
    handed.find_map(|def| {
        let Loaded::File(file) = root.load(&where_it_lies(root, def, Some(release))) else {
            return None;
        };
        let value = crate::text::json::parse(&file.text).ok()?;
        let at = |pointer: &String| value.pointer(pointer)?.as_str().map(str::to_owned);
        def.commit.iter().find_map(at)
    })
}

/// Whether a phase begins with what another hands over.
pub(super) fn takes_over(phase: &Phase) -> bool {
    phase.prerequisites.values().any(|def| def.from.is_some())
}

/// Refuses to begin a release that the phase before has not handed over, as `begun` says: the project
/// as it would be once it has begun.
pub(super) fn refuse_unfinished(
    begun: &Project,
    release: &str,
    env: &Env<'_>,
) -> Result<(), Failure> {
    let handed = begun.phase.prerequisites.iter().filter(|(_, def)| def.from.is_some());
    let mut handed = handed.peekable();
    let Some(from) = handed.peek().and_then(|(_, def)| def.from.as_ref()) else { return Ok(()) };
    let assessment = assess(begun, (env.now)());
    let lacking: Vec<Piece> = handed
        .map(|(id, _)| Piece::Prerequisite(id.clone()))
        .filter(|piece| {
            !matches!(assessment.states.get(piece), Some(State::Passed | State::Exempt))
        })
        .collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let found: Vec<Finding> = assessment
        .findings
        .iter()
        .filter(|finding| lacking.contains(&finding.piece) && finding.state.is_some())
        .cloned()
        .collect();
    let before = &from.phase;
    Err(Failure::refused(format!(
        "release {release} cannot begin {}: {before} has not handed it over",
        begun.phase.id
    ))
    .findings(&found)
    .advise(
        Advice::d3p(["status", "--phase", before, "--next"])
            .what(format!("finish the release there, then close it: d3p archive --phase {before}")),
    ))
}
