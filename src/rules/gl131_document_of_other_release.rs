//! GL131: document-of-other-release.

use super::Context;
use super::support::sections::skeletons;
use crate::model::{Finding, Location, Mark, Piece, State};
use crate::project::FileEntry;
use serde_json::Value;

rule! {
    /// A document was written for another release, or does not say for which.
    ///
    /// ## What it checks
    /// The front matter of each of the phase's documents says `release:`, and it is the version of the
    /// open release. `d3p init` writes it into a document that it creates, never into one that it
    /// keeps; it names those that are still of the release before.
    ///
    /// ## Why it matters
    /// Documents outlive a release. The plan, the window and the thresholds of the last one look as
    /// complete as they did then, and nobody has thought about this one.
    ///
    /// ## How to fix
    /// Go through the document for this release, then say so: `release: "v1.1.0"` in its front matter,
    /// which begins the file, between two lines of `---`.
    GL131 "document-of-other-release" Error since "0.1.0" clauses ["X-2", "D3P-1"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(release) = project.release() else { return };
    let skeletons = skeletons(project);
    for (id, def) in &project.phase.documents {
        let Some(file) = project.present(&def.path) else { continue };
        // A template has not been written for any, and a broken file is found as such.
        if skeletons.contains(&def.path.as_str())
            || file.document().is_none()
            || !file.faults.is_empty()
        {
            continue;
        }
        let finding = |mark, message: String, what: String| {
            let place = Location { path: def.path.clone(), mark };
            Finding::new(&GL131, Piece::Document(id.clone()), place, message)
                .clauses(&def.clauses)
                .edit(what)
        };
        let wanted = &release.version;
        let at = Mark::Pointer("/release".to_owned());
        out.push(match said(file) {
            Some(Value::String(own)) if own == wanted => continue,
            Some(Value::String(own)) => finding(
                at,
                format!("is of {own}, and this release is {wanted}"),
                format!(
                    "go through it for {wanted}, then say release: \"{wanted}\" in its front matter"
                ),
            ),
            Some(_) => finding(
                at,
                "`release` is no text".to_owned(),
                format!("put it in quotes: release: \"{wanted}\""),
            ),
            None => finding(
                Mark::File,
                "does not say which release it is for".to_owned(),
                format!(
                    "go through it for {wanted}, then say release: \"{wanted}\" at its top, between two lines of ---"
                ),
            )
            .state(State::Missing),
        });
    }
}

/// Which release a document says that it is for.
fn said(file: &FileEntry) -> Option<&Value> {
    file.value()?.get("release")
}
