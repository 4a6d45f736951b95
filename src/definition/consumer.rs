//! Who is given what of a release (P11-5).

use serde::Deserialize;

/// Who is given what of a release.
#[derive(Clone, Debug, Deserialize)]
pub struct ConsumerDef {
    /// Who it is, for people.
    pub title: String,
    /// The evidence that they are given.
    pub evidence: Vec<String>,
    /// The documents.
    #[serde(default)]
    pub documents: Vec<String>,
    /// The steps whose runs they are given, with records and logs.
    #[serde(default)]
    pub runs: Vec<String>,
    /// The kinds of files of which they are given what the release changes.
    #[serde(default)]
    pub changes: Vec<String>,
    /// Whether they are given the whole release, so that they can verify it and begin with it.
    #[serde(default)]
    pub whole: bool,
    /// Clauses served.
    pub clauses: Vec<String>,
}
