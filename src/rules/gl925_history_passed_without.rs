//! GL925: history-passed-without.

rule! {
    /// A gate was passed in a commit that has not what the gate bound.
    ///
    /// ## What it checks
    /// `d3p verify --history BASE..HEAD`: a commit with a new pass of a gate has its record, and under
    /// its digest everything that the record binds.
    ///
    /// ## Why it matters
    /// Evidence that came in a later commit than the pass was not there when the gate was computed, as
    /// far as history tells.
    ///
    /// ## How to fix
    /// Commit evidence and records together. What is history stays so: begin the next attempt.
    GL925 "history-passed-without" Error since "0.1.0" clauses ["X-3", "P8-1"] waivable false
    [elsewhere]
}

// Raised by `verify --history`, which alone reads git's objects.
