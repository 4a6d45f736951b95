//! Measured performance: our own small JSON, and the baseline to compare it with.

#[cfg(test)]
mod tests;

use super::json::{list_of, text_of};
use super::{ImportError, json};
use crate::text::quoted;
use serde_json::Value;
use std::collections::HashSet;

/// Name of the schema of [`parse`].
const SCHEMA: &str = "performance";

/// What was measured.
#[derive(Clone, PartialEq, Debug)]
pub struct PerformanceReport {
    /// The release that was measured, where the report names it.
    pub release: Option<String>,
    /// The measurements, in the order of the report; each name once; never empty.
    pub metrics: Vec<Measurement>,
    /// Suites and how many tests each had, in the order of the report; each name once.
    pub suites: Vec<(String, u64)>,
}

/// One measured value.
#[derive(Clone, PartialEq, Debug)]
pub struct Measurement {
    /// What was measured, such as `latency_p99`.
    pub name: String,
    /// Unit of the value, such as `ms`.
    pub unit: String,
    /// The value, finite.
    pub value: f64,
    /// Which direction is better.
    pub better: Better,
}

/// Which direction is better.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Better {
    /// Less is better, as for a latency.
    Lower,
    /// More is better, as for a throughput.
    Higher,
}

impl Better {
    /// What holds for `unit` where nobody says otherwise: more of a rate is better, and less of
    /// everything else.
    pub fn of_unit(unit: &str) -> Self {
        match ["/s", "req/s", "rps", "/min"].contains(&unit) {
            true => Self::Higher,
            false => Self::Lower,
        }
    }
}

/// Reads a performance report; `schemas/performance.v1.schema.json` is its format.
///
/// # Errors
/// What is not strict JSON, does not match the schema, or measures one metric twice.
pub fn parse(text: &str) -> Result<PerformanceReport, ImportError> {
    let value = json::parse(text)?;
    own(text, &value)
}

/// Reads a baseline: a performance report, or evidence of an earlier release that holds measurements,
/// whose observed values then are the baseline.
///
/// # Errors
/// As [`parse`]; evidence of a kind that d3p has a schema of must match it.
pub fn baseline(text: &str) -> Result<PerformanceReport, ImportError> {
    let value = json::parse(text)?;
    match value.get("kind").and_then(Value::as_str) {
        None => own(text, &value),
        Some(kind) if !list_of(&value, "performance").is_empty() => evidence(kind, text, &value),
        Some(other) => {
            let message = format!("{} holds no performance to compare with", quoted(other));
            let help = "take the validation results of a release, or a performance report";
            Err(json::at(text, "/kind", false, message).help(help))
        }
    }
}

fn own(text: &str, value: &Value) -> Result<PerformanceReport, ImportError> {
    json::check(SCHEMA, text, value)?;
    let metrics = list_of(value, "metrics").iter().map(|metric| {
        let better = match text_of(metric, "better") {
            "lower" => Better::Lower,
            "higher" => Better::Higher,
            _ => Better::of_unit(text_of(metric, "unit")),
        };
        measurement(metric, "name", "value", better)
    });
    let report = PerformanceReport {
        release: value.get("release").and_then(Value::as_str).map(str::to_owned),
        metrics: metrics.collect(),
        suites: suites(value),
    };
    each_once(text, report, "/metrics", "name")
}

fn evidence(kind: &str, text: &str, value: &Value) -> Result<PerformanceReport, ImportError> {
    if crate::schema::text(kind).is_some() {
        json::check(kind, text, value)?;
    }
    for (index, item) in list_of(value, "performance").iter().enumerate() {
        let is_measured = item.get("observed").is_some_and(Value::is_number);
        if text_of(item, "metric").is_empty() || !is_measured {
            let message = "a measurement has no `metric` or no number as `observed`".to_owned();
            let error = json::at(text, &format!("/performance/{index}"), false, message);
            return Err(error.help("give both; `unit` says what the number is"));
        }
    }
    let metrics = list_of(value, "performance").iter().map(|item| {
        measurement(item, "metric", "observed", Better::of_unit(text_of(item, "unit")))
    });
    let report = PerformanceReport {
        release: value.get("release").and_then(Value::as_str).map(str::to_owned),
        metrics: metrics.collect(),
        suites: suites(value),
    };
    each_once(text, report, "/performance", "metric")
}

fn measurement(item: &Value, name: &str, value: &str, better: Better) -> Measurement {
    Measurement {
        name: text_of(item, name).to_owned(),
        unit: text_of(item, "unit").to_owned(),
        // The schema asked for a number, and the strict reader for a finite one.
        value: item.get(value).and_then(Value::as_f64).unwrap_or_default(),
        better,
    }
}

fn suites(value: &Value) -> Vec<(String, u64)> {
    let total = |suite: &Value| super::json::count_of(suite, "total");
    let suites = list_of(value, "suites").iter();
    suites.map(|suite| (text_of(suite, "name").to_owned(), total(suite))).collect()
}

/// Refuses a report that has one metric, or one suite, twice.
fn each_once(
    text: &str,
    report: PerformanceReport,
    list: &str,
    key: &str,
) -> Result<PerformanceReport, ImportError> {
    let mut seen = HashSet::new();
    for (index, metric) in report.metrics.iter().enumerate() {
        if !seen.insert(metric.name.as_str()) {
            let message = format!("the metric {} occurs twice", quoted(&metric.name));
            let pointer = format!("{list}/{index}/{key}");
            return Err(json::at(text, &pointer, false, message).help("keep one of the two"));
        }
    }
    let mut seen = HashSet::new();
    for (index, (suite, _)) in report.suites.iter().enumerate() {
        if !seen.insert(suite.as_str()) {
            let message = format!("the suite {} occurs twice", quoted(suite));
            let pointer = format!("/suites/{index}/name");
            return Err(json::at(text, &pointer, false, message).help("keep one of the two"));
        }
    }
    Ok(report)
}
