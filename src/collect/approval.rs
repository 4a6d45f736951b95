//! A person's decision over the digests of what they saw (P11-3.1).

use crate::derive::approval::approval_evidence;
use crate::model::{Sha256Digest, Stamp};
use crate::project::{Project, Release};
use crate::record::{Approval, ApprovalStatement, NO_GO, PolicyDigest};
use crate::rules::{
    Decision, Here, accepted, archived_objections, covers, decisions, previous_gate,
};
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
    /// Denied windows that the launch may lie in.
    pub window_overrides: Vec<String>,
    /// 128 random bits in hexadecimal.
    pub nonce: String,
    /// Now.
    pub now: Stamp,
}

/// The approval's body: the decisions that still stand, and the new one.
///
/// A person's new decision takes the place of their earlier one. What no longer counts falls away:
/// earlier files are kept as attempts, and the ledger names each decision.
pub fn approval(
    project: &Project,
    statement: &ApprovalStatement,
    signature: Option<&str>,
    now: Stamp,
) -> Map<String, Value> {
    let own = &statement.predicate.principal;
    let mut list = standing(project, now, |principal| !principal.eq_ignore_ascii_case(own));
    list.push(json!({ "statement": statement.to_text(), "signature": signature }));
    let mut body = Map::new();
    body.insert("request".to_owned(), request_of(project));
    body.insert("decisions".to_owned(), Value::Array(list));
    body
}

/// The body of a request: it decides nothing, and what stands goes on to stand.
pub fn requested(project: &Project, request: Value, now: Stamp) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("request".to_owned(), request);
    body.insert("decisions".to_owned(), Value::Array(standing(project, now, |_| true)));
    body
}

/// What stands of all that was said, objections of earlier attempts among it.
fn standing(project: &Project, now: Stamp, of: impl Fn(&str) -> bool) -> Vec<Value> {
    let mut known = decisions(project);
    for (_, objection) in archived_objections(project) {
        let by = |decision: &Decision| {
            let statement = decision.statement.as_ref().ok();
            statement.map(|statement| statement.predicate.principal.to_lowercase())
        };
        // Whoever has spoken since has had their last word.
        if !known.iter().any(|decision| by(decision) == by(&objection)) {
            known.push(objection);
        }
    }
    let here = Here::of(project, now);
    let kept = known.into_iter().filter(|decision| {
        let statement = decision.statement.as_ref();
        statement.is_ok_and(|statement| of(&statement.predicate.principal))
            && (here.stands(decision) || binds(project, decision))
    });
    kept.map(|decision| json!({ "statement": decision.text, "signature": decision.signature }))
        .collect()
}

/// Whether it is an objection to this release and commit that the ledger names: whatever became of its
/// key, it goes on to bind, and dropping it would only hide what for.
fn binds(project: &Project, decision: &Decision) -> bool {
    let (Ok(statement), Some(release)) = (&decision.statement, project.release()) else {
        return false;
    };
    let said = &statement.predicate;
    let text = Sha256Digest::of(decision.text.as_bytes()).to_string();
    said.decision == NO_GO
        && said.is_about(&release.version, &release.commit)
        && project.ledgers().iter().any(|ledger| ledger.names_decision(&text))
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
    let effective = project.effective();
    let approval = Approval {
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
        previous_gate: previous_gate(project),
        ledger_heads: project.ledger.heads().iter().map(Sha256Digest::to_string).collect(),
        window_overrides: request.window_overrides.clone(),
        exemptions: accepted(project, request.now),
        nonce: request.nonce.clone(),
        decided_at: request.now.to_string(),
        not_after: request.now.plus(effective.policy.approval.production.max_age).to_string(),
    };
    ApprovalStatement::new(release.subject(), approval)
}
