//! A signal over time against its threshold, as numbers for an SVG and as words.

use crate::derive::report::{Reading, Window};
use crate::model::{Bound, Stamp, Test};
use crate::render::clean;
use serde::Serialize;
use std::fmt::Write as _;

/// Inner size of a chart, in its own units.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 180.0;
/// How many columns there are, in each of which the least and the greatest reading are drawn.
const COLUMNS: usize = 360;
/// How many readings are listed as a table below the chart.
const LISTED: usize = 120;

/// A chart.
#[derive(Serialize, Debug)]
pub(super) struct Chart {
    name: String,
    /// What it shows, in words: everything that the picture says.
    words: String,
    /// The threshold as it is written.
    threshold: Option<String>,
    unit: &'static str,
    /// Lines of points, broken where nothing was measured.
    lines: Vec<String>,
    /// Single readings between two gaps.
    dots: Vec<[String; 2]>,
    /// Readings beyond the threshold.
    beyond: Vec<[String; 2]>,
    /// Where the threshold lies.
    limit: Option<String>,
    /// Where nothing was measured: from and width.
    gaps: Vec<[String; 2]>,
    /// Texts of the axes: where, and what.
    marks: Vec<[String; 2]>,
    first: String,
    last: String,
    /// The readings, where they are few enough to be read: time, value, and whether it is beyond.
    rows: Vec<(String, String, bool)>,
}

/// The charts of all signals; a gap is where no reading came for more than `apart` milliseconds.
pub(super) fn charts(window: &Window, apart: i64) -> Vec<Chart> {
    let signals = window.signals.iter();
    signals.map(|(name, readings)| chart(window, name, readings, apart)).collect()
}

fn chart(window: &Window, name: &str, readings: &[Reading], apart: i64) -> Chart {
    let threshold = window.thresholds.get(name);
    let beyond: Vec<Stamp> = window.beyond(name, readings).iter().map(|own| own.at).collect();
    // One unit for the axis: that of the first reading. Another one is listed, and not drawn.
    let unit = readings.iter().find_map(|own| own.quantity).map(|own| own.unit);
    let drawn: Vec<(Stamp, f64)> = readings
        .iter()
        .filter_map(|own| Some((own.at, own.quantity.filter(|own| Some(own.unit) == unit)?.value)))
        .collect();
    let limit = threshold.and_then(|(condition, _)| match &condition.test {
        Test::Compare { bound: Bound::Fixed(own), .. } if Some(own.unit) == unit => Some(own.value),
        _ => None,
    });
    let values = || drawn.iter().map(|(_, value)| *value).chain(limit);
    let (low, high) = (values().fold(0.0, f64::min), values().fold(f64::MIN_POSITIVE, f64::max));
    let from = readings.first().map_or(0, |own| millis(own.at));
    let to = readings.last().map_or(1, |own| millis(own.at)).max(from + 1);
    let scale = Scale { from, to, low, high: high * 1.05 };
    let mut made = Chart {
        name: clean(name).into_owned(),
        words: words(name, readings, threshold.map(|(_, text)| text.as_str()), &beyond, apart),
        threshold: threshold.map(|(_, text)| clean(text).into_owned()),
        unit: unit.map_or("", |unit| unit.name()),
        lines: Vec::new(),
        dots: Vec::new(),
        beyond: Vec::new(),
        limit: limit.map(|own| scale.y(own)),
        gaps: Vec::new(),
        marks: Vec::new(),
        first: readings.first().map_or(String::new(), |own| own.at.to_string()),
        last: readings.last().map_or(String::new(), |own| own.at.to_string()),
        rows: Vec::new(),
    };
    made.draw(&drawn, &scale, apart);
    made.mark(&drawn, &scale, &beyond);
    if readings.len() <= LISTED {
        let known = |at: Stamp| beyond.binary_search(&at).is_ok();
        let row =
            |own: &Reading| (own.at.to_string(), clean(&own.text).into_owned(), known(own.at));
        made.rows = readings.iter().map(row).collect();
    }
    made
}

impl Chart {
    /// Draws runs of readings; a run ends where nothing came for too long.
    fn draw(&mut self, drawn: &[(Stamp, f64)], scale: &Scale, apart: i64) {
        let mut start = 0;
        for index in 0..drawn.len() {
            let at = drawn[index].0;
            let next = drawn.get(index + 1).map(|(next, _)| *next);
            let gap = next.filter(|next| next.millis_since(at) > apart);
            if gap.is_none() && next.is_some() {
                continue;
            }
            self.run(&drawn[start..=index], scale);
            start = index + 1;
            // One that is too narrow to be seen only breaks the line; the words count it.
            let ends = gap.map(|next| (scale.place(at), scale.place(next)));
            if let Some((left, right)) = ends.filter(|(left, right)| right - left >= 0.5) {
                self.gaps.push([format!("{left:.1}"), format!("{:.1}", right - left)]);
            }
        }
    }

