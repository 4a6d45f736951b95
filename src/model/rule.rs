//! A rule: one thing that can be wrong, with a stable code.

use crate::model::Level;

/// One thing that can be wrong. Codes are `GL` and three digits and are never reused:
/// 0xx policy and definition, 1xx files and documents, 2xx evidence, 3xx currency and gates,
/// 4xx guardrails, 5xx approvals and trust, 9xx records.
#[derive(Debug)]
pub struct Rule {
    /// Stable code, `GL301`.
    pub code: &'static str,
    /// Stable name; reads after "allow", names the pattern: `evidence-stale`.
    pub name: &'static str,
    /// Level of its findings unless a finding says otherwise.
    pub level: Level,
    /// Version of d3p that introduced it.
    pub since: &'static str,
    /// Clauses of the protocols (`requirements`) that it serves.
    pub clauses: &'static [&'static str],
    /// Whether a signed waiver may ever set it aside.
    pub waivable: bool,
    /// Its page: What it checks / Why it matters / How to fix, in Markdown.
    pub page: &'static str,
}

impl Rule {
    /// The first line of the page: one sentence.
    pub fn summary(&self) -> &'static str {
        self.page.trim_start().lines().next().unwrap_or_default().trim()
    }
}

impl Rule {
    /// Where its page is, below the documentation of d3p.
    pub fn docs(&self) -> String {
        format!("docs/rules.md#{}-{}", self.code.to_lowercase(), self.name)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

/// A retired code or name and the code that answers for it now.
#[derive(Clone, Copy, Debug)]
pub struct Redirect {
    /// The retired code.
    pub from: &'static str,
    /// The code that took over.
    pub to: &'static str,
}
