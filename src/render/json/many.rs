//! Reports of many releases as JSON: `schemas/check-reports.v1.schema.json`. Each release is a line, so
//! that a reader needs not hold all of them.

use super::{CheckReport, FailureView, view};
use crate::render::formats::Sum;
use crate::render::{Beside, Report};
use serde::Serialize;

/// What a document begins with, as it is written here.
pub(in crate::render) const OPENING: &str =
    "{\n  \"schema\": \"https://d3p.dev/schemas/check-reports.v1.schema.json\"";

#[derive(Serialize)]
struct One<'a> {
    directory: &'a str,
    exit: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<CheckReport<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a FailureView<'a>>,
}

/// A release that was judged.
pub(in crate::render) fn of_many(
    directory: &str,
    exit: u8,
    report: &Report<'_>,
    beside: &Beside<'_>,
) -> String {
    line(&One { directory, exit, report: Some(view(report, beside)), error: None })
}

/// A release that could not be judged.
pub(in crate::render) fn failed_of_many(
    directory: &str,
    exit: u8,
    error: &FailureView<'_>,
) -> String {
    line(&One { directory, exit, report: None, error: Some(error) })
}

/// How a document begins.
pub(in crate::render) fn opening_of_many(command: &str, now: &str) -> String {
    format!(
        "{OPENING},\n  \"command\": {},\n  \"checked_at\": {},\n  \"releases\": [\n",
        line(&command),
        line(&now)
    )
}

/// How it ends.
pub(in crate::render) fn closing_of_many(before: &str, sum: &Sum) -> String {
    format!("{before}  ],\n  \"sum\": {}\n}}\n", line(sum))
}

fn line<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our views have text keys only")
}
