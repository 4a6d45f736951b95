//! The closing of a release that was taken back after its report was bound: what that report says of
//! production is history by then, and this one says what became of it (DLC-3, DLC-9).

use super::stages::{commands, outcome};
use super::text::{at, cell, stamp as time_of};
use super::{before, heading, opening, report_def};
use crate::definition::{EvidenceFormat, ReportOf};
use crate::derive::view::View;
use crate::model::{Closing, Stamp};
use crate::project::Evidence;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What the exit demands that is there: whole files.
fn demanded<'v>(view: &'v View<'_>) -> impl Iterator<Item = Evidence<'v>> {
    let exit = view.project.phase.exit(Closing::RolledBack);
    let kinds = exit.into_iter().flat_map(|exit| &exit.evidence);
    kinds.filter_map(|kind| view.project.evidence(kind)).filter(|own| {
        let itself = own.def.told_of() == Some(ReportOf::Closing);
        !itself && !own.file.is_absent() && own.def.format != EvidenceFormat::AppendOnly
    })
}

pub(super) fn citations(view: &View<'_>) -> BTreeMap<String, String> {
    let file = |own: Evidence<'_>| Some((own.def.path.clone(), own.file.digest?.to_string()));
    demanded(view).filter_map(file).collect()
}

pub(super) fn write(view: &View<'_>, stamp: Stamp, out: &mut String) {
    let of = ReportOf::Closing;
    opening::title(view, of, stamp, &before::cited(view, of), out);
    opening::taken_back(view, out);
    let report = report_def(view.project).and_then(|(kind, _)| view.project.evidence(kind));
    if let Some(report) = report.filter(|own| !own.file.is_absent()) {
        let _ = writeln!(
            out,
            "{} was compiled {}, before that: what it says of production is history.\n",
            cell(&report.def.path),
            time_of(report.finished())
        );
    }
    for evidence in demanded(view) {
        let Some(value) = evidence.value() else { continue };
        heading(out, &cell(&evidence.def.title));
        if value.get("commands").is_some() {
            outcome(view, &evidence, out);
            commands(&evidence, out);
        } else {
            let _ = writeln!(out, "{}, {}.\n", cell(&evidence.def.path), at(value, "/finished_at"));
        }
    }
    for (at, what) in super::incidents(view) {
        let _ = writeln!(out, "- {} {}", cell(&at), cell(&what));
    }
}
