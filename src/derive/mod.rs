//! What follows from the files alone: evidence made of runs and imported reports, the compiled
//! report, the workflow state, the observations.
//!
//! Pure functions of a project and of a moment. Commands write what they give; rules compute it
//! again and compare, so that nothing that is derived has to be believed. Nothing is judged: a
//! failed test is a number, a command that failed is its exit code.

mod checks;
mod configuration;
mod deployment;
mod facts;
mod files;
pub(crate) mod health;
pub mod observations;
mod performance;
mod reading;
mod recommendation;
mod rehearsal;
pub mod report;
mod restore;
mod rollback;
mod sample;
mod ticks;
mod twice;
mod validation;
mod view;
pub mod workflow;

pub use crate::import::markers::is_alarm;
pub use configuration::settings;
pub use facts::{Facts, cited_facts, last_runs, stage_runs};
pub use performance::{baseline, median};
pub use reading::Doubt;
pub use recommendation::{Recommendation, recommendation};
pub use rehearsal::{Rehearsed, rehearsed, unasked_signals};
pub use rollback::{Return, goal, returns};
pub use sample::{measured, sample_payload, taken_by};
pub use ticks::{Tick, item, mark as tick_mark, tick};
pub use view::{Moment, View};

use crate::definition::{Derivation, EvidenceDef};
use crate::project::Project;
use serde_json::{Map, Value};

/// What comes out: members of a body, and what to tell whoever collects.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    /// Members of the evidence's body. What is not among them may be typed.
    pub members: Map<String, Value>,
    /// What was read, a line each, such as `junit: 3 files, 14 suites, 412 tests: …`.
    pub told: Vec<String>,
    /// What the reports leave open: a person has to judge it before anything counts on them.
    pub doubts: Vec<Doubt>,
}

/// Why nothing came out: what is wrong, and with which file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    /// The file; empty when it is about none.
    pub path: String,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// What to do, in words: how the file, or what wrote it, is to be changed.
    pub help: Option<String>,
}

impl Problem {
    fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// What `facts` make of the evidence that `def` defines.
///
/// # Errors
/// Reports that cannot be read, and what is missing to make a body at all.
pub fn derive(
    project: &Project,
    def: &EvidenceDef,
    facts: &Facts<'_>,
) -> Result<Derived, Vec<Problem>> {
    match def.derive {
        Some(Derivation::Deployment) => deployment::derive(project, def, facts),
        Some(Derivation::Validation) => validation::derive(project, def, facts),
        Some(Derivation::Checks) => checks::derive(project, def, facts),
        Some(Derivation::Rollback) => Ok(rollback::derive(project, facts)),
        Some(Derivation::Files) => files::derive(project, def, facts),
        Some(Derivation::Restore) => restore::derive(facts),
        Some(Derivation::Sample) | None => Ok(Derived::default()),
    }
}
