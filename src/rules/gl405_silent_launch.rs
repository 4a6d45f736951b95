//! GL405: silent-launch.

use super::Context;
use crate::definition::{EvidenceFormat, Obligation};
use crate::model::{Finding, Location, Piece, State};

rule! {
    /// Nobody was told about the launch.
    ///
    /// ## What it checks
    /// Once a deployment is reported, the communications log has an entry of a person before it
    /// began and one after. The tool's own announcements do not count.
    ///
    /// ## Why it matters
    /// Do not delay stakeholder notifications or assume silent success.
    ///
    /// ## How to fix
    /// Tell the stakeholders, and add what was said with
    /// `d3p record deployment-communications`.
    GL405 "silent-launch" Error since "0.1.0" clauses ["D3P-6", "P8-6", "P11-C1"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(launch) = project.phase.launch().and_then(|(kind, _)| project.evidence(kind)) else {
        return;
    };
    let (Some(started), Some((gate, _))) =
        (launch.started(), project.phase.gates.iter().max_by_key(|(_, gate)| gate.number))
    else {
        return;
    };
    let until = context.gate_time(gate);
    let logs = project.all_evidence().filter(|evidence| {
        evidence.def.format == EvidenceFormat::AppendOnly
            && evidence.def.obligation == Obligation::Guideline
    });
    for log in logs {
        let mut told = log
            .file
            .entries()
            .iter()
            .filter(|entry| !project.phase.is_announcement(&entry.payload));
        let before = told.clone().any(|entry| entry.at <= started);
        let after = told.any(|entry| entry.at >= started && entry.at <= until);
        let message = match (before, after) {
            (true, true) => continue,
            (false, _) => "nobody was told before the launch",
            (true, false) => "nobody was told since the launch",
        };
        out.push(
            Finding::new(&GL405, Piece::Gate(gate.clone()), Location::file(&log.def.path), message)
                .state(State::Missing)
                .clauses(&log.def.clauses)
                .help(format!("tell them, then: d3p record {} --from FILE", log.kind)),
        );
    }
}
