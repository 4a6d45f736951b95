//! GL105: nul-byte.

rule! {
    /// A file holds a NUL byte.
    ///
    /// ## What it checks
    /// No NUL byte stands anywhere in the text.
    ///
    /// ## Why it matters
    /// Tools written in C stop reading at a NUL, so what they show is not what the digest covers.
    ///
    /// ## How to fix
    /// Remove the byte; a captured log belongs under `raw/` and is cited by digest.
    GL105 "nul-byte" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
