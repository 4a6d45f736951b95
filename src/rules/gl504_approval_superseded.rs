//! GL504: approval-superseded.

use super::Context;
use super::support::approval::approval_evidence;
use super::support::approval::covers;
use super::support::signed::how_to_decide;
use crate::model::{Finding, State};
use crate::record::{Approval, FileDigest};

rule! {
    /// A decision was made about something else than what lies here now.
    ///
    /// ## What it checks
    /// The statement names this release, commit, attempt, environment and gate, this policy, these
    /// exemptions, and the digest of every file that gates 1 and 2 bind and of the monitoring document.
    ///
    /// ## Why it matters
    /// An approval is for exact bytes. Content that is rewritten after it was approved was not
    /// approved.
    ///
    /// ## How to fix
    /// Show the person what changed (`d3p diff`), and record their new decision.
    GL504 "approval-superseded" Error since "0.1.0" clauses ["P11-3.1", "X-2", "X-3"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    for decision in context.decisions() {
        let Ok(statement) = &decision.statement else { continue };
        if let Some(why) = superseded(context, &statement.predicate) {
            let message =
                format!("{}'s decision is superseded: {why}", statement.predicate.principal);
            out.push(
                Finding::new(&GL504, evidence.piece(), evidence.at(decision.pointer()), message)
                    .state(State::Stale)
                    .clauses(&evidence.def.clauses)
                    .help(format!(
                        "d3p diff shows what changed; {}",
                        how_to_decide(context.project)
                    )),
            );
        }
    }
}

/// What differs between what was decided on and what lies here.
fn superseded(context: &Context<'_>, approval: &Approval) -> Option<String> {
    let project = context.project;
    let release = project.release()?;
    let gate = approval_evidence(project)
        .and_then(|evidence| project.phase.gate_of_evidence(evidence.kind))
        .map(|(gate, _)| gate.to_owned())?;
    let pairs = [
        ("release", approval.release.clone(), release.version),
        ("commit", approval.commit.clone(), release.commit),
        ("attempt", approval.attempt.to_string(), release.attempt.to_string()),
        ("environment", approval.environment.clone(), "production".to_owned()),
        ("gate", approval.gate.clone(), gate),
        ("policy", approval.policy.sha256.clone(), project.effective().digest.to_string()),
    ];
    if let Some((what, was, now)) = pairs.into_iter().find(|(_, was, now)| was != now) {
        return Some(format!("it is about {what} {was}, here is {now}"));
    }
    if approval.exemptions != project.exemptions() {
        return Some("what the policy exempts has changed".to_owned());
    }
    let now = covers(project);
    let differing = |list: &[FileDigest], other: &[FileDigest]| {
        list.iter().find(|file| !other.contains(file)).map(|file| file.path.clone())
    };
    if let Some(path) = differing(&now, &approval.covers) {
        return Some(format!("it does not cover {path} as it is now"));
    }
    differing(&approval.covers, &now)
        .map(|path| format!("it covers {path}, which is no longer bound"))
}
