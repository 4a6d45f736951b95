//! GL911: unexpected-release.

rule! {
    /// The release that lies here is not the one the verifier asked about.
    ///
    /// ## What it checks
    /// `d3p verify --release V --commit SHA --artifact sha256:…` compares the manifest with what is
    /// about to be deployed. `--expect completed` says as what it must have ended: one that was rolled back
    /// verifies as that, and is no release to deploy.
    ///
    /// ## Why it matters
    /// Records can be perfectly valid, and about something else.
    ///
    /// ## How to fix
    /// Verify the project or archive of the release that is deployed, or deploy the release that
    /// was verified.
    GL911 "unexpected-release" Error since "0.1.0" clauses ["X-1"] waivable false
    [elsewhere]
}

// Raised by `verify`, which alone knows what was expected.
