//! Argo's `AnalysisRun`: each metric judged anew by the values that it kept.

use super::condition::holds;
use super::{EngineMetric, EngineObject, Judgement, at, list, newest, number, object, times};
use crate::model::{Reason, Stamp};
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) fn read(item: &Value) -> EngineObject {
    let mut run = object(item);
    let args = list(item, "/spec/args");
    run.words.extend(args.iter().map(|own| at(own, "/value").to_owned()));
    run.pods = pods(item);
    let results = list(item, "/status/metricResults");
    let measurements = || results.iter().flat_map(|own| list(own, "/measurements"));
    run.newest = newest(measurements(), &["/finishedAt"]);
    run.oldest = times(measurements(), &["/startedAt", "/finishedAt"]).min();
    let specs = list(item, "/spec/metrics");
    names(specs, results, &mut run);
    let mut endless = true;
    for spec in specs {
        let metric = Metric::of(item, spec, results);
        run.words.extend(metric.query());
        endless &= metric.is_endless();
        if metric.is_dry() {
            continue;
        }
        let told = metric.judge();
        if let Some(why) = &told.why {
            run.worse(told.verdict, why);
        }
        run.metrics.push(told);
    }
    if run.metrics.is_empty() {
        run.worse(Judgement::Inconclusive, "it judged no metric that is no dry run");
    }
    if !run.metrics.iter().any(|own| own.value.is_some()) {
        run.worse(Judgement::Inconclusive, "it measured no value");
    }
    let (phase, message) = (at(item, "/status/phase"), at(item, "/status/message"));
    let because = if message.is_empty() { String::new() } else { format!(": {message}") };
    match phase {
        "Successful" => {}
        // What has no end of its own is ended from outside, or goes on behind all stages.
        "Running" if endless => {}
        "Failed" => run.worse(Judgement::Failed, format!("the engine calls it Failed{because}")),
        "" => run.worse(Judgement::Inconclusive, "it does not say how it ended"),
        other => {
            run.worse(Judgement::Inconclusive, format!("the engine calls it {other}{because}"))
        }
    }
    run
}

/// Each result is of one metric that is described, and each metric has one: of two of one name
/// nobody knows which is judged.
fn names(specs: &[Value], results: &[Value], run: &mut EngineObject) {
    for (what, items) in [("described", specs), ("measured", results)] {
        let mut seen = BTreeSet::new();
        if let Some(own) = items.iter().find(|own| !seen.insert(at(own, "/name"))) {
            let why = format!("two metrics that were {what} are called `{}`", at(own, "/name"));
            run.worse(Judgement::Inconclusive, why);
        }
    }
    for result in results {
        let (name, phase) = (at(result, "/name"), at(result, "/phase"));
        if !specs.iter().any(|own| at(own, "/name") == name) {
            let why = format!("`{name}`, which it calls `{phase}`, is no metric that it describes");
            run.worse(Judgement::Inconclusive, why);
        }
    }
}

fn pods(item: &Value) -> Option<String> {
    let labels = item.pointer("/metadata/labels")?;
    labels.get("rollouts-pod-template-hash")?.as_str().map(str::to_owned)
}

/// A metric: what was asked for, and what is there.
struct Metric<'v> {
    run: &'v Value,
    spec: &'v Value,
    result: Option<&'v Value>,
}

/// What one measurement came to.
enum Seen {
    Held(Option<f64>),
    Broke(f64),
    Unclear(String),
}

impl<'v> Metric<'v> {
    fn of(run: &'v Value, spec: &'v Value, results: &'v [Value]) -> Self {
        let result = results.iter().find(|own| at(own, "/name") == at(spec, "/name"));
        Self { run, spec, result }
    }

