//! The record of one run of a hook: everything that was seen, and nothing judged.
//!
//! One file for each run, never changed and never removed: the ledger names it. So attempts that
//! failed stay, and jobs that ran in parallel on two branches merge without a conflict.

use crate::record::{Ending, FileDigest};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// By itself, with an exit code.
    Exited,
    /// By a signal from elsewhere.
    Signalled,
    /// By us, because it ran longer than the hook may.
    TimedOut,
    /// By us, because the user asked to stop.
    Interrupted,
    /// Not at all: it could not be started.
    NotStarted,
}

/// A process that goes on after the run that started it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StillRunning {
    /// What it is called.
    pub name: String,
    /// Its number when the run had ended.
    pub pid: u32,
}

/// A program that ran.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RanProgram {
    /// Absolute path that it was taken from.
    pub file: String,
    /// Its digest.
    pub sha256: String,
}

/// A file of the release that a run used.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Path from the project's root.
    pub path: String,
    /// Its digest when the run began.
    pub sha256: String,
}

/// Something that a run was given and that is not from the commit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// Where it lies, relative to the project.
    pub path: String,
    /// `output`, `input`, `state` or `secret`.
    pub kind: String,
    /// Digest of the copy when the run began; none of a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// How many bytes its files have together; none of a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Its digest when the run had ended: of an output that it made, of state that it left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// The captured output.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunLog {
    /// Where it lies, relative to the project.
    pub path: String,
    /// Digest of its bytes, as they lie there.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// How many secrets were taken out of it.
    pub redactions: u64,
    /// How many bytes of the middle were left out, since there was too much.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u64,
    /// How many bytes could not be written.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lost: u64,
    /// Where it can be had when it is kept out of git.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detached: Option<String>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A service, as the run's output reported it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RanService {
    /// Its name.
    pub name: String,
    /// `healthy`, `unhealthy`, `unknown` or `halted`.
    pub status: String,
    /// The version that answers now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The digest of what answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The version that answered first, where the output told of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

/// A report, as it was copied.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// `junit`, `sarif`, `performance`, `prometheus`, `health`, `promtool`, `engine`, `file` or `configuration`.
    pub format: String,
    /// Where it lay, relative to the project.
    pub source: String,
    /// Where its copy lies.
    pub path: String,
    /// Digest of the copy.
    pub sha256: String,
    /// Digest of the report itself, where the copy is not the same bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// How many values hold no secret any more in the copy, which then is the report written anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<u64>,
    /// Why the report could not be read. The copy is its text without secrets, and counts for
    /// nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<String>,
    /// The suite that it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suite: Option<String>,
    /// The service that it checks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// For configuration: its name in the policy; of a file: the part of the evidence that it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For configuration: the environment that it configures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
}

/// What a run's output said in marker lines.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunMarkers {
    /// Services and how they are.
    pub services: Vec<RanService>,
    /// Critical errors.
    pub critical: Vec<String>,
    /// Incidents.
    pub incidents: Vec<String>,
    /// Measured values with their units.
    pub metrics: BTreeMap<String, String>,
    /// What was seen, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observation: Option<String>,
    /// Marker lines that could not be read: line number and why.
    pub malformed: Vec<String>,
}

/// A stage of a rollout that a run begins.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BegunStage {
    /// From 1.
    pub number: u64,
    /// How much of the traffic it serves, such as `5%`.
    pub weight: String,
}

/// One run of a hook.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The schema of this file.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// Version of this format.
    pub schema_version: u32,
    /// `run`.
    pub kind: String,
    /// Sixteen random hexadecimal digits.
    pub id: String,
    /// The hook, as `d3p.yaml` names it.
    pub hook: String,
    /// The step of the phase that it serves.
    pub step: String,
    /// Version of the release.
    pub release: String,
    /// Its full commit id.
    pub commit: String,
    /// Which try at this release.
    pub attempt: u64,
    /// The environment that the step is about.
    pub environment: String,
    /// The stage of a rollout that it begins, where it begins one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<BegunStage>,
    /// Which run of this hook in this attempt, from 1.
    pub number: u64,
    /// The command line, as it was run; secrets are redacted.
    pub argv: Vec<String>,
    /// Whether that is the command line of the policy.
    pub declared: bool,
    /// Working directory, relative to the project.
    pub directory: String,
    /// The program.
    pub program: RanProgram,
    /// Files of the release that it used.
    pub scripts: Vec<Script>,
    /// Variables that it saw, and their values; secrets by name only, as `[redacted]`.
    pub environment_variables: BTreeMap<String, String>,
    /// First lines of what the declared tools said about their version.
    pub tools: BTreeMap<String, String>,
    /// When it began.
    pub started_at: String,
    /// When it ended.
    pub finished_at: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// How it ended.
    pub ended: Ended,
    /// What it exited with, when it did.
    pub exit_code: Option<i32>,
    /// The signal that ended it, when one did.
    pub signal: Option<i32>,
    /// Files of the release that it changed in its tree, in words.
    pub changed: Vec<String>,
    /// What it was given that is not from the commit.
    pub carried: Vec<Carried>,
    /// What else led out of the tree, in words.
    pub outside: Vec<String>,
    /// What it left in its tree and that was collected nowhere.
    pub left: Vec<String>,
    /// What it started and what ran on when it had ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub still_running: Vec<StillRunning>,
    /// Its output.
    pub log: RunLog,
    /// What its output said in marker lines.
    pub said: RunMarkers,
    /// The reports that it wrote, as they were copied.
    pub reports: Vec<Import>,
    /// Patterns of declared reports that matched nothing after the run.
    pub missing_reports: Vec<String>,
}

/// Name of the schema of a run.
pub const RUN_SCHEMA: &str = "https://d3p.dev/schemas/run.v1.schema.json";

impl Run {
    /// Reads a run's record; `None` when it is none.
    pub fn read(value: &Value) -> Option<Self> {
        serde::Deserialize::deserialize(value).ok()
    }

    /// Whether the command ended by itself with 0.
    pub fn succeeded(&self) -> bool {
        self.ending().succeeded()
    }

    /// How it ended.
    pub fn ending(&self) -> Ending {
        Ending { ended: self.ended, exit_code: self.exit_code, signal: self.signal }
    }

    /// How it ended, for people.
    pub fn outcome(&self) -> String {
        self.ending().words()
    }

    /// What ran, in a word: the name of its first script, or of its program.
    pub fn script_name(&self) -> &str {
        let first = self.argv.iter().find_map(|part| {
            let part = part.trim_start_matches("./");
            self.scripts.iter().find(|script| script.path == part)
        });
        let path = first.map_or(self.argv.first().map_or("", String::as_str), |found| &found.path);
        path.rsplit('/').next().unwrap_or(path)
    }

    /// Everything that the record names by path and digest, itself not included.
    pub fn files(&self) -> Vec<FileDigest> {
        let log = FileDigest { path: self.log.path.clone(), sha256: self.log.sha256.clone() };
        let reports = self
            .reports
            .iter()
            .map(|report| FileDigest { path: report.path.clone(), sha256: report.sha256.clone() });
        let log = self.log.detached.is_none().then_some(log);
        log.into_iter().chain(reports).collect()
    }
}
