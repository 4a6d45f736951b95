//! The decision to let findings stand for a while: its statement, and where such statements lie.

use crate::decisions::statement::{Decision, Head, Kind, Statement, decisions_of};
use crate::definition::{ApprovalPolicy, DecisionPolicy};
use crate::model::Sha256Digest;
use crate::project::Project;
use crate::record::finding_place;
use crate::schema;
use crate::text::canonical;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The statement of a waiver.
pub type WaiverStatement = Statement<Waiver>;
/// One person's statement in the file of waivers.
pub type WaiverDecision = Decision<Waiver>;

/// What a person decides by one, as the ledger says it.
pub const WAIVE: &str = "WAIVE";

/// What may stand, why, until when, and who says so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiver {
    /// Code of the rule.
    pub rule: String,
    /// The file that the findings are at.
    pub path: String,
    /// Only findings at this JSON pointer or below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What stood at each place, by digest: nothing else that the rule finds there is let stand.
    pub seen: Vec<String>,
    /// What was measured there: a number that is measured anew and no worse may stand, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_worse: Vec<NoWorse>,
    /// Why.
    pub reason: String,
    /// Who decides, and about what.
    #[serde(flatten)]
    pub head: Head,
}

/// How bad a number may be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoWorse {
    /// What it is a number of, by digest.
    pub of: String,
    /// The number as it was seen, in thousandths.
    pub thousandths: i64,
}

impl Kind for Waiver {
    const TYPE: &'static str = "https://d3p.dev/predicates/waiver/v1";
    const SCHEMA: &'static str = "waiver-statement";
    const LIST: &'static str = "waivers";

    fn head(&self) -> &Head {
        &self.head
    }

    fn policy(approval: &ApprovalPolicy) -> &DecisionPolicy {
        &approval.waiver
    }
}

impl Waiver {
    /// Digest of all that is said, without who says it and when: several persons sign the same
    /// waiver when these are the same.
    pub fn terms(&self) -> Sha256Digest {
        let mut said = json!([
            self.rule,
            self.path,
            self.pointer,
            self.seen,
            self.reason,
            self.head.release,
            self.head.commit,
            self.head.attempt,
            self.head.not_after,
        ]);
        if let (false, Some(said)) = (self.no_worse.is_empty(), said.as_array_mut()) {
            said.push(json!(self.no_worse));
        }
        Sha256Digest::of(canonical::to_canonical(&said).as_bytes())
    }

    /// `GL315 at PATH#POINTER`.
    pub fn place(&self) -> String {
        finding_place(&self.rule, &self.path, self.pointer.as_deref())
    }

    /// What it lets stand, until when and why, in words.
    pub fn words(&self) -> String {
        format!("{} until {}: {}", self.place(), self.head.not_after, self.reason)
    }
}

/// Every statement, in file order; nothing in a file that is not what its schema says.
pub fn waiver_decisions(project: &Project) -> Vec<WaiverDecision> {
    let value = project.present(project.places().waivers()).and_then(|file| file.value());
    decisions_of(value.filter(|value| form_fault(value).is_none()))
}

/// Why the file as a whole is not one of waivers: where, and what is wrong.
pub fn waivers_fault(project: &Project) -> Option<(String, String)> {
    let file = project.present(project.places().waivers())?;
    match file.value() {
        Some(value) => form_fault(value),
        None => {
            let why = file.faults.first().map_or("it is not JSON", |fault| &fault.message);
            Some((String::new(), why.to_owned()))
        }
    }
}

fn form_fault(value: &Value) -> Option<(String, String)> {
    let faults = schema::validate("waivers", value);
    let fault = faults.into_iter().flatten().next()?;
    Some((fault.pointer, fault.message))
}
