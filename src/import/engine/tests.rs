//! What engines say is judged anew: each row changes one thing in an object that passes.

use super::{EngineObject, Judgement, condition, parse};
use serde_json::{Value, json};

mod contradictions;

const ANALYSIS: &str = include_str!("../../../tests/reports/models/engine/argo-analysisrun.json");
const ROLLOUT: &str = include_str!("../../../tests/reports/models/engine/argo-rollout.json");
const CANARY: &str = include_str!("../../../tests/reports/models/engine/flagger-canary.json");

/// The one object of `model` with these members replaced; `null` takes one away.
fn read(model: &str, changes: &[(&str, Value)]) -> EngineObject {
    let mut value: Value = serde_json::from_str(model).unwrap();
    for (pointer, new) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match value.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}")) {
            Value::Object(members) if new.is_null() => drop(members.shift_remove(key)),
            Value::Object(members) => drop(members.insert(key.to_owned(), new.clone())),
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = new.clone(),
            other => panic!("{pointer}: {other}"),
        }
    }
    parse(&value.to_string()).unwrap().remove(0)
}

fn comes_to(model: &str, changes: &[(&str, Value)], verdict: Judgement, why: &str) {
    let object = read(model, changes);
    assert_eq!(object.verdict, verdict, "{changes:?}: {:?}", object.why);
    let told = object.why.unwrap_or_default();
    assert!(told.contains(why), "{why}: {told}");
}

const RESULT: &str = "/status/metricResults/0";
const FIRST: &str = "/status/metricResults/0/measurements/0";

fn measured(value: &str, phase: &str) -> Value {
    let time = "2026-11-21T10:01:00Z";
    json!({ "phase": phase, "startedAt": time, "finishedAt": time, "value": value })
}

#[test]
fn an_analysis_that_passed_passes() {
    let run = read(ANALYSIS, &[]);
    assert_eq!((run.verdict, &run.why), (Judgement::Passed, &None));
    assert_eq!((run.metrics[0].wanted, run.metrics[0].judged), (3, 3));
    assert_eq!(run.metrics[0].value, Some(0.999));
    assert_eq!(run.metrics[0].condition, "success-rate: result[0] >= 0.95");
    assert!(run.words.iter().any(|own| own.contains("version=\"v1.4.0\"")));
    // One that goes on until somebody ends it may be ended, or go on.
    for phase in ["Successful", "Running"] {
        let endless = [
            ("/spec/metrics/0/count", Value::Null),
            ("/status/phase", json!(phase)),
            ("/status/metricResults/0/phase", json!(phase)),
        ];
        comes_to(ANALYSIS, &endless, Judgement::Passed, "");
    }
}

#[test]
fn what_engines_do_not_call_successful_never_passed() {
    for (phase, verdict) in [
        ("Failed", Judgement::Failed),
        ("Error", Judgement::Inconclusive),
        ("Inconclusive", Judgement::Inconclusive),
        ("Running", Judgement::Inconclusive),
        ("Pending", Judgement::Inconclusive),
        ("Great", Judgement::Inconclusive),
        ("", Judgement::Inconclusive),
    ] {
        comes_to(ANALYSIS, &[("/status/phase", json!(phase))], verdict, "");
        comes_to(ANALYSIS, &[("/status/metricResults/0/phase", json!(phase))], verdict, "");
    }
    for (phase, verdict) in [
        ("Error", Judgement::Inconclusive),
        ("Inconclusive", Judgement::Inconclusive),
        ("Odd", Judgement::Inconclusive),
    ] {
        comes_to(ANALYSIS, &[(FIRST, measured("[0.99]", phase))], verdict, phase);
    }
}

#[test]
fn what_engines_call_successful_is_judged_by_its_values() {
    // Two of three did not hold, whatever is written beside them.
    let second = "/status/metricResults/0/measurements/1";
    let low = || measured("[0.5]", "Successful");
    comes_to(
        ANALYSIS,
        &[(FIRST, low()), (second, low())],
        Judgement::Failed,
        "2 of 3 did not hold",
    );
    comes_to(ANALYSIS, &[(FIRST, low())], Judgement::Inconclusive, "failureLimit 1");
    let strict = [(FIRST, low()), ("/spec/metrics/0/failureLimit", Value::Null)];
    comes_to(ANALYSIS, &strict, Judgement::Failed, "1 of 3 did not hold");
    for (value, why) in [
        ("[]", "there is no data"),
        ("", "there is no data"),
        ("[NaN]", "no finite number"),
        ("[+Inf]", "no finite number"),
        ("[0.99,0.2]", "several series"),
        ("{\"ok\":true}", "no number"),
    ] {
        comes_to(ANALYSIS, &[(FIRST, measured(value, "Successful"))], Judgement::Inconclusive, why);
    }
    let condition = "/spec/metrics/0/successCondition";
    for text in
        ["all(result, # < .05)", "default(result, 0) < 1", "result[1] > 0", "result matches 'x'"]
    {
        comes_to(
            ANALYSIS,
            &[(condition, json!(text))],
            Judgement::Inconclusive,
            "cannot be judged here",
        );
    }
    comes_to(ANALYSIS, &[(condition, Value::Null)], Judgement::Inconclusive, "no condition");
    let both = [
        (condition, json!("result[0] > 0.999")),
        ("/spec/metrics/0/failureCondition", json!("result[0] < 0.5")),
    ];
    comes_to(ANALYSIS, &both, Judgement::Inconclusive, "neither of its conditions");
}

