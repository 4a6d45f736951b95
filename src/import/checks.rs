//! Health checks of a deployment: our own small JSON.

#[cfg(test)]
mod tests;

use super::json::{list_of, text_of};
use super::{ImportError, json};
use crate::text::quoted;
use serde_json::Value;
use std::collections::HashSet;

/// Name of the schema of [`parse`].
const SCHEMA: &str = "health-checks";

/// What was checked on a deployment.
#[derive(Clone, PartialEq, Debug)]
pub struct HealthReport {
    /// The checks, in the order of the report; each name once for a service; never empty.
    pub checks: Vec<HealthCheck>,
    /// What was measured besides, in the order of the report; each name once.
    pub metrics: Vec<HealthMetric>,
}

/// One check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HealthCheck {
    /// What was checked, such as `homepage answers`.
    pub name: String,
    /// The service that it says something about.
    pub service: String,
    /// Whether it passed.
    pub passed: bool,
    /// What came out, in words.
    pub detail: Option<String>,
}

/// One measured value.
#[derive(Clone, PartialEq, Debug)]
pub struct HealthMetric {
    /// What was measured, such as `error_rate`.
    pub name: String,
    /// The value, finite.
    pub value: f64,
    /// Unit of the value, such as `%`.
    pub unit: String,
}

/// Reads a report; `schemas/health-checks.v1.schema.json` is its format.
///
/// # Errors
/// What is not strict JSON, does not match the schema, or has one check of a service, or one
/// metric, twice.
pub fn parse(text: &str) -> Result<HealthReport, ImportError> {
    let value = json::parse(text)?;
    json::check(SCHEMA, text, &value)?;
    let checks: Vec<HealthCheck> = list_of(&value, "checks").iter().map(check).collect();
    let metrics: Vec<HealthMetric> = list_of(&value, "metrics").iter().map(metric).collect();
    let twice = |pointer: String, message: String| {
        Err(json::at(text, &pointer, false, message).help("keep one of the two"))
    };
    let mut seen = HashSet::new();
    for (index, check) in checks.iter().enumerate() {
        if !seen.insert((&check.service, &check.name)) {
            let (name, service) = (quoted(&check.name), quoted(&check.service));
            let message = format!("the check {name} of {service} occurs twice");
            return twice(format!("/checks/{index}/name"), message);
        }
    }
    let mut seen = HashSet::new();
    for (index, metric) in metrics.iter().enumerate() {
        if !seen.insert(&metric.name) {
            let message = format!("the metric {} occurs twice", quoted(&metric.name));
            return twice(format!("/metrics/{index}/name"), message);
        }
    }
    Ok(HealthReport { checks, metrics })
}

fn check(item: &Value) -> HealthCheck {
    HealthCheck {
        name: text_of(item, "name").to_owned(),
        service: text_of(item, "service").to_owned(),
        passed: text_of(item, "status") == "passed",
        detail: item.get("detail").and_then(Value::as_str).map(str::to_owned),
    }
}

fn metric(item: &Value) -> HealthMetric {
    HealthMetric {
        name: text_of(item, "name").to_owned(),
        // The schema asked for a number, and the strict reader for a finite one.
        value: item.get("value").and_then(Value::as_f64).unwrap_or_default(),
        unit: text_of(item, "unit").to_owned(),
    }
}
