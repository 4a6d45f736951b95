//! GL414: head-not-the-release.

rule! {
    /// What is checked out is not the commit that was approved.
    ///
    /// ## What it checks
    /// `d3p check --before` a step that needs an approval compares HEAD with the commit of the release,
    /// file by file, without those that d3p itself writes, and only below `sources`. `d3p run` looks at the
    /// files on disk as well.
    ///
    /// ## Why it matters
    /// A job that asks for clearance deploys what it has checked out. A commit that came after the
    /// approval was approved by nobody.
    ///
    /// ## How to fix
    /// Check out what was approved, or begin a release of this commit: `d3p archive --outcome superseded`,
    /// then `d3p init`. A shallow clone must be fetched with its history.
    GL414 "head-not-the-release" Error since "0.1.0" clauses ["P11-3.1", "P11-C2", "X-2"] waivable false
    [elsewhere]
}

// Raised by `check --before`, which alone asks git.
