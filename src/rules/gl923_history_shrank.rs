//! GL923: history-shrank.

rule! {
    /// A commit took lines of the ledger away.
    ///
    /// ## What it checks
    /// `d3p verify --history BASE..HEAD` reads the ledger, and those of archives, in each commit of the
    /// range and in its parents, from git's objects. Every line of a parent must be in the commit, in a
    /// merge those of both sides, and those of the last commit in what lies here.
    ///
    /// ## Why it matters
    /// A ledger that was replaced as a whole agrees with itself; only what was there before tells.
    ///
    /// ## How to fix
    /// `d3p doctor` shows which lines git still has, and `d3p doctor --restore` brings them back. Find
    /// out who took them away.
    GL923 "history-shrank" Error since "0.1.0" clauses ["X-3", "P8-1"] waivable false
    [elsewhere]
}

// Raised by `verify --history`, which alone reads git's objects.
