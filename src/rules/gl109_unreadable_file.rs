//! GL109: unreadable-file.

rule! {
    /// A file is there but cannot be read.
    ///
    /// ## What it checks
    /// The operating system lets d3p open and read the file.
    ///
    /// ## Why it matters
    /// What cannot be read cannot count: failing to read evidence never improves a verdict.
    ///
    /// ## How to fix
    /// Mend the permissions; the finding carries the system's own words.
    GL109 "unreadable-file" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
