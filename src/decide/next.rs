//! The one next thing to do.

use crate::decide::used::used_up;
use crate::decide::{Assessment, blocking, is_handed_over, launched, next_gate, rolled_back};
use crate::decisions::{Moments, how_to_roll_back, rollback_check, ruling, skip_reason, skipped};
use crate::definition::{EvidenceDef, GateDef, Hold};
use crate::model::{Advice, AdviceKind, Closing, Finding, Piece, Placeholder, Stamp, State};
use crate::project::{Damage, Harm, Project};
use crate::rules::{
    GL217, GL412, GL413, GL502, Launch, Outcome, begin, close, close_rolled_back, launches,
    launching_hooks, restore, unannounced,
};

/// The one thing to do next: the first thing, in the order of the phase, that keeps the first open
/// gate from being passed.
pub fn next(project: &Project, assessment: &Assessment, now: Stamp) -> Advice {
    let mut next = when_due(first(project, assessment, now), now);
    project.name_phase(&mut next);
    next
}

/// A command that comes too early is something to wait for.
fn when_due(advice: Advice, now: Stamp) -> Advice {
    let Some(at) = advice.not_before.filter(|at| now < *at && advice.kind == AdviceKind::Run)
    else {
        return advice;
    };
    let what = format!("then {}: {}", advice.what, advice.argv.join(" "));
    let wait = Advice::wait(what).not_before(at).why(advice.why);
    advice.alternatives.into_iter().fold(wait, Advice::or)
}

fn first(project: &Project, assessment: &Assessment, now: Stamp) -> Advice {
    if nothing_is_open(project) {
        return begin().what("begin the next one").why("no release is open");
    }
    if skipped(project, now).counts() {
        return Advice::d3p(["archive", "--outcome", Closing::Skipped.word()])
            .what("close it as skipped")
            .why("those who may have decided that it is not gone through");
    }
    let due = of_gates(project, assessment, now);
    match skip_reason(project).filter(|_| project.launched_at().is_none()) {
        Some(ground) => Advice::decide(["skip"])
            .with("--as", Placeholder::PRINCIPAL)
            .with("--reason", Placeholder::REASON)
            .what("decide that it is not gone through")
            .why(ground.told(project.facts()))
            .or(due),
        None => due,
    }
}

/// Whether the last release was closed and none begun: there is neither manifest nor ledger.
fn nothing_is_open(project: &Project) -> bool {
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    manifest.is_some_and(|own| own.file.is_absent())
        && project.ledger.lines.is_empty()
        && project.last_launch.is_some()
        && project.damage().is_empty()
}

/// What keeps the first open gate from being passed, first.
fn of_gates(project: &Project, assessment: &Assessment, now: Stamp) -> Advice {
    // A launch that was taken back passes no gate any more; what was recorded comes back first.
    if let Some(lacking) = rolled_back(project, assessment) {
        let first = lacking.first();
        if project.ledger_harm().is_some() {
            return restore().why("the ledger is damaged");
        }
        return match first {
            Some(first) => first.mend().why(why(first)),
            None => close_rolled_back()
                .why("it was taken back, and everything that closes it so is there"),
        };
    }
    // What was decided, or is to be answered for, comes before all gates.
    let rolled_back = |finding: &&Finding| finding.rule == &GL412 || finding.rule == &GL413;
    if let Some(first) = assessment.findings.iter().find(rolled_back) {
        return first.mend().why(first.message.as_str());
    }
    let Some(gate) = next_gate(assessment) else { return after_gates(project, assessment) };
    // After launch a gate that no longer counts is history that must be restored.
    let history = project.launched_at().is_some() && project.ledger.last_pass(&gate.id).is_some();
    let mut findings = blocking(project, &assessment.findings, &gate.id, history);
    findings.retain(|finding| finding.cause.is_none());
    // A NO_GO says what no other GO can mend; that evidence failed, as it says itself, comes
    // after what it failed by.
    let first = findings.iter().min_by_key(|finding| {
        (rank(project, &finding.piece), finding.rule != &GL502, finding.rule == &GL217)
    });
    let Some(first) = first else {
        return Advice::d3p(["gate", &gate.id])
            .why(format!("everything that gate {} asks for is there", gate.number));
    };
    let first = made_by_d3p(assessment, first).unwrap_or(first);
    // What was recorded comes back before anything else is done, and history in no other way.
    let is_lost = |own: &Damage| !matches!(own.harm, Harm::Denied(..));
    let lost = || project.ledger_harm().is_some() || project.damage().iter().any(is_lost);
    if history && lost() {
        return restore().why(why(first));
    }
    if let Some(silent) = to_tell(project, gate.number, &first.piece) {
        return silent.mend().why(silent.message);
    }
    launch(project, first, now).unwrap_or_else(|| first.mend().why(why(first)))
}

