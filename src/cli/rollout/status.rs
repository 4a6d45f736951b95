//! `d3p rollout status`: each stage and each condition, with what was measured.

use super::show::told;
use crate::cli::Failure;
use crate::cli::common::{Global, release};
use crate::decide::assess;
use crate::decisions::{Moments, rollback_hook, rollbacks_begun, ruling};
use crate::env::{Env, Exit};
use crate::model::{Actor, Advice, Piece, Stamp};
use crate::project::Project;
use crate::render::{clean, json, ways};
use crate::rollout::{Progress, StageProgress, State, progress};
use crate::rules::{GL230, after_rollback, decide_on_stage};
use serde_json::{Value, json};

pub(super) fn run(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (_, project) = global.open()?;
    release(&project)?;
    let now = (env.now)();
    let progress = progress(&project, Moments { now, gate: None, use_now: false });
    if !global.human() {
        env.out.write_all(json::pretty(&view(&project, &progress, now)).as_bytes())?;
        return Ok(Exit::Passed);
    }
    writeln!(env.out, "strategy {}", progress.plan.strategy)?;
    for stage in &progress.stages {
        show(stage, now, env)?;
    }
    if let Some((why, advice)) = decided(&project, now) {
        writeln!(env.out, "{}", clean(&why))?;
        writeln!(env.out, "next: {}", clean(&ways(&advice).join("; ")))?;
    } else if progress.stages.iter().any(|stage| matches!(stage.state, State::Undecided(_))) {
        writeln!(env.out, "next: {}", clean(&ways(&decide_on_stage(&project)).join("; ")))?;
    }
    Ok(Exit::Passed)
}

/// What people decided of the whole launch, and what comes next: nothing is rolled out any more.
pub(super) fn decided(project: &Project, now: Stamp) -> Option<(String, Advice)> {
    if let Some(began) = rollbacks_begun(project).first() {
        let why =
            format!("the launch was taken back at {}: no stage begins any more", began.line.at);
        return Some((why, after_rollback(project)));
    }
    let ruling = ruling(project, Moments { now, gate: None, use_now: false });
    let names: Vec<&str> = ruling.unlifted.iter().map(|vote| vote.signer.person.as_str()).collect();
    let names = (!names.is_empty()).then(|| names.join(" and "))?;
    let lacking = ruling.lacking(project, None);
    if !lacking.is_empty() {
        let why = format!(
            "{names} decided to roll back, and it is not decided yet: {}",
            lacking.join(", ")
        );
        let ask = Advice::d3p(["rollback", "status"]).by(Actor::Person).what("ask the others");
        return Some((why, ask.or(decide_on_stage(project))));
    }
    let back = Advice::d3p(["run", rollback_hook(project).unwrap_or("rollback")]);
    Some((format!("{names} decided to roll back"), back.what("take it back")))
}

/// What a person has to decide on, and how.
pub(super) fn ask(project: &Project, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let now = (env.now)();
    let progress = progress(project, Moments { now, gate: None, use_now: false });
    if !global.human() {
        env.out.write_all(json::pretty(&view(project, &progress, now)).as_bytes())?;
        return Ok(Exit::Refused);
    }
    let waiting = progress.stages.iter().filter(|own| matches!(own.state, State::Undecided(_)));
    for stage in waiting {
        show(stage, now, env)?;
    }
    writeln!(env.out, "the rollout waits for a person of the authority tree")?;
    writeln!(env.out, "next: {}", clean(&ways(&decide_on_stage(project)).join("; ")))?;
    Ok(Exit::Refused)
}

/// Says that the rollout is done.
pub(super) fn end(global: &Global, env: &mut Env<'_>) -> Result<(), Failure> {
    let (_, project) = global.open()?;
    let now = (env.now)();
    let progress = progress(&project, Moments { now, gate: None, use_now: false });
    if !global.human() {
        env.out.write_all(json::pretty(&view(&project, &progress, now)).as_bytes())?;
        return Ok(());
    }
    let count = progress.stages.len();
    let stages = if count == 1 {
        "its stage is done".to_owned()
    } else {
        format!("all {count} stages are done")
    };
    writeln!(env.out, "rollout ({}): {stages}", progress.plan.strategy)?;
    Ok(())
}

