//! GL106: file-too-large.

rule! {
    /// A file is larger than d3p reads.
    ///
    /// ## What it checks
    /// Documents and evidence stay below 8 MiB, the ledger below 64 MiB; raw logs are only digested and
    /// may be larger.
    ///
    /// ## Why it matters
    /// A gate must answer in bounded time and memory, whatever lies in its way.
    ///
    /// ## How to fix
    /// Move raw output under `raw/` and cite it by digest from the evidence.
    GL106 "file-too-large" Error since "0.1.0" clauses ["X-4"]
    [elsewhere]
}
