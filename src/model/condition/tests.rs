//! The grammar by example, and what must hold for every condition and every sample.

#![allow(clippy::unwrap_used)]

use super::{Conclusion, Condition, Test};
use crate::model::metric::Unit;
use crate::model::{Quantity, Span};
use proptest::prelude::*;

fn parsed(text: &str) -> Condition {
    Condition::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn judged(condition: &str, observed: &str, baseline: Option<&str>) -> Conclusion {
    let baseline = baseline.map(|text| Quantity::parse(text).unwrap());
    parsed(condition).judge(Some(Quantity::parse(observed).unwrap()), baseline)
}

#[test]
fn conditions_are_written_as_they_are_read() {
    for (text, shown) in [
        ("error_rate < 1%", "error_rate < 1%"),
        ("<=250 ms", "<= 250ms"),
        ("latency_p99 < baseline * 1.1", "latency_p99 < baseline * 1.1"),
        ("< baseline + 50%", "< baseline * 1.5"),
        ("> baseline", "> baseline * 1"),
        ("orders ≥ 20/min", "orders >= 20/min"),
        ("unhealthy for 2m", "unhealthy for 2m"),
        ("error_rate < 0.01 ratio", "error_rate < 0.01ratio"),
    ] {
        assert_eq!(parsed(text).to_string(), shown);
    }
    for text in [
        "",
        "low",
        "< ",
        "< soon",
        "error rate < 1%",
        "< baseline * 0",
        "< baseline * NaN",
        "< baseline + 5",
        "unhealthy for ever",
        "for 2m",
        "< 1% < 2%",
        "= 1%",
        "< NaN",
        "< inf",
    ] {
        assert!(Condition::parse(text).is_err(), "{text}");
    }
}

#[test]
fn units_of_a_kind_are_compared_and_others_are_not() {
    assert_eq!(judged("< 300ms", "0.299s", None), Conclusion::Passed);
    assert_eq!(judged("< 1%", "0.02 ratio", None), Conclusion::Failed);
    assert_eq!(judged("< 1%", "0.009 ratio", None), Conclusion::Passed);
    // 0.02 alone may be two hundredths or two hundredths of a percent: nobody guesses.
    assert!(matches!(judged("< 1%", "0.02", None), Conclusion::Inconclusive(_)));
    assert!(matches!(judged("< 1%", "5/s", None), Conclusion::Inconclusive(_)));
    assert_eq!(judged("> 60/min", "2/s", None), Conclusion::Passed);
}

#[test]
fn a_baseline_is_a_positive_number_or_nothing_changed() {
    let condition = "latency_p99 < baseline * 1.1";
    assert_eq!(judged(condition, "109ms", Some("100ms")), Conclusion::Passed);
    assert_eq!(judged(condition, "111ms", Some("0.1s")), Conclusion::Failed);
    assert_eq!(judged(condition, "0ms", Some("0ms")), Conclusion::Passed);
    assert!(matches!(judged(condition, "1ms", Some("0ms")), Conclusion::Inconclusive(_)));
    assert!(matches!(judged(condition, "1ms", None), Conclusion::Inconclusive(_)));
    assert!(matches!(judged(condition, "1ms", Some("-5ms")), Conclusion::Inconclusive(_)));
}

#[test]
fn what_says_nothing_is_known() {
    for text in ["<= 100%", "< 101%", ">= 0%", "> -1", "> 0ms", "< 1.5 ratio"] {
        let why = "no value that can be measured breaks it";
        assert_eq!(parsed(text).says_nothing(false), Some(why), "{text}");
    }
    for text in ["> 100%", "< 0%", "< 0ms", "> 200%"] {
        let why = "no value that can be measured meets it";
        assert_eq!(parsed(text).says_nothing(false), Some(why), "{text}");
    }
    for text in ["< 100%", "> 0", ">= 1", "< 300ms", "> 99%", "< baseline * 2", "down for 2m"] {
        assert_eq!(parsed(text).says_nothing(false), None, "{text}");
    }
    assert_eq!(parsed("< 350%").says_nothing(true), None, "four processors");
}

#[test]
fn states_are_judged_by_how_long_they_last() {
    let condition = parsed("unhealthy for 2m");
    let lasted = |seconds| condition.judge_lasting(Some(Span::from_seconds(seconds)));
    assert_eq!(lasted(119), Conclusion::Failed);
    assert_eq!(lasted(120), Conclusion::Passed);
    assert!(matches!(condition.judge_lasting(None), Conclusion::Inconclusive(_)));
    assert!(matches!(condition.judge(None, None), Conclusion::Inconclusive(_)));
}

fn conditions() -> impl Strategy<Value = Condition> {
    let op = prop::sample::select(vec!["<", "<=", ">", ">="]);
    let bound = prop_oneof![
        (0.0..1e6f64).prop_map(|bound| format!("{bound:.3}ms")),
        (0.01..10.0f64).prop_map(|factor| format!("baseline * {factor:.3}")),
    ];
    (op, bound).prop_filter_map("a factor of zero is none", |(op, bound)| {
        Condition::parse(&format!("{op} {bound}")).ok()
    })
}

/// Any number at all, those that are none among them.
fn values() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.0..1e6f64, 1 => any::<f64>(), 1 => Just(0.0), 1 => Just(f64::NAN)]
}

fn millis(value: f64) -> Quantity {
    Quantity { value, unit: Unit::Milliseconds }
}

/// How good a conclusion is; a sample that is worse never makes it better.
fn rank(conclusion: Conclusion) -> u8 {
    match conclusion {
        Conclusion::Failed => 0,
        Conclusion::Inconclusive(_) => 1,
        Conclusion::Passed => 2,
    }
}

proptest! {
    #[test]
    fn a_worse_sample_never_improves_a_verdict(
        condition in conditions(),
        (good, worse) in (0.0..1e6f64, 0.0..1e6f64),
        baseline in prop::option::of(values()),
    ) {
        let Test::Compare { op, .. } = condition.test else { return Ok(()) };
        let (good, worse) = match op.greater_is_worse() == (good <= worse) {
            true => (good, worse),
            false => (worse, good),
        };
        // Nothing that stayed nothing has not changed, whatever the direction.
        prop_assume!(baseline != Some(0.0));
        let judge = |value| rank(condition.judge(Some(millis(value)), baseline.map(millis)));
        prop_assert!(judge(worse) <= judge(good));
    }

    #[test]
    fn removing_data_never_turns_into_passed(
        condition in conditions(),
        observed in values(),
        baseline in prop::option::of(values()),
    ) {
        let baseline = baseline.map(millis);
        let nothing = [
            condition.judge(None, baseline),
            condition.judge(Some(millis(f64::NAN)), baseline),
            condition.judge(Some(millis(f64::INFINITY)), baseline),
        ];
        for conclusion in nothing {
            prop_assert!(matches!(conclusion, Conclusion::Inconclusive(_)), "{conclusion:?}");
        }
        let with = condition.judge(Some(millis(observed)), baseline);
        let without = condition.judge(Some(millis(observed)), None);
        prop_assert!(without != Conclusion::Passed || with == Conclusion::Passed);
    }

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,40}") {
        let _ = Condition::parse(&text);
    }
}
