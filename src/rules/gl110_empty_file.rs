//! GL110: empty-file.

rule! {
    /// A file has no content.
    ///
    /// ## What it checks
    /// The file holds something besides white space.
    ///
    /// ## Why it matters
    /// An empty file is the oldest way to make an existence check pass.
    ///
    /// ## How to fix
    /// Record the evidence or fill the document; `d3p status --next` names the command.
    GL110 "empty-file" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
