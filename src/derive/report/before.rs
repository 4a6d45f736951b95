//! What whoever decides on the launch reads before: the staging validation with a recommendation, and
//! the production deployment plan (DLC-10). Both are made of what gates and documents hold by then.

use super::stages::{commands, outcome};
use super::text::{NOTHING, cell, length, table};
use super::{closing, heading, opening, report_of, stages};
use crate::decisions::loosened;
use crate::definition::{CellType, NativeCheck, ReportOf, RollbackWay};
use crate::derive::recommendation;
use crate::derive::view::View;
use crate::model::{Piece, Span, Stamp};
use crate::project::sections::{all_sectioned, cell as cell_of};
use crate::project::{Evidence, Project};
use crate::rollout::plan as rollout_plan;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Paths and digests of everything that a report of something rests on, sorted by path.
pub fn cited(view: &View<'_>, of: ReportOf) -> BTreeMap<String, String> {
    let digest = |path: &str| {
        let digest = view.project.digest_of(path)?;
        Some((path.to_owned(), digest.to_string()))
    };
    match of {
        ReportOf::Release => opening::citations(view),
        ReportOf::Closing => closing::citations(view),
        ReportOf::Validation => earlier(view).filter_map(|own| digest(&own.def.path)).collect(),
        ReportOf::Plan => {
            let documents = documents(view);
            let manifest = earlier(view).filter(|own| !own.def.sections.is_empty());
            let manifest = manifest.map(|own| own.def.path.as_str());
            documents.into_iter().chain(manifest).filter_map(digest).collect()
        }
    }
}

/// The documents that whoever decides is asked about: those of the gates before, and what the decision covers
/// besides. Others are written on while the launch goes on.
fn documents<'v>(view: &'v View<'_>) -> Vec<&'v str> {
    let phase = &view.project.phase;
    let gates: Vec<&str> = before(view).collect();
    let natives = phase.evidence.values().flat_map(|def| &def.native);
    let covered: Vec<&String> = natives
        .filter_map(|native| match native {
            NativeCheck::Approval { documents, .. } => Some(documents),
            _ => None,
        })
        .flatten()
        .collect();
    let of = |id: &String| {
        let gate = phase.gate_of_document(id);
        covered.contains(&id) || gate.is_some_and(|(gate, _)| gates.contains(&gate))
    };
    phase.documents.iter().filter(|(id, _)| of(id)).map(|(_, def)| def.path.as_str()).collect()
}

/// The whole files of the gates before the launch, and nothing that comes later.
fn earlier<'v>(view: &'v View<'_>) -> impl Iterator<Item = Evidence<'v>> {
    let gates: Vec<&str> = before(view).collect();
    view.whole_files().filter(move |own| {
        let gate = view.project.phase.gate_of_evidence(own.kind);
        gate.is_some_and(|(id, _)| gates.contains(&id))
    })
}

/// The gates before the one that binds the reports.
fn before<'v>(view: &'v View<'_>) -> impl Iterator<Item = &'v str> {
    let phase = &view.project.phase;
    let own = report_of(view.project, ReportOf::Validation);
    let own = own.and_then(|(kind, _)| phase.gate_of_evidence(kind)).map(|(_, gate)| gate.number);
    let earlier =
        phase.gates.iter().filter(move |(_, gate)| own.is_some_and(|own| gate.number < own));
    earlier.map(|(id, _)| id.as_str())
}

pub(super) fn validation(view: &View<'_>, stamp: Stamp, out: &mut String) {
    let of = ReportOf::Validation;
    opening::title(view, of, stamp, &cited(view, of), out);
    let _ = writeln!(out, "**{}**\n", cell(&recommendation(view).to_string()));
    opening::waivers(view, out);
    let place = report_of(view.project, of).map_or("", |(_, def)| def.environment.as_str());
    for evidence in earlier(view).filter(|own| own.def.environment == place) {
        if evidence.value().is_some_and(|value| value.get("commands").is_some()) {
            heading(out, &cell(&evidence.def.title));
            outcome(view, &evidence, out);
            commands(&evidence, out);
        }
    }
    stages::validation(view, out);
    heading(out, "What it rests on");
    let row = |(path, sha256): (String, String)| vec![cell(&path), sha256];
    let rows: Vec<Vec<String>> = cited(view, of).into_iter().map(row).collect();
    table(out, &["File", "SHA-256"], &rows, "Nothing is there.");
}

pub(super) fn plan(view: &View<'_>, stamp: Stamp, out: &mut String) {
    let of = ReportOf::Plan;
    opening::title(view, of, stamp, &cited(view, of), out);
    strategy(view, out);
    stages::plan(view, out);
    monitoring(view, out);
    rollback(view, out);
    heading(out, "Data migration");
    let told = match view.project.facts().get("migrations") {
        Some(Value::Bool(false)) => "None: d3p.yaml says that the change migrates no data.",
        Some(Value::Bool(true)) => {
            "The change migrates data; the deployment checklist holds how it was tested."
        }
        _ => "Nobody has said whether the change migrates data (facts.migrations in d3p.yaml).",
    };
    let _ = writeln!(out, "{told}\n");
}

