//! Deciding on the launch: the statement over the digests of what lies here, and the file that it
//! goes into (P11-3.1).

use super::exemptions::accepted;
use super::kind::{
    Approval, ApprovalDecision, ApprovalStatement, NO_GO, approval_evidence, covers, decisions,
    previous_gate,
};
use super::objection::archived_objections;
use super::validity::Current;
use crate::decisions::statement::{Decider, Head};
use crate::model::Stamp;
use crate::project::{Project, Release};
use serde_json::{Map, Value, json};

/// Who decides what.
#[derive(Clone, Debug)]
pub struct ApprovalRequest<'a> {
    /// Who.
    pub decider: Decider<'a>,
    /// `GO` or `NO_GO`.
    pub decision: &'static str,
    /// Why, in the person's words.
    pub reason: Option<&'a str>,
    /// The gate the decision is for.
    pub gate: &'a str,
    /// Denied windows that the launch may lie in.
    pub window_overrides: Vec<String>,
    /// Launch locks that the launch may take over, by object.
    pub take_over: Vec<String>,
    /// Whether the launch may go without its lock where that cannot be taken.
    pub without_lock: bool,
    /// Digests of the findings that wait for a person, sorted.
    pub reviews: Vec<String>,
}

/// The approval's body: the decisions that still stand, and the new one.
///
/// A person's new decision takes the place of their earlier one. What no longer counts falls away:
/// earlier files are kept as attempts, and the ledger names each decision.
pub fn approval_body(
    project: &Project,
    statement: &ApprovalStatement,
    signature: Option<&str>,
    now: Stamp,
) -> Map<String, Value> {
    let own = &statement.predicate.head.person;
    let mut list = kept(project, now, |said| !said.head.person.eq_ignore_ascii_case(own));
    list.push(json!({ "statement": statement.to_text(), "signature": signature }));
    let mut body = Map::new();
    body.insert("request".to_owned(), request_of(project));
    body.insert("decisions".to_owned(), Value::Array(list));
    body
}

/// The body of a request: it decides nothing, and what stands goes on to stand, but a GO over other
/// inputs than the ones that are asked for now.
pub fn requested_body(project: &Project, request: Value, now: Stamp) -> Map<String, Value> {
    let inputs = |request: &Value| request.get("inputs").cloned().unwrap_or(json!([]));
    let same = inputs(&request) == inputs(&request_of(project));
    let mut body = Map::new();
    body.insert("request".to_owned(), request);
    let kept = kept(project, now, |said| same || said.decision == NO_GO);
    body.insert("decisions".to_owned(), Value::Array(kept));
    body
}

/// What counts of all that was decided, objections of earlier attempts among it.
fn kept(project: &Project, now: Stamp, of: impl Fn(&Approval) -> bool) -> Vec<Value> {
    let mut known = decisions(project);
    for (_, objection) in archived_objections(project) {
        let by = |decision: &ApprovalDecision| {
            decision.said().map(|said| said.head.person.to_lowercase())
        };
        // Whoever has spoken since has had their last word.
        if !known.iter().any(|decision| by(decision) == by(&objection)) {
            known.push(objection);
        }
    }
    let current = Current::of(project, now);
    let kept = known.iter().filter(|decision| {
        decision.said().is_some_and(&of) && (current.stands(decision) || binds(project, decision))
    });
    kept.map(ApprovalDecision::to_value).collect()
}

/// Whether it is an objection to this release and commit that the ledger names: whatever became of its
/// key, it goes on to bind, and dropping it would only hide what for.
fn binds(project: &Project, decision: &ApprovalDecision) -> bool {
    let (Some(said), Some(release)) = (decision.said(), project.release()) else {
        return false;
    };
    let text = decision.digest().to_string();
    said.decision == NO_GO
        && said.head.is_about(&release.version, &release.commit)
        && project.ledgers().iter().any(|ledger| ledger.names_decision(&text))
}

/// The request that stands in the file; it is never judged.
fn request_of(project: &Project) -> Value {
    let value = approval_evidence(project).and_then(|evidence| evidence.value()?.get("request"));
    value.cloned().unwrap_or(Value::Null)
}

/// The statement of a decision made now, over everything as it lies here now.
pub fn approval_statement(
    project: &Project,
    release: &Release,
    request: &ApprovalRequest<'_>,
) -> ApprovalStatement {
    let now = request.decider.now;
    let max_age = project.effective().policy.approval.production.max_age;
    let approval = Approval {
        decision: request.decision.to_owned(),
        head: Head::new(project, release, &request.decider, now.plus(max_age)),
        reason: request.reason.map(str::to_owned),
        gate: request.gate.to_owned(),
        covers: covers(project),
        previous_gate: previous_gate(project),
        window_overrides: request.window_overrides.clone(),
        take_over: request.take_over.clone(),
        without_lock: request.without_lock,
        exemptions: accepted(project, now),
        reviews: request.reviews.clone(),
    };
    ApprovalStatement::new(release.subject(), approval)
}
