//! GL414: head-not-the-release.

rule! {
    /// What is checked out is not the commit that was approved.
    ///
    /// ## What it checks
    /// `d3p check --before` a step that needs an approval compares HEAD with the commit of the release.
    /// It may differ only in the files that the phase declares as documents, evidence or records, in
    /// the policy with its signers, and in new files below `.artifacts/`. `d3p run` needs none of
    /// this: it makes its own tree of the commit.
    ///
    /// ## Why it matters
    /// A job that asks for clearance and deploys by itself deploys what it has checked out. A commit that
    /// came after the approval was approved by nobody.
    ///
    /// ## How to fix
    /// Check out what was approved, whose commit is printed, or begin a release of this commit: `d3p archive --outcome superseded`,
    /// then `d3p init`. A shallow clone must be fetched with its history.
    GL414 "head-not-the-release" Error since "0.1.0" clauses ["P11-3.1", "P11-C2", "X-2"] waivable false
    [elsewhere]
}

// Raised by `check --before`, which alone asks git.
