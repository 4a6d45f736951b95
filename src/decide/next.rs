//! The one next command.

use crate::decide::{Assessment, blocking, is_handed_over, launched, next_gate};
use crate::model::{Finding, Piece, State};
use crate::project::Project;
use crate::rules::{GL217, GL412, GL413, GL502, Outcome, launches, untold};

/// What to do next, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Next {
    /// The command or edit.
    pub command: String,
    /// Why it is the next one.
    pub why: String,
}

/// The one thing to do next: the first thing, in the order of the phase, that keeps the first open
/// gate from being passed.
pub fn next_command(project: &Project, assessment: &Assessment) -> Next {
    // What was decided, or is to be answered for, comes before all gates.
    let rolled_back = |finding: &&Finding| finding.rule == &GL412 || finding.rule == &GL413;
    if let Some(first) = assessment.findings.iter().find(rolled_back) {
        return Next { command: mend(first), why: first.message.clone() };
    }
    let Some(gate) = next_gate(assessment) else {
        return Next {
            command: "d3p verify".to_owned(),
            why: if is_handed_over(project, assessment) {
                format!("every gate is passed. {}", project.phase.completion.message)
            } else {
                "every gate is passed, and something for the handoff is not: see d3p status"
                    .to_owned()
            },
        };
    };
    // After launch a gate that no longer counts is history that must be restored.
    let history = project.launched_at().is_some() && project.ledger.last_pass(&gate.id).is_some();
    let findings = blocking(project, &assessment.findings, &gate.id, history);
    // A NO_GO says what no other GO can mend; that evidence failed, as it says itself, comes
    // after what it failed by.
    let first = findings.iter().min_by_key(|finding| {
        (rank(project, &finding.piece), finding.rule != &GL502, finding.rule == &GL217)
    });
    let Some(first) = first else {
        return Next {
            command: format!("d3p gate {}", gate.id),
            why: format!("everything that gate {} asks for is there", gate.number),
        };
    };
    if let Some(silent) = to_tell(project, gate.number, &first.piece) {
        return Next { command: mend(&silent), why: silent.message };
    }
    let launch = project.phase.launch().map(|(kind, _)| Piece::Evidence(kind.to_owned()));
    if Some(&first.piece) == launch.as_ref() {
        let missing = first.state == Some(State::Missing);
        if let Some(launched) = launched(project).filter(|_| missing) {
            return Next { command: mend(&launched), why: launched.message };
        }
        if launches(project).iter().any(|own| matches!(own.outcome, Outcome::Unknown(_))) {
            return Next {
                command: "d3p check --before deploy-production".to_owned(),
                why: format!(
                    "{}; it may have launched, and this says what to look at",
                    first.message
                ),
            };
        }
    }
    if Some(&first.piece) == launch.as_ref() && first.state == Some(State::Missing) {
        let runs = first.help.as_deref().filter(|help| help.starts_with("d3p run "));
        return match runs {
            Some(command) => Next {
                command: command.to_owned(),
                why: "everything before the launch is there; it refuses without clearance"
                    .to_owned(),
            },
            None => Next {
                command: "d3p check --before deploy-production".to_owned(),
                why:
                    "if it clears the launch, deploy, then record the production-deployment-report"
                        .to_owned(),
            },
        };
    }
    let place = match first.piece {
        // Signers are a matter of policy, and lie elsewhere.
        Piece::Policy => first.location.path.clone(),
        _ => first.piece.to_string(),
    };
    let why = match first.message.starts_with(&place) {
        true => first.message.clone(),
        false => format!("{place}: {}", first.message),
    };
    Next { command: mend(first), why }
}

/// Whom to tell before anybody is asked to approve: the launch is refused without it.
fn to_tell(project: &Project, gate: u32, first: &Piece) -> Option<Finding> {
    let (kind, _) = project.phase.launch()?;
    let launched = project.evidence(kind).is_some_and(|launch| !launch.file.is_absent());
    let before = gate == project.phase.launch_gate() && matches!(first, Piece::Evidence(_));
    if before && !launched { untold(project, None).into_iter().next() } else { None }
}

fn mend(finding: &Finding) -> String {
    finding.help.clone().unwrap_or_else(|| format!("d3p explain {}", finding.rule.code))
}

/// Where a piece stands in the order of work.
fn rank(project: &Project, piece: &Piece) -> (u32, usize) {
    let phase = &project.phase;
    let gates = phase.gates.values();
    let gate = |bound: &dyn Fn(&crate::definition::GateDef) -> bool| {
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
            // A document that gate 3 binds is approved before the launch, so it comes first.
            (number, 200 + index)
        }
        Piece::Gate(id) | Piece::Record(id) => {
            (phase.gates.get(id).map_or(u32::MAX, |gate| gate.number), 300)
        }
        Piece::File(_) => (u32::MAX, 400),
    }
}
