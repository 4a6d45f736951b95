//! Argo's `Rollout`: which share of the traffic the release gets, and whether it was stopped. It holds
//! no values.

use super::{EngineObject, Judgement, at, is_there, list, newest, number, object};
use serde_json::Value;

pub(super) fn read(item: &Value) -> EngineObject {
    let mut own = object(item);
    own.pods = Some(at(item, "/status/currentPodHash").to_owned()).filter(|own| !own.is_empty());
    own.newest =
        newest(list(item, "/status/conditions"), &["/lastUpdateTime", "/lastTransitionTime"]);
    own.weight = weight(item);
    if own.weight.is_none() {
        own.worse(Judgement::Inconclusive, "it does not say which share of the traffic it serves");
    }
    let seen = number(item, "/status/observedGeneration");
    if seen != number(item, "/metadata/generation") {
        own.worse(Judgement::Inconclusive, "its status is of an older state than its description");
    }
    analyses(item, &mut own);
    let message = at(item, "/status/message");
    let because = if message.is_empty() { String::new() } else { format!(": {message}") };
    // Its parts need not say the same: who is aborted may be called Healthy, by the old release.
    let aborted = |own: &Value| at(own, "/reason") == "RolloutAborted";
    if item.pointer("/status/abort") == Some(&Value::Bool(true))
        || is_there(item, "/status/abortedAt")
        || list(item, "/status/conditions").iter().any(aborted)
    {
        own.worse(Judgement::Failed, format!("it was aborted{because}"));
    }
    match at(item, "/status/phase") {
        "Healthy" | "Progressing" | "Paused" => {}
        "Degraded" => {
            own.worse(Judgement::Failed, format!("the engine calls it Degraded{because}"))
        }
        other => {
            own.worse(Judgement::Inconclusive, format!("the engine calls it `{other}`{because}"))
        }
    }
    own
}

/// The share of the traffic, in percent.
fn weight(item: &Value) -> Option<f64> {
    let hash = at(item, "/status/currentPodHash");
    if hash.is_empty() {
        return None;
    }
    let whole = at(item, "/status/stableRS") == hash && at(item, "/status/phase") == "Healthy";
    if let Some(active) = item.pointer("/status/blueGreen/activeSelector").and_then(Value::as_str)
        && item.pointer("/spec/strategy/blueGreen").is_some()
    {
        return Some(if active == hash { 100.0 } else { 0.0 });
    }
    if whole {
        return Some(100.0);
    }
    if let Some(routed) = number(item, "/status/canary/weights/canary/weight") {
        return Some(routed);
    }
    let done = item.pointer("/status/currentStepIndex")?.as_u64()?;
    let steps = list(item, "/spec/strategy/canary/steps").iter();
    let done = steps.take(usize::try_from(done).ok()?);
    done.filter_map(|step| number(step, "/setWeight")).next_back()
}

/// What it says of the analyses of its current step, behind it, and around a promotion.
fn analyses(item: &Value, own: &mut EngineObject) {
    for place in [
        "canary/currentStepAnalysisRunStatus",
        "canary/currentBackgroundAnalysisRunStatus",
        "blueGreen/prePromotionAnalysisRunStatus",
        "blueGreen/postPromotionAnalysisRunStatus",
    ] {
        let Some(run) = item.pointer(&format!("/status/{place}")) else { continue };
        let (name, status) = (at(run, "/name"), at(run, "/status"));
        let why = format!("its analysis {name} is {status}");
        match status {
            "Successful" | "Running" | "Pending" => {}
            "Failed" => own.worse(Judgement::Failed, why),
            _ => own.worse(Judgement::Inconclusive, why),
        }
    }
    let paused = list(item, "/status/pauseConditions").iter();
    if paused.into_iter().any(|pause| at(pause, "/reason") == "InconclusiveAnalysisRun") {
        own.worse(Judgement::Inconclusive, "it is paused since an analysis was inconclusive");
    }
}
