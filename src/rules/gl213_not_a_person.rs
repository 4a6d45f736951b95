//! GL213: not-a-person.

rule! {
    /// A field that must name a person names a role, a status, a machine or nobody.
    ///
    /// ## What it checks
    /// Sign-offs, owners of actions, answers and acceptances carry a full name: not a role title,
    /// not `Pending`, not an agent, not a single word.
    ///
    /// ## Why it matters
    /// In the wild, approvers are `Release Manager`, `null` and `Claude AI Agent`. Nobody can ask
    /// a role title why it said yes.
    ///
    /// ## How to fix
    /// Write the full name of the person who did it; the role has a field of its own.
    GL213 "not-a-person" Error since "0.1.0" clauses ["P11-2.3", "P11-3.1", "P11-4.3", "X-4"]
    [elsewhere]
}
