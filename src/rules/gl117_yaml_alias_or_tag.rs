//! GL117: yaml-alias-or-tag.

rule! {
    /// YAML uses an anchor, an alias, a merge key or a tag.
    ///
    /// ## What it checks
    /// Values are written out where they stand.
    ///
    /// ## Why it matters
    /// Aliases let a few lines expand to gigabytes, and hide from a reviewer what a line really says.
    ///
    /// ## How to fix
    /// Write the value out.
    GL117 "yaml-alias-or-tag" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
