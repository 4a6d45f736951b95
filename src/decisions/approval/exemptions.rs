//! What whoever approves takes over: everything that removed an obligation.

use crate::decisions::waiver::{Waiver, WaiverSet, WaiverState, evaluate, precedes_launch};
use crate::model::Stamp;
use crate::project::{Project, not_from_commit, piece_of};

/// Everything that whoever approves takes over: what the policy exempts, what is let stand of what
/// leads to the launch, and what the launch is given that is not from the commit, in words.
pub fn accepted(project: &Project, now: Stamp) -> Vec<String> {
    let mut all = project.exemptions();
    all.extend(waived_for_launch(project, now));
    all.extend(not_from_commit(project));
    all
}

/// The waivers in force for the launch: now, or when it began.
pub(crate) fn waived_for_launch(project: &Project, now: Stamp) -> Vec<String> {
    let moments = std::iter::once(now).chain(project.launched_at());
    let sets = moments.flat_map(|moment| evaluate(project, now, &|_| moment).sets);
    let counts = |set: &WaiverSet| {
        set.state == WaiverState::InForce
            && precedes_launch(project, &piece_of(project, &set.said.path))
    };
    let mut all: Vec<String> = sets.filter(counts).map(|set| line(&set.said)).collect();
    all.sort();
    all.dedup();
    all
}

/// A waiver among the exemptions of an approval: what it says, and the digest of exactly that.
fn line(said: &Waiver) -> String {
    format!("{WAIVED}{} (sha256:{})", said.words(), said.terms())
}

/// How such a line begins.
const WAIVED: &str = "waived: ";

/// Whether a line of an approval's exemptions is a waiver.
pub(crate) fn is_waiver_line(line: &str) -> bool {
    line.starts_with(WAIVED)
}
