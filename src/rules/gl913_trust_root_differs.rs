//! GL913: trust-root-differs.

rule! {
    /// The signers or the policy of this tree are not those of the trust root.
    ///
    /// ## What it checks
    /// `d3p verify --trust-root sha256:…` compares the digest of `.d3p/allowed_signers`; with
    /// `--trust-root FILE` and `--policy-commit SHA` signatures are held against the signers from
    /// there, and a file of this tree that differs from them is named.
    ///
    /// ## Why it matters
    /// Whoever may write the tree may write the file that says who may sign. Only a copy from
    /// elsewhere tells the two apart.
    ///
    /// ## How to fix
    /// Find out who changed the file, and have the change reviewed; then verify with the new root.
    GL913 "trust-root-differs" Error since "0.1.0" clauses ["X-3", "X-5"] waivable false
    [elsewhere]
}

// Raised by `verify`, which alone knows what was given from outside.
