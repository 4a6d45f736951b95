//! GL915: assurance-too-low.

rule! {
    /// The approval, or the facts, are worth less than the verifier demands.
    ///
    /// ## What it checks
    /// `d3p verify --min-assurance L2` compares the level of the approval that the gates rest on:
    /// L0 typed, L1 signed by signers of this tree, L2 by signers of a policy from outside, L3 with
    /// a touch of hardware besides. `--min-facts L1` does the same with the facts of each gate: L1
    /// signed by machines of this tree's policy, L2 by those of a policy from outside.
    ///
    /// ## Why it matters
    /// A green result says nothing about what it rests on.
    ///
    /// ## How to fix
    /// Give the trust root (`--policy-commit`), or have the approval signed as demanded, and facts by
    /// the job that records them.
    GL915 "assurance-too-low" Error since "0.1.0" clauses ["X-3", "X-5"] waivable false
    [elsewhere]
}

// Raised by `verify`, which alone knows what was given from outside.
