//! Approval statements: the exact text that a person decides on (P11-3.1).
//!
//! An in-toto Statement with our own predicate, as canonical ASCII JSON, kept as a JSON string
//! so that the bytes that will be signed are the bytes that are read.

use crate::record::ledger::FileDigest;
use crate::text::canonical;
use serde::{Deserialize, Serialize};

/// in-toto Statement v1.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// The decision to launch.
pub const GO: &str = "GO";
/// The decision not to.
pub const NO_GO: &str = "NO_GO";
/// Predicate type of an approval.
pub const APPROVAL_PREDICATE: &str = "https://d3p.dev/predicates/approval/v1";

/// An approval statement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalStatement {
    /// [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub statement_type: String,
    /// The released thing: commit and artifacts.
    pub subject: Vec<serde_json::Value>,
    /// [`APPROVAL_PREDICATE`].
    #[serde(rename = "predicateType")]
    pub predicate_type: String,
    /// The decision.
    pub predicate: Approval,
}

impl ApprovalStatement {
    /// The exact text that is signed: canonical ASCII JSON on one line, without a line feed.
    pub fn to_text(&self) -> String {
        canonical::to_canonical(&serde_json::json!(self))
    }
}

/// A decision and everything it is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Approval {
    /// `GO` or `NO_GO`.
    pub decision: String,
    /// The person who decides, by full name.
    pub principal: String,
    /// What `.d3p/allowed_signers` calls them; where the statement is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// The role that they decide in; only the policy says who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Release version.
    pub release: String,
    /// Full commit id.
    pub commit: String,
    /// Attempt, from 1.
    pub attempt: u64,
    /// `production`.
    pub environment: String,
    /// The gate the decision is for.
    pub gate: String,
    /// Every file the decision rests on.
    pub covers: Vec<FileDigest>,
    /// The effective policy.
    pub policy: PolicyDigest,
    /// Heads of the ledger when the decision was made.
    pub ledger_heads: Vec<String>,
    /// Everything that removed an obligation, in words.
    pub exemptions: Vec<String>,
    /// 128 random bits in hexadecimal.
    pub nonce: String,
    /// When, by the writer's clock (a claim).
    pub decided_at: String,
    /// When the decision ends.
    pub not_after: String,
}

/// Digest of the effective policy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDigest {
    /// Lower-case SHA-256.
    pub sha256: String,
}
