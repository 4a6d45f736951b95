//! GL530: author-unknown.

use super::Context;
use super::support::doubts;
use crate::decisions::unknown_authors;
use crate::model::Finding;

rule! {
    /// Somebody wrote the release whom the policy does not know.
    ///
    /// ## What it checks
    /// Each author, committer and co-author of the commits since the last release that was launched is
    /// a person of `approval.persons`, by name, by a principal or by one of their `emails`, while
    /// `approval.separation` is on. Git is asked when the first gate is passed. Who is listed with
    /// `emails` and without `principals` is known, and decides nothing.
    ///
    /// ## Why it matters
    /// Whoever commits under another address approves their own work. Names and addresses are claims
    /// of whoever committed; only a person can say who is meant.
    ///
    /// ## How to fix
    /// List the address in `approval.persons[].emails`, also one such as
    /// `123+ana@users.noreply.github.com`. Or let it stand: whoever says GO sees it, and their
    /// statement names it.
    GL530 "author-unknown" Error since "0.1.0" clauses ["X-3", "P11-3.1", "DLC-7"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let unknown = unknown_authors(context.project);
    if unknown.is_empty() {
        return;
    }
    let message =
        format!("{} wrote a part of it and is nobody the policy knows", unknown.join(", "));
    out.extend(
        doubts::about_authors(context.project, &GL530, message)
            .map(|finding| finding.or(doubts::list(context.project, unknown[0]))),
    );
}
