//! GL918: bundle-member-missing.

rule! {
    /// A member that the manifest of a bundle lists is not in it.
    ///
    /// ## What it checks
    /// `d3p verify FILE.tar.gz` looks for every file that `d3p-bundle/manifest.json` lists. The rest
    /// of the release is judged without it, and the bundle does not pass.
    ///
    /// ## Why it matters
    /// Something was taken out after the bundle was packed: a refusal, a report, a decision.
    ///
    /// ## How to fix
    /// Get the bundle from whoever packed it, or pack it anew with `d3p bundle create`.
    GL918 "bundle-member-missing" Error since "0.1.0" clauses ["X-5", "X-1"] waivable false
    [elsewhere]
}

// Raised by `verify`, which alone reads bundles.
