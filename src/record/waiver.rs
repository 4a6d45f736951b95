//! Waivers: findings that people let stand for a while, in signed statements.

use crate::model::Sha256Digest;
use crate::record::statement::{By, Predicate, Statement};
use crate::text::canonical;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A statement that lets findings stand.
pub type WaiverStatement = Statement<Waiver>;

/// What may stand, why, until when, and who says so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
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
    /// Why.
    pub reason: String,
    /// The person, by full name.
    pub principal: String,
    /// What `.d3p/allowed_signers` calls them.
    pub identity: String,
    /// The role that they decide in; only the policy says who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Release version.
    pub release: String,
    /// Full commit id.
    pub commit: String,
    /// Attempt, from 1.
    pub attempt: u64,
    /// 128 random bits in hexadecimal.
    pub nonce: String,
    /// When, by the writer's clock (a claim).
    pub decided_at: String,
    /// When it ends.
    pub not_after: String,
}

impl Predicate for Waiver {
    const TYPE: &'static str = "https://d3p.dev/predicates/waiver/v1";
    const SCHEMA: &'static str = "waiver-statement";

    fn by(&self) -> By<'_> {
        By {
            principal: &self.principal,
            identity: Some(&self.identity),
            role: self.role.as_deref(),
            at: &self.decided_at,
        }
    }
}

impl Waiver {
    /// Digest of all that is said, without who says it and when: several persons sign the same
    /// waiver when these are the same.
    pub fn terms(&self) -> Sha256Digest {
        let said = json!([
            self.rule,
            self.path,
            self.pointer,
            self.seen,
            self.reason,
            self.release,
            self.commit,
            self.attempt,
            self.not_after,
        ]);
        Sha256Digest::of(canonical::to_canonical(&said).as_bytes())
    }

    /// `GL315 at PATH#POINTER`.
    pub fn place(&self) -> String {
        place(&self.rule, &self.path, self.pointer.as_deref())
    }

    /// What it lets stand, until when and why, in words.
    pub fn words(&self) -> String {
        format!("{} until {}: {}", self.place(), self.not_after, self.reason)
    }
}

fn place(rule: &str, path: &str, pointer: Option<&str>) -> String {
    format!("{rule} at {path}{}", pointer.map_or(String::new(), |pointer| format!("#{pointer}")))
}

/// A waiver that a gate was passed with, as its record tells.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsedWaiver {
    /// Code of the rule.
    pub rule: String,
    /// The file that the findings are at.
    pub path: String,
    /// Only findings at this JSON pointer or below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// When it ends.
    pub until: String,
    /// Why.
    pub reason: String,
    /// Who signed it, by full name.
    pub by: Vec<String>,
    /// Digest of each person's statement, in the same order.
    pub statements: Vec<String>,
}

impl UsedWaiver {
    /// What it let stand, until when, by whom and why, in words.
    pub fn words(&self) -> String {
        let place = place(&self.rule, &self.path, self.pointer.as_deref());
        format!("{place} until {} by {}: {}", self.until, self.by.join(", "), self.reason)
    }
}
