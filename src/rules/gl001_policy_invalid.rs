//! GL001: policy-invalid.

rule! {
    /// `d3p.yaml` is not a valid policy.
    ///
    /// ## What it checks
    /// `d3p.yaml` is one YAML document that fits `schemas/d3p.v1.schema.json`.
    ///
    /// ## Why it matters
    /// A policy that cannot be read decides nothing. Every command stops with exit code 2: nothing
    /// was judged, which is neither a pass nor a refusal.
    ///
    /// ## How to fix
    /// Mend the line and column in the finding; it lists the allowed values.
    GL001 "policy-invalid" Error since "0.1.0" clauses ["X-4"] waivable false
    [elsewhere]
}

// Raised while loading: without a policy there is nothing to run rules on.
