//! The release's identity.

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is released: the manifest's version, attempt and full commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release {
    /// `v1.4.0`.
    pub version: String,
    /// Full commit id.
    pub commit: String,
    /// Tries at this release, from 1.
    pub attempt: u64,
    /// `owner/name`.
    pub repository: String,
    /// Names and SHA-256 of the artifacts.
    pub artifacts: Vec<(String, String)>,
    /// Paths of the artifacts that lie in the project.
    pub artifact_files: Vec<String>,
    /// Versions of services that are not called as the release is, by service.
    pub versions: BTreeMap<String, String>,
    /// The same of the release before.
    pub previous_versions: BTreeMap<String, String>,
}

impl Release {
    /// Reads the identity out of the manifest's front matter; `None` when it is not there.
    pub fn read(value: &Value) -> Option<Self> {
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let artifacts = value.get("artifacts").and_then(Value::as_array);
        let pair = |artifact: &Value| {
            Some((
                artifact.get("name")?.as_str()?.to_owned(),
                artifact.get("sha256")?.as_str()?.to_owned(),
            ))
        };
        let file = |artifact: &Value| Some(artifact.get("path")?.as_str()?.to_owned());
        let listed = || artifacts.into_iter().flatten();
        let versions = |key: &str| -> BTreeMap<String, String> {
            let own = value.get(key).and_then(Value::as_object).into_iter().flatten();
            own.filter_map(|(name, own)| Some((name.clone(), own.as_str()?.to_owned()))).collect()
        };
        Some(Self {
            version: text("release")?,
            commit: text("commit")?,
            attempt: value.get("attempt")?.as_u64()?,
            repository: text("repository").unwrap_or_default(),
            artifact_files: listed().filter_map(file).collect(),
            artifacts: listed().filter_map(pair).collect(),
            versions: versions("versions"),
            previous_versions: versions("previous_versions"),
        })
    }

    /// The version that a service has in this release: its own, where the manifest says so.
    pub fn version_of(&self, service: &str) -> &str {
        self.versions.get(service).unwrap_or(&self.version)
    }

    /// Version and attempt: `v1.4.0+1`, the name of an archived release.
    pub fn name(&self) -> String {
        format!("{}+{}", self.version, self.attempt)
    }

    /// What a statement about this release is about, as in-toto has it: its commit and its artifacts.
    pub fn subject(&self) -> Vec<Value> {
        let commit = json!({
            "name": format!("git+{}@{}", self.repository, self.version),
            "digest": { "gitCommit": self.commit },
        });
        let artifact = |(name, sha256): &(String, String)| json!({ "name": name, "digest": { "sha256": sha256 } });
        std::iter::once(commit).chain(self.artifacts.iter().map(artifact)).collect()
    }
}

/// The first characters of a commit's id, or of whatever stands in its place.
pub fn short(commit: &str) -> &str {
    commit.char_indices().nth(12).map_or(commit, |(end, _)| &commit[..end])
}
