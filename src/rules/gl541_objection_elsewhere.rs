//! GL541: objection-elsewhere.

rule! {
    /// Somebody said NO_GO on another machine, and this ledger does not know of it.
    ///
    /// ## What it checks
    /// `d3p approve sign` publishes each decision in the repository that `launch_lock` names. A NO_GO to
    /// this release and commit that is published there, is validly signed by somebody who may decide,
    /// and that no ledger here names, refuses.
    ///
    /// ## Why it matters
    /// An objection would count only where somebody happened to merge it.
    ///
    /// ## How to fix
    /// `d3p approve request` and `d3p run` take it over, and so does a merge of that machine's ledger.
    /// Then its person takes it back, or enough others say GO over it.
    GL541 "objection-elsewhere" Error since "0.1.0" clauses ["DLC-8", "X-10"] waivable false
    [elsewhere]
}

// Raised by whoever asks the other repository: whatever clears a step, and `verify --remote`.
