//! The decision on taking the launch back: its statement, where it lies, and what it rests on
//! (D3P-9, P11-C2).

use crate::decisions::statement::{Decision, Head, Kind, Statement, decisions_of};
use crate::definition::{ApprovalPolicy, DecisionPolicy, NativeCheck, ThresholdSource};
use crate::project::{Evidence, Project};
use crate::record::FileDigest;
use serde::{Deserialize, Serialize};

/// The decision to take the launch back.
pub const ROLL_BACK: &str = "ROLL_BACK";
/// The decision to leave it where it is.
pub const CONTINUE: &str = "CONTINUE";

/// A decision on taking the launch back, and everything that the person relied on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rollback {
    /// [`ROLL_BACK`] or [`CONTINUE`].
    pub decision: String,
    /// Who decides, and about what; after `not_after` a rollback that begins needs a new decision.
    #[serde(flatten)]
    pub head: Head,
    /// The question, in the words of the protocol.
    pub question: String,
    /// Their place in the authority tree.
    pub authority: Authority,
    /// Always true: whoever decides says that they are there.
    pub present: bool,
    /// Why.
    pub reason: String,
    /// What they decide on: strategy, plan, and the deployment's report as it lay there.
    pub covers: Vec<FileDigest>,
}

impl Kind for Rollback {
    const TYPE: &'static str = "https://d3p.dev/predicates/rollback/v1";
    const SCHEMA: &'static str = "rollback-statement";

    fn head(&self) -> &Head {
        &self.head
    }

    fn policy(approval: &ApprovalPolicy) -> &DecisionPolicy {
        &approval.rollback
    }
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

/// The statement of a decision on taking the launch back.
pub type RollbackStatement = Statement<Rollback>;
/// A decision on taking the launch back.
pub type RollbackDecision = Decision<Rollback>;

impl RollbackDecision {
    /// Whether it says to roll back.
    pub fn is_roll_back(&self) -> bool {
        self.said().is_some_and(|said| said.decision == ROLL_BACK)
    }
}

/// What the phase says of these decisions.
#[derive(Clone, Copy, Debug)]
pub struct RollbackCheck<'a> {
    /// The evidence that holds them.
    pub evidence: Evidence<'a>,
    /// The table of the authority tree.
    pub authority: &'a ThresholdSource,
    /// Evidence that is decided on besides.
    covers: &'a [String],
    /// The protocol's question.
    pub question: &'a str,
}

/// The phase's decisions on taking the launch back, if it has any.
pub fn rollback_check(project: &Project) -> Option<RollbackCheck<'_>> {
    project.all_evidence().find_map(|evidence| {
        evidence.native(|native| match native {
            NativeCheck::Rollback { authority, covers, prompt, .. } => Some(RollbackCheck {
                evidence,
                authority,
                covers,
                question: project.phase.prompts.get(prompt)?.text.as_str(),
            }),
            _ => None,
        })
    })
}

/// Every decision, in file order.
pub fn rollback_decisions(project: &Project) -> Vec<RollbackDecision> {
    decisions_of(rollback_check(project).and_then(|check| check.evidence.value()))
}

/// Path and digest of everything that is decided on, sorted by path: the tree's document, what the
/// phase names, and the report of the launch as it lies there.
pub fn rollback_covers(project: &Project) -> Vec<FileDigest> {
    let Some(check) = rollback_check(project) else { return Vec::new() };
    let document = project.phase.documents.get(&check.authority.document);
    let evidence = check.covers.iter().filter_map(|kind| project.phase.evidence.get(kind));
    let launch = project.phase.launch().map(|(_, def)| &def.path);
    let paths = document.map(|def| &def.path).into_iter();
    let mut files: Vec<FileDigest> = paths
        .chain(evidence.map(|def| &def.path))
        .chain(launch)
        .filter_map(|path| {
            let sha256 = project.digest_of(path)?.to_string();
            Some(FileDigest { path: path.clone(), sha256 })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}
