//! What the answers of a metric server say: one value for each moment, or why there is none.
//!
//! No data, what is no finite number, an error, a warning, a partial answer and more than one series
//! are decided here, before any condition is looked at.

use crate::model::{Reason, Stamp};
use crate::record::{Answer, Watched};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The value of each moment that was asked about, by milliseconds since 1970; or why there is none.
pub type Readings = BTreeMap<i64, Result<f64, Reason>>;

#[derive(Deserialize)]
struct Said {
    status: String,
    data: Option<Data>,
    #[serde(default)]
    warnings: Vec<String>,
    #[serde(default, rename = "isPartial")]
    is_partial: bool,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "resultType")]
    kind: String,
    result: Value,
}

#[derive(Deserialize)]
struct Series {
    #[serde(default)]
    value: Option<(f64, String)>,
    #[serde(default)]
    values: Vec<(f64, String)>,
}

/// What a record says of one metric at each of `moments`; `baseline` for the time before the launch.
/// Where a moment was asked about more than once, the answers must not differ.
pub fn readings(watched: &Watched, metric: &str, baseline: bool, moments: &[Stamp]) -> Readings {
    let own = |answer: &&Answer| answer.metric == metric && answer.baseline == baseline;
    let mut all = Readings::new();
    for answer in watched.answers.iter().filter(own) {
        let (Ok(from), Ok(to)) = (Stamp::parse(&answer.from), Stamp::parse(&answer.to)) else {
            continue;
        };
        let first = moments.partition_point(|moment| *moment < from);
        let last = moments.partition_point(|moment| *moment <= to);
        let about = moments.get(first..last).unwrap_or_default();
        let said = said(answer);
        for moment in about {
            let key = millis(*moment);
            let reading = match &said {
                Err(why) => Err(why.clone()),
                Ok(values) => match values.get(&key) {
                    Some(value) if value.is_finite() => Ok(*value),
                    Some(value) => Err(format!("it is {value}, which is no finite number").into()),
                    None => Err("there is no data".into()),
                },
            };
            match all.get(&key) {
                // An answer that came later fills a gap; two values contradict each other.
                Some(Ok(known)) if reading.as_ref().is_ok_and(|value| value != known) => {
                    all.insert(key, Err("two answers about one moment differ".into()));
                }
                Some(Ok(_)) => {}
                _ => {
                    all.insert(key, reading);
                }
            }
        }
    }
    all
}

/// What one answer says of one moment.
///
/// # Errors
/// Why it says nothing.
pub fn reading_of(answer: &Answer, moment: Stamp) -> Result<f64, Reason> {
    let values = said(answer)?;
    // A moment of now is no whole second; it is asked about as one.
    let moment = millis(moment).div_euclid(1000) * 1000;
    let value = values.get(&moment).or_else(|| values.values().next());
    value.copied().filter(|own| own.is_finite()).ok_or_else(|| "there is no data".into())
}

pub(super) fn millis(moment: Stamp) -> i64 {
    moment.timestamp().as_millisecond()
}

/// The values of an answer by moment, or why it has none.
fn said(answer: &Answer) -> Result<BTreeMap<i64, f64>, Reason> {
    if let Some(error) = &answer.error {
        return Err(format!("the server could not be asked: {error}").into());
    }
    let body = answer.body.as_deref().unwrap_or_default();
    let said: Said = serde_json::from_str(body)
        .map_err(|_| "the answer is not what a metric server says".to_owned())?;
    if said.status != "success" {
        let why = said.error.unwrap_or_else(|| said.status.clone());
        return Err(format!("the server says: {why}").into());
    }
    if let Some(warning) = said.warnings.first() {
        return Err(format!("the server warns: {warning}").into());
    }
    if said.is_partial {
        return Err("the answer is a part of one".into());
    }
    let data = said.data.ok_or_else(|| "the answer has no data".to_owned())?;
    let points = points(data)?;
    let mut values = BTreeMap::new();
    for (seconds, text) in points {
        let value: f64 = match text.as_str() {
            "+Inf" => f64::INFINITY,
            "-Inf" => f64::NEG_INFINITY,
            text => text.parse().map_err(|_| format!("`{text}` is no number"))?,
        };
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of any time fit")]
        values.insert((seconds * 1000.0).round() as i64, value);
    }
    Ok(values)
}

fn points(data: Data) -> Result<Vec<(f64, String)>, Reason> {
    let unread = |_| "the answer is not what a metric server says".to_owned();
    if data.kind == "scalar" {
        return Ok(vec![serde_json::from_value(data.result).map_err(unread)?]);
    }
    if !matches!(data.kind.as_str(), "vector" | "matrix") {
        return Err(format!("the answer is a {}, not one value", data.kind).into());
    }
    let series: Vec<Series> = serde_json::from_value(data.result).map_err(unread)?;
    match series.len() {
        0 => Ok(Vec::new()),
        1 => {
            Ok(series.into_iter().flat_map(|own| own.value.into_iter().chain(own.values)).collect())
        }
        several => Err(format!("the query gives {several} series, where one is wanted").into()),
    }
}
