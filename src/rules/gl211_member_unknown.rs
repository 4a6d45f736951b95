//! GL211: member-unknown.

rule! {
    /// A list names something that the policy does not know.
    ///
    /// ## What it checks
    /// The manifest's services are exactly those of `d3p.yaml`, and no report of a deployment tells of
    /// a service that `d3p.yaml` does not list.
    ///
    /// ## Why it matters
    /// Two lists that disagree about what is being released release something that nobody approved. A
    /// service that is deployed and not listed has no checklist, no check and no owner.
    ///
    /// ## How to fix
    /// Add the service to `services` in `d3p.yaml`, or leave it out of what is released.
    GL211 "member-unknown" Error since "0.1.0" clauses ["D3P-2", "P11-1.2"]
    [elsewhere]
}
