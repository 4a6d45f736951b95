//! GL112: json-syntax.

rule! {
    /// A file is not JSON.
    ///
    /// ## What it checks
    /// The file is one JSON value (RFC 8259): no comments, no trailing commas, nothing after its end.
    ///
    /// ## Why it matters
    /// Lenient readers repair broken JSON in different ways and so read different facts.
    ///
    /// ## How to fix
    /// Mend the place the finding points at; `d3p record KIND --example` prints a valid body.
    GL112 "json-syntax" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
