//! GL103: not-utf8.

rule! {
    /// A file is not UTF-8 text.
    ///
    /// ## What it checks
    /// Every evidence file and document is read as UTF-8, and every byte has to belong to it.
    ///
    /// ## Why it matters
    /// Bytes that one reader shows and another drops let two people see two different files under one digest.
    ///
    /// ## How to fix
    /// Save the file as UTF-8. The finding names the line of the first byte that does not fit.
    GL103 "not-utf8" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