    /// Marks readings beyond the threshold, one in each column, and values at the axis.
    fn mark(&mut self, drawn: &[(Stamp, f64)], scale: &Scale, beyond: &[Stamp]) {
        let mut last_column = None;
        for (at, value) in drawn.iter().filter(|(at, _)| beyond.binary_search(at).is_ok()) {
            let column = scale.column(*at);
            if last_column.replace(column) != Some(column) {
                self.beyond.push([scale.x(*at), scale.y(*value)]);
            }
        }
        for share in [0.0, 0.5, 1.0] {
            let value = scale.low + (scale.high - scale.low) * share;
            self.marks.push([scale.y(value), format!("{}{}", short(value), self.unit)]);
        }
    }

    fn run(&mut self, run: &[(Stamp, f64)], scale: &Scale) {
        if let [(at, value)] = run {
            let dot = [scale.x(*at), scale.y(*value)];
            if self.dots.last() != Some(&dot) {
                self.dots.push(dot);
            }
            return;
        }
        let mut line = String::new();
        let mut rest = run;
        while let Some((first, _)) = rest.first() {
            let column = scale.column(*first);
            let end = rest.iter().position(|(at, _)| scale.column(*at) != column);
            let (own, later) = rest.split_at(end.unwrap_or(rest.len()));
            rest = later;
            // Of many in one column the least and the greatest, in their order.
            let by = |a: &&(Stamp, f64), b: &&(Stamp, f64)| a.1.total_cmp(&b.1);
            let ends = [own.iter().min_by(by), own.iter().max_by(by)];
            let mut ends: Vec<&(Stamp, f64)> = ends.into_iter().flatten().collect();
            ends.sort_by_key(|(at, _)| *at);
            ends.dedup();
            for (at, value) in ends {
                let _ = write!(line, "{},{} ", scale.x(*at), scale.y(*value));
            }
        }
        self.lines.push(line.trim_end().to_owned());
    }
}

/// From times and values to places.
struct Scale {
    from: i64,
    to: i64,
    low: f64,
    high: f64,
}

impl Scale {
    #[expect(clippy::cast_precision_loss, reason = "a place in a picture")]
    fn place(&self, at: Stamp) -> f64 {
        (millis(at) - self.from) as f64 * WIDTH / (self.to - self.from) as f64
    }

    fn x(&self, at: Stamp) -> String {
        format!("{:.1}", self.place(at))
    }

    fn y(&self, value: f64) -> String {
        let range = self.high - self.low;
        let share = if range > 0.0 { (value - self.low) / range } else { 0.0 };
        format!("{:.1}", HEIGHT * (1.0 - share.clamp(0.0, 1.0)))
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a column")]
    #[expect(clippy::cast_precision_loss, reason = "a place in a picture")]
    fn column(&self, at: Stamp) -> usize {
        (self.place(at) / WIDTH * COLUMNS as f64) as usize
    }
}

fn millis(at: Stamp) -> i64 {
    at.timestamp().as_millisecond()
}

/// A number of an axis.
fn short(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        own if own >= 100.0 => format!("{value:.0}"),
        own if own >= 1.0 => format!("{value:.1}"),
        own if own >= 0.001 => format!("{value:.3}"),
        _ => format!("{value:.1e}"),
    }
}

/// What a chart shows, for whoever does not see it.
fn words(
    name: &str,
    readings: &[Reading],
    threshold: Option<&str>,
    beyond: &[Stamp],
    apart: i64,
) -> String {
    let (Some(first), Some(last)) = (readings.first(), readings.last()) else {
        return format!("{}: nothing was measured", clean(name));
    };
    let known = || readings.iter().filter_map(|own| Some((own, own.quantity?.value)));
    let least = known().min_by(|a, b| a.1.total_cmp(&b.1)).map(|(own, _)| own.text.as_str());
    let most = known().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(own, _)| own.text.as_str());
    let mut out = format!("{}: {} readings from {} to {}", name, readings.len(), first.at, last.at);
    if let (Some(least), Some(most)) = (least, most) {
        let _ = write!(out, ", between {least} and {most}, at last {}", last.text);
    }
    match threshold {
        None => out.push_str("; it has no threshold"),
        Some(text) => match beyond.first() {
            None => {
                let _ = write!(out, "; all within the threshold {text}");
            }
            Some(at) => {
                let _ = write!(
                    out,
                    "; {} beyond the threshold {text}, the first at {at}",
                    beyond.len()
                );
            }
        },
    }
    let pairs = readings.windows(2).filter(|pair| pair[1].at.millis_since(pair[0].at) > apart);
    let gaps: Vec<&[Reading]> = pairs.collect();
    if let Some(gap) = gaps.first() {
        let _ = write!(
            out,
            "; {} gaps without a reading, the first from {} to {}",
            gaps.len(),
            gap[0].at,
            gap[1].at
        );
    }
    out.push('.');
    clean(&out).into_owned()
}
