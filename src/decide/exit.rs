//! The second exit: what a release needs that was launched and taken back (DLC-9).

use crate::decide::Assessment;
use crate::decisions::{rollbacks_begun, skipped};
use crate::definition::{ExitDef, NativeCheck, ReportOf};
use crate::model::{Advice, Closing, Finding, Location, Piece, Stamp, State};
use crate::project::{Evidence, Project};
use crate::rules::{GL201, GL412, GL413, GL416, after_rollback, leave_switched_on};

/// What keeps a release from being closed as rolled back, in the order in which it is done; `None` for a
/// release that was not taken back.
pub fn rolled_back(project: &Project, assessment: &Assessment) -> Option<Vec<Finding>> {
    let exit = project.phase.exit(Closing::RolledBack)?;
    if rollbacks_begun(project).is_empty() {
        return None;
    }
    let undecided = assessment.findings.iter().filter(|finding| finding.rule == &GL413);
    let mut out: Vec<Finding> = undecided.cloned().collect();
    let kinds = exit.evidence.iter().filter_map(|kind| project.evidence(kind));
    // What is lacking is made first, and then mended.
    let demanded: Vec<Evidence<'_>> = kinds.filter(|own| is_demanded(project, own)).collect();
    for evidence in &demanded {
        out.extend(lacking(project, evidence));
        let wrong = |finding: &&Finding| {
            finding.piece == evidence.piece()
                && finding.state.is_some()
                && finding.waived.is_none()
                && finding.rule != &GL412
                && finding.rule != &GL201
        };
        out.extend(assessment.findings.iter().filter(wrong).cloned());
    }
    Some(out)
}

/// What keeps a release from being closed as skipped; `None` where the phase knows no such exit.
pub fn not_skipped(project: &Project, assessment: &Assessment, now: Stamp) -> Option<Vec<Finding>> {
    project.phase.exit(Closing::Skipped)?;
    let place = || Location::file(project.places().ledger());
    let unfounded = |message: String| {
        Finding::new(&GL416, Piece::Ledger, place(), message)
            .state(State::Failed)
            .advise(Advice::d3p(["applies"]).what("see what follows from the facts"))
    };
    let mut out = Vec::new();
    if let Some(at) = project.launched_at() {
        out.push(unfounded(format!("production was deployed {at}: nothing was skipped")));
    }
    let skipped = skipped(project, now);
    if !skipped.counts() {
        let lacking = skipped.lacking.first().filter(|_| !skipped.by.is_empty());
        let why = skipped.invalid.first().or(lacking);
        let why = why.map_or("nobody decided it", String::as_str);
        out.push(unfounded(format!("that the phase is skipped counts for nothing: {why}")));
    }
    let always =
        |own: &&Finding| [Piece::Policy, Piece::Ledger].contains(&own.piece) && own.state.is_some();
    out.extend(assessment.findings.iter().filter(always).cloned());
    leave_switched_on(&mut out);
    Some(out)
}

/// The exit by which a release was closed that verifies as rolled back.
pub fn closed_by(project: &Project) -> Option<(&ExitDef, Closing)> {
    let closing = project.closed()?.entry.closed?;
    project.phase.exit(closing).map(|exit| (exit, closing))
}

/// A decision that is lacking has a finding of its own. A report that the last gate bound is history,
/// and then another one says what became of it.
fn is_demanded(project: &Project, evidence: &Evidence<'_>) -> bool {
    let is = |of: fn(&NativeCheck) -> bool| evidence.def.native.iter().any(of);
    let report = is(|native| matches!(native, NativeCheck::Report { of: ReportOf::Release }));
    let closing = is(|native| matches!(native, NativeCheck::Report { of: ReportOf::Closing }));
    let decided = is(NativeCheck::holds_decisions);
    let last = project.phase.gates.iter().max_by_key(|(_, gate)| gate.number);
    let complete = last
        .zip(project.release())
        .is_some_and(|((gate, _), release)| project.was_passed(gate, &release));
    !(decided && evidence.file.is_absent() || report && complete || closing && !complete)
}

fn lacking(project: &Project, evidence: &Evidence<'_>) -> Option<Finding> {
    if !evidence.file.is_absent() {
        return None;
    }
    let computed = evidence.def.computed;
    let message = format!("{} does not exist", evidence.def.title.to_lowercase());
    let advice = match computed {
        true => crate::model::Advice::d3p(["report"]),
        false => after_rollback(project),
    };
    let place = Location::file(&evidence.def.path);
    let finding = Finding::new(&GL201, evidence.piece(), place, message);
    Some(finding.state(State::Missing).clauses(&evidence.def.clauses).advise(advice))
}
