//! GL914: head-missing.

rule! {
    /// The ledger does not hold the line that the verifier kept.
    ///
    /// ## What it checks
    /// `d3p verify --expect-head sha256:…` looks for the line of the ledger with this digest: of
    /// the whole line, without its line feed. It may be one of an archived attempt that this ledger
    /// leads back to. With `@TIME`, when it was kept, it must not claim to be written later.
    ///
    /// ## Why it matters
    /// Files, records and ledger that were rewritten together agree with each other. A head that
    /// somebody kept does not agree with them.
    ///
    /// ## How to fix
    /// Restore the ledger from version control; the copy that was kept says what has to be in it.
    GL914 "head-missing" Error since "0.1.0" clauses ["X-1", "X-5"] waivable false
    [elsewhere]
}

// Raised by `verify`, which alone knows what was given from outside.
