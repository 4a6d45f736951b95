//! GL223: report-outdated.

use super::Context;
use crate::definition::{NativeCheck, Obligation};
use crate::model::{Finding, Location, State};

rule! {
    /// The deployment report does not cite the evidence of every gate before it.
    ///
    /// ## What it checks
    /// `DEPLOYMENT-REPORT.md` cites, by path and digest, each piece of evidence that lies there,
    /// and names each of these paths in its text.
    ///
    /// ## Why it matters
    /// A report over other files than the ones that were judged reports on another release.
    ///
    /// ## How to fix
    /// Run `d3p report` again.
    GL223 "report-outdated" Error since "0.1.0" clauses ["P11-4.2", "DLC-10"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    for report in context.readable() {
        if !report.def.native.iter().any(|native| matches!(native, NativeCheck::Report {})) {
            continue;
        }
        let own_gate =
            project.phase.gate_of_evidence(report.kind).map_or(u32::MAX, |(_, gate)| gate.number);
        let matter = report.file.document().and_then(|document| document.front_matter.as_ref());
        let body = &report.file.text[matter.map_or(0, |matter| matter.range.end)..];
        for evidence in project.all_evidence() {
            let earlier = project
                .phase
                .gate_of_evidence(evidence.kind)
                .is_some_and(|(_, gate)| gate.number < own_gate);
            let whole = evidence.def.format != crate::definition::EvidenceFormat::AppendOnly;
            if !earlier
                || !whole
                || evidence.file.is_absent()
                || evidence.def.obligation == Obligation::Optional
            {
                continue;
            }
            let cited = report.cites().any(|(_, path, _)| path == evidence.def.path);
            let digest = evidence.file.digest.map(|digest| digest.to_string()).unwrap_or_default();
            let named = body.contains(&evidence.def.path) && body.contains(&digest);
            if !cited || !named {
                let message = format!("does not cite {} as it is now", evidence.def.path);
                out.push(
                    Finding::new(&GL223, report.piece(), Location::file(&report.def.path), message)
                        .state(State::Stale)
                        .clauses(&report.def.clauses)
                        .help("d3p report"),
                );
            }
        }
    }
}
