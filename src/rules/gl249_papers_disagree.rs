//! GL249: papers-disagree.

use super::Context;
use super::support::doubts::for_go;
use super::support::sections::{Sectioned, cell, sectioned};
use crate::decisions::fold;
use crate::definition::CellType;
use crate::markdown::{Table, placeholder};
use crate::model::{Bound, Condition, Finding, Location, Span, Test, same_version};
use crate::project::Project;
use serde_json::Value;
use std::collections::BTreeMap;

rule! {
    /// Two papers of one release contradict each other.
    ///
    /// ## What it checks
    /// A criterion for taking the launch back has one threshold wherever it stands; two procedures for it do
    /// not differ in length by more than three times; each artifact of the manifest is of this
    /// release's version, where it names one, and has a digest of its own.
    ///
    /// ## Why it matters
    /// Whoever acts in an emergency reads one of the two.
    ///
    /// ## How to fix
    /// Make them agree. Or let it stand: whoever says GO sees it, and their statement names it.
    GL249 "papers-disagree" Error since "0.1.0" clauses ["P8-3", "DLC-6", "P11-1.2", "D3P-2"] waivable false
}

/// Most times that one procedure may last as long as another.
const MOST_TIMES: u64 = 3;

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let add = |place: Location, message: String| for_go(project, &GL249, place, message);
    let mut thresholds: BTreeMap<String, (String, Location)> = BTreeMap::new();
    let mut shortest: Option<(u64, String)> = None;
    for file in sectioned(project) {
        let criteria = criteria(project, &file);
        for (name, text, place) in &criteria {
            match thresholds.get(&fold(name)) {
                Some((other, first)) if !same_value(other, text) => {
                    let message = format!("\"{name}\": {text} here, and {other} in {}", first.path);
                    out.extend(add(place.clone(), message));
                }
                Some(_) => {}
                None => {
                    thresholds.insert(fold(name), (text.clone(), place.clone()));
                }
            }
        }
        let Some(seconds) = lasts(project, &file).filter(|_| !criteria.is_empty()) else {
            continue;
        };
        let path = &file.file.path;
        if let Some((other, first)) = &shortest {
            let (less, more) = (seconds.min(*other).max(1), seconds.max(*other));
            if more / less >= MOST_TIMES {
                let say = |seconds: u64| Span::from_seconds(seconds);
                let message = format!(
                    "taking it back lasts {} here, and {} in {first}",
                    say(seconds),
                    say(*other)
                );
                out.extend(add(Location::file(path), message));
            }
        }
        shortest.get_or_insert((seconds, path.clone()));
    }
    artifacts(project, out);
}

/// Whether two thresholds are one value, in whatever unit each is written.
fn same_value(one: &str, other: &str) -> bool {
    let test = |text: &str| Condition::parse(text).ok().map(|own| own.test);
    match (test(one), test(other)) {
        (
            Some(Test::Compare { op, bound: Bound::Fixed(one) }),
            Some(Test::Compare { op: same, bound: Bound::Fixed(other) }),
        ) => op == same && one.of(other).is_some_and(|own| (own - other.value).abs() < 1e-9),
        (None, None) => fold(one) == fold(other),
        (first, second) => first == second,
    }
}

/// A table that the phase wants, with the column of each type, the first of several.
type Wanted<'a> = (&'a Table, Box<dyn Fn(CellType) -> Option<usize> + 'a>);

fn tables<'a>(project: &Project, file: &Sectioned<'a>) -> Vec<Wanted<'a>> {
    let found = file.sections.iter().filter_map(|def| {
        let columns = &def.table.as_ref()?.columns;
        let (table, places) = file.find(project, def)?.table(project, def.table.as_ref()?)?;
        let column = move |kind: CellType| {
            let index = columns.values().position(|own| *own == kind)?;
            places.get(index).copied()
        };
        Some((table, Box::new(column) as Box<dyn Fn(CellType) -> Option<usize> + 'a>))
    });
    found.collect()
}

/// The criteria of a file: what happens, in words, beside a threshold.
fn criteria(project: &Project, file: &Sectioned<'_>) -> Vec<(String, String, Location)> {
    let mut out = Vec::new();
    for (table, column) in tables(project, file) {
        let (Some(words), Some(bound), None) =
            (column(CellType::Text), column(CellType::Threshold), column(CellType::Metric))
        else {
            continue;
        };
        out.extend(table.rows.iter().map(|row| {
            let range = row.cells.get(bound).map_or(row.range.clone(), |cell| cell.range.clone());
            (cell(row, words).to_owned(), cell(row, bound).to_owned(), file.at(range))
        }));
    }
    out
}

/// How long the steps of a file last, in seconds.
fn lasts(project: &Project, file: &Sectioned<'_>) -> Option<u64> {
    let mut sum = 0_u64;
    for (table, column) in tables(project, file) {
        let (Some(_), Some(lasts)) = (column(CellType::Person), column(CellType::Duration)) else {
            continue;
        };
        let spans = table.rows.iter().filter_map(|row| Span::parse(cell(row, lasts)).ok());
        sum = spans.fold(sum, |sum, own| sum.saturating_add(own.seconds()));
    }
    (sum > 0).then_some(sum)
}

/// Artifacts of another version, and two with one digest.
fn artifacts(project: &Project, out: &mut Vec<Finding>) {
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let (Some(manifest), Some(release)) = (manifest, project.release()) else { return };
    let list = manifest.value().and_then(|value| value.get("artifacts")?.as_array());
    let mut digests: BTreeMap<&str, &str> = BTreeMap::new();
    for (index, artifact) in list.into_iter().flatten().enumerate() {
        // What is not filled in yet is told as that.
        let said = |key: &str| artifact.get(key).and_then(Value::as_str);
        let text = |key: &str| said(key).filter(|own| !own.contains(placeholder::MARKER));
        let name = text("name").unwrap_or("an artifact");
        if let Some(version) = text("version").filter(|own| !same_version(own, &release.version)) {
            let place = manifest.at(format!("/artifacts/{index}/version"));
            let message = format!("{name} is {version}, and this release is {}", release.version);
            out.extend(for_go(project, &GL249, place, message));
        }
        let Some(sha256) = text("sha256") else { continue };
        if let Some(other) = digests.insert(sha256, name) {
            let place = manifest.at(format!("/artifacts/{index}/sha256"));
            out.extend(for_go(project, &GL249, place, format!("{name} and {other} are one file")));
        }
    }
}