/// What is wrong with the evidence that d3p made for a prerequisite: the file only says that it failed.
fn made_by_d3p<'a>(assessment: &'a Assessment, first: &Finding) -> Option<&'a Finding> {
    let Piece::Prerequisite(id) = &first.piece else { return None };
    let is_cause = |own: &&Finding| {
        own.piece == Piece::Evidence(id.clone()) && own.state.is_some() && own.rule != &GL217
    };
    assessment.findings.iter().filter(is_cause).find(|own| own.cause.is_none())
}

/// What is left once every gate is passed: what the handoff lacks, or nothing.
fn after_gates(project: &Project, assessment: &Assessment) -> Advice {
    if is_handed_over(project, assessment) {
        let completion = &project.phase.completion;
        let keep = Advice::d3p(["archive"]).what("keep it, and make room for the next release");
        return Advice::done(completion.message.as_str())
            .why("every gate is passed, and the handoff is complete")
            .or(Advice::d3p(["verify"]).what("see what an auditor sees"))
            .or(keep)
            .or(begin());
    }
    if let Some(consumer) = not_taken(project) {
        let title = project.phase.consumers.get(consumer).map_or(consumer, |def| &def.title);
        return Advice::d3p(["handoff", consumer])
            .with("--taken-by", Placeholder::FULL_NAME)
            .what(format!("say who took what {title} is given"))
            .why("every gate is passed, and the handoff is open")
            .or(Advice::d3p(["handoff", consumer])
                .fill(Placeholder::FILE)
                .what("pack it for them"));
    }
    let open = assessment.findings.iter().filter(|finding| finding.state.is_some());
    match open.min_by_key(|finding| rank(project, &finding.piece)) {
        Some(first) => first.mend().why(why(first)),
        None => Advice::d3p(["status"])
            .why("every gate is passed, and something that is handed over is not there"),
    }
}

/// The first consumer of the handoff who has not taken what they are given.
fn not_taken(project: &Project) -> Option<&str> {
    let holds = project.phase.handoff.iter().flat_map(|item| &item.holds);
    let mut taken = holds.filter_map(|hold| match hold {
        Hold::Taken { taken } => Some(taken.as_str()),
        _ => None,
    });
    taken.find(|consumer| project.taken(consumer).is_none())
}

/// What a launch that is due wants; `None` where something else is first.
fn launch(project: &Project, first: &Finding, now: Stamp) -> Option<Advice> {
    let (kind, _) = project.phase.launch()?;
    if first.piece != Piece::Evidence(kind.to_owned()) {
        return None;
    }
    let missing = first.state == Some(State::Missing);
    if let Some(launched) = launched(project).filter(|_| missing) {
        return Some(launched.mend().why(launched.message));
    }
    let (step, _) = project.phase.step_producing(kind)?;
    let launches = launches(project);
    if let Some(own) = launches.iter().find(|own| matches!(own.outcome, Outcome::Unknown(_))) {
        // Until those who may have decided over what is known of that run.
        return Some(match used_up(project, None, now) {
            Some(asked) => asked.mend().why(asked.message),
            None => Advice::d3p(["run", own.hook])
                .why("those who may launch it again have decided anew"),
        });
    }
    if let Some(way) = half_way(project, &launches, now) {
        return Some(way.why(why(first)));
    }
    if !missing {
        return None;
    }
    if launching_hooks(project).is_empty() {
        let clearance = Advice::d3p(["check", "--before", step]);
        return Some(
            Advice::answer("deploy it as planned, once clearance is given")
                .why("everything before the launch is there, and no hook of d3p.yaml does it")
                .or(clearance.what("see whether it is cleared now"))
                .or(first.mend().what(format!("then record the {kind}"))),
        );
    }
    let why = "everything before the launch is there; it refuses without clearance";
    Some(first.mend().why(why))
}