/// Whether the launch's report is another one than what ran makes by now.
pub(super) fn is_outdated(project: &Project, kind: &str, now: Stamp) -> bool {
    let piece = Piece::Evidence(kind.to_owned());
    let there = project.evidence(kind).is_some_and(|own| own.value().is_some());
    let found = assess(project, now).findings;
    !there || found.iter().any(|own| own.rule == &GL230 && own.piece == piece)
}

fn words(state: &State, now: Stamp) -> String {
    match state {
        State::Waiting => "has not begun".to_owned(),
        State::Watching(until) => {
            let left = until.millis_since(now).max(0) / 1000;
            format!("is watched until {until}, {left} s left")
        }
        State::Passed => "passed".to_owned(),
        State::Unjudged => "ran, and nothing was judged of it".to_owned(),
        State::TakenBack(at) => format!("did not pass: the launch was taken back at {at}"),
        State::Undecided(found) => format!("{}; a person has to decide", found.word()),
        State::Promoted(by) => format!("did not pass; {} decided to go on", by.join(" and ")),
    }
}

fn show(stage: &StageProgress<'_>, now: Stamp, env: &mut Env<'_>) -> Result<(), Failure> {
    let own = &stage.stage;
    let state = words(&stage.state, now);
    writeln!(env.out, "stage {} ({}) {}", own.number, own.weight, clean(&state))?;
    let Some(judged) = &stage.judged else {
        for (text, _) in &own.gates {
            writeln!(env.out, "  {}", clean(text))?;
        }
        return Ok(());
    };
    for condition in &judged.conditions {
        writeln!(env.out, "  {}", clean(&told(condition)))?;
    }
    if let Some(why) = judged.words() {
        writeln!(env.out, "  {}", clean(&why))?;
    }
    for (service, seconds) in &judged.down {
        writeln!(env.out, "  {service} did not answer for {seconds} s")?;
    }
    let record =
        stage.watched.as_ref().map(|(file, ..)| file).or(stage.run.as_ref().map(|own| &own.0));
    let record = record.map_or("", |file| file.path.as_str());
    writeln!(
        env.out,
        "  {} of {} samples could be judged: {record}",
        judged.judged, judged.wanted
    )?;
    Ok(())
}

fn view(project: &Project, progress: &Progress<'_>, now: Stamp) -> Value {
    let stages: Vec<Value> = progress
        .stages
        .iter()
        .map(|stage| {
            let judged = stage.judged.as_ref();
            let conditions: Vec<Value> = judged
                .into_iter()
                .flat_map(|own| &own.conditions)
                .map(|own| {
                    json!({
                        "condition": own.text, "trigger": own.trigger, "found": own.outcome,
                        "worst": own.worst.map(|own| own.to_string()),
                        "baseline": own.baseline.map(|own| own.to_string()), "why": own.why,
                    })
                })
                .collect();
            let (until, by) = match &stage.state {
                State::Watching(until) => (Some(until.to_string()), None),
                State::Promoted(by) => (None, Some(by.clone())),
                _ => (None, None),
            };
            json!({
                "stage": stage.stage.number, "weight": stage.stage.weight,
                "state": state(&stage.state), "until": until, "promoted_by": by,
                "why": judged.and_then(|own| own.words()), "conditions": conditions,
                "samples": judged.map(|own| own.wanted), "judged": judged.map(|own| own.judged),
                "down_seconds": judged.map(|own| own.down.clone()),
                "record": stage.watched.as_ref().map(|(file, ..)| file),
            })
        })
        .collect();
    let decided = decided(project, now).map(|(why, _)| why);
    json!({
        "strategy": progress.plan.strategy, "at": now.to_string(), "stages": stages,
        "decided": decided,
    })
}

fn state(state: &State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Watching(_) => "watching",
        State::Passed => "passed",
        State::Unjudged => "unjudged",
        State::TakenBack(_) => "taken-back",
        State::Undecided(found) => found.word(),
        State::Promoted(_) => "promoted",
    }
}
