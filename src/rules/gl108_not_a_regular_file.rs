//! GL108: not-a-regular-file.

rule! {
    /// A directory, a link or a device stands where a file should be.
    ///
    /// ## What it checks
    /// Evidence, documents and records are regular files.
    ///
    /// ## Why it matters
    /// A link's target and a pipe's content can change between being checked and being used.
    ///
    /// ## How to fix
    /// Replace it by a regular file of that name.
    GL108 "not-a-regular-file" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
