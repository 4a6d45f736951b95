//! Launch clearance: what must hold before a step (DLC-8).
//!
//! The production launch gate needs the deployment's own report, so it cannot guard the deployment.
//! This can.

use crate::decide::used::{taken_back, used_up};
use crate::decide::{Assessment, blocking};
use crate::decisions::{
    Moments, decisions, deployed_at, how_to_roll_back, rollback_check, rollback_hook, ruling,
    signatures_on, window_overridden,
};
use crate::definition::{Before, StepDef};
use crate::model::{Advice, Finding, Location, Piece, Placeholder, Stamp, State, Verdict};
use crate::project::Project;
use crate::rules::{
    GL310, GL402, GL413, GL502, GL509, GL921, abandon, begin, denied_at, leave_switched_on,
    not_ready, outside_plan, runs_into, unannounced,
};

/// Whether a step may be taken now.
#[derive(Debug)]
pub struct Clearance {
    /// What keeps it from being taken.
    pub findings: Vec<Finding>,
    /// The answer.
    pub verdict: Verdict,
}

/// Whether `step` may be taken at `now`, by `hook` or by those of its hooks that are due, as far as the
/// project's files tell; `None` when the phase has no such step.
pub fn clearance_by_files(
    project: &Project,
    assessment: &Assessment,
    step: &str,
    hook: Option<&str>,
    now: Stamp,
) -> Option<Clearance> {
    let def = project.phase.steps.get(step)?;
    let mut findings: Vec<Finding> =
        def.before.iter().flat_map(|before| asked_for(before, project, assessment, now)).collect();
    if def.before.iter().any(|before| matches!(before, Before::Approval(_))) {
        findings.extend(used_up(project, hook, now).or_else(|| taken_back(project, now)));
    }
    if project.phase.launches(def) {
        // Whatever the definition asks for: afterwards it would be too late.
        findings.extend(unannounced(project, Some(now)));
    }
    if !takes_back(project, def) {
        findings.extend(closed(project));
        // Whatever the definition asks for: what is wrong with policy or ledger clears nothing.
        findings.extend(of_piece(assessment, &Piece::Policy));
        findings.extend(of_piece(assessment, &Piece::Ledger));
        // What stands there without keeping anybody is said, too: a definition of one's own, an
        // edit that has no effect yet.
        let policy = |finding: &&Finding| finding.piece == Piece::Policy && finding.state.is_none();
        findings.extend(assessment.findings.iter().filter(policy).cloned());
    }
    leave_switched_on(&mut findings);
    findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    findings.dedup_by(|a, b| a.sort_key() == b.sort_key());
    let verdict = match findings.iter().filter_map(Finding::weight).max() {
        None => Verdict::Passed,
        Some(State::Review) => Verdict::Review,
        Some(_) => Verdict::Refused,
    };
    Some(Clearance { findings, verdict })
}

/// What keeps one of the step's conditions from being met.
fn asked_for(
    before: &Before,
    project: &Project,
    assessment: &Assessment,
    now: Stamp,
) -> Vec<Finding> {
    match before {
        Before::Gate(gate) => gate_open(project, assessment, gate).into_iter().collect(),
        Before::Approval(_) => match project.phase.approval() {
            Some((kind, _)) => {
                let piece = Piece::Evidence(kind.to_owned());
                let mut findings = of_piece(assessment, &piece);
                // What waited for whoever said GO, and stands because they saw it, is said.
                let seen = assessment.findings.iter().filter(|own| own.waived.is_some());
                findings.extend(seen.filter(|own| own.piece == piece).cloned());
                findings
            }
            None => Vec::new(),
        },
        Before::Decision(_) => undecided(project, now).into_iter().collect(),
        Before::Window(_) => {
            let mut findings: Vec<Finding> = denied(project, now).into_iter().collect();
            findings.extend(outside_plan(project, now));
            findings.extend(runs_into(project, now));
            findings
        }
        Before::Stage(_) => {
            let moments = Moments { now, gate: None, use_now: false };
            let mut findings = not_ready(project, moments);
            findings.extend(taken_back(project, now));
            findings.extend(denied(project, now));
            findings.extend(objections(project, assessment));
            findings
        }
        Before::Document(id) => of_piece(assessment, &Piece::Document(id.clone())),
        Before::Evidence(kind) => of_piece(assessment, &Piece::Evidence(kind.clone())),
        Before::Questions(_) => project
            .all_evidence()
            // What a fact demands is asked for by its own gate.
            .filter(|evidence| project.is_optional(evidence.def))
            .flat_map(|evidence| of_piece(assessment, &evidence.piece()))
            .collect(),
    }
}

