//! Flagger's `Canary`: which share of the traffic the release gets, and whether it was stopped. It
//! holds no values.

use super::{EngineObject, Judgement, at, list, newest, number, object};
use serde_json::Value;

pub(super) fn read(item: &Value) -> EngineObject {
    let mut own = object(item);
    let status = item.pointer("/status").unwrap_or(&Value::Null);
    own.newest = newest(
        std::iter::once(status).chain(list(item, "/status/conditions")),
        &["/lastTransitionTime", "/lastUpdateTime"],
    );
    let phase = at(item, "/status/phase");
    own.weight = match phase {
        // The release serves as primary by now, and the canary nothing.
        "Succeeded" => Some(100.0),
        _ => number(item, "/status/canaryWeight"),
    };
    if own.weight.is_none() {
        own.worse(Judgement::Inconclusive, "it does not say which share of the traffic it serves");
    }
    match phase {
        "Succeeded" | "Progressing" | "Waiting" | "WaitingPromotion" => {}
        "Failed" => {
            let told = list(item, "/status/conditions").first();
            let message = told.map_or("", |own| at(own, "/message"));
            own.worse(Judgement::Failed, format!("the engine calls it Failed: {message}"));
        }
        other => own.worse(Judgement::Inconclusive, format!("the engine calls it `{other}`")),
    }
    // Its parts need not say the same.
    let failed = |own: &&Value| at(own, "/type") == "Promoted" && at(own, "/reason") == "Failed";
    if phase != "Failed"
        && let Some(told) = list(item, "/status/conditions").iter().find(failed)
    {
        let message = at(told, "/message");
        own.worse(Judgement::Failed, format!("it was not promoted: {message}"));
    }
    if item.pointer("/spec/skipAnalysis") == Some(&Value::Bool(true)) {
        own.worse(Judgement::Inconclusive, "it skips its analysis, and every share below 100%");
    }
    let failed = number(item, "/status/failedChecks").unwrap_or(0.0);
    if failed > 0.0 {
        let most = number(item, "/spec/analysis/threshold").unwrap_or(0.0);
        let why = format!("{failed} of its checks failed; it goes back at {most}");
        own.worse(Judgement::Inconclusive, why);
    }
    own
}
