//! GL529: review-not-seen.

use super::Context;
use crate::decisions::{
    ApprovalDecision, Current, approval_evidence, finding_digest, how_to_decide, lacking,
    persons_who, precedes_launch, signatures_on,
};
use crate::model::{Advice, Finding, State};
use crate::project::Project;
use std::collections::BTreeSet;

rule! {
    /// A GO was given without knowing of something that waits for a person.
    ///
    /// ## What it checks
    /// Each statement lists, by digest, the findings that waited for whoever approves when it was
    /// signed (GL530, GL531). The ones there are now must be exactly these. Where enough persons listed them
    /// all, the findings stand as warnings that name who saw them.
    ///
    /// ## Why it matters
    /// What comes up after the GO was weighed by nobody.
    ///
    /// ## How to fix
    /// `d3p approve show` shows what waits. Ask the person again: `d3p approve sign`.
    GL529 "review-not-seen" Error since "0.1.0" clauses ["DLC-7", "P11-3.1", "X-3"] waivable false
    [elsewhere]
}

/// Digests of the findings that wait for whoever approves, or did until somebody saw them, sorted.
pub fn reviews(project: &Project, findings: &[Finding]) -> Vec<String> {
    let mut out: Vec<String> = findings
        .iter()
        .filter(|finding| waits_for_go(project, finding))
        .filter_map(|finding| finding_digest(project, finding))
        .map(|digest| digest.to_string())
        .collect();
    out.sort();
    out.dedup();
    out
}

/// Whether a finding waits for whoever says GO, or did until somebody saw it.
pub fn waits_for_go(project: &Project, finding: &Finding) -> bool {
    let own = approval_evidence(project).is_some_and(|own| own.piece() == finding.piece);
    own && (finding.state == Some(State::Review) || finding.waived.is_some())
}

/// Whether whoever decides on the launch weighs a finding: it waits for their GO, or leads to the launch and
/// was let stand. A waiver for what comes after the launch changes nothing before it.
pub fn waits_for_decision(project: &Project, finding: &Finding) -> bool {
    waits_for_go(project, finding)
        || finding.waived.is_some() && precedes_launch(project, &finding.piece)
}

/// Lets what waits stand where enough persons saw exactly that and said GO; names each GO that was
/// given over anything else.
pub(super) fn check_reviews(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let project = context.project;
    let Some(evidence) = approval_evidence(project) else { return };
    let wanted = reviews(project, findings);
    let listed =
        |decision: &ApprovalDecision| decision.said().is_some_and(|said| !said.reviews.is_empty());
    if wanted.is_empty() && !context.decisions().iter().any(listed) {
        return;
    }
    let launched = context.launched_at();
    let current = Current::of(project, context.judgement.now);
    let standing: Vec<&ApprovalDecision> = context
        .decisions()
        .iter()
        .filter(|decision| decision.is_go() && (launched.is_some() || current.stands(decision)))
        .collect();
    let knows =
        |decision: &ApprovalDecision| decision.said().is_some_and(|said| said.reviews == wanted);
    let (seen, blind): (Vec<&ApprovalDecision>, Vec<&ApprovalDecision>) =
        standing.into_iter().partition(|decision| knows(decision));
    if !seen.is_empty() && are_enough(context, &seen) {
        let names: Vec<&str> =
            seen.iter().filter_map(|own| Some(own.said()?.head.person.as_str())).collect();
        let how = format!("by {}, who saw it and said GO", names.join(", "));
        for finding in findings.iter_mut().filter(|finding| waits_for_go(project, finding)) {
            finding.waive(how.clone());
        }
        return;
    }
    for decision in blind {
        let (Some(said), place) = (decision.said(), evidence.at(decision.pointer())) else {
            continue;
        };
        let known: BTreeSet<&String> = said.reviews.iter().collect();
        let news = wanted.iter().filter(|digest| !known.contains(digest)).count();
        let message = match news {
            0 => format!(
                "{}'s GO rests on something that waited for a person and is gone",
                said.head.person
            ),
            _ => format!(
                "{}'s GO does not know of what waits for a person now ({news})",
                said.head.person
            ),
        };
        findings.push(
            Finding::new(&GL529, evidence.piece(), place, message)
                .state(State::Stale)
                .clauses(&evidence.def.clauses)
                .advise(
                    how_to_decide(project)
                        .or(Advice::d3p(["approve", "show"]).what("to see what waits")),
                ),
        );
    }
}

/// Whether the persons of these decisions are those whom the policy wants.
fn are_enough(context: &Context<'_>, seen: &[&ApprovalDecision]) -> bool {
    let project = context.project;
    let policy = &project.effective().policy.approval.production;
    let is_seen = |decision: &ApprovalDecision| seen.iter().any(|own| own.index == decision.index);
    if signatures_on(project) {
        let signers = context.decisions().iter().zip(context.signers());
        let own = signers.filter(|(decision, _)| is_seen(decision));
        let own: Vec<_> = own.filter_map(|(_, signer)| signer.clone().ok()).collect();
        return lacking(policy, &own).is_empty();
    }
    let (now, launched) = (context.judgement.now, context.launched_at());
    persons_who(project, context.decisions(), now, launched, is_seen).len() >= policy.threshold
}
