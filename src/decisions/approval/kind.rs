//! The decision on the launch: its statement, where it lies, and what it covers (P11-3.1).

use crate::decisions::statement::{Decision, Head, Kind, Statement, decisions_of};
use crate::definition::{ApprovalPolicy, DecisionPolicy, NativeCheck};
use crate::project::{Evidence, Project, files_bound_by};
use crate::record::FileDigest;
use serde::{Deserialize, Serialize};

/// The decision to launch.
pub const GO: &str = "GO";
/// The decision not to.
pub const NO_GO: &str = "NO_GO";

/// A decision on the launch and everything it is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    /// `GO` or `NO_GO`.
    pub decision: String,
    /// Who decides, and about what.
    #[serde(flatten)]
    pub head: Head,
    /// Why, in the person's words; of a NO_GO what it objects to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The gate the decision is for.
    pub gate: String,
    /// Every file the decision rests on.
    pub covers: Vec<FileDigest>,
    /// The record of the last gate that must be passed before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_gate: Option<FileDigest>,
    /// Denied windows that the person lets the launch lie in, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub window_overrides: Vec<String>,
    /// Launch locks that this lets the launch take over from runners that are gone, by object.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub take_over: Vec<String>,
    /// Whether the launch may go without its lock where that cannot be taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_lock: bool,
    /// Everything that removed an obligation, in words.
    pub exemptions: Vec<String>,
    /// Digests of the findings that waited for a person, and that this one saw, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<String>,
}

impl Approval {
    /// Why, as it ends a sentence about a NO_GO.
    pub fn because(&self) -> String {
        self.reason.as_ref().map_or(" and gave no reason".to_owned(), |why| format!(": {why}"))
    }
}

impl Kind for Approval {
    const TYPE: &'static str = "https://d3p.dev/predicates/approval/v1";
    const SCHEMA: &'static str = "approval-statement";

    fn head(&self) -> &Head {
        &self.head
    }

    fn policy(approval: &ApprovalPolicy) -> &DecisionPolicy {
        &approval.production
    }
}

/// The statement of a decision on the launch.
pub type ApprovalStatement = Statement<Approval>;
/// A decision on the launch.
pub type ApprovalDecision = Decision<Approval>;

impl ApprovalDecision {
    /// Whether it says GO.
    pub fn is_go(&self) -> bool {
        self.said().is_some_and(|said| said.decision == GO)
    }
}

/// The evidence that holds the phase's approval.
pub(crate) fn approval_evidence(project: &Project) -> Option<Evidence<'_>> {
    project.evidence(project.phase.approval()?.0)
}

/// Every decision of the approval, in file order.
pub fn decisions(project: &Project) -> Vec<ApprovalDecision> {
    decisions_of(approval_evidence(project).and_then(|evidence| evidence.value()))
}

/// Everything that an approval given now covers: what the earlier gates bind, and the documents
/// named by the phase. Append-only files are left out: they may grow.
pub fn covers(project: &Project) -> Vec<FileDigest> {
    let parameters = approval_evidence(project).and_then(|evidence| {
        evidence.native(|native| match native {
            NativeCheck::Approval { covers, documents, .. } => Some((covers, documents)),
            _ => None,
        })
    });
    let Some((gates, documents)) = parameters else { return Vec::new() };
    let mut files = files_bound_by(project, gates);
    for def in documents.iter().filter_map(|id| project.phase.documents.get(id)) {
        if let Some(digest) = project.digest_of(&def.path) {
            files.push(FileDigest { path: def.path.clone(), sha256: digest.to_string() });
        }
    }
    // What was compiled for whoever decides is what they read.
    for def in project.phase.evidence.values().filter(|def| def.is_read_before()) {
        if let Some(digest) = project.digest_of(&def.path) {
            files.push(FileDigest { path: def.path.clone(), sha256: digest.to_string() });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The gates that must be passed before an approval can be given.
pub fn gates_covered(project: &Project) -> Vec<String> {
    approval_evidence(project)
        .and_then(|evidence| {
            evidence.native(|native| match native {
                NativeCheck::Approval { covers, .. } => Some(covers.clone()),
                _ => None,
            })
        })
        .unwrap_or_default()
}

/// The record of the last of those gates, as the ledger says that it was passed.
pub fn previous_gate(project: &Project) -> Option<FileDigest> {
    let gates = gates_covered(project);
    let last =
        gates.iter().max_by_key(|id| project.phase.gates.get(*id).map(|gate| gate.number))?;
    project.ledger.last_pass(last)?.entry.record.clone()
}
