//! Parts of a report that contradict each other.

use super::*;

/// The model with a second description or result, changed by these members.
fn doubled(list: &str, changes: &[(&str, Value)]) -> [(&'static str, Value); 1] {
    let value: Value = serde_json::from_str(ANALYSIS).unwrap();
    let place = match list {
        "spec" => "/spec/metrics",
        _ => "/status/metricResults",
    };
    let mut items = value.pointer(place).unwrap().as_array().unwrap().clone();
    let mut second = items[0].clone();
    for (key, new) in changes {
        second[*key] = new.clone();
    }
    items.push(second);
    [(place, json!(items))]
}

#[test]
fn of_two_metrics_of_one_name_neither_is_taken() {
    // The first result passes, and the second of its name failed.
    let second = doubled("status", &[("phase", json!("Failed"))]);
    let why = "two metrics that were measured are called `success-rate`";
    comes_to(ANALYSIS, &second, Judgement::Inconclusive, why);
    let second = doubled("spec", &[("successCondition", json!("result[0] >= 0"))]);
    let why = "two metrics that were described are called `success-rate`";
    comes_to(ANALYSIS, &second, Judgement::Inconclusive, why);
    // The description of a metric that failed is gone.
    let second = doubled("status", &[("name", json!("latency")), ("phase", json!("Failed"))]);
    let why = "`latency`, which it calls `Failed`, is no metric that it describes";
    comes_to(ANALYSIS, &second, Judgement::Inconclusive, why);
    // Two that are called differently are two.
    let name = [("name", json!("latency"))];
    let [spec] = doubled("spec", &name);
    let [result] = doubled("status", &name);
    let run = read(ANALYSIS, &[spec, result]);
    assert_eq!((run.verdict, run.metrics.len()), (Judgement::Passed, 2), "{:?}", run.why);
}

#[test]
fn a_result_alone_makes_no_metric_a_dry_run() {
    let name = ("name", json!("tried"));
    let failed = [name.clone(), ("phase", json!("Failed")), ("dryRun", json!(true))];
    let [spec] = doubled("spec", &[name]);
    let [result] = doubled("status", &failed);
    let said = [spec.clone(), result.clone()];
    comes_to(ANALYSIS, &said, Judgement::Failed, "tried: the engine calls it `Failed`");
    // A name that is a pattern was read by the engine.
    let dry = ("/spec/dryRun", json!([{ "metricName": "tri.*" }]));
    comes_to(ANALYSIS, &[spec, result, dry], Judgement::Passed, "");
}

#[test]
fn what_the_engine_counts_beside_its_measurements_counts() {
    let counted = |key: &str, own: Value| [(format!("{RESULT}/{key}"), own)];
    for (key, own, verdict, why) in [
        ("inconclusive", json!(1), Judgement::Inconclusive, "calls 1 measurements inconclusive"),
        ("failed", json!(2), Judgement::Failed, "2 of 3 did not hold"),
        ("failed", json!(0), Judgement::Passed, ""),
        ("inconclusive", json!(0), Judgement::Passed, ""),
    ] {
        let [(at, own)] = counted(key, own);
        comes_to(ANALYSIS, &[(&at, own)], verdict, why);
    }
    // Without a limit no number of them fails, and none passes.
    let all = [("/spec/metrics/0/failureLimit", json!(-1)), (FIRST, measured("0.1", "Failed"))];
    comes_to(ANALYSIS, &all, Judgement::Inconclusive, "failureLimit -1");
    let mut odd = measured("0.99", "Successful");
    odd["finishedAt"] = json!("yesterday");
    comes_to(ANALYSIS, &[(FIRST, odd)], Judgement::Inconclusive, "at yesterday: that is no time");
}

#[test]
fn what_was_aborted_is_not_healed_by_another_word() {
    let whole = [("/status/stableRS", json!("6c5b7d9f4")), ("/status/phase", json!("Healthy"))];
    let with = |at: &'static str, own: Value| [whole.to_vec(), vec![(at, own)]].concat();
    let aborted = with("/status/abortedAt", json!("2026-11-21T10:02:00Z"));
    comes_to(ROLLOUT, &aborted, Judgement::Failed, "it was aborted");
    let aborted = with("/status/conditions/0/reason", json!("RolloutAborted"));
    comes_to(ROLLOUT, &aborted, Judgement::Failed, "it was aborted");
    let retried = with("/status/conditions/0/reason", json!("NewReplicaSetAvailable"));
    comes_to(ROLLOUT, &retried, Judgement::Passed, "");
    let succeeded = ("/status/phase", json!("Succeeded"));
    let reason = |own: &str| [succeeded.clone(), ("/status/conditions/0/reason", json!(own))];
    comes_to(CANARY, &reason("Failed"), Judgement::Failed, "it was not promoted");
    comes_to(CANARY, &reason("Succeeded"), Judgement::Passed, "");
    let skips = [succeeded, ("/spec/skipAnalysis", json!(true))];
    comes_to(CANARY, &skips, Judgement::Inconclusive, "it skips its analysis");
}

#[test]
fn a_share_that_is_no_number_is_none() {
    comes_to(
        CANARY,
        &[("/status/canaryWeight", json!("NaN"))],
        Judgement::Inconclusive,
        "which share",
    );
    let routed = json!({ "canary": { "weight": "inf" } });
    assert_eq!(read(ROLLOUT, &[("/status/canary/weights", routed)]).weight, Some(5.0));
}
