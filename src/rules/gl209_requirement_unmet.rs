//! GL209: requirement-unmet.

rule! {
    /// Evidence does not say what its gate asks for.
    ///
    /// ## What it checks
    /// Each value the phase names is compared with what the gate wants: no failed test, exit code 0, every service healthy, at least one test.
    ///
    /// ## Why it matters
    /// This is the gate itself: valid evidence of something that failed.
    ///
    /// ## How to fix
    /// Mend the cause, run the step again and record what really happened.
    /// Or let a person sign that it may stand: `d3p waive GL209`.
    GL209 "requirement-unmet" Error since "0.1.0" clauses ["P11-G1", "P11-G2", "P11-G3", "DLC-4"] waivable true
    [elsewhere]
}
