//! GL118: front-matter-broken.

rule! {
    /// A file has no readable front matter.
    ///
    /// ## What it checks
    /// A Markdown file that carries facts begins with `---`, YAML, `---`.
    ///
    /// ## Why it matters
    /// The front matter says which release the file belongs to; without it, it belongs to none.
    ///
    /// ## How to fix
    /// Begin the file with front matter; `d3p init` writes one into a missing file and keeps everything else.
    GL118 "front-matter-broken" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
