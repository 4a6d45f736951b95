//! Statements that people sign: the exact text that a decision is (P11-3.1, X-3).
//!
//! One line of canonical ASCII JSON, an in-toto Statement. Keys and meanings are fixed here and in
//! the schemas, so that the bytes that are signed are the bytes that are read.

use crate::record::ledger::FileDigest;
use crate::text::canonical;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// in-toto Statement v1.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// The decision to launch.
pub const GO: &str = "GO";
/// The decision not to.
pub const NO_GO: &str = "NO_GO";

/// What a statement says, and who says it.
pub trait Predicate: Serialize + DeserializeOwned {
    /// Its predicate type: a statement of one type never counts as one of another.
    const TYPE: &'static str;
    /// Name of the schema of such statements.
    const SCHEMA: &'static str;

    /// Who says it, as it claims.
    fn by(&self) -> By<'_>;
}

/// Who says something, as a statement claims.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// Full name.
    pub principal: &'a str,
    /// What the allowed signers call them; `None` where nothing is signed.
    pub identity: Option<&'a str>,
    /// The role that they decide in.
    pub role: Option<&'a str>,
    /// When, with offset.
    pub at: &'a str,
}

/// An in-toto Statement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Statement<P> {
    /// Always [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub statement_type: String,
    /// What it is about: the commit and the artifacts.
    pub subject: Vec<serde_json::Value>,
    /// Always [`Predicate::TYPE`].
    pub predicate_type: String,
    /// What it says.
    pub predicate: P,
}

impl<P: Predicate> Statement<P> {
    /// A statement about `subject`.
    pub fn new(subject: Vec<serde_json::Value>, predicate: P) -> Self {
        Self {
            statement_type: STATEMENT_TYPE.to_owned(),
            subject,
            predicate_type: P::TYPE.to_owned(),
            predicate,
        }
    }

    /// The exact text that is signed: canonical ASCII JSON on one line, without a line feed.
    pub fn to_text(&self) -> String {
        canonical::to_canonical(&serde_json::json!(self))
    }
}

/// A decision on the launch.
pub type ApprovalStatement = Statement<Approval>;

impl Predicate for Approval {
    const TYPE: &'static str = "https://d3p.dev/predicates/approval/v1";
    const SCHEMA: &'static str = "approval-statement";

    fn by(&self) -> By<'_> {
        By {
            principal: &self.principal,
            identity: self.identity.as_deref(),
            role: self.role.as_deref(),
            at: &self.decided_at,
        }
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
    /// The record of the last gate that must be passed before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_gate: Option<FileDigest>,
    /// Heads of the ledger when the decision was made.
    pub ledger_heads: Vec<String>,
    /// Denied windows that the person lets the launch lie in, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub window_overrides: Vec<String>,
    /// Everything that removed an obligation, in words.
    pub exemptions: Vec<String>,
    /// 128 random bits in hexadecimal.
    pub nonce: String,
    /// When, by the writer's clock (a claim).
    pub decided_at: String,
    /// When the decision ends.
    pub not_after: String,
}

impl Approval {
    /// Whether it is about `commit`, in whatever attempt at `version`: what an objection binds.
    pub fn is_about(&self, version: &str, commit: &str) -> bool {
        self.release == version && self.commit == commit
    }
}

/// Digest of the effective policy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDigest {
    /// Lower-case SHA-256.
    pub sha256: String,
}
