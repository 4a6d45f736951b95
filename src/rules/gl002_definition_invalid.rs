//! GL002: definition-invalid.

rule! {
    /// The phase definition is not valid.
    ///
    /// ## What it checks
    /// The definition that `definition:` in `d3p.yaml` names fits `schemas/phase.v1.schema.json`,
    /// and everything it refers to exists.
    ///
    /// ## Why it matters
    /// The definition says what the gates demand. One that is half understood would demand less.
    ///
    /// ## How to fix
    /// Mend the line and column in the finding, or remove `definition:` to use the embedded phase.
    GL002 "definition-invalid" Error since "0.1.0" clauses ["X-7"] waivable false
    [elsewhere]
}

// Raised while loading: without a definition there is nothing to run rules on.
