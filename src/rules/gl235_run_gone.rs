//! GL235: run-gone.

use super::Context;
use crate::model::{Finding, Location, Piece, State};
use crate::record::{EntryKind, LEDGER_PATH, is_run_path};

rule! {
    /// A hook was run, and the record of it is gone or edited.
    ///
    /// ## What it checks
    /// The ledger names the record of each run, with its log and reports, by digest; each still
    /// lies there and has that digest. Logs that are kept out of git are left to GL238.
    ///
    /// ## Why it matters
    /// Every attempt is kept: a run that failed is not made undone by deleting it.
    ///
    /// ## How to fix
    /// Restore the file from version control.
    GL235 "run-gone" Error since "0.1.0" clauses ["D3P-10", "P11-A", "X-2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(release) = project.release() else { return };
    let runs = project.runs();
    let ran =
        project.ledger.lines.iter().filter(|line| {
            line.entry.kind == EntryKind::Ran && line.entry.release == release.name()
        });
    for line in ran {
        let hook = line.entry.reason.as_deref().and_then(|reason| reason.split(':').next());
        let step = hook.and_then(|name| {
            let declared = project.effective().policy.hooks.get(name);
            declared.map(|own| own.step(name))
        });
        let produced = step.and_then(|step| project.phase.steps.get(step)?.produces.clone());
        for file in &line.entry.digests {
            let now = project.digest_of(&file.path);
            if now.is_some_and(|digest| digest.to_string() == file.sha256) {
                continue;
            }
            // What lies beside a record that is gone is not known; one finding is enough.
            let known =
                is_run_path(&file.path) || runs.iter().any(|(_, run)| run.files().contains(file));
            if !known {
                continue;
            }
            let word = if now.is_some() { "was edited" } else { "is gone" };
            let message = format!("a hook ran {}, and {} {word}", line.at, file.path);
            let piece = produced.clone().map_or(Piece::Ledger, Piece::Evidence);
            out.push(
                Finding::new(
                    &GL235,
                    piece,
                    Location::span(LEDGER_PATH, line.range.clone()),
                    message,
                )
                .state(State::Invalid)
                .help(format!("git checkout -- {}", file.path)),
            );
        }
    }
}
