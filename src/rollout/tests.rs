//! What must hold for every stage, whatever was answered.

#![allow(clippy::unwrap_used)]

use super::moments::moments;
use super::{Plan, Stage, judge};
use crate::definition::{MetricSource, MetricsPolicy};
use crate::model::{Condition, Judgement, Span, Stamp};
use crate::record::{Answer, Watched};
use proptest::prelude::*;
use std::collections::BTreeMap;

const MOMENTS: usize = 5;

fn policy() -> MetricsPolicy {
    let metric = |unit: &str, at_least| MetricSource {
        threshold: None,
        select: None,
        query: Some("q".to_owned()),
        unit: unit.to_owned(),
        better: None,
        at_least,
    };
    let mut policy = MetricsPolicy::default();
    policy.named.insert("error_rate".to_owned(), metric("ratio", None));
    policy.named.insert("volume".to_owned(), metric("", Some(10.0)));
    policy
}

fn plan() -> (Plan, Stage) {
    let condition = |text: &str| (text.to_owned(), Condition::parse(text).unwrap());
    let stage = Stage {
        number: 1,
        weight: "5%".to_owned(),
        duration: Some(Span::from_seconds(50)),
        gates: vec![condition("error_rate < 1%"), condition("error_rate < baseline * 2")],
    };
    let plan = Plan {
        has_engine: false,
        strategy: "canary".to_owned(),
        stages: vec![stage.clone()],
        triggers: vec![condition("error_rate > 5%")],
        interval: Span::from_seconds(10),
        rolls_back: false,
    };
    (plan, stage)
}

fn from() -> Stamp {
    Stamp::parse("2026-11-21T10:00:00Z").unwrap()
}

fn all_moments() -> (Vec<Stamp>, Vec<Stamp>) {
    let (ten, fifty) = (Span::from_seconds(10), Span::from_seconds(50));
    (moments(from(), fifty, ten), moments(from().minus_millis(50_000), fifty, ten))
}

fn answer(metric: &str, baseline: bool, at: Stamp, value: &str) -> Answer {
    let seconds = at.timestamp().as_second();
    let data = format!(r#"{{"resultType":"vector","result":[{{"value":[{seconds},"{value}"]}}]}}"#);
    Answer {
        metric: metric.to_owned(),
        baseline,
        from: at.to_string(),
        to: at.to_string(),
        asked_at: at.to_string(),
        body: Some(format!(r#"{{"status":"success","data":{data}}}"#)),
        error: None,
    }
}

fn watched(answers: Vec<Answer>) -> Watched {
    Watched {
        schema: String::new(),
        schema_version: 1,
        kind: "watched".to_owned(),
        id: String::new(),
        release: String::new(),
        commit: String::new(),
        attempt: 1,
        stage: Some(1),
        run: None,
        from: from().to_string(),
        interval_seconds: 10,
        source: None,
        queries: BTreeMap::new(),
        baseline_queries: BTreeMap::new(),
        answers,
        probed: Vec::new(),
    }
}

fn came_to(answers: Vec<Answer>) -> Judgement {
    let (plan, stage) = plan();
    let (own, before) = all_moments();
    judge(&plan, &stage, &policy(), &watched(answers), (&own, &before)).outcome
}

/// Every answer of a stage with these error rates and volumes.
fn answers(rates: &[String], volumes: &[String]) -> Vec<Answer> {
    let (own, before) = all_moments();
    let mut all: Vec<Answer> =
        before.iter().map(|at| answer("error_rate", true, *at, "0.004")).collect();
    for ((at, rate), volume) in own.iter().zip(rates).zip(volumes) {
        all.push(answer("error_rate", false, *at, rate));
        all.push(answer("volume", false, *at, volume));
    }
    all
}

/// What a server may say: mostly numbers around the bounds, and what is none.
fn said() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (0.0..0.012f64).prop_map(|rate| format!("{rate:.4}")),
        1 => Just("0.07".to_owned()),
        1 => prop::sample::select(vec!["NaN", "+Inf", "-Inf", "-1", "", "x"]).prop_map(str::to_owned),
    ]
}

fn volume() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["100", "10", "9", "NaN"]).prop_map(str::to_owned)
}

#[test]
fn a_healthy_stage_passes() {
    let healthy = |value: &str| vec![value.to_owned(); MOMENTS];
    assert_eq!(came_to(answers(&healthy("0.004"), &healthy("100"))), Judgement::Passed);
    assert_eq!(came_to(answers(&healthy("0.009"), &healthy("100"))), Judgement::Failed);
    assert_eq!(came_to(answers(&healthy("0.004"), &healthy("9"))), Judgement::Inconclusive);
    assert_eq!(came_to(Vec::new()), Judgement::Inconclusive);
}

proptest! {
    #[test]
    fn an_answer_that_is_taken_away_never_makes_it_better(
        rates in prop::collection::vec(said(), MOMENTS),
        volumes in prop::collection::vec(volume(), MOMENTS),
        gone in 0..3 * MOMENTS,
    ) {
        let mut all = answers(&rates, &volumes);
        let before = came_to(all.clone());
        all.remove(gone);
        // What was taken away may have been what failed; it passes all the less.
        let after = came_to(all);
        prop_assert!(after != Judgement::Passed);
        prop_assert!(before != Judgement::Passed || after == Judgement::Inconclusive);
    }

    #[test]
    fn what_is_asked_twice_makes_nothing_better(
        rates in prop::collection::vec(said(), MOMENTS),
        again in said(),
        place in 0..MOMENTS,
    ) {
        let mut all = answers(&rates, &vec!["100".to_owned(); MOMENTS]);
        let before = came_to(all.clone());
        let at = all_moments().0[place];
        all.push(answer("error_rate", false, at, &again));
        let after = came_to(all);
        // A gap may be filled; where something was known, nothing else becomes true.
        let known = rates[place].parse::<f64>().is_ok_and(f64::is_finite);
        prop_assert!(!known || before == Judgement::Passed || after != Judgement::Passed);
    }

    #[test]
    fn a_passed_stage_has_only_values_within_its_bounds(
        rates in prop::collection::vec(said(), MOMENTS),
        volumes in prop::collection::vec(volume(), MOMENTS),
    ) {
        if came_to(answers(&rates, &volumes)) == Judgement::Passed {
            for (rate, volume) in rates.iter().zip(&volumes) {
                let rate: f64 = rate.parse().unwrap();
                prop_assert!((0.0..0.008).contains(&rate), "{rate}");
                prop_assert!(volume.parse::<f64>().unwrap() >= 10.0);
            }
        }
    }

    #[test]
    fn any_answer_is_read_without_panic(body in "\\PC{0,60}") {
        let mut one = answer("error_rate", false, all_moments().0[0], "1");
        one.body = Some(body);
        let _ = came_to(vec![one]);
    }
}
