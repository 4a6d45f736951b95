//! The change record of a release: who asked for what and why, and what an emergency may bring after the
//! launch.

use crate::definition::EmergencyPolicy;
use crate::model::Stamp;
use crate::project::Project;

/// The type of a change that may take the shortest path.
const EMERGENCY: &str = "emergency";

/// What the manifest says of the change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeRecord {
    /// Its id where changes are kept.
    pub id: String,
    /// `standard`, `normal` or `emergency`.
    pub kind: String,
    /// Why it is made.
    pub reason: String,
    /// Full name of whoever asked for it.
    pub requested_by: String,
    /// The incident that it answers.
    pub incident: Option<String>,
}

impl ChangeRecord {
    /// Whether it says that it is an emergency.
    pub fn is_emergency(&self) -> bool {
        self.kind == EMERGENCY
    }
}

impl Project {
    /// The change record of the release, where its manifest has one.
    pub fn change_record(&self) -> Option<ChangeRecord> {
        let (kind, _) = self.phase.identity()?;
        let change = self.evidence(kind)?.value()?.get("change")?;
        let text = |key: &str| change.get(key).and_then(|own| own.as_str()).map(str::to_owned);
        Some(ChangeRecord {
            id: text("id")?,
            kind: text("type")?,
            reason: text("reason")?,
            requested_by: text("requested_by")?,
            incident: text("incident"),
        })
    }

    /// The emergency that this release is, where the policy allows one.
    pub fn emergency(&self) -> Option<(ChangeRecord, &EmergencyPolicy)> {
        let record = self.change_record().filter(ChangeRecord::is_emergency)?;
        Some((record, self.effective().policy.changes.emergency.as_ref()?))
    }

    /// Whether a piece may follow the launch of an emergency, in words; only what the phase lets follow.
    pub fn deferred(&self, id: &str) -> Option<String> {
        let (record, policy) = self.emergency()?;
        let may = self.phase.emergency.as_ref()?.may_follow.iter().any(|own| own == id);
        let listed = policy.after_launch.iter().any(|own| own == id);
        (may && listed).then(|| {
            format!(
                "{id} follows the launch within {}: emergency change {} (decided by {})",
                policy.review_within, record.id, policy.decided_by
            )
        })
    }

    /// Whether a piece may be recorded after the launch, since it follows it: until the last gate has
    /// judged it.
    pub fn may_still_follow(&self, id: &str) -> bool {
        let last = self.phase.gates.iter().max_by_key(|(_, gate)| gate.number);
        let judged = last
            .zip(self.release())
            .is_some_and(|((gate, _), release)| self.was_passed(gate, &release));
        !judged && self.deferred(id).is_some()
    }

    /// What an emergency owes after its launch, and until when; `None` for any other release. Before the
    /// launch nothing is due.
    pub fn owed(&self) -> Option<(Vec<&str>, Option<Stamp>)> {
        let (_, policy) = self.emergency()?;
        let def = self.phase.emergency.as_ref()?;
        let deferred = policy.after_launch.iter().filter(|id| self.deferred(id).is_some());
        let mut owed: Vec<&str> = deferred.map(String::as_str).collect();
        owed.push(&def.review);
        Some((owed, self.launched_at().map(|at| at.plus(policy.review_within))))
    }

    /// That a release is an emergency, as everything shows it.
    pub(super) fn told_emergency(&self) -> Option<String> {
        let (record, policy) = self.emergency()?;
        let incident = record.incident.unwrap_or_default();
        Some(format!(
            "emergency change {} ({incident}): reviewed within {} of the launch (decided by {}: {})",
            record.id, policy.review_within, policy.decided_by, policy.reason
        ))
    }
}
