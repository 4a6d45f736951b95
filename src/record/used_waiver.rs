//! Waivers that a gate was passed with, as its record tells them.

use serde::{Deserialize, Serialize};

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
        let place = finding_place(&self.rule, &self.path, self.pointer.as_deref());
        format!("{place} until {} by {}: {}", self.until, self.by.join(", "), self.reason)
    }
}

/// Findings of a rule at a place, in words: `GL315 at PATH#POINTER`.
pub fn finding_place(rule: &str, path: &str, pointer: Option<&str>) -> String {
    format!("{rule} at {path}{}", pointer.map_or(String::new(), |pointer| format!("#{pointer}")))
}
