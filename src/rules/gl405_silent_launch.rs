//! GL405: silent-launch.

use super::Context;
use super::support::advice::{abandon, begin};
use super::support::announcements::{announce_advice, announced, people_logs, unannounced};
use crate::model::{Finding, Location, Piece, State};

rule! {
    /// Nobody was told about the launch.
    ///
    /// ## What it checks
    /// Once a deployment is reported, the communications log has an entry of a person before it
    /// began and one after. The tool's own announcements do not count. Before the launch
    /// `d3p check --before STEP` asks for the first of them, and so does `d3p run`:
    /// what was not said before cannot be said afterwards.
    ///
    /// ## Why it matters
    /// Do not delay stakeholder notifications or assume silent success.
    ///
    /// ## How to fix
    /// Tell the stakeholders: `d3p announce "TEXT"` writes down what was said, and passes it on
    /// where `notify` in `d3p.yaml` names a command. After a launch that nobody was told of, the
    /// next attempt begins with telling them.
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
    let silent = unannounced(project, Some(started));
    let until = context.gate_time(gate);
    for log in people_logs(project) {
        let quiet = |finding: &&Finding| finding.location.path == log.def.path;
        if let Some(finding) = silent.iter().find(quiet) {
            // Too late: only the next attempt can begin with telling them.
            let too_late = "tell them now; this attempt stays one of which nobody was told";
            out.push(finding.clone().advise(abandon().what(too_late).or(begin())));
            continue;
        }
        if announced(project, &log).any(|entry| entry.at >= started && entry.at <= until) {
            continue;
        }
        let message = "nobody was told since the launch";
        out.push(
            Finding::new(&GL405, Piece::Gate(gate.clone()), Location::file(&log.def.path), message)
                .state(State::Missing)
                .clauses(&log.def.clauses)
                .advise(announce_advice(project, true)),
        );
    }
}
