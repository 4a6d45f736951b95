//! The decisions of the production approval (P11-3.1), read out of their exact statements.

use crate::definition::NativeCheck;
use crate::derive::signed::read_statement;
use crate::model::Stamp;
use crate::project::{Evidence, FileEntry, Project};
use crate::record::{ApprovalStatement, GO, NO_GO};
use serde_json::Value;

/// One decision: its exact text, and what it says when it can be understood.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its place in `decisions`.
    pub index: usize,
    /// The exact text.
    pub text: String,
    /// The armored signature beside it.
    pub signature: Option<String>,
    /// What it says; or why it cannot be understood.
    pub statement: Result<ApprovalStatement, String>,
}

impl Decision {
    /// Whether it says GO.
    pub fn is_go(&self) -> bool {
        self.statement.as_ref().is_ok_and(|statement| statement.predicate.decision == GO)
    }

    /// When it was made, as it claims.
    pub fn decided_at(&self) -> Option<Stamp> {
        Stamp::parse(&self.statement.as_ref().ok()?.predicate.decided_at).ok()
    }

    /// The pointer to its statement.
    pub fn pointer(&self) -> String {
        format!("/decisions/{}/statement", self.index)
    }
}

/// The evidence that holds the phase's approval.
pub(crate) fn approval_evidence(project: &Project) -> Option<Evidence<'_>> {
    project.all_evidence().find(|evidence| {
        evidence.def.native.iter().any(|native| matches!(native, NativeCheck::Approval { .. }))
    })
}

/// Every decision of the approval, in file order.
pub fn decisions(project: &Project) -> Vec<Decision> {
    decisions_of(approval_evidence(project).and_then(|evidence| evidence.value()))
}

/// Every objection that was raised in an earlier attempt at this release and commit, and the archive
/// in which it lies.
pub fn archived_objections(project: &Project) -> Vec<(&str, Decision)> {
    let Some(release) = project.release() else { return Vec::new() };
    let same = |decision: &Decision| {
        decision.statement.as_ref().is_ok_and(|statement| {
            let said = &statement.predicate;
            said.decision == NO_GO
                && said.release == release.version
                && said.commit == release.commit
        })
    };
    let of = |file: &'_ FileEntry| decisions_of(file.value()).into_iter().filter(same);
    project
        .archived
        .iter()
        .flat_map(|file| of(file).map(move |decision| (file.path.as_str(), decision)))
        .collect()
}

fn decisions_of(value: Option<&Value>) -> Vec<Decision> {
    let decisions = value.and_then(|value| value.get("decisions")).and_then(Value::as_array);
    decisions
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(index, decision)| {
            let text = decision.get("statement").and_then(Value::as_str).unwrap_or_default();
            read_decision(index, text, decision.get("signature").and_then(Value::as_str))
        })
        .collect()
}

/// A decision made of its statement and signature.
pub fn read_decision(index: usize, text: &str, signature: Option<&str>) -> Decision {
    let signature = signature.map(str::to_owned);
    Decision { index, text: text.to_owned(), signature, statement: read_statement(text) }
}
