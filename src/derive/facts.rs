//! Runs and imported reports, as they were read.

use crate::definition::ReportFormat;
use crate::import::ReportInput;
use crate::project::{Evidence, Project, step_hooks};
use crate::record::{FileDigest, Import, Run};
use crate::rollout::advancing_step;
use serde::Deserialize as _;
use serde_json::Value;
use std::collections::BTreeMap;

/// What evidence is made of.
#[derive(Clone, Debug, Default)]
pub struct Facts<'a> {
    /// Runs, each with path and digest of its record, by hook and number.
    pub runs: Vec<(FileDigest, Run)>,
    /// Imported reports, as they were read, in the order of import.
    pub imports: Vec<(Import, ReportInput<'a>)>,
}

impl<'a> Facts<'a> {
    /// The reports of one format.
    pub fn of(&self, format: ReportFormat) -> impl Iterator<Item = (&Import, ReportInput<'a>)> {
        self.imports
            .iter()
            .filter(move |(import, _)| import.format == format.word())
            .map(|(import, told)| (import, *told))
    }

    /// Whether a report was written by one of the runs.
    pub fn was_run(&self, import: &Import) -> bool {
        [ReportFormat::Configuration, ReportFormat::Baseline]
            .iter()
            .any(|own| import.format == own.word())
            || self.run_of(import).is_some()
    }

    /// The run that wrote a report.
    pub fn run_of(&self, import: &Import) -> Option<&Run> {
        self.runs.iter().map(|(_, run)| run).find(|run| run.reports.contains(import))
    }

    /// Where the facts come from: `ran` when runs wrote all of it, else `imported`.
    pub fn origin(&self) -> &'static str {
        let ran = !self.runs.is_empty() && self.imports.iter().all(|(own, _)| self.was_run(own));
        if ran { "ran" } else { "imported" }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty() && self.imports.is_empty()
    }
}

/// The last run of each hook of a step, for this release and attempt.
pub fn last_runs(project: &Project, step: &str) -> Vec<(FileDigest, Run)> {
    let runs = project.runs();
    step_hooks(project, step)
        .into_iter()
        .filter_map(|(name, _)| {
            let of_hook = runs.iter().filter(|(_, run)| run.hook == name && run.step == step);
            let (path, run) = of_hook.max_by(|(_, a), (_, b)| {
                (a.number, &a.finished_at, &a.id).cmp(&(b.number, &b.finished_at, &b.id))
            })?;
            let sha256 = project.digest_of(path)?.to_string();
            Some((FileDigest { path: (*path).to_owned(), sha256 }, (*run).clone()))
        })
        .collect()
}

/// The last run of each hook for each stage of the rollout after the first, where `step` launches.
pub fn stage_runs(project: &Project, step: &str) -> Vec<(FileDigest, Run)> {
    let launches = project.phase.steps.get(step).is_some_and(|own| project.phase.launches(own));
    let Some(advancing) = advancing_step(project).filter(|_| launches) else { return Vec::new() };
    let mut last: BTreeMap<(u64, String), (&str, &Run)> = BTreeMap::new();
    for (path, run) in project.runs().into_iter().filter(|(_, run)| run.step == advancing) {
        let Some(stage) = &run.stage else { continue };
        // Runs come in the order of their numbers.
        last.insert((stage.number, run.hook.clone()), (path, run));
    }
    let file = |(path, run): (&str, &Run)| {
        let sha256 = project.digest_of(path)?.to_string();
        Some((FileDigest { path: path.to_owned(), sha256 }, run.clone()))
    };
    last.into_values().filter_map(file).collect()
}

/// What a piece of evidence says it was made of, as far as it is there.
pub fn cited_facts<'a>(project: &'a Project, evidence: &Evidence<'a>) -> Facts<'a> {
    let list = |key: &str| {
        let value = evidence.value().and_then(|value| value.get(key));
        value.and_then(Value::as_array).into_iter().flatten()
    };
    let runs = list("runs")
        .filter_map(|file| FileDigest::deserialize(file).ok())
        .filter_map(|file| {
            let run = project.raw.get(&file.path)?.run()?.clone();
            Some((file, run))
        })
        .collect();
    let imports = list("imports")
        .filter_map(|import| Import::deserialize(import).ok())
        .filter_map(|import| {
            let told = project.raw.get(&import.path)?.report_input();
            Some((import, told))
        })
        .collect();
    Facts { runs, imports }
}
