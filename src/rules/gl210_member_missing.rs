//! GL210: member-missing.

rule! {
    /// A service or suite that the policy names is not covered.
    ///
    /// ## What it checks
    /// Lists of services and suites have every member that `d3p.yaml` names.
    ///
    /// ## Why it matters
    /// A service that nobody reported on, or a suite that vanished, is not a pass; the list comes from policy, never from the file.
    ///
    /// ## How to fix
    /// Report on the member too, or change `d3p.yaml` before gate 1 freezes it.
    GL210 "member-missing" Error since "0.1.0" clauses ["D3P-2", "P11-2.2"]
    [elsewhere]
}
