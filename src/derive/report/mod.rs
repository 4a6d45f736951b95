//! `DEPLOYMENT-REPORT.md`: compiled from the evidence, each piece by path and digest (P11-4.2).
//!
//! The same files at the same moment give the same bytes, so a rule can compile the report again
//! and compare. What is laid out is frozen by its number: an archived report is compiled again in
//! the layout that it names, whatever later versions of d3p do.

mod before;
mod closing;
mod ending;
mod health;
mod opening;
mod people;
mod regions;
mod stages;
mod text;
mod timeline;

pub use before::{cited, rollback_takes};
pub use health::{Reading, Window, before_and_after, incidents, sampled};
pub use regions::{Parts, REGIONS, RegionFault, Regions, split};
pub(crate) use stages::Durations;
pub(crate) use text::length;

use crate::definition::{EvidenceDef, NativeCheck, ReportOf};
use crate::derive::view::{Moment, View};
use crate::model::{Span, Stamp};
use crate::project::{Evidence, Project, Release};
use std::fmt::Write as _;

/// The layout that this version writes.
pub const LAYOUT: u64 = 1;

/// The phase's report of the whole release: its kind and what the phase says of it.
pub fn report_def(project: &Project) -> Option<(&str, &EvidenceDef)> {
    report_of(project, ReportOf::Release)
}

/// The phase's compiled report of something.
pub fn report_of(project: &Project, of: ReportOf) -> Option<(&str, &EvidenceDef)> {
    let mut all = project.phase.evidence.iter();
    all.find(|(_, def)| def.told_of() == Some(of)).map(|(kind, def)| (kind.as_str(), def))
}

/// The project as a report of `moment` sees it.
pub fn view<'a>(
    project: &'a Project,
    release: &'a Release,
    of: ReportOf,
    moment: Moment,
) -> View<'a> {
    let gate = report_of(project, of).and_then(|(kind, _)| project.phase.gate_of_evidence(kind));
    View::new(project, release, gate.map(|(id, _)| id), moment)
}

/// A report's text: what `view` shows, as compiled at `stamp`, around what people wrote.
pub fn compile(view: &View<'_>, of: ReportOf, stamp: Stamp, regions: &Regions) -> String {
    let mut out = String::new();
    match of {
        ReportOf::Release => whole(view, stamp, &mut out),
        ReportOf::Validation => before::validation(view, stamp, &mut out),
        ReportOf::Plan => before::plan(view, stamp, &mut out),
        ReportOf::Closing => closing::write(view, stamp, &mut out),
    }
    regions::join(&out, regions)
}

fn whole(view: &View<'_>, stamp: Stamp, out: &mut String) {
    opening::write(view, stamp, out);
    timeline::write(view, out);
    opening::readiness(view, out);
    stages::write(view, out);
    health::write(view, out);
    people::write(view, out);
    ending::write(view, out);
}

/// What a report that lies there is worth.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Freshness {
    /// It is what the evidence makes.
    Current,
    /// Nobody edited it, and the evidence makes another one: the first line that differs.
    Outdated(Difference),
    /// What d3p compiled was edited by hand.
    Edited(Difference),
    /// Its regions cannot be told apart.
    Regions(RegionFault),
    /// It was not compiled in a layout that this version knows.
    Unknown,
}

/// The first line in which two texts differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Line, from 1.
    pub line: usize,
    /// Its bytes in the report that lies there.
    pub range: std::ops::Range<usize>,
    /// What the evidence makes of it; `None` when the line should not be there.
    pub expected: Option<String>,
}

/// Compiles a report again, at the moment that it claims, and compares.
pub fn freshness(
    project: &Project,
    release: &Release,
    report: &Evidence<'_>,
    waits: bool,
) -> Freshness {
    let Some(value) = report.value() else { return Freshness::Unknown };
    let layout = value.get("layout").and_then(serde_json::Value::as_u64);
    let parts = match split(&report.file.text) {
        Ok(parts) => parts,
        Err(fault) => return Freshness::Regions(fault),
    };
    let (Some(stamp), Some(LAYOUT)) = (text::time(value, "/finished_at"), layout) else {
        return Freshness::Unknown;
    };
    let cited = report.cites().map(|(_, path, _)| path.to_owned()).collect();
    let moment = Moment { until: stamp, optional: Some(cited) };
    let of = report.def.told_of().unwrap_or_default();
    let view = view(project, release, of, moment).waiting(waits);
    let made = compile(&view, of, stamp, &parts.regions);
    if made == report.file.text {
        return Freshness::Current;
    }
    let difference = first_difference(&report.file.text, &made);
    if parts.is_sealed() { Freshness::Outdated(difference) } else { Freshness::Edited(difference) }
}

impl Difference {
    /// What the evidence makes of the line, for a sentence.
    pub fn made(&self) -> String {
        self.expected.as_ref().map_or("nothing".to_owned(), |line| format!("`{line}`"))
    }
}

/// Seals are left out: they differ because something else does.
fn first_difference(found: &str, made: &str) -> Difference {
    let seal = |line: &str| line.starts_with("compiled_sha256: ");
    let mut expected = made.split_inclusive('\n');
    let mut start = 0;
    let mut line = 0;
    for whole in found.split_inclusive('\n') {
        line += 1;
        let other = expected.next();
        if other != Some(whole) && !(seal(whole) && other.is_some_and(seal)) {
            let range = start..start + whole.trim_end().len();
            let expected = other.map(|line| line.trim_end().to_owned());
            return Difference { line, range, expected };
        }
        start += whole.len();
    }
    let expected = expected.next().map(|line| line.trim_end().to_owned());
    Difference { line: line + 1, range: found.len()..found.len(), expected }
}

/// When the health window ends: so long after the end of the deployment as the policy says.
pub fn window_end(project: &Project) -> Option<Stamp> {
    let values = &project.effective().values;
    let (launch, _) = project.phase.launch()?;
    let launched = project.evidence(launch)?.finished()?;
    let window = project.all_evidence().find_map(|evidence| {
        evidence.native(|native| match native {
            NativeCheck::HealthSeries { window, .. } => window.resolve(values).as_str(),
            _ => None,
        })
    })?;
    Some(launched.plus(Span::parse(window).ok()?))
}

/// A second-level heading.
fn heading(out: &mut String, title: &str) {
    let _ = writeln!(out, "## {title}\n");
}

/// A region of people's, under its heading.
fn region(out: &mut String, title: &str, name: &str) {
    heading(out, title);
    let _ = writeln!(out, "Written by people, not compiled:\n");
    out.push_str(&regions::markers(name));
    let _ = writeln!(out, "\nEnd of what people wrote.\n");
}
