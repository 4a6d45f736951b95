//! GL116: yaml-syntax.

rule! {
    /// YAML cannot be read.
    ///
    /// ## What it checks
    /// Front matter and policy are one YAML document with text keys.
    ///
    /// ## Why it matters
    /// A front matter that does not parse identifies nothing.
    ///
    /// ## How to fix
    /// Mend the place the finding points at; quote texts that hold `:` or `#`.
    GL116 "yaml-syntax" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
