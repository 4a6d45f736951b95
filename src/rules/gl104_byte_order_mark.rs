//! GL104: byte-order-mark.

rule! {
    /// A file begins with a byte order mark.
    ///
    /// ## What it checks
    /// The first bytes of the file are not the mark that some editors put before UTF-8 text.
    ///
    /// ## Why it matters
    /// Parsers disagree about the mark: one reads the file, another refuses it, a third takes the mark into the first key.
    ///
    /// ## How to fix
    /// Save the file as UTF-8 without BOM.
    GL104 "byte-order-mark" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
