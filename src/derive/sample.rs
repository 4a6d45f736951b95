//! Samples of the health window, made of a run (P11-4.1).
//!
//! The ledger names the run of each entry that a hook produced, so that its values can be held to
//! what the run's output said.

use crate::derive::{Doubt, Facts, Problem, performance};
use crate::model::{Span, Stamp};
use crate::project::Project;
use crate::record::{Import, Run};
use std::collections::BTreeMap;

/// Most seconds between the end of a run and its sample's entry, which the same command writes.
const LAG: u64 = 60;
/// What a slow machine takes, in seconds, however short the interval is.
const SHORTEST: u64 = 5;

/// Whether an entry of the time `at` can be that of `run`: it is written as the run ends. With a
/// short interval the lag is at most half of it, so that no sample moves into another's place.
pub fn taken_by(project: &Project, run: &Run, at: Stamp) -> bool {
    let half = project.effective().policy.health.interval.seconds() / 2;
    let lag = Span::from_seconds(half.clamp(SHORTEST, LAG));
    let (Ok(started), Ok(finished)) =
        (Stamp::parse(&run.started_at), Stamp::parse(&run.finished_at))
    else {
        return false;
    };
    started <= at && at <= finished.plus(lag)
}

/// The entry that a run makes of its output and of its reports as they lie here; `None` when they are
/// not there as it names them, or measure nothing.
pub fn measured(project: &Project, run: &Run) -> Option<String> {
    let text = |report: &Import| {
        let file = project.raw.get(&report.path)?;
        let kept = file.digest.is_some_and(|digest| digest.to_string() == report.sha256);
        kept.then(|| (report.clone(), file.report_input()))
    };
    let imports = run.reports.iter().map(text).collect::<Option<_>>()?;
    sample_payload(project, run, &Facts { runs: Vec::new(), imports }).ok()
}

/// The entry that a run's output and reports make.
///
/// # Errors
/// When nothing was measured, or a report cannot be read.
pub fn sample_payload(
    project: &Project,
    run: &Run,
    facts: &Facts<'_>,
) -> Result<String, Vec<Problem>> {
    let mut metrics: BTreeMap<String, String> = run.said.metrics.clone();
    let mut doubts = Vec::new();
    let measured = performance::measured(project, facts, &mut doubts)?;
    // A sample is a line of a log, which nobody can look at again: all of it is sure, or none.
    if !doubts.is_empty() {
        let problem = |doubt: Doubt| Problem::new(doubt.path, doubt.message);
        return Err(doubts.into_iter().map(problem).collect());
    }
    for own in measured {
        // A sample is one moment, and not several runs.
        let twice = own.runs.len() > 1;
        let own = own.median;
        let value = format!("{}{}", own.value, own.unit);
        if metrics.insert(own.name.clone(), value).is_some() || twice {
            return Err(vec![Problem::new("", format!("{} was measured twice", own.name))]);
        }
    }
    if metrics.is_empty() {
        let problem = Problem::new("", format!("hook {} measured nothing", run.hook)).help(
            "let it print lines such as ::metric error_rate=0.2%, or name a prometheus report",
        );
        return Err(vec![problem]);
    }
    let values: Vec<String> =
        metrics.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', ""))).collect();
    let seen = run.said.observation.as_deref().unwrap_or("sampled by its hook");
    Ok(format!("{} :: {}", values.join(" "), seen.trim()))
}
