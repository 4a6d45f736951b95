//! GL538: launch-lock-held.

rule! {
    /// Another machine holds the launch lock.
    ///
    /// ## What it checks
    /// A launch sets a ref in the repository that `launch_lock` names to an object of its own, which
    /// holds the line of the ledger that says that it begins. Here the ref is set to an object that
    /// this ledger does not know.
    ///
    /// ## Why it matters
    /// Two machines would launch the same attempt at once, or one that launched already would be
    /// launched over.
    ///
    /// ## How to fix
    /// Wait until that launch has ended, and merge its ledger. Where its runner is gone, look at what
    /// production runs; whoever may launch then signs that the lock is taken over:
    /// `d3p approve sign --decision go --take-over OBJECT`.
    GL538 "launch-lock-held" Error since "0.1.0" clauses ["DLC-8", "X-10"] waivable false
    [elsewhere]
}

// Raised by `run` and by `check --before`, which alone ask the other repository.
