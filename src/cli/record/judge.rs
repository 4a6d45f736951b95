//! What a value would be worth, judged before it is written.

use super::Recording;
use super::body::Body;
use crate::cli::Failure;
use crate::cli::common::Global;
use crate::decide::{assess, assess_afresh};
use crate::env::Env;
use crate::model::{Finding, Sha256Digest};
use crate::project::{FileEntry, ReadAs};
use crate::record::WAIVERS_PATH;
use crate::render::json;
use crate::rules::{GL519, GL521};
use serde_json::Value;

impl Recording<'_> {
    /// What the project would make of the value, were it written.
    pub(super) fn judge(
        &self,
        value: Value,
        body: &Body,
        global: &Global,
        env: &Env<'_>,
    ) -> Result<(Value, Vec<Finding>), Failure> {
        let (_, mut project) = global.open()?;
        for (import, text) in body.imports.iter().zip(&body.texts) {
            let digest = Sha256Digest::of(text.as_bytes());
            let path = import.path.clone();
            let entry = FileEntry::read(path.clone(), text.clone(), digest, ReadAs::Raw);
            project.cited.insert(path.clone(), Ok(digest));
            project.raw.insert(path, entry);
        }
        let text = json::pretty(&value);
        let digest = Sha256Digest::of(text.as_bytes());
        for (path, _) in cited(&value) {
            if !project.files.contains_key(&path) && !project.cited.contains_key(&path) {
                let found = self.root.digest(&path).map(|(digest, _)| digest);
                project.cited.insert(path, found);
            }
        }
        // Evidence says what happened, whatever of it people let stand.
        project.files.remove(WAIVERS_PATH);
        let path = self.def.path.clone();
        project.files.insert(path.clone(), FileEntry::read(path, text, digest, ReadAs::Json));
        let piece = self.piece();
        let now = (env.now)();
        let assessment = match project.phase.gate_of_evidence(self.kind) {
            Some((gate, _)) => assess_afresh(&project, gate, now),
            None => assess(&project, now),
        };
        let findings = assessment
            .findings
            .into_iter()
            .filter(|finding| finding.piece == piece && finding.state.is_some())
            // Signatures are of what lies there, and not of what takes its place.
            .filter(|finding| ![&GL519, &GL521].contains(&finding.rule));
        Ok((value, findings.collect()))
    }
}

/// Path and digest of everything a header cites.
fn cited(value: &Value) -> Vec<(String, String)> {
    let cites = value.get("cites").and_then(Value::as_array);
    let text = |cite: &Value, key: &str| Some(cite.get(key)?.as_str()?.to_owned());
    cites
        .into_iter()
        .flatten()
        .filter_map(|cite| Some((text(cite, "path")?, text(cite, "sha256")?)))
        .collect()
}
