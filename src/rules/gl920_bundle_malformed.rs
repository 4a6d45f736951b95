//! GL920: bundle-malformed.

rule! {
    /// A file is no bundle as `d3p bundle create` writes it.
    ///
    /// ## What it checks
    /// A bundle is one gzip stream with nothing after it, of a tar archive of regular files, the
    /// manifest first. Links, devices and directories, absolute paths, `..`, backslashes and drives,
    /// two members of one name (also in other letters' case), a manifest that is broken or does not
    /// follow its schema, an archive that is cut off, and more members or bytes than a bundle may
    /// have end the reading at once: nothing is judged. Owners, times and modes, or another order,
    /// which only another program writes, are an error, and the rest is judged.
    ///
    /// ## Why it matters
    /// What two programs read in two ways can show an auditor one release and the next reader
    /// another; and a bundle comes from somebody whom the auditor does not know.
    ///
    /// ## How to fix
    /// Get the bundle from whoever packed it, or pack it anew with `d3p bundle create`; do not repack
    /// it with another program.
    GL920 "bundle-malformed" Error since "0.1.0" clauses ["X-5", "X-4"] waivable false
    [elsewhere]
}

// Raised by `verify`, which alone reads bundles.
