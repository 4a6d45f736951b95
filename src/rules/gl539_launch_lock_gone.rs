//! GL539: launch-lock-gone.

rule! {
    /// The launch lock was deleted, though a launch had taken it.
    ///
    /// ## What it checks
    /// A launch of this attempt set the lock, as this ledger knows or as what was pushed beside the lock
    /// says, and the ref is not there any more.
    ///
    /// ## Why it matters
    /// d3p deletes no lock with which a launch began. Without it, a machine that does not know of that
    /// launch could launch again.
    ///
    /// ## How to fix
    /// Find out who deleted it, and look at what production runs. Whoever may launch then signs that a
    /// new one takes its place: `d3p approve sign --decision go --take-over OBJECT`.
    GL539 "launch-lock-gone" Error since "0.1.0" clauses ["DLC-8", "X-10"] waivable false
    [elsewhere]
}

// Raised by `run` and by `check --before`, which alone ask the other repository.
