//! GL917: bundle-member-unlisted.

rule! {
    /// A bundle holds a member that its manifest does not list, or that is no part of the release.
    ///
    /// ## What it checks
    /// `d3p verify FILE.tar.gz` looks at every member: `d3p-bundle/manifest.json` must list it, and
    /// it must be a file that the release's verdict is computed from, or one of the schemas and the
    /// phase definition that `d3p bundle create` adds. An unlisted member is not judged.
    ///
    /// ## Why it matters
    /// What nobody accounts for travels under the name of a verified release, and the next reader
    /// takes it for verified.
    ///
    /// ## How to fix
    /// Get the bundle from whoever packed it, or pack it anew with `d3p bundle create`; send other
    /// files beside it.
    GL917 "bundle-member-unlisted" Error since "0.1.0" clauses ["X-5", "X-1"] waivable false
    [elsewhere]
}

// Raised by `verify`, which alone reads bundles.
