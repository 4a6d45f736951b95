//! The text exposition format of Prometheus, and that of OpenMetrics where it differs little.

mod lexer;
#[cfg(test)]
mod tests;

use super::{ImportError, unmarked};
use crate::text::quoted;
use lexer::{Line, Quoted};
use std::collections::HashMap;

/// One value of one series.
#[derive(Clone, PartialEq, Debug)]
pub struct Sample {
    /// Name of the metric.
    pub name: String,
    /// Its labels, ordered by name; each name once.
    pub labels: Vec<(String, String)>,
    /// The value; may be infinite or no number.
    pub value: f64,
    /// When it was taken, in milliseconds since 1970, where the text says so.
    pub timestamp_ms: Option<i64>,
}

/// Reads all samples of a scrape, in its order; at least one. Comments, exemplars, and what is
/// said about types, units and help, are passed over.
///
/// # Errors
/// A line that is no sample, a series that occurs twice, a last line that is not ended (as of a
/// scrape that was cut off), text after `# EOF`, or no sample at all.
pub fn parse(text: &str) -> Result<Vec<Sample>, ImportError> {
    let text = unmarked(text);
    let open_metrics = text.trim_end().ends_with("# EOF");
    let mut samples = Vec::new();
    // Where each sample stands.
    let mut places = Vec::new();
    let mut ended = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let content = line.trim_end_matches(['\n', '\r']).trim_start_matches([' ', '\t']);
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if content.is_empty() {
            continue;
        }
        if ended {
            return Err(ImportError::at(text, at, "there is more after `# EOF`"));
        }
        if let Some(comment) = content.strip_prefix('#') {
            ended = comment.trim() == "EOF";
            continue;
        }
        if !line.ends_with('\n') {
            return Err(ImportError::at(text, at, "the last line is not ended")
                .help("the scrape was cut off, and so may be its last value: scrape again"));
        }
        let sample = Line::new(content).sample(open_metrics).map_err(|(offset, message)| {
            ImportError::at(text, at + indent + offset, message)
                .help("expected: name{label=\"value\",…} value [timestamp]")
        })?;
        samples.push(sample);
        places.push(at + indent);
    }
    if samples.is_empty() {
        return Err(ImportError::new("there is no sample in the scrape"));
    }
    let mut seen = HashMap::new();
    for (sample, at) in samples.iter().zip(places) {
        if let Some(first) = seen.insert((&sample.name, &sample.labels), at) {
            let line = crate::text::position(text, first).line;
            let message = format!("the series {} stands in line {line} already", series(sample));
            return Err(ImportError::at(text, at, message));
        }
    }
    Ok(samples)
}

/// The texts in quotes that stand before the value of a sample: what each is called, its value, and
/// where it stands; and where they end. `None` for a line that is no sample.
pub(super) fn quoted_in(line: &str) -> Option<(Vec<Quoted>, usize)> {
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let (texts, end) = Line::new(&line[indent..]).quoted().ok()?;
    let moved = |(name, value, at): Quoted| (name, value, at.start + indent..at.end + indent);
    Some((texts.into_iter().map(moved).collect(), end + indent))
}

/// The value of the one sample that `selector` names: `name` or `name{label="value",…}`. Labels
/// must be equal; those that are not given may be anything.
///
/// # Errors
/// A selector that is not of this form, none or several samples that match, or one that is not a
/// finite number.
pub fn select(samples: &[Sample], selector: &str) -> Result<f64, ImportError> {
    let (name, labels) = Line::new(selector).selector().map_err(|(offset, message)| {
        let error = ImportError::new(format!("the selector {}: {message}", quoted(selector)));
        error.help(format!(
            "expected name or name{{label=\"value\",…}}; it breaks at character {}",
            1 + selector[..selector.floor_char_boundary(offset)].chars().count()
        ))
    })?;
    let fits = |sample: &&Sample| {
        sample.name == name && labels.iter().all(|label| sample.labels.contains(label))
    };
    let mut matching = samples.iter().filter(fits);
    let Some(sample) = matching.next() else {
        let others: Vec<String> =
            samples.iter().filter(|sample| sample.name == name).map(series).take(3).collect();
        let error = ImportError::new(format!("no sample matches {}", quoted(selector)));
        return Err(match others.is_empty() {
            true => error.help("the scrape has no metric of this name"),
            false => error.help(format!("the scrape has {}", others.join(", "))),
        });
    };
    if let Some(second) = matching.next() {
        let count = 2 + matching.count();
        let message = format!("{count} samples match {}, not one", quoted(selector));
        let help = format!("name more labels: {} and {} match", series(sample), series(second));
        return Err(ImportError::new(message).help(help));
    }
    if sample.value.is_finite() {
        return Ok(sample.value);
    }
    let value = match sample.value {
        value if value.is_nan() => "NaN",
        value if value > 0.0 => "+Inf",
        _ => "-Inf",
    };
    let message = format!("{} is {value}, which compares with nothing", series(sample));
    Err(ImportError::new(message).help("nothing was measured yet, or a division by zero"))
}

/// A series as people write it, on one line and not too long.
fn series(sample: &Sample) -> String {
    let labels: Vec<String> =
        sample.labels.iter().take(8).map(|(name, value)| format!("{name}={value:?}")).collect();
    match labels.is_empty() {
        true => quoted(&sample.name),
        false => {
            let shown = format!("{}{{{}}}", sample.name, labels.join(","));
            let cut: String = shown.chars().take(120).collect();
            let tail = if cut.len() < shown.len() { "…" } else { "" };
            format!("`{}{tail}`", cut.chars().filter(|c| !c.is_control()).collect::<String>())
        }
    }
}