#[test]
fn what_was_cut_short_never_passed() {
    let more = [("/status/metricResults/0/count", json!(30)), ("/spec/metrics/0/count", json!(30))];
    comes_to(ANALYSIS, &more, Judgement::Inconclusive, "measurementRetention");
    comes_to(
        ANALYSIS,
        &[("/spec/metrics/0/count", json!(9))],
        Judgement::Inconclusive,
        "ended after 3 of 9",
    );
    let none = [
        ("/spec/terminate", json!(true)),
        ("/status/metricResults/0/measurements", json!([])),
        ("/status/metricResults/0/count", json!(0)),
        ("/spec/metrics/0/count", Value::Null),
    ];
    comes_to(ANALYSIS, &none, Judgement::Inconclusive, "was not measured");
    comes_to(
        ANALYSIS,
        &[("/status/metricResults", json!([]))],
        Judgement::Inconclusive,
        "was not measured",
    );
    let errors = [
        ("/status/metricResults/0/error", json!(2)),
        ("/spec/metrics/0/consecutiveErrorLimit", json!(4)),
    ];
    comes_to(ANALYSIS, &errors, Judgement::Inconclusive, "2 measurements ended in an error");
    comes_to(ANALYSIS, &[("/status", json!({}))], Judgement::Inconclusive, "was not measured");
}

#[test]
fn dry_runs_count_for_nothing() {
    let dry = [
        ("/spec/dryRun", json!([{ "metricName": "success-rate" }])),
        ("/status/metricResults/0/dryRun", json!(true)),
    ];
    comes_to(ANALYSIS, &dry, Judgement::Inconclusive, "no metric that is no dry run");
    // Beside one that counts, a dry one may fail.
    let mut value: Value = serde_json::from_str(ANALYSIS).unwrap();
    let mut spec = value.pointer("/spec/metrics/0").unwrap().clone();
    spec["name"] = json!("tried");
    let mut result = value.pointer(RESULT).unwrap().clone();
    result["name"] = json!("tried");
    result["phase"] = json!("Failed");
    result["dryRun"] = json!(true);
    value.pointer_mut("/spec/metrics").unwrap().as_array_mut().unwrap().push(spec);
    value.pointer_mut("/status/metricResults").unwrap().as_array_mut().unwrap().push(result);
    value["spec"]["dryRun"] = json!([{ "metricName": "tried" }]);
    let run = parse(&value.to_string()).unwrap().remove(0);
    assert_eq!((run.verdict, run.metrics.len()), (Judgement::Passed, 1));
}

#[test]
fn a_job_measures_by_how_it_ends_and_alone_measures_no_value() {
    let job = [
        ("/spec/metrics/0/provider", json!({ "job": {} })),
        ("/spec/metrics/0/successCondition", Value::Null),
        ("/spec/metrics/0/count", Value::Null),
        ("/spec/metrics/0/interval", Value::Null),
        ("/status/metricResults/0/measurements", json!([measured("", "Successful")])),
        ("/status/metricResults/0/count", json!(1)),
    ];
    comes_to(ANALYSIS, &job, Judgement::Inconclusive, "it measured no value");
    let mut failed = job.to_vec();
    failed[4].1 = json!([measured("", "Failed")]);
    failed.push(("/spec/metrics/0/failureLimit", Value::Null));
    comes_to(ANALYSIS, &failed, Judgement::Failed, "1 of 1 did not hold");
}

#[test]
fn conditions_are_judged_or_not_and_never_guessed() {
    for (text, value, holds) in [
        ("result[0] >= 0.95", 0.95, Some(true)),
        ("result < 0.05", 0.051, Some(false)),
        ("0.05 > result", 0.04, Some(true)),
        ("result[0] > 0.1 && result[0] < 0.9", 0.95, Some(false)),
        ("(result < 1 or result > 9) and !(result == 5)", 9.5, Some(true)),
        ("len(result) > 0 && asFloat(result[0]) <= 1", 1.0, Some(true)),
        ("isNaN(result[0]) || result[0] >= 0.95", 0.9, Some(false)),
        ("result >= -1", 0.0, Some(true)),
        ("result", 1.0, None),
        ("true", 1.0, None),
        ("result < 1 extra", 0.0, None),
        ("result < 'a'", 0.0, None),
        ("1.2.3 < result", 0.0, None),
        ("", 0.0, None),
    ] {
        assert_eq!(condition::holds(text, value), holds, "{text}");
    }
}

