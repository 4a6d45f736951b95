//! GL207: total-contradicts.

rule! {
    /// A total disagrees with the numbers beside it.
    ///
    /// ## What it checks
    /// Totals and counts are computed again from the parts in the same file.
    ///
    /// ## Why it matters
    /// Published evidence claims 98 % where every count is 100 %, and totals that were never added up. A number that contradicts its neighbours makes the file unbelievable, whichever of them is right.
    ///
    /// ## How to fix
    /// Record the evidence again from the report it came from; do not adjust the total.
    GL207 "total-contradicts" Error since "0.1.0" clauses ["DLC-3", "DLC-4", "P11-2.2"]
    [elsewhere]
}
