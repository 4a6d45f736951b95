//! GL107: outside-project.

rule! {
    /// A path leads out of the project.
    ///
    /// ## What it checks
    /// Every file that is read lies inside the project's directory, without `..`, absolute paths or links that leave it.
    ///
    /// ## Why it matters
    /// What lies outside is not under review, not in the bundle, and may be different for the next reader.
    ///
    /// ## How to fix
    /// Copy the file into the project and refer to the copy.
    GL107 "outside-project" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
