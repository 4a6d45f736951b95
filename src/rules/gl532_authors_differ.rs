//! GL532: authors-differ.

rule! {
    /// Git names other authors of the release than the first gate was told.
    ///
    /// ## What it checks
    /// Where a launch is cleared (`d3p check --before`, `d3p run`), git is asked again who wrote the
    /// commits since the last release that was launched: it must be counted from the same commit,
    /// and name nobody whom the line of the first gate does not name.
    ///
    /// ## Why it matters
    /// The first gate is often passed where somebody works, in a clone that they can change. The job
    /// that deploys has one of its own.
    ///
    /// ## How to fix
    /// Where history is cut off, fetch it: `git fetch --unshallow`. Otherwise pass the first gate
    /// again with `--refreeze`; whoever approved is asked again.
    GL532 "authors-differ" Error since "0.1.0" clauses ["X-3", "P11-3.1"] waivable false
    [elsewhere]
}

// Raised where a launch is cleared, which alone asks git.
