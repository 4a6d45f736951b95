//! GL924: history-file-gone.

rule! {
    /// A commit took away a file that the ledger names.
    ///
    /// ## What it checks
    /// `d3p verify --history BASE..HEAD`: each file that a line of the ledger names by digest, and that
    /// lay in a parent, lies in the commit, at its place, as a kept copy or in an archive.
    ///
    /// ## Why it matters
    /// A NO_GO, a record or an approval that is taken away between two commits is found only there.
    ///
    /// ## How to fix
    /// `d3p doctor --restore` brings it back from git. Find out who took it away.
    GL924 "history-file-gone" Error since "0.1.0" clauses ["X-3", "P8-1"] waivable false
    [elsewhere]
}

// Raised by `verify --history`, which alone reads git's objects.
