//! Who signed the decisions on the launch.

use super::kind::{Approval, ApprovalDecision};
use crate::decisions::person::{fold, signatures_on};
use crate::decisions::signature::{Signer, Unsigned, lacking, signed_by};
use crate::decisions::statement::decisions_of;
use crate::model::{Reason, Stamp};
use crate::project::{FileEntry, LastLaunch, Project};
use crate::record::FileDigest;
use std::collections::{BTreeMap, BTreeSet};

/// Who signed a decision on the launch, judged at `now`; when the deployment had begun at
/// `launched`, a key that has only expired since still counts, and that is said. A NO_GO counts as
/// long as its key was in force when it was made, as it claims: no objection falls away by itself.
///
/// # Errors
/// [`Unsigned`].
pub fn signer(
    project: &Project,
    decision: &ApprovalDecision,
    now: Stamp,
    launched: Option<Stamp>,
) -> Result<Signer, Unsigned> {
    let then = if decision.is_go() { launched } else { decision.decided_at() };
    signed_by(project, decision, now, then)
}

/// Who signed each of `decisions`, in the same order. A key is one person's: where certificates give
/// it to two, whoever comes second does not count.
pub(crate) fn signers(
    project: &Project,
    decisions: &[ApprovalDecision],
    now: Stamp,
    launched: Option<Stamp>,
) -> Vec<Result<Signer, Unsigned>> {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let mut who = |decision| {
        let signer = signer(project, decision, now, launched)?;
        let owner = owners.entry(signer.fingerprint.clone()).or_insert(signer.person.clone());
        if *owner != signer.person {
            return Err(Unsigned::NotAllowed(format!(
                "the key {} signs as {owner} already",
                signer.fingerprint
            )));
        }
        Ok(signer)
    };
    decisions.iter().map(&mut who).collect()
}

/// Whether enough of those who said GO also said that the launch may lie in the denied window `id`
/// at `at`. Only signatures can say so.
pub fn window_overridden(
    project: &Project,
    decisions: &[ApprovalDecision],
    id: &str,
    at: Stamp,
    now: Stamp,
) -> bool {
    if !signatures_on(project) {
        return false;
    }
    let policy = &project.effective().policy.approval.window;
    let launched = project.launched_at();
    let names = |decision: &&ApprovalDecision| {
        decision.is_go()
            && decision.said().is_some_and(|said| said.window_overrides.iter().any(|own| own == id))
            && decision.decided_at().is_some_and(|decided| decided.plus(policy.max_age) >= at)
    };
    let signers: Vec<Signer> = decisions
        .iter()
        .filter(names)
        .filter_map(|decision| signer(project, decision, now, launched).ok())
        .collect();
    lacking(policy, &signers).is_empty()
}

/// Persons, in lower case, whose decision `counts` and is that of a person: signed, where the
/// policy wants that.
pub(crate) fn persons_who(
    project: &Project,
    decisions: &[ApprovalDecision],
    now: Stamp,
    launched: Option<Stamp>,
    counts: impl Fn(&ApprovalDecision) -> bool,
) -> BTreeSet<String> {
    if signatures_on(project) {
        let signers = signers(project, decisions, now, launched);
        let counting = decisions.iter().zip(signers).filter(|(decision, _)| counts(decision));
        return counting.filter_map(|(_, signer)| Some(fold(&signer.ok()?.person))).collect();
    }
    let counting = decisions.iter().filter(|decision| counts(decision));
    counting.filter_map(|decision| Some(fold(&decision.said()?.head.person))).collect()
}

/// Whether somebody whose key counts today signed the GO to the last release that was launched.
///
/// # Errors
/// Why nobody can tell, as the end of a sentence.
pub fn go_of_last_launch(project: &Project, last: &LastLaunch, now: Stamp) -> Result<(), Reason> {
    let all: Vec<ApprovalDecision> = decisions_of(last.approval.value());
    let about = |decision: &&ApprovalDecision| {
        let head = decision.said().map(|said| &said.head);
        decision.is_go()
            && head.is_some_and(|own| {
                own.is_about(&last.release.version, &last.release.commit)
                    && own.attempt == last.release.attempt
            })
    };
    let mut why = "its archive holds no GO to it".to_owned();
    for decision in all.iter().filter(about) {
        match signed_by(project, decision, now, Some(last.launched_at)) {
            Ok(_) => return Ok(()),
            Err(Unsigned::Missing) => "the GO to it is not signed".clone_into(&mut why),
            Err(Unsigned::Invalid(more) | Unsigned::NotAllowed(more)) => {
                why = format!("the GO to it counts no more: {more}");
            }
        }
    }
    Err(why.into())
}

/// Whether somebody whose key counts today signed a GO that covers the pinned baseline, as it is.
///
/// # Errors
/// Why nobody can tell, as the end of a sentence.
pub(crate) fn go_over_baseline(
    project: &Project,
    approval: &FileEntry,
    pinned: &FileDigest,
    closed: Stamp,
    now: Stamp,
) -> Result<(), Reason> {
    let mut why = "no GO to its launch covers this file".to_owned();
    for decision in decisions_of(approval.value()) {
        let covers = decision.said().is_some_and(|said: &Approval| said.covers.contains(pinned));
        if !decision.is_go() || !covers {
            continue;
        }
        match signed_by(project, &decision, now, Some(closed)) {
            Ok(_) => return Ok(()),
            Err(Unsigned::Missing) => "the GO that covers it is not signed".clone_into(&mut why),
            Err(Unsigned::Invalid(more) | Unsigned::NotAllowed(more)) => {
                why = format!("the GO that covers it counts no more: {more}");
            }
        }
    }
    Err(why.into())
}
