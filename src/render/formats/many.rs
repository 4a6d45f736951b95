//! Reports of many releases in one document: what each adds to it, and how it begins and ends.

use super::{Beside, Format, Row, github, gitlab, junit, markdown, rows, sarif};
use crate::model::{Level, Sha256Digest, Stamp};
use crate::render::json::{self, FailureView};
use crate::render::{Report, clean};
use serde::Serialize;
use std::fmt::Write as _;

/// What one release adds to a document.
#[derive(Debug, Default)]
pub struct Part {
    text: String,
    /// Annotations with their level.
    annotations: Vec<(Level, String)>,
}

/// A row of what could not be judged at all.
pub(super) struct Trouble {
    /// The rule, or the code of the failure.
    pub(super) rule: String,
    /// The file, from where the command was given.
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) message: String,
    pub(super) fingerprint: String,
}

/// How many releases there are, by what became of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Sum {
    /// All of them.
    pub releases: usize,
    /// Whose command ended with 0.
    pub passed: usize,
    /// Whose command ended with 1.
    pub refused: usize,
    /// Which could not be judged.
    pub broken: usize,
    /// Which are open.
    pub open: usize,
    /// Which were closed as completed.
    pub completed: usize,
    /// Which another one took the place of.
    pub superseded: usize,
    /// Which were given up.
    pub abandoned: usize,
    /// Which were taken back.
    pub rolled_back: usize,
    /// Which were not gone through.
    pub skipped: usize,
    /// Whose launch began.
    pub launched: usize,
    /// Which are emergencies.
    pub emergency: usize,
    /// Bytes of their files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// What the release in `dir` adds.
pub fn part(format: Format, report: &Report<'_>, beside: &Beside<'_>, dir: &str, exit: u8) -> Part {
    let mut part = Part::default();
    let own = |row: &Row<'_>| {
        let level = row.finding.level;
        (level, github::annotation(github::word(level), row))
    };
    part.text = match format {
        Format::Human | Format::Json | Format::Csv | Format::Html => {
            json::of_many(dir, exit, report, beside)
        }
        Format::Sarif => joined(rows(report, beside.prefix).iter().map(sarif::result)),
        Format::Gitlab => joined(rows(report, beside.prefix).iter().map(gitlab::issue)),
        Format::Junit => junit::of_many(report, dir),
        Format::Github => {
            let rows = rows(report, beside.prefix);
            part.annotations = rows.iter().map(own).collect();
            rows.iter().map(|row| format!("{}\n", github::line(row))).collect()
        }
        Format::Markdown => {
            let page = markdown::page(report, beside, usize::MAX);
            format!(
                "\n## {}\n\n{}",
                markdown::code(dir),
                page.replace("\n## ", "\n### ").replacen("# ", "### ", 1)
            )
        }
    };
    part
}

/// What a release adds that could not be judged.
pub fn failed(format: Format, view: &FailureView<'_>, dir: &str, exit: u8) -> Part {
    let mut part = Part::default();
    let troubles = troubles(view, dir);
    part.text = match format {
        Format::Human | Format::Json | Format::Csv | Format::Html => {
            json::failed_of_many(dir, exit, view)
        }
        Format::Sarif => joined(troubles.iter().map(sarif::trouble)),
        Format::Gitlab => joined(troubles.iter().map(gitlab::trouble)),
        Format::Junit => junit::troubles(dir, &troubles),
        Format::Github => {
            let own = |own: &Trouble| (Level::Error, github::trouble(own));
            part.annotations = troubles.iter().map(own).collect();
            let line =
                |own: &Trouble| format!("- error {} {}: {}\n", own.rule, own.path, own.message);
            troubles.iter().map(line).collect()
        }
        Format::Markdown => {
            let mut out = format!("\n## {}\n\n### could not be judged\n\n", markdown::code(dir));
            for own in &troubles {
                let text = markdown::text(&own.message);
                let _ = writeln!(out, "- **{}** {}: {text}", own.rule, markdown::code(&own.path));
            }
            out
        }
    };
    part
}

fn troubles(view: &FailureView<'_>, dir: &str) -> Vec<Trouble> {
    let at = |path: &str| if dir == "." { path.to_owned() } else { format!("{dir}/{path}") };
    if view.places.is_empty() {
        let mut words: Vec<&str> = vec![&view.message];
        words.extend(view.causes.iter().chain(&view.ways).map(String::as_str));
        return vec![Trouble::new(view.code, at("d3p.yaml"), 1, &words.join("; "))];
    }
    let place = |place: &json::PlaceView<'_>| {
        let path = match view.code {
            "E-refused" => dir.to_owned(),
            _ => at(place.location.path),
        };
        let mut words = format!("{}: {}", view.message, place.message);
        for way in &place.ways {
            let _ = write!(words, "; help: {way}");
        }
        Trouble::new(place.rule, path, place.location.line.unwrap_or(1), &words)
    };
    view.places.iter().map(place).collect()
}

