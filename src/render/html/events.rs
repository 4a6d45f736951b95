//! The timeline of a release, line by line of its ledger.

use crate::decide::Account;
use crate::project::Project;
use crate::record::{Entry, EntryKind, Line};
use crate::render::clean;
use serde::Serialize;

/// Something that happened.
#[derive(Serialize, Debug)]
pub(super) struct Event {
    at: String,
    what: String,
    detail: String,
    by: String,
    /// Whether it is one that went wrong.
    bad: bool,
}

/// What happened, by the times that the lines claim.
pub(super) fn events(project: &Project, account: &Account) -> Vec<Event> {
    let lines = project.ledger.lines.iter();
    let mut own: Vec<&Line> = lines.filter(|line| line.entry.release == account.release).collect();
    own.sort_by(|a, b| (a.at, &a.entry.id).cmp(&(b.at, &b.entry.id)));
    own.into_iter().map(event).collect()
}

fn event(line: &Line) -> Event {
    let entry = &line.entry;
    let (what, detail) = told(entry);
    let failed = entry.outcome.is_some_and(|own| !own.succeeded());
    let refused = matches!(entry.kind, EntryKind::GateRefused | EntryKind::RunRefused);
    Event {
        at: line.at.to_string(),
        what: what.to_owned(),
        detail: clean(&detail).into_owned(),
        by: clean(&entry.actor.to_string()).into_owned(),
        bad: failed || refused,
    }
}

/// What a line tells, in words.
fn told(entry: &Entry) -> (&'static str, String) {
    let text = |own: &Option<String>| own.clone().unwrap_or_default();
    let files = || {
        let paths: Vec<&str> = entry.digests.iter().map(|file| file.path.as_str()).collect();
        paths.join(", ")
    };
    let decided = entry.decided.as_ref();
    match entry.kind {
        EntryKind::GatePassed => ("Gate passed", text(&entry.gate)),
        EntryKind::GateRefused => {
            ("Gate refused", format!("{}: {}", text(&entry.gate), entry.rules.join(" ")))
        }
        EntryKind::Recorded => match decided {
            Some(own) => ("Decided", format!("{} by {}", own.decision, own.person)),
            None => ("Recorded", files()),
        },
        EntryKind::Began => ("Run began", text(&entry.hook)),
        EntryKind::Ran => {
            let outcome = entry.outcome.map_or(String::new(), crate::record::Ending::words);
            ("Run ended", format!("{}: {outcome}", text(&entry.hook)))
        }
        EntryKind::RunRefused => {
            ("Run refused", format!("{}: {}", text(&entry.hook), entry.rules.join(" ")))
        }
        EntryKind::Watched => {
            let found = entry.found.map_or("", crate::model::Judgement::word);
            ("Stage watched", format!("stage {}: {found}", entry.stage.unwrap_or_default()))
        }
        EntryKind::Archived => {
            let closed = entry.closed.map_or("", crate::model::Closing::word);
            ("Closed", format!("{} {}", closed.replace('-', " "), text(&entry.reason)))
        }
        EntryKind::Withdrew => ("Time withdrawn", text(&entry.reason)),
        EntryKind::Skipped => ("Phase skipped", text(&entry.reason)),
        EntryKind::Timestamped => ("Time stamped", String::new()),
        EntryKind::HandedOver => {
            let own = entry.handoff.as_ref();
            let taken = own.map(|own| format!("{}, taken by {}", own.consumer, own.taken_by));
            ("Handed over", taken.unwrap_or_default())
        }
    }
}
