//! GL416: skip-unfounded.

rule! {
    /// A release is closed as skipped, and what that rests on is not so.
    ///
    /// ## What it checks
    /// Where a release is closed as skipped (`d3p archive --outcome skipped`, `d3p verify`), as many
    /// persons as a launch takes decided to skip the phase for exactly this release, under this policy; a
    /// fact of `d3p.yaml` says that the phase is skipped; git was asked what the release changes, and
    /// says nothing against the facts; and production was not deployed.
    ///
    /// ## Why it matters
    /// A skip is a decision and never silence: it is the one way to have no evidence at all.
    ///
    /// ## How to fix
    /// `d3p applies` says what follows from the facts, and `d3p skip` records the decision. What changes
    /// code is released.
    GL416 "skip-unfounded" Error since "0.1.0" clauses ["OPS-3"] waivable false
    [elsewhere]
}

// Raised where a release is closed as skipped, and where that is verified.
