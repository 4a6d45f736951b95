//! The health window as a series of samples (P11-4.1).

use crate::definition::NativeCheck;
pub(crate) use crate::derive::health::{
    Signal, family_of, metrics, series_def, signals as signal_rows, table,
};
use crate::model::{Condition, Quantity, Span, Stamp};
use crate::project::Evidence;
use crate::rules::Context;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;

/// One check-in.
pub(crate) struct Sample {
    /// When.
    pub(crate) at: Stamp,
    /// Its line in the log.
    pub(crate) range: Range<usize>,
    /// Its metrics as written.
    pub(crate) metrics: BTreeMap<String, String>,
    /// Everything it says, to find copies.
    pub(crate) payload: String,
}

/// The window as declared and as sampled.
pub(crate) struct Series<'a> {
    /// The log.
    pub(crate) log: Evidence<'a>,
    /// When the window began: at the end of the deployment.
    pub(crate) start: Option<Stamp>,
    /// Its declared length.
    pub(crate) window: Span,
    /// Metrics that each sample must have.
    pub(crate) signals: Vec<String>,
    /// Thresholds by metric: as parsed, and as written.
    pub(crate) thresholds: BTreeMap<String, (Condition, String)>,
    /// Samples since the start and before the decision, in time order.
    pub(crate) samples: Vec<Sample>,
}

/// The series of the phase's health log, once the log has entries.
pub(crate) fn series<'a>(context: &Context<'a>) -> Option<Series<'a>> {
    let project = context.project;
    let log = project.all_evidence().find(|evidence| !parameters(evidence).is_empty())?;
    if log.file.entries().is_empty() {
        return None;
    }
    let values = &project.effective().values;
    let mut series = None;
    for native in &log.def.native {
        if let NativeCheck::HealthSeries { window, signals, thresholds, .. } = native {
            let span = |value: &Value| Span::parse(value.as_str()?).ok();
            let (kind, _) = project.phase.launch()?;
            let start = project.evidence(kind).and_then(|launch| launch.finished());
            let until = context.evidence_judged_at(&log);
            series = Some(Series {
                log,
                start,
                window: span(window.resolve(values))?,
                signals: texts(signals.resolve(values)),
                thresholds: table(project, thresholds),
                samples: samples(&log, start, until),
            });
        }
    }
    series
}

fn parameters<'a>(evidence: &Evidence<'a>) -> Vec<&'a NativeCheck> {
    let series = |native: &&NativeCheck| matches!(native, NativeCheck::HealthSeries { .. });
    evidence.def.native.iter().filter(series).collect()
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn samples(log: &Evidence<'_>, start: Option<Stamp>, until: Stamp) -> Vec<Sample> {
    let mut samples: Vec<Sample> = log
        .file
        .entries()
        .iter()
        .filter(|entry| start.is_none_or(|start| entry.at >= start) && entry.at <= until)
        .map(|entry| Sample {
            at: entry.at,
            range: entry.range.clone(),
            metrics: metrics(&entry.payload),
            payload: entry.payload.clone(),
        })
        .collect();
    samples.sort_by_key(|sample| sample.at);
    samples
}

impl Sample {
    /// A metric's quantity, if it was sampled and can be read.
    pub(crate) fn quantity(&self, metric: &str) -> Option<Quantity> {
        Quantity::parse(self.metrics.get(metric)?)
    }
}
