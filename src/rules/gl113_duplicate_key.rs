//! GL113: duplicate-key.

rule! {
    /// A key stands twice in one object.
    ///
    /// ## What it checks
    /// Every object in JSON, YAML and front matter has each key once.
    ///
    /// ## Why it matters
    /// Readers disagree about which of the two counts, so a file can tell a person one thing and a gate another.
    ///
    /// ## How to fix
    /// Remove one of the two.
    GL113 "duplicate-key" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
