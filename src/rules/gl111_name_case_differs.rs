//! GL111: name-case-differs.

rule! {
    /// A file's name differs in upper and lower case from the one declared.
    ///
    /// ## What it checks
    /// The name on disk is spelled as the phase spells it.
    ///
    /// ## Why it matters
    /// Some file systems would find the file and others would not, so one clone passes and the next one fails.
    ///
    /// ## How to fix
    /// Rename the file to the spelling in the finding.
    GL111 "name-case-differs" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
