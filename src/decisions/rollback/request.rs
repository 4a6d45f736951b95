//! Deciding on taking the launch back: the statement, and the file that it goes into (D3P-9).

use super::kind::{
    Authority, Rollback, RollbackDecision, RollbackStatement, rollback_covers, rollback_decisions,
};
use super::ruling::{Moments, vote};
use crate::decisions::statement::{Decider, Head};
use crate::model::Stamp;
use crate::project::{Project, Release};
use serde_json::{Map, Value, json};

/// Who decides what on a rollback.
#[derive(Clone, Debug)]
pub struct RollbackRequest<'a> {
    /// Who.
    pub decider: Decider<'a>,
    /// Their row of the authority tree.
    pub authority: Authority,
    /// `ROLL_BACK` or `CONTINUE`.
    pub decision: &'static str,
    /// The protocol's question.
    pub question: &'a str,
    /// Why.
    pub reason: &'a str,
}

/// The statement of a decision made now, over everything as it lies here now.
pub fn rollback_statement(
    project: &Project,
    release: &Release,
    request: &RollbackRequest<'_>,
) -> RollbackStatement {
    let max_age = project.effective().policy.approval.rollback.max_age;
    let not_after = request.decider.now.plus(max_age);
    let rollback = Rollback {
        decision: request.decision.to_owned(),
        head: Head::new(project, release, &request.decider, not_after),
        question: request.question.to_owned(),
        authority: request.authority.clone(),
        present: true,
        reason: request.reason.to_owned(),
        covers: rollback_covers(project),
    };
    RollbackStatement::new(release.subject(), rollback)
}

/// The body: every decision that was recorded or counts, and the new one. What neither counts nor
/// was ever recorded falls away.
pub fn rollback_body(
    project: &Project,
    statement: &RollbackStatement,
    signature: Option<&str>,
    now: Stamp,
) -> Map<String, Value> {
    let moments = Moments { now, gate: None, use_now: false };
    let kept = rollback_decisions(project).into_iter().filter(|decision| {
        project.names_decision(&decision.text) || vote(project, decision, moments).is_ok()
    });
    let mut list: Vec<Value> = kept.map(|decision| RollbackDecision::to_value(&decision)).collect();
    list.push(json!({ "statement": statement.to_text(), "signature": signature }));
    Map::from_iter([("decisions".to_owned(), Value::Array(list))])
}
