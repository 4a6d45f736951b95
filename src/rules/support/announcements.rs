//! Whether people were told of a launch: one judge, before it and after it.

use crate::definition::{EvidenceFormat, Obligation};
use crate::markdown::entries::Entry;
use crate::model::{Advice, Finding, Location, Piece, Stamp, State, hollow};
use crate::project::{Evidence, Project};
use crate::rules::GL405;

/// The logs of what people were told.
pub(crate) fn people_logs(project: &Project) -> impl Iterator<Item = Evidence<'_>> {
    project.all_evidence().filter(|evidence| {
        evidence.def.format == EvidenceFormat::AppendOnly
            && evidence.def.obligation == Obligation::Guideline
    })
}

/// What people were told in a log. The tool's own announcements, which each command makes by itself,
/// tell nobody, and neither does a point.
pub(crate) fn announced<'a>(
    project: &'a Project,
    log: &Evidence<'a>,
) -> impl Iterator<Item = &'a Entry> + Clone + use<'a> {
    let entries = log.file.entries().iter();
    entries.filter(|entry| {
        !project.phase.is_announcement(&entry.payload) && hollow(&entry.payload).is_none()
    })
}

/// Each log in which nobody was told until `launch`; at any time where that is `None`.
pub fn unannounced(project: &Project, launch: Option<Stamp>) -> Vec<Finding> {
    let gate = project.phase.gates.iter().max_by_key(|(_, gate)| gate.number);
    let Some((gate, _)) = gate else { return Vec::new() };
    let in_time = |entry: &Entry| launch.is_none_or(|launch| entry.at <= launch);
    let silent = people_logs(project).filter(|log| !announced(project, log).any(in_time));
    silent
        .map(|log| {
            let message = "nobody was told before the launch";
            let place = Location::file(&log.def.path);
            Finding::new(&GL405, Piece::Gate(gate.clone()), place, message)
                .state(State::Missing)
                .clauses(&log.def.clauses)
                .advise(announce_advice(project, false))
        })
        .collect()
}

/// The command that tells people: its words are true as they stand, and may be others.
pub(crate) fn announce_advice(project: &Project, launched: bool) -> Advice {
    let plain =
        |text: &String| text.chars().all(|c| c.is_ascii_alphanumeric() || "._+-".contains(c));
    let version = project.release().map(|release| release.version).filter(plain);
    let what = version.map_or("this release".to_owned(), |version| format!("release {version}"));
    let words = match launched {
        true => format!("Done: {what} is in production."),
        false => format!("Next, {what} goes live in production."),
    };
    Advice::d3p(["announce", &words])
}