    fn name(&self) -> &'v str {
        at(self.spec, "/name")
    }

    /// Whether it goes on until somebody ends it: apart, and no number said.
    fn is_endless(&self) -> bool {
        self.count().is_none() && !at(self.spec, "/interval").is_empty()
    }

    fn count(&self) -> Option<usize> {
        let own = self.resolved(self.spec.pointer("/count")?);
        own.parse().ok().filter(|count| *count > 0)
    }

    /// Whether what it says counts for nothing: it is there to be looked at.
    fn is_dry(&self) -> bool {
        let named = list(self.run, "/spec/dryRun").iter().map(|own| at(own, "/metricName"));
        let matches = |pattern: &str| pattern == self.name() || matches!(pattern, "*" | ".*");
        // A name may be a pattern, which the engine read. A result alone makes no metric a dry one.
        let said = || self.result.is_some_and(|own| own.pointer("/dryRun") == Some(&true.into()));
        named.clone().any(matches) || named.len() > 0 && said()
    }

    /// The query as it was put, and as it was written.
    fn query(&self) -> Vec<String> {
        let put = self.result.map_or("", |own| at(own, "/metadata/ResolvedPrometheusQuery"));
        let written = self.spec.pointer("/provider/prometheus/query");
        let written = written.map(|own| self.resolved(own)).unwrap_or_default();
        [put.to_owned(), written].into_iter().filter(|own| !own.is_empty()).collect()
    }

    /// A text or number with the arguments of the run in the place of their names.
    fn resolved(&self, value: &Value) -> String {
        let mut text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        for arg in list(self.run, "/spec/args") {
            let (name, value) = (at(arg, "/name"), at(arg, "/value"));
            for place in [format!("{{{{args.{name}}}}}"), format!("{{{{ args.{name} }}}}")] {
                text = text.replace(&place, value);
            }
        }
        text
    }

    fn condition(&self, key: &str) -> Option<String> {
        let own = self.spec.get(key)?;
        Some(self.resolved(own)).filter(|text| !text.trim().is_empty())
    }

    fn judge(&self) -> EngineMetric {
        let (success, failure) =
            (self.condition("successCondition"), self.condition("failureCondition"));
        let written = match (&success, &failure) {
            (Some(success), None) => format!(": {success}"),
            (None, Some(failure)) => format!(": not {failure}"),
            (Some(success), Some(failure)) => format!(": {success}, and not {failure}"),
            (None, None) => String::new(),
        };
        let measurements = self.result.map_or(&[][..], |own| list(own, "/measurements"));
        let mut told = EngineMetric {
            condition: format!("{}{written}", self.name()),
            wanted: self.count().unwrap_or(1).max(measurements.len()),
            judged: 0,
            value: None,
            verdict: Judgement::Passed,
            why: None,
        };
        let mut broke = 0_u32;
        for own in measurements {
            match self.measurement(own, success.as_deref(), failure.as_deref()) {
                Seen::Held(value) => {
                    told.judged += 1;
                    told.value = if broke == 0 { value.or(told.value) } else { told.value };
                }
                Seen::Broke(value) => {
                    told.judged += 1;
                    if broke == 0 {
                        told.value = Some(value);
                    }
                    broke += 1;
                }
                Seen::Unclear(why) => told.worse(Judgement::Inconclusive, why),
            }
        }
        self.broken(broke, measurements.len(), &mut told);
        self.whole(measurements.len(), &mut told);
        self.said(&mut told);
        told
    }

    /// What one measurement came to by its value, and at least what the engine says of it.
    fn measurement(&self, own: &Value, success: Option<&str>, failure: Option<&str>) -> Seen {
        let (phase, message) = (at(own, "/phase"), at(own, "/message"));
        let when = at(own, "/finishedAt");
        let unclear = |why: &str| Seen::Unclear(format!("{} at {when}: {why}", self.name()));
        if when.is_empty() {
            return Seen::Unclear(format!("{}: a measurement has not ended", self.name()));
        }
        if Stamp::parse(when).is_err() {
            return unclear("that is no time");
        }
        if !matches!(phase, "Successful" | "Failed") {
            return unclear(&format!("the engine calls it `{phase}` {message}"));
        }
        let text = at(own, "/value");
        if success.is_none() && failure.is_none() {
            // How a job ended is what it measured.
            let job = self.spec.pointer("/provider/job").is_some() && text.is_empty();
            return match (job, phase) {
                (true, "Successful") => Seen::Held(None),
                (true, _) => Seen::Broke(f64::NAN),
                (false, _) => unclear("it has no condition"),
            };
        }
        let value = match value(text) {
            Ok(value) => value,
            Err(why) => return unclear(&why.into_text()),
        };
        let asked = |condition: Option<&str>| match condition {
            Some(condition) => holds(condition, value).map(Some).ok_or(condition.to_owned()),
            None => Ok(None),
        };
        let (held, failed) = match (asked(success), asked(failure)) {
            (Ok(held), Ok(failed)) => (held, failed),
            (Err(text), _) | (_, Err(text)) => {
                return unclear(&format!("`{text}` cannot be judged here"));
            }
        };
        match (failed, held) {
            (Some(true), _) | (None, Some(false)) => Seen::Broke(value),
            (Some(false), Some(false)) => unclear("neither of its conditions holds"),
            _ if phase == "Failed" => Seen::Broke(value),
            _ => Seen::Held(Some(value)),
        }
    }

    /// Measurements that did not hold: more than the engine lets pass have failed.
    fn broken(&self, broke: u32, all: usize, told: &mut EngineMetric) {
        let said = self.result.and_then(|own| number(own, "/failed")).unwrap_or(0.0);
        let broke = f64::from(broke).max(said);
        if broke == 0.0 {
            return;
        }
        let limit = self.spec.get("failureLimit").map(|own| self.resolved(own));
        let limit: f64 = limit.and_then(|own| own.parse().ok()).unwrap_or(0.0);
        let name = self.name();
        if limit >= 0.0 && broke > limit {
            told.worse(Judgement::Failed, format!("{name}: {broke} of {all} did not hold"));
        } else {
            let why = format!(
                "{name}: {broke} of {all} did not hold, which the engine lets pass (failureLimit {limit})"
            );
            told.worse(Judgement::Inconclusive, why);
        }
    }

    /// Whether all that was to be measured is there.
    fn whole(&self, kept: usize, told: &mut EngineMetric) {
        let name = self.name();
        let Some(result) = self.result else {
            return told.worse(Judgement::Inconclusive, format!("{name} was not measured"));
        };
        let count = |key: &str| number(result, key).unwrap_or(0.0);
        let (counted, errors) = (count("/count"), count("/error"));
        let unclear = count("/inconclusive");
        if unclear > 0.0 {
            let why = format!("{name}: the engine calls {unclear} measurements inconclusive");
            told.worse(Judgement::Inconclusive, why);
        }
        if errors > 0.0 {
            let limit = number(self.spec, "/consecutiveErrorLimit").unwrap_or(4.0);
            let why = format!(
                "{name}: {errors} measurements ended in an error (the engine lets {limit} in a row pass)"
            );
            told.worse(Judgement::Inconclusive, why);
        }
        #[expect(clippy::cast_precision_loss, reason = "nobody measures so often")]
        let kept = kept as f64;
        if counted + errors > kept {
            let why = format!(
                "{name}: {kept} of {} measurements are kept: set measurementRetention",
                counted + errors
            );
            told.worse(Judgement::Inconclusive, why);
        }
        if kept == 0.0 {
            told.worse(Judgement::Inconclusive, format!("{name} was not measured"));
        }
        #[expect(clippy::cast_precision_loss, reason = "nobody measures so often")]
        let wanted = self.count().unwrap_or(1) as f64;
        if !self.is_endless() && counted < wanted {
            let why = format!("{name}: it was ended after {counted} of {wanted} measurements");
            told.worse(Judgement::Inconclusive, why);
        }
    }

    /// What the engine says of it is no better than it is, and may be worse.
    fn said(&self, told: &mut EngineMetric) {
        let phase = self.result.map_or("", |own| at(own, "/phase"));
        let why = || format!("{}: the engine calls it `{phase}`", self.name());
        match phase {
            "Successful" => {}
            "Running" if self.is_endless() => {}
            "Failed" => told.worse(Judgement::Failed, why()),
            _ => told.worse(Judgement::Inconclusive, why()),
        }
    }
}

impl EngineMetric {
    fn worse(&mut self, verdict: Judgement, why: String) {
        if verdict > self.verdict {
            self.verdict = verdict;
            self.why = Some(why);
        }
    }
}

/// The one finite value of a measurement: `0.98`, or `[0.98]` of one series.
fn value(text: &str) -> Result<f64, Reason> {
    let inner = text.trim().strip_prefix('[').and_then(|own| own.strip_suffix(']'));
    let inner = inner.unwrap_or(text.trim()).trim();
    if inner.is_empty() {
        return Err("there is no data".into());
    }
    if inner.contains(',') {
        return Err("the query gives several series, where one is wanted".into());
    }
    match inner.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(value) => Err(format!("it is {value}, which is no finite number").into()),
        Err(_) => Err("its value is no number".into()),
    }
}
