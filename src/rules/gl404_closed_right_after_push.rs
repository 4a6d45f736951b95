//! GL404: closed-right-after-push.

use super::Context;
use super::support::health;
use crate::definition::{NativeCheck, ReportOf};
use crate::model::{Advice, Finding, State};

rule! {
    /// The release was reported as finished before its health window ended.
    ///
    /// ## What it checks
    /// `DEPLOYMENT-REPORT.md` was compiled after the end of the health window.
    ///
    /// ## Why it matters
    /// Do not treat a deployment as complete right after the push: verify live behaviour first.
    ///
    /// ## How to fix
    /// Run `d3p report` again once the window has ended.
    GL404 "closed-right-after-push" Error since "0.1.0" clauses ["D3P-6", "P11-4.2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(series) = health::series(context) else { return };
    let Some(start) = series.start else { return };
    let end = start.plus(series.window);
    for report in context.readable() {
        if !report
            .def
            .native
            .iter()
            .any(|native| matches!(native, NativeCheck::Report { of: ReportOf::Release }))
        {
            continue;
        }
        if let Some(finished) = report.finished().filter(|finished| *finished < end) {
            let message = format!("compiled {finished}, before the health window ended ({end})");
            out.push(
                Finding::new(&GL404, report.piece(), report.at(report.finish_pointer()), message)
                    .state(State::Stale)
                    .clauses(&report.def.clauses)
                    .advise(Advice::d3p(["report"])),
            );
        }
    }
}
