//! What is asked of the metric server about a stage: the queries, and the moments.

use super::judge::needed;
use super::moments::moments;
use super::plan::{Plan, Stage};
use crate::decisions::deployed_at;
use crate::model::{Span, Stamp};
use crate::project::Project;
use std::collections::BTreeMap;

/// Most moments before the launch that a baseline is made of.
const MOST_BEFORE: u64 = 120;

/// The queries of a stage and the moments that they are about.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Questions {
    /// The queries, by metric.
    pub queries: BTreeMap<String, String>,
    /// The moments of the stage.
    pub moments: Vec<Stamp>,
    /// The queries for what it was before the launch, by metric.
    pub baseline_queries: BTreeMap<String, String>,
    /// The moments before the launch.
    pub before: Vec<Stamp>,
}

/// What is asked about `stage`, which began at `from`.
///
/// A baseline is what the release before was in production, over as many moments as the stage has,
/// before the launch began: by the same query, about that release's version.
pub fn questions(project: &Project, plan: &Plan, stage: &Stage, from: Stamp) -> Questions {
    let Some(duration) = stage.duration else { return Questions::default() };
    let metrics = &project.effective().policy.metrics;
    let version = project.release().map(|release| release.version).unwrap_or_default();
    let previous = project.previous_release();
    let mut out =
        Questions { moments: moments(from, duration, plan.interval), ..Questions::default() };
    for (name, baseline) in needed(plan, stage, metrics) {
        let Some(source) = metrics.named.get(&name) else { continue };
        out.queries.extend(source.asked(&version).map(|query| (name.clone(), query)));
        let about_it = source.query.as_ref().is_some_and(|query| query.contains("{version}"));
        if baseline && (previous.is_some() || !about_it) {
            let query = source.asked(previous.unwrap_or_default());
            out.baseline_queries.extend(query.map(|query| (name, query)));
        }
    }
    if let Some(launched) = deployed_at(project).filter(|_| !out.baseline_queries.is_empty()) {
        let count = (out.moments.len() as u64).min(MOST_BEFORE);
        let length = Span::from_seconds(count.saturating_mul(plan.interval.seconds()));
        let millis = i64::try_from(length.seconds().saturating_mul(1000)).unwrap_or(i64::MAX);
        out.before = moments(whole(launched, false).minus_millis(millis), length, plan.interval);
    }
    out
}

/// The whole second that `at` lies in, or the next one.
pub(super) fn whole(at: Stamp, up: bool) -> Stamp {
    let millis = at.timestamp().as_millisecond();
    let rest = millis.rem_euclid(1000);
    let at = at.to_millis();
    match rest {
        0 => at,
        rest if up => at.minus_millis(rest - 1000),
        rest => at.minus_millis(rest),
    }
}
