//! GL919: bundle-member-altered.

rule! {
    /// A member of a bundle is not what its manifest says, or the manifest says something else than
    /// the release.
    ///
    /// ## What it checks
    /// `d3p verify FILE.tar.gz` compares size and digest of every member with
    /// `d3p-bundle/manifest.json`; release, commit and ledger heads there with those of the files;
    /// and the schemas and the phase definition in `d3p-bundle/` with its own, when it has the
    /// version that packed the bundle. The release is judged as it lies there, and does not pass.
    ///
    /// ## Why it matters
    /// The manifest and the members beside it are what a reader without d3p believes.
    ///
    /// ## How to fix
    /// Get the bundle from whoever packed it, or pack it anew with `d3p bundle create`.
    GL919 "bundle-member-altered" Error since "0.1.0" clauses ["X-5", "X-1"] waivable false
    [elsewhere]
}

// Raised by `verify`, which alone reads bundles.
