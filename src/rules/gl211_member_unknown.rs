//! GL211: member-unknown.

rule! {
    /// A list names something that the policy does not know.
    ///
    /// ## What it checks
    /// The manifest's services are exactly those of `d3p.yaml`.
    ///
    /// ## Why it matters
    /// Two lists that disagree about what is being released release something that nobody approved.
    ///
    /// ## How to fix
    /// Add the service to `services` in `d3p.yaml`, or remove it from the manifest.
    GL211 "member-unknown" Error since "0.1.0" clauses ["D3P-2", "P11-1.2"]
    [elsewhere]
}
