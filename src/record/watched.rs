//! The record of what was measured while production was watched: raw answers, and nothing judged.
//!
//! One file for each stage that was watched, never changed and never removed: the ledger names it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Name of the schema of such a record.
pub const WATCHED_SCHEMA: &str = "https://d3p.dev/schemas/watched.v1.schema.json";

/// What was measured of a stage, or of the health window.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watched {
    /// The schema of this file.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// Version of this format.
    pub schema_version: u32,
    /// `watched`.
    pub kind: String,
    /// Sixteen random hexadecimal digits.
    pub id: String,
    /// Version of the release.
    pub release: String,
    /// Its full commit id.
    pub commit: String,
    /// Which try at this release.
    pub attempt: u64,
    /// The stage, from 1; none for the health window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<u64>,
    /// Id of the run that began the stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// From when on it was watched.
    pub from: String,
    /// Seconds between two samples.
    pub interval_seconds: u64,
    /// The server that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The queries as they were put, by metric.
    pub queries: BTreeMap<String, String>,
    /// The queries for what it was before the launch, by metric.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub baseline_queries: BTreeMap<String, String>,
    /// The answers, in the order in which they came.
    pub answers: Vec<Answer>,
    /// Whether services answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probed: Vec<Probed>,
}

/// One answer of the server.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The metric that was asked for.
    pub metric: String,
    /// Whether it is about the time before the launch.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub baseline: bool,
    /// The first moment that was asked about.
    pub from: String,
    /// The last one.
    pub to: String,
    /// When it was asked.
    pub asked_at: String,
    /// The answer's bytes, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Whether a service answered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probed {
    /// The moment that it stands for.
    pub at: String,
    /// The service.
    pub service: String,
    /// Whether it answered as it should.
    pub up: bool,
    /// What it answered otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Watched {
    /// Reads a record; `None` when it is none.
    pub fn read(value: &Value) -> Option<Self> {
        Deserialize::deserialize(value).ok()
    }
}