/// A NO_GO that binds, or that is gone: said after the launch it is none to what serves already, and one
/// to every stage that follows.
fn objections(project: &Project, assessment: &Assessment) -> Vec<Finding> {
    let Some((kind, _)) = project.phase.approval() else { return Vec::new() };
    let mut findings = of_piece(assessment, &Piece::Evidence(kind.to_owned()));
    findings.retain(|own| own.rule == &GL502 || own.rule == &GL509);
    findings
}

/// Whether the step takes a launch back. Nothing but a missing decision is in its way, unless the
/// definition that says so came in after gate 1 froze another.
fn takes_back(project: &Project, step: &StepDef) -> bool {
    let swapped = || {
        let frozen =
            project.frozen.as_ref().and_then(|frozen| frozen.basis.pointer("/phase/sha256"));
        let own = project.phase.digest.to_string();
        frozen.and_then(serde_json::Value::as_str) != Some(own.as_str())
    };
    let decided = step.before.iter().any(|before| matches!(before, Before::Decision(_)));
    decided && !(project.phase.custom && swapped())
}

/// Nothing is taken in a release that was closed.
fn closed(project: &Project) -> Option<Finding> {
    let (place, words) = project.is_history()?;
    let message = format!("this release {words}");
    Some(
        Finding::new(&GL921, Piece::Ledger, place, message)
            .state(State::Failed)
            .advise(abandon().or(begin())),
    )
}

fn of_piece(assessment: &Assessment, piece: &Piece) -> Vec<Finding> {
    let findings = assessment.findings.iter();
    findings.filter(|finding| finding.piece == *piece && finding.state.is_some()).cloned().collect()
}

/// Why the decision that a step wants is not in force now. Before anything was deployed there is
/// nothing to decide: it is a rehearsal.
fn undecided(project: &Project, now: Stamp) -> Option<Finding> {
    let check = rollback_check(project).filter(|_| signatures_on(project))?;
    deployed_at(project)?;
    let ruling = ruling(project, Moments { now, gate: None, use_now: true });
    let lacking = ruling.lacking(project, Some(now));
    if lacking.is_empty() {
        return None;
    }
    let ended = ruling.unlifted.iter().find(|vote| vote.ends < now);
    let message = match ended {
        Some(vote) => format!("{}'s decision ended {}", vote.signer.person, vote.ends),
        None => format!("nobody who may has decided to roll back: {}", lacking.join(", ")),
    };
    let hook = rollback_hook(project).unwrap_or("rollback");
    let at_once = Advice::d3p(["run", hook])
        .with("--without-decision", Placeholder::REASON)
        .what("where nobody is reached, roll back at once; a person decides afterwards");
    let advice = how_to_roll_back(project, Some("roll-back")).or(at_once);
    Some(
        Finding::new(&GL413, check.evidence.piece(), check.evidence.at("/decisions"), message)
            .state(State::Missing)
            .clauses(&check.evidence.def.clauses)
            .advise(advice),
    )
}

/// Why a gate is not passed and valid.
fn gate_open(project: &Project, assessment: &Assessment, gate: &str) -> Vec<Finding> {
    if assessment.is_passed(gate) {
        return Vec::new();
    }
    let mut findings: Vec<Finding> =
        blocking(project, &assessment.findings, gate, true).into_iter().cloned().collect();
    let path = project.phase.gates.get(gate).map(|def| project.places().gate(def.number, gate));
    findings.push(
        Finding::new(
            &GL310,
            Piece::Gate(gate.to_owned()),
            Location::file(path.unwrap_or_default()),
            format!("gate {gate} is not passed"),
        )
        .state(State::Missing)
        .advise(Advice::d3p(["gate", gate])),
    );
    findings
}

/// The denied windows that are open now.
fn denied(project: &Project, now: Stamp) -> Vec<Finding> {
    let windows = &project.effective().policy.windows.deny;
    windows
        .iter()
        .enumerate()
        .filter_map(|(index, window)| {
            let overridden =
                || window_overridden(project, &decisions(project), &window.id, now, now);
            let message = match denied_at(window, now) {
                Ok(false) => return None,
                Ok(true) if overridden() => return None,
                Ok(true) => format!("now ({now}) lies in the denied window `{}`", window.id),
                Err(why) => format!("window `{}` cannot be understood: {why}", window.id),
            };
            let place = Location::pointer("d3p.yaml", format!("/windows/deny/{index}"));
            Some(
                Finding::new(&GL402, Piece::Policy, place, message).state(State::Failed).advise(
                    Advice::wait("wait until the window has passed").or(Advice::decide([
                        "approve", "sign",
                    ])
                    .with("--as", Placeholder::PRINCIPAL)
                    .words(["--decision", "go", "--override-window", &window.id])
                    .what("those who may (approval.window) sign that it may be")),
                ),
            )
        })
        .collect()
}
