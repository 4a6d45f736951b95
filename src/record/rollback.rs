//! What a person signs who decides whether the launch is taken back (D3P-9, P11-C2).

use crate::record::ledger::FileDigest;
use crate::record::statement::{By, PolicyDigest, Predicate, Statement};
use serde::{Deserialize, Serialize};

/// The decision to take the launch back.
pub const ROLL_BACK: &str = "ROLL_BACK";
/// The decision to leave it where it is.
pub const CONTINUE: &str = "CONTINUE";

/// A decision on taking the launch back.
pub type RollbackStatement = Statement<Rollback>;

/// A decision, and everything that the person relied on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rollback {
    /// [`ROLL_BACK`] or [`CONTINUE`].
    pub decision: String,
    /// The question, in the words of the protocol.
    pub question: String,
    /// The person who decides, by full name.
    pub principal: String,
    /// What `.d3p/allowed_signers` calls them; where the statement is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// Their role; only the policy says who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Their place in the authority tree.
    pub authority: Authority,
    /// Always true: whoever decides says that they are there.
    pub present: bool,
    /// Why.
    pub reason: String,
    /// Release version.
    pub release: String,
    /// Full commit id.
    pub commit: String,
    /// Attempt, from 1.
    pub attempt: u64,
    /// `production`.
    pub environment: String,
    /// What they decide on: strategy, plan, and the deployment's report as it lay there.
    pub covers: Vec<FileDigest>,
    /// The effective policy.
    pub policy: PolicyDigest,
    /// Heads of the ledger when the decision was made.
    pub ledger_heads: Vec<String>,
    /// 128 random bits in hexadecimal.
    pub nonce: String,
    /// When, by the writer's clock (a claim).
    pub decided_at: String,
    /// When the decision ends: a rollback that begins later needs a new one.
    pub not_after: String,
}

/// A row of the authority tree, as the document says it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Authority {
    /// Place in the order, from 1.
    pub order: u32,
    /// Full name.
    pub name: String,
    /// What they are.
    pub role: String,
    /// Where they are reached.
    pub reachable_at: String,
}

impl Predicate for Rollback {
    const TYPE: &'static str = "https://d3p.dev/predicates/rollback/v1";
    const SCHEMA: &'static str = "rollback-statement";

    fn by(&self) -> By<'_> {
        By {
            principal: &self.principal,
            identity: self.identity.as_deref(),
            role: self.role.as_deref(),
            at: &self.decided_at,
        }
    }
}