impl Trouble {
    fn new(rule: &str, path: String, line: usize, message: &str) -> Self {
        let key = format!("{rule}\0{path}\0{message}");
        let fingerprint = format!("{}:1", &Sha256Digest::of(key.as_bytes()).to_string()[..32]);
        let message = clean(message).replace('\n', " ");
        Self { rule: rule.to_owned(), path: clean(&path).into_owned(), line, message, fingerprint }
    }
}

fn joined(values: impl Iterator<Item = serde_json::Value>) -> String {
    values.map(|value| value.to_string()).collect::<Vec<_>>().join(",\n")
}

/// A document of many releases, as it is written.
#[derive(Debug)]
pub struct Document {
    format: Format,
    command: String,
    now: Stamp,
    /// Whether something stands before what comes next.
    begun: bool,
    /// The first annotations of each level, worst first, and how many there are.
    shown: [(Vec<String>, usize); 3],
}

impl Document {
    /// Begins a document of what `command` says.
    pub fn new(format: Format, command: &str, now: Stamp) -> Self {
        Self { format, command: command.to_owned(), now, begun: false, shown: Default::default() }
    }

    /// How it begins.
    pub fn opening(&self) -> String {
        let Self { command, now, .. } = self;
        match self.format {
            Format::Human | Format::Json | Format::Csv | Format::Html => {
                json::opening_of_many(command, &now.to_string())
            }
            Format::Sarif => sarif::opening_of_many(command),
            Format::Gitlab => "[\n".to_owned(),
            Format::Junit => junit::opening_of_many(command),
            Format::Github => "::group::findings\n".to_owned(),
            Format::Markdown => format!("# d3p {command}\n\njudged {now}\n"),
        }
    }

    /// What a release adds.
    pub fn add(&mut self, part: Part) -> String {
        for (level, annotation) in part.annotations {
            let at =
                [Level::Error, Level::Warning, Level::Note].iter().position(|own| *own == level);
            let (shown, count) = &mut self.shown[at.unwrap_or_default()];
            *count += 1;
            if shown.len() < github::SHOWN {
                shown.push(annotation);
            }
        }
        let separated = matches!(self.format, Format::Json | Format::Sarif | Format::Gitlab);
        match separated && !part.text.is_empty() {
            true if std::mem::replace(&mut self.begun, true) => format!(",\n{}", part.text),
            _ => part.text,
        }
    }

    /// How it ends.
    pub fn closing(&self, sum: &Sum) -> String {
        let line = if self.begun { "\n" } else { "" };
        match self.format {
            Format::Human | Format::Json | Format::Csv | Format::Html => {
                json::closing_of_many(line, sum)
            }
            Format::Sarif => {
                sarif::closing_of_many(line, &self.command, &self.now.to_string(), sum)
            }
            Format::Gitlab => format!("{line}]\n"),
            Format::Junit => "</testsuites>\n".to_owned(),
            Format::Github => self.annotations(sum),
            Format::Markdown => format!("\n## All\n\n{}\n", sum.words()),
        }
    }

    fn annotations(&self, sum: &Sum) -> String {
        let mut out = "::endgroup::\n".to_owned();
        for ((shown, count), word) in self.shown.iter().zip(["error", "warning", "notice"]) {
            out.extend(shown.iter().map(String::as_str));
            if let Some(more) = count.checked_sub(shown.len()).filter(|more| *more > 0) {
                let _ = writeln!(out, "::{word} title=d3p::and {more} more: the log lists all");
            }
        }
        let _ = writeln!(out, "d3p {}: {}", self.command, sum.words());
        out
    }
}

impl Sum {
    /// In words, for people.
    pub fn words(&self) -> String {
        let mut parts = Vec::new();
        for (count, word) in [
            (self.passed, "passed"),
            (self.refused, "refused"),
            (self.broken, "could not be judged"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {word}"));
            }
        }
        let releases = if self.releases == 1 { "release" } else { "releases" };
        let first = format!("{} {releases}: {}", self.releases, parts.join(", "));
        format!("{first}; {}", self.ended())
    }

    /// What became of them, in words.
    pub fn ended(&self) -> String {
        let counts = [
            (self.open, "open"),
            (self.completed, "completed"),
            (self.superseded, "superseded"),
            (self.abandoned, "abandoned"),
            (self.rolled_back, "rolled back"),
            (self.skipped, "skipped"),
        ];
        let told = counts.iter().filter(|(count, _)| *count > 0);
        let mut told: Vec<String> = told.map(|(count, word)| format!("{count} {word}")).collect();
        told.push(format!("{} launched", self.launched));
        if self.emergency > 0 {
            told.push(format!("{} emergency", self.emergency));
        }
        if let Some(bytes) = self.bytes {
            told.push(crate::render::size(bytes));
        }
        told.join(", ")
    }
}
