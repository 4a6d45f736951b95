//! What only `verify` says, in the report as JSON.

use serde::Serialize;

/// What only `verify` says.
#[derive(Serialize, Debug, Clone)]
pub struct AuditView {
    /// `SELF-CONSISTENT ONLY`.
    pub trust: String,
    /// The bundle that was read, when it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle: Option<BundleView>,
    /// As what it was closed, where that is another end than complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<&'static str>,
    /// Assurance of approvals and of facts, per gate.
    pub assurance: Vec<AssuranceView>,
    /// When what matters happened, where the policy names somebody outside who knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<TimeView>,
    /// What it cannot exclude, in words.
    pub cannot_exclude: Vec<String>,
}

/// When something happened.
#[derive(Serialize, Debug, Clone)]
pub struct TimeView {
    /// What.
    pub what: String,
    /// When, as the files claim.
    pub claimed: String,
    /// Not before, as somebody outside knows.
    pub after: Option<String>,
    /// Not later.
    pub before: Option<String>,
}

/// A bundle that was verified.
#[derive(Serialize, Debug, Clone)]
pub struct BundleView {
    /// Its name, as it was given.
    pub file: String,
    /// Digest of its bytes.
    pub sha256: String,
    /// How many members it has.
    pub files: usize,
    /// The version of d3p that packed it, as it says itself.
    pub packed_by: String,
}

/// Assurance of one gate.
#[derive(Serialize, Debug, Clone)]
pub struct AssuranceView {
    /// Gate id.
    pub gate: String,
    /// `L0`, of the approvals it rests on.
    pub approval: &'static str,
    /// Why, in one sentence.
    pub why: &'static str,
    /// Of the facts it rests on.
    #[serde(flatten)]
    pub facts: FactsView,
}

/// What the facts of a gate are worth.
#[derive(Serialize, Debug, Clone, Default)]
pub struct FactsView {
    /// `L0`.
    pub facts: &'static str,
    /// Why, in one sentence.
    pub facts_why: String,
    /// Files of facts that could have been typed.
    pub typed: usize,
    /// Files of facts in all.
    pub files: usize,
    /// Files besides, which are words of people.
    pub words: usize,
    /// Each file of facts.
    pub each: Vec<FactView>,
    /// The machine that signed the gate's record.
    pub record_signed_by: Option<String>,
}

/// What one file of facts is worth.
#[derive(Serialize, Debug, Clone)]
pub struct FactView {
    /// Its path.
    pub path: String,
    /// `L0`.
    pub level: &'static str,
    /// `signed`, `computed` or `typed`.
    pub basis: &'static str,
}
