//! A person's decision on taking the launch back (D3P-9).

use crate::model::{Sha256Digest, Stamp};
use crate::project::{Project, Release};
use crate::record::{Authority, PolicyDigest, Rollback, RollbackStatement};
use crate::rules::{Moments, rollback_covers, rollback_decisions, voice};
use serde_json::{Map, Value, json};

/// Who decides what on a rollback.
#[derive(Clone, Debug)]
pub struct RollbackRequest<'a> {
    /// Full name of the person.
    pub by: &'a str,
    /// What the allowed signers call them, where the decision is signed.
    pub identity: Option<&'a str>,
    /// Their role, as the policy says it.
    pub role: Option<&'a str>,
    /// Their row of the authority tree.
    pub authority: Authority,
    /// `ROLL_BACK` or `CONTINUE`.
    pub decision: &'static str,
    /// The protocol's question.
    pub question: &'a str,
    /// Why.
    pub reason: &'a str,
    /// 128 random bits in hexadecimal.
    pub nonce: String,
    /// Now.
    pub now: Stamp,
}

/// The statement of a decision made now, over everything as it lies here now.
pub fn rollback_statement(
    project: &Project,
    release: &Release,
    request: &RollbackRequest<'_>,
) -> RollbackStatement {
    let effective = project.effective();
    let rollback = Rollback {
        decision: request.decision.to_owned(),
        question: request.question.to_owned(),
        principal: request.by.to_owned(),
        identity: request.identity.map(str::to_owned),
        role: request.role.map(str::to_owned),
        authority: request.authority.clone(),
        present: true,
        reason: request.reason.to_owned(),
        release: release.version.clone(),
        commit: release.commit.clone(),
        attempt: release.attempt,
        environment: "production".to_owned(),
        covers: rollback_covers(project),
        policy: PolicyDigest { sha256: effective.digest.to_string() },
        ledger_heads: project.ledger.heads().iter().map(Sha256Digest::to_string).collect(),
        nonce: request.nonce.clone(),
        decided_at: request.now.to_string(),
        not_after: request.now.plus(effective.policy.approval.rollback.max_age).to_string(),
    };
    RollbackStatement::new(release.subject(), rollback)
}

/// The body: every decision that was recorded or counts, and the new one. What neither counts nor
/// was ever recorded falls away.
pub fn rollback_decision(
    project: &Project,
    statement: &RollbackStatement,
    signature: Option<&str>,
    now: Stamp,
) -> Map<String, Value> {
    let moments = Moments { now, gate: None, use_now: false };
    let kept = rollback_decisions(project).into_iter().filter(|decision| {
        project.names_decision(&decision.text) || voice(project, decision, moments).is_ok()
    });
    let mut list: Vec<Value> = kept
        .map(|decision| json!({ "statement": decision.text, "signature": decision.signature }))
        .collect();
    list.push(json!({ "statement": statement.to_text(), "signature": signature }));
    Map::from_iter([("decisions".to_owned(), Value::Array(list))])
}
