//! What the approval is worth to a verifier, and what it must be assured.

use super::trust::Trust;
use crate::decisions::{ApprovalDecision, decisions, signatures_on, signer};
use crate::model::{Advice, Assurance, Finding, Location, Piece, Stamp, State};
use crate::project::Project;
use crate::record::signed_digest;
use crate::rules::GL915;

/// What the approval is assured.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct ApprovalAssurance {
    /// Its level.
    pub(in crate::cli) level: Assurance,
    /// Why, in one sentence.
    pub(in crate::cli) why: &'static str,
    /// What a higher level takes.
    higher: &'static str,
}

/// What the approval is assured, and why.
pub(in crate::cli) fn level(project: &Project, trust: &Trust, now: Stamp) -> ApprovalAssurance {
    let assured = |level, why, higher| ApprovalAssurance { level, why, higher };
    if !signatures_on(project) {
        return assured(
            Assurance::L0,
            "typed: nothing proves who decided",
            "have the next release signed: signatures: \"on\" in d3p.yaml before gate 1",
        );
    }
    let all = decisions(project);
    let go: Vec<_> = all.iter().filter(|decision| decision.is_go()).collect();
    let signers: Vec<_> =
        go.iter().map(|decision| signer(project, decision, now, project.launched_at())).collect();
    if signers.is_empty() || signers.iter().any(Result::is_err) {
        return assured(
            Assurance::L0,
            "not signed by anybody who counts",
            "d3p approve status says who may sign, and what does not count",
        );
    }
    let signers: Vec<_> = signers.into_iter().flatten().collect();
    if signers.iter().any(|signer| signer.expired.is_some()) {
        return assured(
            Assurance::L1,
            "signed with a key that counts no longer: only the files say that it was in time",
            "give the head that was noted while the key counted: --expect-head sha256:…@TIME",
        );
    }
    if trust.root.is_none() {
        return assured(
            Assurance::L1,
            "signed by signers of this tree: whoever may write the tree may have added one",
            "give the trust root: --policy-commit with the full id of the reviewed commit",
        );
    }
    if !trust.pinned {
        return assured(
            Assurance::L1,
            "signed by the signers that were given; that nobody loosened the policy only this tree says, or a name that moves",
            "give the policy too: --policy-commit with the full id of the reviewed commit",
        );
    }
    if !trust.findings.is_empty() {
        return assured(
            Assurance::L1,
            "signed, and something here disagrees with what was given from outside",
            "mend what the other findings say, or have it reviewed",
        );
    }
    let touched = signers.iter().all(|signer| signer.presence.is_some_and(|own| own.touched));
    let witnessed = |own: &&ApprovalDecision| {
        let signed = own.signature.as_deref().map(|armored| signed_digest(&own.text, armored));
        signed.is_some_and(|digest| project.witnessed.contains_key(&digest))
    };
    let in_time = go.iter().all(witnessed);
    match (touched, in_time) {
        (true, true) => assured(
            Assurance::L3,
            "signed with a touch of hardware, by signers of a policy from outside this tree, before a time that somebody outside knows",
            "there is none",
        ),
        (true, false) => assured(
            Assurance::L2,
            "signed with a touch of hardware, by signers of a policy from outside this tree; only the files say when (--expect-head sha256:…@TIME)",
            "give the head that was noted after the decision: --expect-head sha256:…@TIME",
        ),
        (false, _) => assured(
            Assurance::L2,
            "signed by signers of a policy from outside this tree",
            "L3 is for keys of hardware that was touched: presence: [touch] for approval.production",
        ),
    }
}

/// A finding when the level is lower than the verifier demands, or the policy for a gate up to
/// number `through`.
pub(in crate::cli) fn too_low(
    wanted: Option<Assurance>,
    assured: ApprovalAssurance,
    project: &Project,
    through: u32,
) -> Option<Finding> {
    // A definition without an approval does not answer the demand for one.
    let approval = project.phase.approval();
    let gate = approval.and_then(|(kind, _)| project.phase.gate_of_evidence(kind));
    let first = gate.map_or(0, |(_, gate)| gate.number);
    let asks = |gate: &str| {
        let number = project.phase.gates.get(gate).map_or(0, |gate| gate.number);
        (first..=through).contains(&number)
    };
    let policy = &project.effective().policy.min_assurance;
    let by_policy = policy.iter().filter(|(gate, _)| asks(gate)).max_by_key(|(_, level)| **level);
    let (wanted, place, who) = match by_policy {
        Some((gate, own)) if wanted.is_none_or(|wanted| *own > wanted) => (
            *own,
            Location::pointer("d3p.yaml", format!("/min_assurance/{gate}")),
            format!("min_assurance demands {own} for gate {gate}"),
        ),
        _ => {
            let place = match approval {
                Some((_, def)) => Location::file(&def.path),
                None => Location::pointer("d3p.yaml", "/definition"),
            };
            (wanted?, place, format!("{} is demanded", wanted?))
        }
    };
    if assured.level >= wanted {
        return None;
    }
    let message = match approval {
        Some(_) => format!("the approval is {}, and {who}: {}", assured.level, assured.why),
        None => format!("the phase definition asks for no approval, and {who}"),
    };
    Some(
        // What is demanded is demanded, however far one looks.
        Finding::new(&GL915, Piece::Policy, place, message)
            .state(State::Invalid)
            .advise(Advice::answer(assured.higher)),
    )
}
