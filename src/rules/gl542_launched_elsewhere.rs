//! GL542: launched-elsewhere.

rule! {
    /// Another attempt at this version was launched on another machine, and nothing here knows of it.
    ///
    /// ## What it checks
    /// A launch publishes its line beside the lock. One of another attempt at this version, that neither
    /// the ledger nor an archive here knows, refuses.
    ///
    /// ## Why it matters
    /// Each attempt has a lock of its own. Without that launch being known, the next attempt would be
    /// launched over it, or beside it.
    ///
    /// ## How to fix
    /// Merge that machine's ledger or archive. Where it is gone, look at what production runs; whoever
    /// may launch then signs: `d3p approve sign --decision go --take-over OBJECT`.
    GL542 "launched-elsewhere" Error since "0.1.0" clauses ["DLC-8", "X-10"] waivable false
    [elsewhere]
}

// Raised by whoever asks the other repository: whatever clears a step, and `verify --remote`.
