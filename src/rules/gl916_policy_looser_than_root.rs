//! GL916: policy-looser-than-root.

rule! {
    /// The policy of this tree asks for less than the one outside it.
    ///
    /// ## What it checks
    /// `d3p verify --policy-commit SHA` reads `d3p.yaml` of that commit, never of the work tree,
    /// and compares it key by key with the policy that this release froze: fewer approvers, longer
    /// ages, dropped services or suites, and every key without a known direction.
    ///
    /// ## Why it matters
    /// A policy that is loosened in the change it should judge judges nothing.
    ///
    /// ## How to fix
    /// Release under the reviewed policy, or have the loosening reviewed first and verify with that
    /// commit.
    GL916 "policy-looser-than-root" Error since "0.1.0" clauses ["X-3", "X-5", "D3P-9"] waivable false
    [elsewhere]
}

// Raised by `verify`, which alone knows what was given from outside.
