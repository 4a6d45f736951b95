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

const TYPED: ApprovalAssurance = ApprovalAssurance {
    level: Assurance::L0,
    why: "typed: nothing proves who decided",
    higher: "have the next release signed: signatures: \"on\" in d3p.yaml before gate 1",
};
const NOT_SIGNED: ApprovalAssurance = ApprovalAssurance {
    level: Assurance::L0,
    why: "not signed by anybody who counts",
    higher: "d3p approve status says who may sign, and what does not count",
};
const EXPIRED: ApprovalAssurance = ApprovalAssurance {
    level: Assurance::L1,
    why: "signed with a key that counts no longer: only the files say that it was in time",
    higher: "give the head that was noted while the key counted: --expect-head sha256:…@TIME",
};
const OWN_SIGNERS: ApprovalAssurance = ApprovalAssurance {
    level: Assurance::L1,
    why: "signed by signers of this tree: whoever may write the tree may have added one",
    higher: "give the trust root: --policy-commit with the full id of the reviewed commit",
};
const OWN_POLICY: ApprovalAssurance = ApprovalAssurance {
    level: Assurance::L1,
    why: "signed by the signers that were given; that nobody loosened the policy only this tree says, or a name that moves",
    higher: "give the policy too: --policy-commit with the full id of the reviewed commit",
};
const DISAGREES: ApprovalAssurance = ApprovalAssurance {
    level: Assurance::L1,
    why: "signed, and something here disagrees with what was given from outside",
    higher: "mend what the other findings say, or have it reviewed",
};
const OUTSIDE_POLICY: ApprovalAssurance = ApprovalAssurance {
    level: Assurance::L2,
    why: "signed by signers of a policy from outside this tree",
    higher: "L3 is for keys of hardware that was touched: presence: [touch] for approval.production",
};
const TOUCHED: ApprovalAssurance = ApprovalAssurance {
    level: Assurance::L2,
    why: "signed with a touch of hardware, by signers of a policy from outside this tree; only the files say when (--expect-head sha256:…@TIME, or a time stamp)",
    higher: "give the head that was noted after the decision: --expect-head sha256:…@TIME",
};
const TOUCHED_IN_TIME: ApprovalAssurance = ApprovalAssurance {
    level: Assurance::L3,
    why: "signed with a touch of hardware, by signers of a policy from outside this tree, before a time that somebody outside knows",
    higher: "there is none",
};

/// What the approval is worth, and why.
pub(in crate::cli) fn level(project: &Project, trust: &Trust, now: Stamp) -> ApprovalAssurance {
    if !signatures_on(project) {
        return TYPED;
    }
    let all = decisions(project);
    let go: Vec<_> = all.iter().filter(|decision| decision.is_go()).collect();
    let signers: Result<Vec<_>, _> =
        go.iter().map(|decision| signer(project, decision, now, project.launched_at())).collect();
    let Some(signers) = signers.ok().filter(|signers| !signers.is_empty()) else {
        return NOT_SIGNED;
    };
    if signers.iter().any(|signer| signer.expired.is_some()) {
        return EXPIRED;
    }
    if trust.root.is_none() {
        return OWN_SIGNERS;
    }
    if !trust.pinned {
        return OWN_POLICY;
    }
    if !trust.findings.is_empty() {
        return DISAGREES;
    }
    if !signers.iter().all(|signer| signer.presence.is_some_and(|own| own.touched)) {
        return OUTSIDE_POLICY;
    }
    let witnessed = |own: &&ApprovalDecision| {
        let signed = own.signature.as_deref().map(|armored| signed_digest(&own.text, armored));
        signed.is_some_and(|digest| project.witnessed(&digest).is_some())
    };
    if go.iter().all(witnessed) { TOUCHED_IN_TIME } else { TOUCHED }
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
