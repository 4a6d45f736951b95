//! Whether a decision on the launch still stands: for what lies here, at the moment it is used.

use super::exemptions::{accepted, is_waiver_line};
use super::kind::{
    Approval, ApprovalDecision, ApprovalStatement, approval_evidence, covers, decisions,
    gates_covered, previous_gate,
};
use super::signers::{persons_who, signer, signers};
use crate::decisions::person::{person_of, signatures_on};
use crate::decisions::separation::{Deed, not_separate};
use crate::decisions::signature::lacking;
use crate::decisions::statement::changed_files;
use crate::definition::EvidenceFormat;
use crate::model::{Sha256Digest, Stamp};
use crate::project::{Project, Release};
use crate::record::{FileDigest, Line};
use std::cell::OnceCell;

/// What lies here now, that decisions on the launch are held against; each part is worked out once.
#[derive(Debug)]
pub struct Current<'a> {
    project: &'a Project,
    now: Stamp,
    release: Option<Release>,
    gate: &'a str,
    accepted: OnceCell<Vec<String>>,
    covers: OnceCell<Vec<FileDigest>>,
    passes: OnceCell<Vec<(String, Option<&'a Line>)>>,
    previous: OnceCell<Option<FileDigest>>,
}

impl<'a> Current<'a> {
    /// What lies in `project` at `now`.
    pub fn of(project: &'a Project, now: Stamp) -> Self {
        let gate = approval_evidence(project)
            .and_then(|evidence| project.phase.gate_of_evidence(evidence.kind))
            .map_or("", |(gate, _)| gate);
        let release = project.release();
        Self {
            project,
            now,
            release,
            gate,
            accepted: OnceCell::new(),
            covers: OnceCell::new(),
            passes: OnceCell::new(),
            previous: OnceCell::new(),
        }
    }

    /// What differs between what was decided on and what lies here now, in words; empty when nothing
    /// does. A file that differs is named as `changed`, `added` or `removed`.
    pub fn superseded(&self, statement: &ApprovalStatement) -> Vec<String> {
        let (project, approval) = (self.project, &statement.predicate);
        let Some(release) = &self.release else { return Vec::new() };
        let mut differences = approval.head.differences(release);
        differences.extend(approval.head.policy_difference(project));
        if approval.gate != self.gate {
            differences.push(("gate", approval.gate.clone(), self.gate.to_owned()));
        }
        let mut out: Vec<String> = differences
            .into_iter()
            .map(|(what, was, now)| format!("it is about {what} {was}, here is {now}"))
            .collect();
        // Readers of in-toto go by the subject, whatever the predicate says besides.
        if out.is_empty() && statement.subject != release.subject() {
            out.push("its subject is another commit, or other artifacts".to_owned());
        }
        let now = self.accepted.get_or_init(|| accepted(project, self.now));
        out.extend(
            lacking_in(now, &approval.exemptions)
                .map(|exemption| format!("it does not know of the exemption: {exemption}")),
        );
        // A waiver that is gone lets nothing stand any more: what it was for speaks for itself.
        out.extend(
            lacking_in(&approval.exemptions, now)
                .filter(|exemption| !is_waiver_line(exemption))
                .map(|exemption| format!("it rests on an exemption that is gone: {exemption}")),
        );
        out.extend(changed_files(&approval.covers, self.covers.get_or_init(|| covers(project))));
        out
    }

    /// Why a decision was not made between what it is about and its use; `launched` is when that was.
    pub(crate) fn wrong_moment(&self, approval: &Approval, decided: Stamp) -> Option<String> {
        let (project, now) = (self.project, self.now);
        let skew = project.effective().policy.skew;
        let own = approval_evidence(project)?;
        let passes = self.passes.get_or_init(|| passes(project));
        let gates = passes.iter().filter_map(|(id, _)| project.phase.gates.get(id));
        for gate in gates {
            for covered in gate.evidence.iter().filter_map(|kind| project.evidence(kind)) {
                let growing = covered.def.format == EvidenceFormat::AppendOnly;
                let late = covered
                    .finished()
                    .filter(|finished| decided.plus(skew) < *finished && !growing);
                if let Some(finished) = late {
                    return Some(format!("before {} was finished ({finished})", covered.kind));
                }
            }
        }
        let before = project.history(approval.head.ledger_heads.iter().map(String::as_str));
        for (gate, pass) in passes {
            let Some(pass) = pass else {
                return Some(format!("before gate {gate} was passed"));
            };
            if decided.plus(skew) < pass.at {
                return Some(format!("before gate {gate} was passed ({})", pass.at));
            }
            if !project.lineage().holds(&before, &pass.digest) {
                return Some(format!(
                    "over a ledger in which gate {gate} was not passed as it is now"
                ));
            }
        }
        if approval.previous_gate != *self.previous.get_or_init(|| previous_gate(project)) {
            let last = passes.last().map_or("", |(gate, _)| gate);
            return Some(format!("over another record of gate {last} than that of its last pass"));
        }
        // Clocks of two machines disagree.
        if decided > now.plus(skew) {
            return Some("which lies in the future".to_owned());
        }
        let launched = used_at(project).filter(|launched| launched.plus(skew) < decided)?;
        Some(format!(
            "after {} was deployed ({launched}); see {}",
            project.release()?.version,
            own.def.path
        ))
    }

