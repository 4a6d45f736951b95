//! What is open of a rollout, for the rules and for whoever begins the next stage.

use crate::decisions::{Moments, authority_tree, deciding_name, promotion};
use crate::model::{Advice, Finding, Judgement, Level, Location, Piece, Placeholder, Rule, State};
use crate::project::Project;
use crate::rollout::{Progress, StageProgress, State as Stage, progress};
use crate::rules::{GL321, GL322, GL323, after_rollback};

/// What `rule` finds of a rollout that has begun.
pub(crate) fn findings(
    project: &Project,
    moments: Moments,
    rule: &'static Rule,
) -> impl Iterator<Item = Finding> {
    let progress = progress(project, moments);
    let begun = progress.plan.is_staged()
        && progress.stages.first().is_some_and(|stage| stage.run.is_some());
    let stages = if begun { progress.stages } else { Vec::new() };
    let found: Vec<Finding> =
        stages.iter().filter_map(|stage| open(project, stage, moments)).collect();
    found.into_iter().filter(move |finding| finding.rule == rule)
}

/// What keeps the next stage from beginning.
pub fn not_ready(project: &Project, moments: Moments) -> Vec<Finding> {
    let Progress { plan, stages } = progress(project, moments);
    let waits = |stage: &StageProgress<'_>| stage.state == Stage::Waiting;
    let finding = |message: &str| {
        let place = Location::pointer("d3p.yaml", "/rollout");
        Finding::new(&GL321, piece(project), place, message).state(State::Missing)
    };
    let later = stages.iter().skip(1).position(waits);
    let Some(next) = later.map(|place| place + 1) else {
        let message = match plan.is_staged() {
            true => "every stage of the rollout has begun",
            false => "d3p.yaml has no rollout in stages",
        };
        return vec![finding(message).advise(Advice::d3p(["rollout", "status"]))];
    };
    let before = stages.iter().take(next).filter(|stage| !stage.is_done());
    before.filter_map(|stage| open(project, stage, moments)).collect()
}

/// The gate that the launch belongs to: its report can be recorded while stages are open.
pub(crate) fn piece(project: &Project) -> Piece {
    let launch = project.phase.launch().and_then(|(kind, _)| project.phase.gate_of_evidence(kind));
    launch.map_or(Piece::Ledger, |(gate, _)| Piece::Gate(gate.to_owned()))
}

/// What is open of a stage; a warning where people decided to go on.
fn open(project: &Project, stage: &StageProgress<'_>, moments: Moments) -> Option<Finding> {
    let name = format!("stage {} ({})", stage.stage.number, stage.stage.weight);
    let judged = stage.judged.as_ref();
    let why = judged.and_then(|own| own.words()).unwrap_or_else(|| "its record is gone".to_owned());
    let place = match stage.line {
        Some(line) => Location::span(project.places().ledger(), line.range.clone()),
        None => {
            Location::pointer("d3p.yaml", format!("/rollout/stages/{}", stage.stage.number - 1))
        }
    };
    let finding = |rule: &'static Rule, message: String, state: State| {
        Finding::new(rule, piece(project), place.clone(), message).state(state)
    };
    let go_on = Advice::d3p(["rollout", "run"]);
    match &stage.state {
        Stage::Passed | Stage::Unjudged => None,
        Stage::TakenBack(at) => {
            let message = format!("the launch was taken back at {at}, while {name} was watched");
            Some(finding(&GL323, message, State::Failed).advise(after_rollback(project)))
        }
        Stage::Waiting => {
            let message = format!("{name} has not begun");
            Some(finding(&GL321, message, State::Missing).advise(go_on))
        }
        Stage::Watching(until) => {
            let message = format!("{name} is watched until {until}, and was not yet");
            Some(finding(&GL321, message, State::Missing).advise(go_on))
        }
        Stage::Undecided(Judgement::Failed) => {
            let message = format!("{name} failed: {why}");
            Some(finding(&GL323, message, State::Failed).advise(decide_on_stage(project)))
        }
        Stage::Undecided(_) => {
            let refused = stage.line.map(|line| promotion(project, line, moments).refused);
            let refused = refused.into_iter().flatten().next();
            let refused =
                refused.map_or(String::new(), |why| format!("; a decision does not count: {why}"));
            let message = format!("nobody can tell how {name} went: {why}{refused}");
            Some(finding(&GL322, message, State::Review).advise(decide_on_stage(project).or(go_on)))
        }
        Stage::Promoted(by) => {
            let rule = match judged.map(|own| own.outcome) {
                Some(Judgement::Failed) => &GL323,
                _ => &GL322,
            };
            let message = format!(
                "{} decided to go on although {name} did not pass: {why}",
                by.join(" and ")
            );
            let found = Finding::new(rule, piece(project), place, message).level(Level::Warning);
            Some(found.advise(Advice::d3p(["rollout", "status"]).what("see what was measured")))
        }
    }
}

/// How a person of the authority tree decides on a stage.
pub fn decide_on_stage(project: &Project) -> Advice {
    let rows = authority_tree(project).map(|tree| tree.rows).unwrap_or_default();
    let name = rows.iter().find_map(|row| deciding_name(project, &row.name));
    let with = |command: &'static str| {
        let advice = Advice::decide(["rollout", command]);
        let advice = match &name {
            Some(name) => advice.words(["--as", name]),
            None => advice.with("--as", Placeholder::FULL_NAME),
        };
        advice.with("--reason", Placeholder::REASON)
    };
    with("abort").what("take it back").or(with("promote").what("go on with it"))
}
