//! GL271: schedule-untold.

use super::Context;
use super::support::announcements::people_logs;
use crate::model::{Advice, Finding, Location, State};
use crate::project::agreed;

rule! {
    /// Somebody else watches than the log of what people were told says.
    ///
    /// ## What it checks
    /// When the first gate is passed, release window, communication plan and monitoring assignments are
    /// appended to the communications log, each row an entry. A row of a document that this gate does not
    /// bind, such as who watches which dashboard, that was changed since stands there too.
    ///
    /// ## Why it matters
    /// Who was to watch was told in a message of last week; who watches now learns of it from nobody.
    ///
    /// ## How to fix
    /// Tell it: run the printed `d3p announce`.
    GL271 "schedule-untold" Error since "0.1.0" clauses ["P11-1.3"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(release) = project.release() else { return };
    for (id, gate) in &project.phase.gates {
        if !project.was_passed(id, &release) {
            continue;
        }
        let free = |document: &String| !gate.documents.contains(document);
        let rows = agreed(project, gate);
        for own in rows.iter().filter(|own| free(&own.document)) {
            for log in people_logs(project).filter(|log| !log.file.is_absent()) {
                // What was told last of this row counts; two rows may begin with the same cell.
                let of_another = |payload: &str| {
                    rows.iter().any(|row| row.text != own.text && payload.ends_with(&row.text))
                };
                let last =
                    log.file.entries().iter().rfind(|entry| {
                        entry.payload.contains(&own.row) && !of_another(&entry.payload)
                    });
                let told = last.is_some_and(|entry| entry.payload.ends_with(&own.text));
                if told {
                    continue;
                }
                let message = format!("nobody was told: {}", own.text);
                out.push(
                    Finding::new(&GL271, log.piece(), Location::file(&log.def.path), message)
                        .state(State::Missing)
                        .clauses(&log.def.clauses)
                        .advise(Advice::d3p(["announce", &own.text])),
                );
            }
        }
    }
}
