//! GL115: nested-too-deep.

rule! {
    /// Values are nested deeper than 64 levels.
    ///
    /// ## What it checks
    /// Objects and lists are nested at most 64 deep.
    ///
    /// ## Why it matters
    /// Deep nesting is how a small file exhausts a reader; no evidence needs it.
    ///
    /// ## How to fix
    /// Flatten the value.
    GL115 "nested-too-deep" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
