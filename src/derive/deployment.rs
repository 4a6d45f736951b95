//! Deployments: commands, services, configuration (P11-2.1, P11-3.2).

use crate::decisions::Moments;
use crate::definition::{EvidenceDef, NativeCheck};
use crate::derive::{Derived, Facts, Problem, configuration};
use crate::model::Judgement;
use crate::project::Project;
use crate::record::{FileDigest, Run};
use crate::rollout::{StageProgress, State, Told, newest, plan, progress};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn derive(
    project: &Project,
    def: &EvidenceDef,
    facts: &Facts<'_>,
) -> Result<Derived, Vec<Problem>> {
    let mut derived = Derived::default();
    if facts.runs.is_empty() {
        return Ok(derived);
    }
    let mut put = |key: &str, value: Value| derived.members.insert(key.to_owned(), value);
    put("commands", commands(facts));
    put("services", services(project, facts));
    if def.native.iter().any(|native| matches!(native, NativeCheck::ConfigurationParity { .. })) {
        let compared = configuration::compare(facts)?;
        // Nothing declared is nothing compared: then it has to be typed, or the schema refuses.
        if !compared.is_empty() {
            put("configuration", Value::Array(compared));
        }
    }
    if def.launch {
        let runs = facts.runs.iter().map(|(_, run)| run);
        let critical = runs.clone().map(|run| run.said.critical.len()).sum::<usize>();
        let incidents: Vec<Value> = runs
            .flat_map(|run| run.said.incidents.iter().map(move |said| (run, said)))
            .map(|(run, said)| json!({ "at": run.finished_at, "summary": said, "resolved": false }))
            .collect();
        let (strategy, stages) = rolled_out(project);
        put("strategy", json!(strategy));
        if !stages.is_empty() {
            put("stages", Value::Array(stages));
        }
        put("critical_errors", json!(critical));
        if !incidents.is_empty() {
            put("incidents", Value::Array(incidents));
        }
    }
    Ok(derived)
}

/// What a report calls traffic that was moved as planned while nobody judged what it did.
const UNWATCHED: &str = "unwatched";

/// The strategy that was carried out, and its stages as they ran: of a stage that did not run, was not
/// watched to its end or failed, nobody says that it did.
fn rolled_out(project: &Project) -> (String, Vec<Value>) {
    let Some(now) = newest(project) else {
        return (plan(&project.effective().policy).strategy, Vec::new());
    };
    let progress = progress(project, Moments { now, gate: None, use_now: false });
    if !progress.plan.is_staged() {
        let moved = progress.plan.strategy == "direct";
        return (if moved { progress.plan.strategy } else { UNWATCHED.to_owned() }, Vec::new());
    }
    let ended = |stage: &StageProgress<'_>| {
        let held = stage.judged.as_ref().is_some_and(|own| own.outcome != Judgement::Failed);
        let done = matches!(stage.state, State::Passed | State::Unjudged);
        let back = matches!(stage.state, State::TakenBack(_));
        stage.run.is_some() && !back && (held || done)
    };
    let whole = progress.stages.iter().all(ended);
    // The last one serves everybody: what it is there to find was found before.
    let before = progress.stages.len().saturating_sub(1).max(1);
    let unjudged = |stage: &StageProgress<'_>| stage.state == State::Unjudged;
    let watched = !progress.stages.iter().take(before).any(unjudged);
    let stages = progress.stages.iter().filter_map(stage).collect();
    let strategy = match (whole, watched) {
        (false, _) => "unfinished".to_owned(),
        (true, false) => UNWATCHED.to_owned(),
        (true, true) => progress.plan.strategy,
    };
    (strategy, stages)
}

fn stage(stage: &StageProgress<'_>) -> Option<Value> {
    let (_, run) = stage.run.as_ref()?;
    let mut told = json!({
        "stage": stage.stage.number, "weight": stage.stage.weight,
        "began_at": run.started_at, "served_from": stage.from?.to_string(),
    });
    let members = told.as_object_mut()?;
    let mut put = |key: &str, value: Value| members.insert(key.to_owned(), value);
    if let Some((file, ..)) = &stage.watched {
        put("watched", json!(file));
    }
    if let Some(judged) = &stage.judged {
        if !judged.conditions.is_empty() || judged.outcome != Judgement::Passed {
            put("found", json!(judged.outcome));
        }
        put("samples", json!(judged.wanted));
        put("judged", json!(judged.judged));
        let condition = |own: &Told| {
            let mut told =
                json!({ "condition": own.text, "trigger": own.trigger, "found": own.outcome });
            for (key, value) in [("worst", own.worst), ("baseline", own.baseline)] {
                if let (Some(value), Some(members)) = (value, told.as_object_mut()) {
                    members.insert(key.to_owned(), json!(value.to_string()));
                }
            }
            told
        };
        put("conditions", judged.conditions.iter().map(condition).collect());
        if let Some(why) = judged.words() {
            put("why", json!(why));
        }
        if !judged.down.is_empty() {
            put("down_seconds", json!(judged.down));
        }
    }
    Some(told)
}

/// The commands, in the order in which they began.
pub(super) fn commands(facts: &Facts<'_>) -> Value {
    let mut runs: Vec<&(FileDigest, Run)> = facts.runs.iter().collect();
    runs.sort_by(|(_, a), (_, b)| (&a.started_at, &a.hook).cmp(&(&b.started_at, &b.hook)));
    runs.into_iter().map(|(file, run)| command(file, run)).collect()
}

fn command(file: &FileDigest, run: &Run) -> Value {
    let mut log = json!({ "path": run.log.path, "sha256": run.log.sha256, "size": run.log.size });
    if let (Some(place), Some(log)) = (&run.log.detached, log.as_object_mut()) {
        log.insert("detached".to_owned(), json!(place));
    }
    let scripts: Vec<Value> = run
        .scripts
        .iter()
        // Not a citation: a script belongs to the commit, which goes on after the release.
        .map(|script| json!({ "script": script.path, "sha256": script.sha256 }))
        .collect();
    json!({
        "hook": run.hook,
        "argv": run.argv,
        "attempt": run.number,
        "exit_code": run.exit_code,
        "ended": run.ended,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "scripts": scripts,
        "log": log,
        "run": file,
    })
}

/// Every service that the hooks deploy, in the order of their names. One that no output reported is
/// unknown, which is not healthy.
pub(super) fn services(project: &Project, facts: &Facts<'_>) -> Value {
    let policy = &project.effective().policy;
    let mut found: BTreeMap<&str, Value> = BTreeMap::new();
    for (_, run) in &facts.runs {
        let own = policy.hooks.get(&run.hook).and_then(|hook| hook.services.as_ref());
        for name in own.unwrap_or(&policy.services) {
            found.entry(name).or_insert_with(|| json!({ "name": name, "status": "unknown" }));
        }
    }
    let mut runs: Vec<&Run> = facts.runs.iter().map(|(_, run)| run).collect();
    runs.sort_by(|a, b| (&a.finished_at, &a.hook).cmp(&(&b.finished_at, &b.hook)));
    for run in runs {
        let own = policy.hooks.get(&run.hook).and_then(|hook| hook.services.as_ref());
        for service in &run.said.services {
            // Whoever does not deploy a service may only say that something is wrong with it.
            let speaks = own.is_none_or(|own| own.contains(&service.name));
            if speaks || service.status != "healthy" {
                found.insert(&service.name, json!(service));
            }
        }
    }
    found.into_values().collect()
}