/// After a launch that failed, or after which not everything answers, somebody of the authority tree decides
/// first; `None` where nothing of that is so, or they decided to go on with a launch that may be repeated.
fn half_way(project: &Project, launches: &[Launch<'_>], now: Stamp) -> Option<Advice> {
    rollback_check(project)?;
    let report = project.phase.launch().and_then(|(kind, _)| project.evidence(kind))?;
    let last = launches.last()?;
    let ended = report.text_at("/status") == Some("failed");
    let repeatable = match &last.outcome {
        Outcome::Failed => true,
        Outcome::Succeeded if ended => false,
        Outcome::Succeeded | Outcome::Unknown(_) => return None,
    };
    let decided = ruling(project, Moments { now, gate: None, use_now: false });
    let go_on = decided.votes.iter().any(|vote| !vote.roll_back);
    match (go_on, repeatable) {
        (true, true) => None,
        (true, false) => {
            Some(close("superseded").what("go on with a release that mends it").or(begin()))
        }
        (false, _) => {
            let back = how_to_roll_back(project, None)
                .what("production may be half-way: decide whether it is taken back");
            let again = Advice::d3p(["run", last.hook])
                .what("where nothing of it reached production, launch it again");
            Some(if repeatable { back.or(again) } else { back })
        }
    }
}

/// Why a finding's advice comes next: its message, with what it is about.
fn why(first: &Finding) -> String {
    let place = match first.piece {
        // Signers are a matter of policy, and lie elsewhere.
        Piece::Policy => first.location.path.clone(),
        _ => first.piece.to_string(),
    };
    match first.message.starts_with(&place) {
        true => first.message.clone(),
        false => format!("{place}: {}", first.message),
    }
}

/// Whom to tell before anybody is asked to approve: the launch is refused without it.
fn to_tell(project: &Project, gate: u32, first: &Piece) -> Option<Finding> {
    let launched = project.launched_at().is_some();
    let before = gate == project.phase.launch_gate() && matches!(first, Piece::Evidence(_));
    if before && !launched { unannounced(project, None).into_iter().next() } else { None }
}

/// Where a piece stands in the order of work.
fn rank(project: &Project, piece: &Piece) -> (u32, usize) {
    let phase = &project.phase;
    let gates = phase.gates.values();
    let gate = |bound: &dyn Fn(&GateDef) -> bool| {
        gates.clone().find(|gate| bound(gate)).map_or(u32::MAX, |gate| gate.number)
    };
    match piece {
        Piece::Policy => (0, 0),
        Piece::Ledger => (0, 1),
        Piece::Prerequisite(id) => (
            gate(&|gate| gate.prerequisites.contains(id)),
            phase.prerequisites.get_index_of(id).unwrap_or_default(),
        ),
        Piece::Document(id) => (
            gate(&|gate| gate.documents.contains(id)),
            100 + phase.documents.get_index_of(id).unwrap_or_default(),
        ),
        Piece::Evidence(kind) => {
            let index = phase.evidence.get_index_of(kind).unwrap_or_default();
            let number = gate(&|gate| gate.evidence.contains(kind));
            // A document that gate 3 binds is approved before the launch, so it comes first; and what is
            // read before a decision comes before the decision.
            let is_read = phase.evidence.get(kind).is_some_and(EvidenceDef::is_read_before);
            (number, if is_read { 200 } else { 201 + index })
        }
        Piece::Gate(id) | Piece::Record(id) => {
            (phase.gates.get(id).map_or(u32::MAX, |gate| gate.number), 300)
        }
        Piece::File(_) => (u32::MAX, 400),
    }
}
