//! What a verdict does not prove, in words.

use super::trust::Trust;
use crate::cli::args::VerifyArgs;
use crate::decisions::signatures_on;
use crate::project::Project;
use crate::render::clean;
use crate::render::json::BundleView;
use crate::rules::timed;

/// What this verification cannot exclude; `facts` is what the facts of the gates leave open.
pub(super) fn cannot_exclude(
    args: &VerifyArgs,
    project: &Project,
    outside: &Trust,
    bundle: Option<&BundleView>,
    facts: String,
) -> Vec<String> {
    let kept = args.anchors.expect_head.is_some();
    let compared = args.release.is_some() && args.commit.is_some() && !args.artifacts.is_empty();
    let signed = signatures_on(project);
    // Only of what has bounds on both sides nobody can say that its time was made up.
    let mut timed = timed(project).into_iter().peekable();
    let stamped = timed.peek().is_some() && timed.all(|own| own.bounds.before.is_some());
    let said = [
        (!stamped, "that times were claimed: every time comes from the files themselves"),
        (
            stamped,
            "that the authority of time was wrong, or its key in other hands; times of which nothing is said here are claimed",
        ),
        (
            !kept,
            "that all files, records and the ledger were rewritten together, consistently (--expect-head)",
        ),
        (
            !kept,
            "that refusals were deleted from the end of the ledger, or the ledger was begun anew (--expect-head)",
        ),
        (kept, "that lines were deleted from the end of the ledger after the head that you kept"),
        (
            !signed,
            "that somebody else decided, or nobody of that name exists: approvals are not signed",
        ),
        (
            signed && !outside.pinned,
            "that a signer was added by whoever wrote the rest: the signers are this tree's own (--policy-commit)",
        ),
        (
            !outside.pinned,
            "that the policy was loose from the start: it was compared only with itself (--policy-commit)",
        ),
        (
            !compared,
            "that this is another release: not compared with what you are about to deploy (--release, --commit, --artifact)",
        ),
        (compared, "that the artifact was not built from the commit: there is no provenance here"),
    ];
    let mut out = vec![facts];
    out.extend(said.iter().filter(|(holds, _)| *holds).map(|(_, what)| (*what).to_owned()));
    if let Some(other) = bundle.filter(|bundle| bundle.packed_by != env!("CARGO_PKG_VERSION")) {
        out.push(format!(
            "that schemas in d3p-bundle/ are missing, or are not those of d3p {}, nor its phase definition: this is d3p {}, and judged by its own",
            clean(&other.packed_by),
            env!("CARGO_PKG_VERSION")
        ));
    }
    out
}
