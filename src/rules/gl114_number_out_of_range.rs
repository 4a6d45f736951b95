//! GL114: number-out-of-range.

rule! {
    /// A number cannot be represented exactly.
    ///
    /// ## What it checks
    /// Numbers are finite, and integers lie within ±2^53, where every JSON reader agrees about them.
    ///
    /// ## Why it matters
    /// `NaN`, `1e999` and huge integers are read as infinity, null or a neighbour, and compare as nobody expects.
    ///
    /// ## How to fix
    /// Write the number that was measured; if there was none, the evidence is incomplete.
    GL114 "number-out-of-range" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
