//! GL312: health-window-short.

use super::Context;
use super::support::health::{self, Series};
use super::support::mend::mend;
use crate::model::{Advice, Finding, Location, Span, Stamp, State};
use crate::project::Project;

rule! {
    /// The health window was not watched to its end.
    ///
    /// ## What it checks
    /// The samples reach from the end of the deployment over the whole of `health.window`.
    ///
    /// ## Why it matters
    /// "24 h soak" reports are written after 12 h. A window that is cut short proves the first
    /// half of it.
    ///
    /// ## How to fix
    /// Wait, and go on sampling at the interval. The finding says when the window ends.
    GL312 "health-window-short" Error since "0.1.0" clauses ["P11-4.1", "P11-G4", "D3P-6"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(series) = health::series(context) else { return };
    let Some(start) = series.start else { return };
    let end = start.plus(series.window);
    let last = series.samples.last();
    if last.is_some_and(|sample| sample.at >= end) {
        return;
    }
    let place = match last {
        Some(sample) => Location::span(&series.log.def.path, sample.range.clone()),
        None => Location::file(&series.log.def.path),
    };
    let reached = last.map_or("no sample since the deployment".to_owned(), |sample| {
        format!("last sample {}", sample.at)
    });
    let message = format!("the window of {} ends {end}; {reached}", series.window);
    out.push(
        Finding::new(&GL312, series.log.piece(), place, message)
            .state(State::Missing)
            .clauses(&series.log.def.clauses)
            .advise(go_on(context.project, &series, end)),
    );
}

/// The next sample, once it is due, until `end`.
fn go_on(project: &Project, series: &Series<'_>, end: Stamp) -> Advice {
    let again = mend(project, &series.log.piece());
    // What is asked of a metric server afterwards has its own moment.
    let again = match (again.not_before, series.samples.last(), series.start) {
        (None, Some(last), Some(start)) if again.fills.is_empty() => {
            let passed = last.at.millis_since(start) / 1000;
            let passed = Span::from_seconds(u64::try_from(passed).unwrap_or_default());
            let next = last.at.plus(project.effective().policy.health.every(passed));
            again.not_before(if next < end { next } else { end })
        }
        _ => again,
    };
    let what = format!("go on sampling until {end}");
    if again.what.is_empty() { again.what(what).due(end) } else { again.due(end) }
}
