//! One sample before the launch, held against the table of signals (P8-4, D3P-5).

use super::health::{metrics, series_def, signals};
use crate::model::{Conclusion, Quantity};
use crate::project::Project;
use crate::rollout::window_queries;
use std::collections::BTreeSet;

/// What the rehearsal of a sample says of one signal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rehearsed {
    /// The signal.
    pub name: String,
    /// What was found, one sentence.
    pub message: String,
    /// Whether sampling so after the launch would be no good.
    pub wrong: bool,
}

/// Compares what an entry of the health log would say with the table of signals: the same names, and
/// units that fit. That a threshold is broken is told, and no fault: it is the release before that
/// was measured.
pub fn rehearsed(project: &Project, payload: &str) -> Vec<Rehearsed> {
    let Some((source, _)) = series_def(project) else { return Vec::new() };
    let rows = signals(project, source);
    let measured = metrics(payload);
    let wanted = &project.effective().policy.health.signals;
    let said = |name: &str, wrong: bool, message: String| Rehearsed {
        name: name.to_owned(),
        message,
        wrong,
    };
    let mut out = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for row in &rows {
        seen.insert(&row.name);
        let Some(condition) = &row.condition else {
            out.push(said(&row.name, false, format!("a person judges it: {}", row.text)));
            continue;
        };
        let Some(text) = measured.get(&row.name) else {
            out.push(said(&row.name, true, "stands in the table and was not measured".to_owned()));
            continue;
        };
        let quantity = Quantity::parse(text);
        if let Some(why) = quantity.and_then(Quantity::impossible) {
            out.push(said(&row.name, true, format!("was {text}, which cannot be: {why}")));
            continue;
        }
        out.push(match condition.judge(quantity, None) {
            Conclusion::Passed => said(&row.name, false, format!("{text}, within {}", row.text)),
            Conclusion::Failed => said(
                &row.name,
                false,
                format!("{text}, beyond {}: what runs now would not pass", row.text),
            ),
            Conclusion::Inconclusive(why) => {
                said(&row.name, true, format!("{text} cannot be judged by {}: {why}", row.text))
            }
        });
    }
    let names = measured.keys().map(String::as_str);
    for name in names.filter(|name| !seen.contains(name)) {
        let message = "was measured and stands in no row of the table: nobody judges it".to_owned();
        out.push(said(name, true, message));
    }
    for name in wanted.iter().filter(|name| !seen.contains(name.as_str())) {
        let message = "`health.signals` demands it, and the table has no row for it".to_owned();
        out.push(said(name, true, message));
    }
    out
}

/// Signals of the table with a threshold that the queries of `health.signals`, where they measure the
/// window, do not measure: no check-in would have them.
pub fn unasked_signals(project: &Project) -> Vec<String> {
    let Some(queries) = window_queries(project) else { return Vec::new() };
    let Some((source, _)) = series_def(project) else { return Vec::new() };
    let rows = signals(project, source).into_iter().filter(|row| row.condition.is_some());
    rows.map(|row| row.name).filter(|name| !queries.contains_key(name)).collect()
}