fn strategy(view: &View<'_>, out: &mut String) {
    heading(out, "Strategy");
    let policy = &view.project.effective().policy;
    let plan = rollout_plan(policy);
    let why = match policy.facts.strategy() {
        Some((follows, fact)) if follows == plan.strategy => format!(", which follows from {fact}"),
        Some((follows, fact)) => format!(", although {follows} follows from {fact}"),
        None => String::new(),
    };
    let _ = writeln!(out, "{}{}.\n", cell(&plan.strategy), cell(&why).trim_end_matches('-'));
    let row = |stage: &crate::rollout::Stage| {
        let gates: Vec<String> = stage.gates.iter().map(|(text, _)| cell(text)).collect();
        let watched = match stage.duration {
            Some(duration) => duration.to_string(),
            None if plan.has_engine => "as the engine does".to_owned(),
            None => "not watched".to_owned(),
        };
        let gates = if gates.is_empty() { NOTHING.to_owned() } else { gates.join("; ") };
        vec![stage.number.to_string(), cell(&stage.weight), watched, gates]
    };
    let stages: Vec<Vec<String>> = plan.stages.iter().map(row).collect();
    table(out, &["Stage", "Weight", "Watched for", "Conditions"], &stages, "");
    let triggers: Vec<String> = plan.triggers.iter().map(|(text, _)| cell(text)).collect();
    let then = if plan.rolls_back { "takes it back at once" } else { "asks a person" };
    let told = match triggers.is_empty() {
        true => "No trigger ends it at once.".to_owned(),
        false => format!("Each of these ends it at once and {then}: {}.", triggers.join("; ")),
    };
    let _ = writeln!(out, "{told}\n");
}

/// The health window, and each table of the documents that says from when on something is unhealthy.
fn monitoring(view: &View<'_>, out: &mut String) {
    heading(out, "Monitoring once all traffic is moved");
    let health = &view.project.effective().policy.health;
    let first =
        health.first.iter().map(|own| format!("the first {} every {}, ", own.lasts, own.every));
    let _ = writeln!(
        out,
        "The health window lasts {}; samples are taken {}every {}.\n",
        health.window,
        first.collect::<String>(),
        health.interval
    );
    let known = documents(view);
    for file in all_sectioned(view.project) {
        let own = match &file.piece {
            Piece::Document(id) => view.project.phase.documents.get(id),
            _ => None,
        };
        if !own.is_some_and(|def| known.contains(&def.path.as_str())) {
            continue;
        }
        for &def in &file.sections {
            let Some(wanted) = &def.table else { continue };
            if !wanted.columns.values().any(|own| *own == CellType::Threshold) {
                continue;
            }
            let found =
                file.find(view.project, def).and_then(|own| own.table(view.project, wanted));
            let Some((rows, places)) = found else { continue };
            let _ = writeln!(out, "### {}\n", cell(&def.title));
            let columns: Vec<String> = wanted.columns.keys().map(|name| cell(name)).collect();
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            let row = |row: &crate::markdown::Row| {
                places.iter().map(|place| cell(cell_of(row, *place))).collect()
            };
            let rows: Vec<Vec<String>> = rows.rows.iter().map(row).collect();
            table(out, &columns, &rows, "The table is empty.");
        }
    }
}

/// How the launch is taken back, and how long that takes: as planned, and as rehearsed.
fn rollback(view: &View<'_>, out: &mut String) {
    heading(out, "Rollback");
    let project = view.project;
    let way = match (project.effective().policy.rollback, project.previous_release()) {
        (RollbackWay::Halt, _) => "It is halted: users keep what they have.".to_owned(),
        (RollbackWay::Return, Some(version)) => format!("It goes back to {}.", cell(version)),
        (RollbackWay::Return, None) => "There is no release before it to go back to.".to_owned(),
    };
    let planned = rollback_takes(project);
    let planned = planned
        .map_or("Nobody has said how long that takes.".to_owned(), |span: Span| {
            format!("Planned to take {span}.")
        });
    let rehearsal = project.phase.taken_back(true).and_then(|(kind, _)| project.evidence(kind));
    let took = rehearsal.as_ref().and_then(|own| own.value()?.get("duration_seconds")?.as_i64());
    let rehearsed = match took {
        Some(seconds) => format!("Rehearsed on staging: {}.", length(seconds.saturating_mul(1000))),
        None => "The rehearsal told no duration.".to_owned(),
    };
    let _ = writeln!(out, "{way} {planned} {rehearsed}\n");
    let looser = loosened(project);
    if !looser.is_empty() {
        heading(out, "Looser than recommended");
        for own in looser {
            let _ = writeln!(out, "- {}", cell(&own.message));
        }
        out.push('\n');
    }
}

/// How long taking a launch back is planned to take: all steps of the files that the decision on it
/// covers, one after another.
pub fn rollback_takes(project: &Project) -> Option<Span> {
    let natives = project.phase.evidence.values().flat_map(|def| &def.native);
    let covered: Vec<&String> = natives
        .filter_map(|native| match native {
            NativeCheck::Rollback { covers, .. } => Some(covers),
            _ => None,
        })
        .flatten()
        .collect();
    let mut seconds = 0_u64;
    for file in all_sectioned(project) {
        if !matches!(&file.piece, Piece::Evidence(kind) if covered.contains(&kind)) {
            continue;
        }
        for &def in &file.sections {
            let Some(wanted) = &def.table else { continue };
            let lasts = wanted.columns.values().position(|own| *own == CellType::Duration);
            let found = file.find(project, def).and_then(|own| own.table(project, wanted));
            let (Some(lasts), Some((rows, places))) = (lasts, found) else { continue };
            let Some(place) = places.get(lasts) else { continue };
            let each = rows.rows.iter().filter_map(|row| Span::parse(cell_of(row, *place)).ok());
            seconds = each.fold(seconds, |sum, span| sum.saturating_add(span.seconds()));
        }
    }
    (seconds > 0).then(|| Span::from_seconds(seconds))
}
