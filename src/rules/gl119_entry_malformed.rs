//! GL119: entry-malformed.

rule! {
    /// A line of an append-only file is not an entry.
    ///
    /// ## What it checks
    /// Below `## Entries`, each line is `- TIME ID TEXT`, with a time with offset and an id of sixteen hexadecimal digits that occurs once.
    ///
    /// ## Why it matters
    /// Each entry is bound by its digest and parsed alone, so that two branches can be merged; a line that is none of that could be anything.
    ///
    /// ## How to fix
    /// Restore the line, or add entries with `d3p record`; remove conflict markers by keeping both sides.
    GL119 "entry-malformed" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
