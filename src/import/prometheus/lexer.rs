//! One line: a name, labels, a value and a time.

use super::Sample;
use crate::text::quoted;
use std::ops::Range;

/// Most labels of one series: looking for a second one of the same name is quadratic.
const MAX_LABELS: usize = 100;

/// What is wrong where a line is OpenMetrics, and the text is not.
const UNENDED: &str = "as OpenMetrics has it, but its last line, `# EOF`, is missing: the scrape \
    was cut off, or its end was left out";

/// An offset in the line, and what is wrong there.
type Wrong = (usize, String);

type Labels = Vec<(String, String)>;

/// A line, and how far it is read.
pub(super) struct Line<'a> {
    text: &'a str,
    at: usize,
    /// Texts in quotes that were read: what each is called, its value, and where it stands.
    quoted: Vec<Quoted>,
}

/// A text in quotes: what it is called, its value, and where it stands with its quotes.
pub(super) type Quoted = (String, String, Range<usize>);

impl<'a> Line<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, quoted: Vec::new() }
    }

    /// The whole line as a sample.
    pub(super) fn sample(mut self, open_metrics: bool) -> Result<Sample, Wrong> {
        let (name, labels) = self.series()?;
        self.blanks();
        let start = self.at;
        let word = self.word();
        let value =
            number(word).ok_or_else(|| (start, format!("{} is not a number", quoted(word))))?;
        self.blanks();
        let start = self.at;
        let timestamp_ms = match self.word() {
            "" => None,
            word => Some(timestamp(word, open_metrics).ok_or_else(|| {
                let seconds = timestamp(word, true).filter(|_| !open_metrics);
                (
                    start,
                    match seconds {
                        Some(_) => format!("the time {} has a fraction, {UNENDED}", quoted(word)),
                        None => format!("{} is not a timestamp", quoted(word)),
                    },
                )
            })?),
        };
        self.blanks();
        // An exemplar is about one event, not about the series.
        let exemplar = open_metrics && self.rest().starts_with('#');
        if !exemplar && !self.rest().is_empty() {
            return Err((
                self.at,
                match self.rest().starts_with("# {") {
                    true => format!("an exemplar follows the sample, {UNENDED}"),
                    false => "there is more after the sample".to_owned(),
                },
            ));
        }
        Ok(Sample { name, labels, value, timestamp_ms })
    }

    /// The texts in quotes of a sample, as far as its value, and where that begins.
    pub(super) fn quoted(mut self) -> Result<(Vec<Quoted>, usize), Wrong> {
        self.series()?;
        Ok((self.quoted, self.at))
    }

    /// The whole line as a selector.
    pub(super) fn selector(mut self) -> Result<(String, Labels), Wrong> {
        self.blanks();
        let selected = self.series()?;
        self.blanks();
        match self.rest().is_empty() {
            true => Ok(selected),
            false => Err((self.at, "there is more after it".to_owned())),
        }
    }

    /// `name`, `name{label="value"}`, or `{"name",label="value"}` for names beyond ASCII.
    fn series(&mut self) -> Result<(String, Labels), Wrong> {
        let start = self.at;
        let colon = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        let mut name = self.taken(colon).to_owned();
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err((start, "a name must not begin with a digit".to_owned()));
        }
        self.blanks();
        let labels = if self.eat('{') { self.labels(&mut name)? } else { Vec::new() };
        if name.is_empty() {
            return Err((start, "there is no name of a metric".to_owned()));
        }
        Ok((name, labels))
    }

    fn labels(&mut self, metric: &mut String) -> Result<Labels, Wrong> {
        let mut labels = Vec::new();
        loop {
            self.blanks();
            if self.eat('}') {
                break;
            }
            let start = self.at;
            let is_quoted = self.rest().starts_with('"');
            let label = if is_quoted { self.string()? } else { self.label()? };
            let end = self.at;
            self.blanks();
            if is_quoted && metric.is_empty() && self.rest().starts_with([',', '}']) {
                self.quoted.push((String::new(), label.clone(), start..end));
                *metric = label;
            } else {
                self.equals()?;
                self.blanks();
                let from = self.at;
                let value = self.string()?;
                self.quoted.push((label.clone(), value.clone(), from..self.at));
                if labels.iter().any(|(known, _)| *known == label) {
                    return Err((start, format!("the label {} occurs twice", quoted(&label))));
                }
                if labels.len() == MAX_LABELS {
                    return Err((start, format!("there are more than {MAX_LABELS} labels")));
                }
                labels.push((label, value));
            }
            self.blanks();
            if !self.eat(',') && !self.rest().starts_with('}') {
                return Err((self.at, "expected `,` or `}` after a label".to_owned()));
            }
        }
        labels.sort();
        Ok(labels)
    }

    fn label(&mut self) -> Result<String, Wrong> {
        let start = self.at;
        let name = self.taken(|c| c.is_ascii_alphanumeric() || c == '_');
        match name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            true => Err((start, "expected the name of a label".to_owned())),
            false => Ok(name.to_owned()),
        }
    }

    fn equals(&mut self) -> Result<(), Wrong> {
        let start = self.at;
        if self.rest().starts_with(['!', '~']) || self.rest().starts_with("=~") {
            return Err((start, "labels can only be equal: `=`".to_owned()));
        }
        match self.eat('=') {
            true => Ok(()),
            false => Err((start, "expected `=` after the name of a label".to_owned())),
        }
    }

    /// A string in quotes; `\\`, `\"` and `\n` are its escapes.
    fn string(&mut self) -> Result<String, Wrong> {
        let start = self.at;
        if !self.eat('"') {
            return Err((start, "expected a value in double quotes".to_owned()));
        }
        let mut value = String::new();
        loop {
            value.push_str(self.taken(|c| c != '"' && c != '\\'));
            if self.eat('"') {
                return Ok(value);
            }
            if !self.eat('\\') {
                return Err((start, "a value has no closing quote".to_owned()));
            }
            // Prometheus keeps what it does not know as it stands, with its backslash.
            let Some(next) = self.rest().chars().next() else { continue };
            match next {
                'n' => value.push('\n'),
                '\\' | '"' => value.push(next),
                _ => value.extend(['\\', next]),
            }
            self.at += next.len_utf8();
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The characters from here for which `belongs` holds.
    fn taken(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn blanks(&mut self) {
        self.taken(|c| c == ' ' || c == '\t');
    }

    fn word(&mut self) -> &'a str {
        match self.rest().starts_with('#') {
            true => "",
            false => self.taken(|c| c != ' ' && c != '\t'),
        }
    }

    /// Takes `c`, an ASCII character, if it comes next.
    fn eat(&mut self, c: char) -> bool {
        let next = self.rest().starts_with(c);
        self.at += usize::from(next);
        next
    }
}

/// A value: a decimal number, `NaN`, `+Inf` or `-Inf`.
fn number(word: &str) -> Option<f64> {
    let infinite = word.trim_start_matches(['+', '-']).get(..3);
    let spelled = infinite.is_some_and(|start| start.eq_ignore_ascii_case("inf"));
    // What is too large would silently become infinite.
    word.parse().ok().filter(|value: &f64| !value.is_infinite() || spelled)
}

/// A time in milliseconds; OpenMetrics writes seconds with a fraction.
fn timestamp(word: &str, open_metrics: bool) -> Option<i64> {
    if !open_metrics {
        return word.parse().ok();
    }
    let milliseconds = (word.parse::<f64>().ok()? * 1000.0).round();
    // Within ±2^53 every whole number is exact.
    #[allow(clippy::cast_possible_truncation)]
    (milliseconds.abs() <= 9_007_199_254_740_992.0).then_some(milliseconds as i64)
}
