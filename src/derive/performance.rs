//! Performance against the pinned baseline (DLC-4).

use crate::definition::ReportFormat;
use crate::derive::reading::{Doubt, read_all};
use crate::derive::validation::unreadable;
use crate::derive::{Facts, Problem};
use crate::import::performance::{self, Better, Measurement, PerformanceReport};
use crate::import::prometheus;
use crate::model::Sha256Digest;
use crate::project::Project;
use crate::record::Import;
use serde_json::{Value, json};

/// Measurements beside the baseline's.
pub(super) struct Compared {
    pub(super) values: Vec<Value>,
    pub(super) baseline: Option<Value>,
}

pub(super) fn compare(
    project: &Project,
    facts: &Facts<'_>,
    doubts: &mut Vec<Doubt>,
) -> Result<Option<Compared>, Vec<Problem>> {
    let measured = measured(project, facts, doubts)?;
    if measured.is_empty() {
        return Ok(None);
    }
    let pinned = project.effective().policy.validation.baseline.as_ref();
    let baseline = baseline(project).transpose().map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let mut values = Vec::new();
    for own in &measured {
        let name = &own.median.name;
        let before = baseline
            .as_ref()
            .and_then(|baseline| baseline.metrics.iter().find(|other| other.name == *name));
        if let Some(before) = before.filter(|before| before.unit != own.median.unit) {
            problems.push(
                Problem::new(
                    pinned.map_or("", |pinned| &pinned.path),
                    format!(
                        "{} is measured in `{}`, and its baseline in `{}`",
                        name, own.median.unit, before.unit
                    ),
                )
                .help("measure both in one unit"),
            );
            continue;
        }
        let runs = (own.runs.len() > 1).then(|| own.runs.clone());
        let own = &own.median;
        let change = before.filter(|before| before.value != 0.0).map(|before| {
            let change = (own.value - before.value) / before.value.abs() * 100.0;
            // One decimal, as people write it; and never a negative zero.
            (change * 10.0).round() / 10.0 + 0.0
        });
        let mut value = json!({
            "metric": own.name,
            "unit": own.unit,
            "baseline": before.map(|before| before.value),
            "observed": own.value,
            "change_percent": before.and(Some(change.unwrap_or(0.0))),
        });
        if let Some(runs) = runs {
            value["runs"] = json!(runs);
        }
        values.push(value);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let copy = facts.of(ReportFormat::Baseline).next();
    let baseline = pinned.zip(copy).map(|(pinned, (copy, _))| {
        json!({ "release": pinned.release, "path": copy.path, "sha256": copy.sha256 })
    });
    Ok(Some(Compared { values, baseline }))
}

/// The baseline that the policy pins, read and checked against its pin; `None` when none is pinned.
pub fn baseline(project: &Project) -> Option<Result<PerformanceReport, Problem>> {
    let pinned = project.effective().policy.validation.baseline.as_ref()?;
    let problem = |message: String| {
        Problem::new(&pinned.path, message)
            .help("restore the file, or pin another baseline in d3p.yaml: validation.baseline")
    };
    // The copy that evidence cites is as good as the file: both have the pinned digest.
    let wanted = Sha256Digest::parse(&pinned.sha256);
    let copy = project.raw.values().find(|file| wanted.is_some() && file.digest == wanted);
    let own = || project.raw.get(&pinned.path).or_else(|| project.file(&pinned.path));
    let Some(file) = copy.or_else(own) else {
        return Some(Err(problem(format!("the baseline {} was not read", pinned.path))));
    };
    if file.digest != wanted {
        let now = file.digest.map_or("not there".to_owned(), |digest| format!("sha256:{digest}"));
        return Some(Err(problem(format!(
            "the baseline {} is not the pinned one: it is {now}",
            pinned.path
        ))));
    }
    Some(performance::baseline(&file.text).map_err(|error| {
        let at = error.position.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
        problem(format!("{}{at}: {}", pinned.path, error.message))
    }))
}

/// A metric: one run of it, or the median of several.
pub(super) struct Measured {
    pub(super) median: Measurement,
    /// What each run measured, sorted.
    pub(super) runs: Vec<f64>,
}

/// Everything that was measured, sorted by name. What several reports measure are runs of one thing.
pub(super) fn measured(
    project: &Project,
    facts: &Facts<'_>,
    doubts: &mut Vec<Doubt>,
) -> Result<Vec<Measured>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut all: Vec<Measurement> = Vec::new();
    match read_all(
        facts,
        ReportFormat::Performance,
        |told| performance::parse(told.text()?),
        doubts,
    ) {
        Ok(reports) => {
            for (import, report) in reports {
                doubts.extend(of_another(project, import, report.release.as_deref()));
                all.extend(report.metrics);
            }
        }
        Err(wrong) => problems.extend(wrong),
    }
    match read_all(facts, ReportFormat::Prometheus, |told| prometheus::parse(told.text()?), doubts)
    {
        Ok(scrapes) => {
            for (import, samples) in scrapes {
                selected(project, import, &samples, &mut all, &mut problems);
            }
        }
        Err(wrong) => problems.extend(wrong),
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    let mut out: Vec<Measured> = Vec::new();
    for own in all {
        match out.last_mut().filter(|last| last.median.name == own.name) {
            Some(last) if last.median.unit != own.unit => problems.push(
                Problem::new("", format!("{} was measured in two units", own.name))
                    .help("let each run measure it in one unit"),
            ),
            Some(last) => last.runs.push(own.value),
            None => out.push(Measured { runs: vec![own.value], median: own }),
        }
    }
    for own in &mut out {
        own.runs.sort_by(f64::total_cmp);
        own.median.value = median(&own.runs);
    }
    if problems.is_empty() { Ok(out) } else { Err(problems) }
}

/// That a report names another release than this, by version or commit.
pub(super) fn of_another(project: &Project, import: &Import, named: Option<&str>) -> Option<Doubt> {
    let (named, release) = (named?.trim(), project.release()?);
    let bare = |version: &str| version.trim_start_matches(['v', 'V']).to_lowercase();
    let is_commit = named.len() >= 7 && release.commit.starts_with(&named.to_lowercase());
    (!named.is_empty() && bare(named) != bare(&release.version) && !is_commit).then(|| {
        let told = format!("it tells of {named}, and this release is {}", release.version);
        Doubt::new(import, &told)
    })
}

/// The middle of sorted values; of an even number the mean of the two in the middle.
pub fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    match (sorted.get(middle), middle.checked_sub(1).and_then(|below| sorted.get(below))) {
        (Some(upper), Some(lower)) if sorted.len().is_multiple_of(2) => (lower + upper) / 2.0,
        (Some(value), _) => *value,
        (None, _) => 0.0,
    }
}

/// The samples of an exposition that the policy names.
fn selected(
    project: &Project,
    import: &Import,
    samples: &[prometheus::Sample],
    all: &mut Vec<Measurement>,
    problems: &mut Vec<Problem>,
) {
    let sources = project.effective().policy.metrics.named.iter();
    let mut sources =
        sources.filter_map(|(name, own)| Some((name, own, own.select.as_ref()?))).peekable();
    if sources.peek().is_none() {
        problems.push(
            Problem::new(&import.source, "d3p.yaml names no sample of a Prometheus exposition")
                .help("metrics: { latency_p99: { select: 'http_seconds{quantile=\"0.99\"}', unit: s } }"),
        );
        return;
    }
    for (name, source, select) in sources {
        match prometheus::select(samples, select) {
            Ok(value) => all.push(Measurement {
                name: name.clone(),
                unit: source.unit.clone(),
                value,
                better: match source.better.as_deref() {
                    Some("higher") => Better::Higher,
                    Some(_) => Better::Lower,
                    None => Better::of_unit(&source.unit),
                },
            }),
            Err(error) => problems.push(unreadable(import, &error)),
        }
    }
}
