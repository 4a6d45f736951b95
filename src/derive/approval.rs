//! The decisions of the production approval (P11-3.1), read out of their exact statements.

use crate::derive::signed::{self, decisions_of};
use crate::model::{Location, Sha256Digest};
use crate::project::{Evidence, Project};
use crate::record::{Approval, GO, LEDGER_PATH, NO_GO};
use std::collections::BTreeMap;

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
    let Some(release) = project.release() else { return Vec::new() };
    let objects = |decision: &Decision| {
        objection(decision).is_some_and(|said| said.is_about(&release.version, &release.commit))
    };
    let files = project.earlier.iter().map(|attempt| &attempt.approval);
    files
        .chain(&project.same_commit)
        .flat_map(|file| {
            let own = decisions_of(file.value()).into_iter().filter(objects);
            own.map(move |decision| (file.path.as_str(), decision))
        })
        .collect()
}

fn objection(decision: &Decision) -> Option<&Approval> {
    let said = &decision.statement.as_ref().ok()?.predicate;
    (said.decision == NO_GO).then_some(said)
}

/// An objection to this release at another commit, or to this commit as another release. It does not
/// bind, and is worth knowing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Elsewhere {
    /// Full name of the person.
    pub person: String,
    /// Full id of the commit.
    pub commit: String,
    /// The attempt, as `v1.4.0+1`.
    pub attempt: String,
    /// SHA-256 of the exact text.
    pub text: Sha256Digest,
    /// Where it is said: the statement, where it still lies there, or the line of a ledger.
    pub place: Location,
}

/// Every objection to another commit of this release, in this attempt and in those before, and to this
/// commit in archives of other versions; by the digest of its text.
pub fn objections_elsewhere(project: &Project) -> Vec<Elsewhere> {
    let Some(release) = project.release() else { return Vec::new() };
    let mut found: BTreeMap<Sha256Digest, Elsewhere> = BTreeMap::new();
    let earlier = project.earlier.iter().map(|attempt| &attempt.approval);
    let own = approval_evidence(project).map(|own| own.file).into_iter();
    for file in own.chain(earlier).chain(&project.same_commit) {
        for decision in decisions_of(file.value()) {
            let Some(said) = objection(&decision) else { continue };
            // One of the two is another, and not both.
            if (said.release == release.version) != (said.commit == release.commit) {
                let text = Sha256Digest::of(decision.text.as_bytes());
                found.entry(text).or_insert_with(|| Elsewhere {
                    person: said.principal.clone(),
                    commit: said.commit.clone(),
                    attempt: format!("{}+{}", said.release, said.attempt),
                    text,
                    place: Location::pointer(&file.path, decision.pointer()),
                });
            }
        }
    }
    let earlier = project.earlier.iter().map(|attempt| (&*attempt.told.path, &attempt.ledger));
    for (path, ledger) in std::iter::once((LEDGER_PATH, &project.ledger)).chain(earlier) {
        for line in &ledger.lines {
            let Some(decided) = line.entry.decided().filter(|own| own.decision == NO_GO) else {
                continue;
            };
            let (Some(commit), Some(text)) =
                (&line.entry.commit, Sha256Digest::parse(decided.statement))
            else {
                continue;
            };
            // One of the two is another, and not both.
            let same_release = line.entry.is_about(&release.version, commit);
            if same_release != (*commit == release.commit) {
                found.entry(text).or_insert_with(|| Elsewhere {
                    person: decided.person.to_owned(),
                    commit: commit.clone(),
                    attempt: line.entry.release.clone(),
                    text,
                    place: Location::span(path, line.range.clone()),
                });
            }
        }
    }
    found.into_values().collect()
}