#[test]
fn a_rollout_says_its_share_and_whether_it_was_stopped() {
    let own = read(ROLLOUT, &[]);
    assert_eq!((own.verdict, own.weight), (Judgement::Passed, Some(5.0)));
    assert_eq!(own.images, ["registry.example.com/shop/api:v1.4.0"]);
    let weight = |changes: &[(&str, Value)]| read(ROLLOUT, changes).weight;
    assert_eq!(weight(&[("/status/currentStepIndex", json!(3))]), Some(25.0));
    assert_eq!(
        weight(&[("/status/canary/weights", json!({ "canary": { "weight": 7 } }))]),
        Some(7.0)
    );
    let whole = [("/status/stableRS", json!("6c5b7d9f4")), ("/status/phase", json!("Healthy"))];
    assert_eq!(weight(&whole), Some(100.0));
    // Serving everybody is more than having reached the last step.
    assert_eq!(
        weight(&[("/status/phase", json!("Healthy")), ("/status/currentStepIndex", json!(4))]),
        Some(25.0)
    );
    let blue = |active: &str| {
        [
            ("/spec/strategy", json!({ "blueGreen": {} })),
            ("/status/blueGreen", json!({ "activeSelector": active })),
        ]
    };
    assert_eq!(weight(&blue("6c5b7d9f4")), Some(100.0));
    assert_eq!(weight(&blue("5d8f6b7c9")), Some(0.0));
    for (at, value, verdict, why) in [
        ("/status/abort", json!(true), Judgement::Failed, "aborted"),
        ("/status/phase", json!("Degraded"), Judgement::Failed, "Degraded"),
        ("/status/phase", json!("Wonderful"), Judgement::Inconclusive, "Wonderful"),
        ("/status/phase", Value::Null, Judgement::Inconclusive, "the engine calls it"),
        ("/status/observedGeneration", json!("6"), Judgement::Inconclusive, "older state"),
        ("/status/currentPodHash", Value::Null, Judgement::Inconclusive, "which share"),
        (
            "/status/canary/currentStepAnalysisRunStatus/status",
            json!("Failed"),
            Judgement::Failed,
            "is Failed",
        ),
        (
            "/status/canary/currentStepAnalysisRunStatus/status",
            json!("Error"),
            Judgement::Inconclusive,
            "is Error",
        ),
        (
            "/status/pauseConditions/0/reason",
            json!("InconclusiveAnalysisRun"),
            Judgement::Inconclusive,
            "inconclusive",
        ),
    ] {
        comes_to(ROLLOUT, &[(at, value)], verdict, why);
    }
}

#[test]
fn a_canary_says_its_share_and_whether_it_was_stopped() {
    let own = read(CANARY, &[]);
    assert_eq!((own.verdict, own.weight), (Judgement::Passed, Some(25.0)));
    let done = [("/status/phase", json!("Succeeded")), ("/status/canaryWeight", json!(0))];
    assert_eq!(read(CANARY, &done).weight, Some(100.0));
    for (phase, verdict) in [
        ("Waiting", Judgement::Passed),
        ("WaitingPromotion", Judgement::Passed),
        ("Failed", Judgement::Failed),
        ("Initializing", Judgement::Inconclusive),
        ("Initialized", Judgement::Inconclusive),
        ("Promoting", Judgement::Inconclusive),
        ("Finalising", Judgement::Inconclusive),
        ("Terminating", Judgement::Inconclusive),
        ("Terminated", Judgement::Inconclusive),
        ("Fine", Judgement::Inconclusive),
        ("", Judgement::Inconclusive),
    ] {
        comes_to(CANARY, &[("/status/phase", json!(phase))], verdict, "");
    }
    let why = "2 of its checks failed; it goes back at 5";
    comes_to(CANARY, &[("/status/failedChecks", json!(2))], Judgement::Inconclusive, why);
    comes_to(
        CANARY,
        &[("/status/canaryWeight", Value::Null)],
        Judgement::Inconclusive,
        "which share",
    );
}

#[test]
fn what_is_no_report_of_an_engine_is_refused() {
    for text in [
        "",
        "[]",
        "{",
        r#"{ "kind": "Pod", "apiVersion": "v1" }"#,
        r#"{ "kind": "List", "items": [] }"#,
        r#"{ "kind": "Rollout", "apiVersion": "example.com/v1" }"#,
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
}
