//! Who wrote a release, as a line of the ledger says it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether a commit that a manifest calls a fix is one that the release contains and the release that
/// failed did not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckedFix {
    /// The launch that it is of, such as `v1.4.0+1`.
    pub of: String,
    /// The commit.
    pub commit: String,
    /// What git says.
    pub new: bool,
}

/// Authors, committers and co-authors of the commits since the last release that was launched. A
/// claim of whoever committed, unless the commits are signed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorship {
    /// The commit that is released.
    pub commit: String,
    /// The release that it is counted from; absent for the first one, of which nobody is an author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The commit of that release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// How many commits there are.
    pub commits: u64,
    /// How many of them bear a signature, which nobody verified.
    pub signed: u64,
    /// Each person as `Ana Silva <ana@example.com>`, sorted.
    pub persons: Vec<String>,
    /// Why there may be others, each a sentence without a full stop; none where nothing speaks for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
}

/// What a release changes since the last one that was launched, as git says.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckedChange {
    /// The commit that is released.
    pub commit: String,
    /// The release that it is compared with; absent for the first one, of which everything is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The kinds of change, each with the first paths of it, sorted.
    pub kinds: BTreeMap<String, Vec<String>>,
    /// The first paths of those that are of another kind by `facts.paths` than by the phase's patterns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reassigned: Vec<Reassigned>,
    /// Why git could not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
}

/// A path whose kind the policy says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reassigned {
    /// The path from the project's root.
    pub path: String,
    /// The kind that `facts.paths` gives it.
    pub kind: String,
    /// What it would be by the phase's patterns.
    pub by_path: Vec<String>,
}

impl Reassigned {
    /// What was made of these, in a few words.
    pub fn told(all: &[Self]) -> Option<String> {
        let each = |own: &Self| {
            format!("{} is {} ({} by its path)", own.path, own.kind, own.by_path.join(", "))
        };
        (!all.is_empty()).then(|| {
            format!("by facts.paths {}", all.iter().map(each).collect::<Vec<_>>().join("; "))
        })
    }
}