    /// Whether a decision counts now: a GO as long as it is for exactly what lies here and in force, a
    /// NO_GO for the same release and commit whatever else changed. Where the policy wants signatures,
    /// one that nobody made who may counts for nothing.
    pub fn stands(&self, decision: &ApprovalDecision) -> bool {
        let (project, now) = (self.project, self.now);
        let (Ok(statement), Some(release)) = (&decision.statement, &self.release) else {
            return false;
        };
        let said = &statement.predicate;
        let signer = signer(project, decision, now, project.launched_at());
        if signatures_on(project) && signer.is_err() {
            return false;
        }
        if !decision.is_go() {
            return said.head.is_about(&release.version, &release.commit);
        }
        let persons = &project.effective().policy.approval.persons;
        let person = signer.ok().and_then(|signer| person_of(persons, &signer.principal));
        if person
            .is_some_and(|person| not_separate(project, release, person, Deed::Approve).is_some())
        {
            return false;
        }
        let in_time = decision.decided_at().is_some_and(|decided| {
            decision.ends(project).is_some_and(|end| end >= now)
                && self.wrong_moment(said, decided).is_none()
        });
        in_time && self.superseded(statement).is_empty()
    }
}

/// The last pass of each gate that must be passed before, in the phase's order.
fn passes(project: &Project) -> Vec<(String, Option<&Line>)> {
    let pass = |gate: String| {
        let line = project.ledger.last_pass(&gate);
        (gate, line)
    };
    gates_covered(project).into_iter().map(pass).collect()
}

fn lacking_in<'a>(list: &'a [String], other: &'a [String]) -> impl Iterator<Item = &'a String> {
    list.iter().filter(|item| !other.contains(item))
}

/// When a decision on the launch was used: a deployment that failed may be tried again, under another
/// decision, too.
fn used_at(project: &Project) -> Option<Stamp> {
    let (kind, _) = project.phase.launch()?;
    let failed = project.evidence(kind)?.text_at("/status") == Some("failed");
    project.launched_at().filter(|_| !failed)
}

/// What the GO still lacks, counting only decisions that stand and were made over a ledger that
/// holds the line `told`; empty when enough persons said GO knowing it.
pub fn lacking_over(project: &Project, told: Sha256Digest, now: Stamp) -> Vec<String> {
    lacking_where(project, now, |said| {
        let before = project.history(said.head.ledger_heads.iter().map(String::as_str));
        project.lineage().holds(&before, &told)
    })
}

/// Whether enough persons said GO, and it stands, to a launch that takes the launch lock over which
/// is set to `object`: its runner is gone, and they know.
pub fn lets_take_over(project: &Project, object: &str, now: Stamp) -> bool {
    lacking_where(project, now, |said| said.take_over.iter().any(|own| own == object)).is_empty()
}

/// Whether enough persons said GO, and it stands, to a launch without the launch lock where that
/// cannot be taken.
pub fn lets_go_unlocked(project: &Project, now: Stamp) -> bool {
    lacking_where(project, now, |said| said.without_lock).is_empty()
}

/// What the GO still lacks, counting only decisions that stand and that say `which`.
fn lacking_where(project: &Project, now: Stamp, which: impl Fn(&Approval) -> bool) -> Vec<String> {
    let current = Current::of(project, now);
    let counts = |decision: &ApprovalDecision| {
        decision.is_go() && decision.said().is_some_and(&which) && current.stands(decision)
    };
    let knowing: Vec<ApprovalDecision> = decisions(project).into_iter().filter(counts).collect();
    let policy = &project.effective().policy.approval.production;
    let launched = project.launched_at();
    if signatures_on(project) {
        let signers = signers(project, &knowing, now, launched);
        return lacking(policy, &signers.into_iter().flatten().collect::<Vec<_>>());
    }
    let persons = persons_who(project, &knowing, now, launched, |_| true).len();
    let missing = persons < policy.threshold;
    missing
        .then(|| format!("{persons} of {} persons said so", policy.threshold))
        .into_iter()
        .collect()
}
