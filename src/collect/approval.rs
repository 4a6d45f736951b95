//! A person's decision over the digests of what they saw (P11-3.1); unsigned for now.

use crate::derive::approval::approval_evidence;
use crate::model::{Sha256Digest, Stamp};
use crate::project::{Project, Release};
use crate::record::{
    APPROVAL_PREDICATE, Approval, ApprovalStatement, NO_GO, PolicyDigest, STATEMENT_TYPE,
};
use crate::rules::{covers, decisions};
use serde_json::{Map, Value, json};

/// Who decides what.
#[derive(Clone, Debug)]
pub struct ApprovalRequest<'a> {
    /// Full name of the person.
    pub by: &'a str,
    /// What the allowed signers call them, where the decision is signed.
    pub identity: Option<&'a str>,
    /// The role they decide in.
    pub role: Option<&'a str>,
    /// `GO` or `NO_GO`.
    pub decision: &'static str,
    /// The gate the decision is for.
    pub gate: &'a str,
    /// 128 random bits in hexadecimal.
    pub nonce: String,
    /// Now.
    pub now: Stamp,
}

/// The approval's body: the decisions that still stand, and the new one.
///
/// A person's new decision takes the place of their earlier one. What was decided about other
/// bytes falls away, but a `NO_GO` for this release and commit stays until its person lifts it.
pub fn approval(
    project: &Project,
    release: &Release,
    statement: &ApprovalStatement,
    signature: Option<&str>,
) -> Map<String, Value> {
    let kept = decisions(project).into_iter().filter(|decision| {
        let Ok(old) = &decision.statement else { return false };
        let old = &old.predicate;
        let same_person = old.principal.eq_ignore_ascii_case(&statement.predicate.principal);
        let same_bytes = old.covers == statement.predicate.covers
            && old.policy == statement.predicate.policy
            && old.exemptions == statement.predicate.exemptions;
        let same_release = old.release == release.version && old.commit == release.commit;
        !same_person && same_release && (same_bytes || old.decision == NO_GO)
    });
    let mut list: Vec<Value> = kept
        .map(|decision| json!({ "statement": decision.text, "signature": decision.signature }))
        .collect();
    list.push(json!({ "statement": statement.to_text(), "signature": signature }));
    let mut body = Map::new();
    body.insert("request".to_owned(), request_of(project));
    body.insert("decisions".to_owned(), Value::Array(list));
    body
}

/// The request that stands in the file; it is never judged.
fn request_of(project: &Project) -> Value {
    let value = approval_evidence(project).and_then(|evidence| evidence.value()?.get("request"));
    value.cloned().unwrap_or(Value::Null)
}

/// The statement of a decision made now, over everything as it lies here now.
pub fn statement(
    project: &Project,
    release: &Release,
    request: &ApprovalRequest<'_>,
) -> ApprovalStatement {
    let mut subject = vec![json!({
        "name": format!("git+{}@{}", release.repository, release.version),
        "digest": { "gitCommit": release.commit },
    })];
    subject.extend(
        release
            .artifacts
            .iter()
            .map(|(name, sha256)| json!({ "name": name, "digest": { "sha256": sha256 } })),
    );
    let effective = project.effective();
    ApprovalStatement {
        statement_type: STATEMENT_TYPE.to_owned(),
        subject,
        predicate_type: APPROVAL_PREDICATE.to_owned(),
        predicate: Approval {
            decision: request.decision.to_owned(),
            principal: request.by.split_whitespace().collect::<Vec<_>>().join(" "),
            identity: request.identity.map(str::to_owned),
            role: request.role.map(str::to_owned),
            release: release.version.clone(),
            commit: release.commit.clone(),
            attempt: release.attempt,
            environment: "production".to_owned(),
            gate: request.gate.to_owned(),
            covers: covers(project),
            policy: PolicyDigest { sha256: effective.digest.to_string() },
            ledger_heads: project.ledger.heads().iter().map(Sha256Digest::to_string).collect(),
            exemptions: project.exemptions(),
            nonce: request.nonce.clone(),
            decided_at: request.now.to_string(),
            not_after: request.now.plus(effective.policy.approval.max_age).to_string(),
        },
    }
}
