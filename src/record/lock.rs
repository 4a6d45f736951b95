//! The launch lock, as texts: what it is called, and what it is set to (DLC-8, X-10).
//!
//! Two launches are the same one when phase, project, environment, region, release and attempt are;
//! all of it is digested, so that projects of one repository do not collide and no version has to
//! be a name that git allows.

use super::{Entry, EntryKind};
use crate::model::Sha256Digest;
use crate::text::canonical;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// First line of what a lock is set to.
const TITLE: &str = "d3p launch lock";

/// The lock that a launch took, on the line that says that it begins.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenLock {
    /// The ref in the repository that the policy names.
    #[serde(rename = "ref")]
    pub name: String,
    /// What it was set to, and was read back to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Why it could not be taken, where the launch went all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacking: Option<String>,
}

/// Whether the lock can be taken, as somebody tried before the launch.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockRehearsal {
    /// The ref that the launch will take.
    #[serde(rename = "ref")]
    pub name: String,
    /// Digest of URL and prefix.
    pub remote: String,
    /// Why it cannot; absent where it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// By what a launch is told apart from every other.
#[derive(Clone, Copy, Debug)]
pub struct LaunchOf<'a> {
    /// Id of the phase.
    pub phase: &'a str,
    /// Name of the repository.
    pub repository: &'a str,
    /// Where the project lies in it.
    pub place: &'a str,
    /// Where it launches to.
    pub environment: &'a str,
    /// The part of that, where the policy names one.
    pub region: Option<&'a str>,
    /// Version of the release.
    pub version: &'a str,
}

impl LaunchOf<'_> {
    /// The ref, below `prefix`, that attempt `attempt` takes.
    pub fn lock(&self, prefix: &str, attempt: u64) -> String {
        format!("{prefix}/launch/{}", self.digest(Some(attempt)))
    }

    /// Where copies of ledger and decisions are published, whatever the attempt.
    pub fn heads(&self, prefix: &str) -> String {
        format!("{prefix}/heads/{}", self.digest(None))
    }

    fn digest(&self, attempt: Option<u64>) -> Sha256Digest {
        let place = self.place.trim_end_matches('/');
        let parts = json!([
            self.phase,
            self.repository,
            place,
            self.environment,
            self.region,
            self.version,
            attempt
        ]);
        Sha256Digest::of(canonical::to_canonical(&parts).as_bytes())
    }
}

/// What the lock is set to by the launch whose line is `began`.
pub fn lock_text(began: &Entry) -> String {
    format!("{TITLE}\n\n{}\n", began.to_line())
}

/// The line of the launch that set the lock to `text`; `None` when it is not of d3p.
pub fn locked_by(text: &str) -> Option<Entry> {
    let line = text.strip_prefix(TITLE)?.trim();
    let entry: Entry = serde_json::from_str(line).ok()?;
    (entry.kind == EntryKind::Began && entry.to_line() == line).then_some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Caller, CallerKind, Stamp};

    const OWN: LaunchOf<'static> = LaunchOf {
        phase: "golive",
        repository: "acme/shop",
        place: "",
        environment: "production",
        region: None,
        version: "v1..2",
    };

    #[test]
    fn every_part_makes_another_lock_and_none_reads_as_its_neighbour() {
        let others = [
            LaunchOf { phase: "operations", ..OWN },
            LaunchOf { repository: "acme/shop2", ..OWN },
            LaunchOf { place: "shop/", ..OWN },
            LaunchOf { environment: "staging", ..OWN },
            LaunchOf { region: Some("eu"), ..OWN },
            LaunchOf { version: "v1", ..OWN },
            LaunchOf { repository: "acme", place: "shop", ..OWN },
        ];
        let mut names: Vec<String> = others.iter().map(|own| own.lock("refs/d3p", 1)).collect();
        names.extend([OWN.lock("refs/d3p", 1), OWN.lock("refs/d3p", 2), OWN.heads("refs/d3p")]);
        names.sort();
        names.dedup();
        assert_eq!(names.len(), others.len() + 3);
        // How the place is written makes no difference.
        let place = LaunchOf { place: "shop", ..OWN };
        assert_eq!(
            place.lock("refs/d3p", 1),
            LaunchOf { place: "shop/", ..OWN }.lock("refs/d3p", 1)
        );
    }

    #[test]
    fn what_a_lock_is_set_to_is_one_line_of_a_launch() {
        let at = Stamp::parse("2026-11-21T09:00:00Z").expect("a time");
        let actor = Caller::parse("ana", CallerKind::Person);
        let id = "0123456789abcdef".to_owned();
        let mut entry = Entry::new(id, at, actor, EntryKind::Began, "v1+1".to_owned(), &[]);
        entry.hook = Some("deploy".to_owned());
        assert_eq!(locked_by(&lock_text(&entry)), Some(entry.clone()));
        entry.kind = EntryKind::Archived;
        assert_eq!(locked_by(&lock_text(&entry)), None);
        assert_eq!(locked_by("a branch of somebody"), None);
    }
}
