//! GL531: authors-incomplete.

use super::Context;
use super::support::doubts;
use crate::decisions::{authorship, separation_wanted};
use crate::model::Finding;

rule! {
    /// Who wrote the release cannot be told for certain.
    ///
    /// ## What it checks
    /// While `approval.separation` is on, git had all commits since the last release that was launched
    /// when the first gate was passed; the GO to that release is signed with a key that counts today;
    /// and the release that the manifest follows (`previous_release`) is that one.
    ///
    /// ## Why it matters
    /// A shorter range has fewer authors. It is cut by a shallow clone, by an archive that was made
    /// up, or by counting from another release than the one that runs.
    ///
    /// ## How to fix
    /// Fetch the whole history (`git fetch --unshallow`; in CI `fetch-depth: 0`), correct
    /// `previous_release`, and pass the first gate again. Or let it stand: whoever says GO sees it,
    /// and their statement names it.
    GL531 "authors-incomplete" Error since "0.1.0" clauses ["X-3", "P11-3.1", "DLC-7"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(own) = authorship(project).filter(|_| separation_wanted(project)) else { return };
    if !own.doubts.is_empty() {
        out.extend(doubts::about_authors(project, &GL531, own.doubts.join("; ")));
    }
}
