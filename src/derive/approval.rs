//! The decisions of the production approval (P11-3.1), read out of their exact statements.

use crate::derive::signed::{self, decisions_of};
use crate::project::{Evidence, Project, Release};
use crate::record::{Approval, GO, NO_GO};

/// A decision on the launch.
pub type Decision = signed::Decision<Approval>;

impl Decision {
    /// Whether it says GO.
    pub fn is_go(&self) -> bool {
        self.statement.as_ref().is_ok_and(|statement| statement.predicate.decision == GO)
    }
}

/// The evidence that holds the phase's approval.
pub(crate) fn approval_evidence(project: &Project) -> Option<Evidence<'_>> {
    project.evidence(project.phase.approval()?.0)
}

/// Every decision of the approval, in file order.
pub fn decisions(project: &Project) -> Vec<Decision> {
    decisions_of(approval_evidence(project).and_then(|evidence| evidence.value()))
}

/// Every decision of this attempt and of those before, whatever it is about.
pub fn all_decisions(project: &Project) -> Vec<Decision> {
    let earlier = project.earlier.iter().flat_map(|attempt| decisions_of(attempt.approval.value()));
    decisions(project).into_iter().chain(earlier).collect()
}

/// Every objection that was raised in an earlier attempt at this release and commit, and the archive
/// in which it lies.
pub fn archived_objections(project: &Project) -> Vec<(&str, Decision)> {
    archived(project, |release, said| said.commit == release.commit)
}

/// Every objection to an earlier attempt at this release that was of another commit, and the archive
/// in which it lies. It binds no more, and is worth knowing.
pub fn objections_to_other_commits(project: &Project) -> Vec<(&str, Decision)> {
    archived(project, |release, said| said.commit != release.commit)
}

/// The objections to this release in its archived attempts.
fn archived(
    project: &Project,
    wanted: impl Fn(&Release, &Approval) -> bool,
) -> Vec<(&str, Decision)> {
    let Some(release) = project.release() else { return Vec::new() };
    let objects = |decision: &Decision| {
        decision.statement.as_ref().is_ok_and(|statement| {
            let said = &statement.predicate;
            said.decision == NO_GO && said.release == release.version && wanted(&release, said)
        })
    };
    let files = project.earlier.iter().map(|attempt| &attempt.approval);
    files
        .flat_map(|file| {
            let own = decisions_of(file.value()).into_iter().filter(&objects);
            own.map(move |decision| (file.path.as_str(), decision))
        })
        .collect()
}
