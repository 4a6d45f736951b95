//! GL540: launch-lock-unreachable.

rule! {
    /// The launch lock cannot be taken from here.
    ///
    /// ## What it checks
    /// The repository that `launch_lock` names answers, takes the ref, and gives it back when it is
    /// asked; and the ref is called as it was when it was tried (GL536).
    ///
    /// ## Why it matters
    /// Whether another machine launches cannot be told. A rollback never waits for it.
    ///
    /// ## How to fix
    /// See that the repository can be reached and pushed to. Or whoever may launch signs that it may go
    /// without, once they know that nobody else launches: `d3p approve sign --decision go --without-lock`.
    GL540 "launch-lock-unreachable" Error since "0.1.0" clauses ["DLC-8", "X-10"] waivable false
    [elsewhere]
}

// Raised by `run` and by `check --before`, which alone ask the other repository.
