//! GL506: approval-too-early.

use super::Context;
use super::support::approval::approval_evidence;
use super::support::approval::gates_covered;
use super::support::signed::how_to_decide;
use crate::model::{Finding, Stamp, State};
use crate::record::Approval;

rule! {
    /// A decision was made before what it is about was there, or after it was used.
    ///
    /// ## What it checks
    /// `decidedAt` is not before any evidence that the decision covers was finished, nor before gates 1
    /// and 2 were passed, nor after the deployment began; the ledger heads it names are ancestors that
    /// include those passes.
    ///
    /// ## Why it matters
    /// An approval that is older than what it approves was given in advance, and is worth as much.
    ///
    /// ## How to fix
    /// Record the decision once gates 1 and 2 are passed, and deploy after it.
    GL506 "approval-too-early" Error since "0.1.0" clauses ["P11-3.1", "X-3", "DLC-8"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    for decision in context.decisions().iter().filter(|decision| decision.is_go()) {
        let (Ok(statement), Some(decided)) = (&decision.statement, decision.decided_at()) else {
            continue;
        };
        if let Some(why) = wrong_moment(context, &statement.predicate, decided) {
            let message = format!("decided {decided}, {why}");
            out.push(
                Finding::new(&GL506, evidence.piece(), evidence.at(decision.pointer()), message)
                    .state(State::Invalid)
                    .clauses(&evidence.def.clauses)
                    .help(how_to_decide(context.project)),
            );
        }
    }
}

fn wrong_moment(context: &Context<'_>, approval: &Approval, decided: Stamp) -> Option<String> {
    let project = context.project;
    let skew = project.effective().policy.skew;
    let own = approval_evidence(project)?;
    let gates = gates_covered(project);
    for gate in gates.iter().filter_map(|id| project.phase.gates.get(id)) {
        for covered in gate.evidence.iter().filter_map(|kind| project.evidence(kind)) {
            let growing = covered.def.format == crate::definition::EvidenceFormat::AppendOnly;
            let late =
                covered.finished().filter(|finished| decided.plus(skew) < *finished && !growing);
            if let Some(finished) = late {
                return Some(format!("before {} was finished ({finished})", covered.kind));
            }
        }
    }
    for gate in &gates {
        let pass = project.ledger.last_pass(gate)?;
        if decided.plus(skew) < pass.at {
            return Some(format!("before gate {gate} was passed ({})", pass.at));
        }
        let known = |head: &String| {
            project
                .ledger
                .line(head)
                .is_some_and(|line| project.ledger.is_ancestor(&pass.digest.to_string(), line))
        };
        if !approval.ledger_heads.iter().any(known) {
            return Some(format!("over a ledger in which gate {gate} was not passed as it is now"));
        }
    }
    if decided > context.judgement.now {
        return Some("which lies in the future".to_owned());
    }
    let launched = project.launched_at().filter(|launched| launched.plus(skew) < decided)?;
    Some(format!(
        "after {} was deployed ({launched}); see {}",
        project.release()?.version,
        own.def.path
    ))
}
