//! What a value would be worth, judged before it is written.

use super::Recording;
use super::body::Body;
use crate::cli::Failure;
use crate::decide::{assess, assess_afresh};
use crate::env::Env;
use crate::model::Finding;
use crate::project::Project;
use crate::render::json;
use crate::rules::{GL519, GL521};
use crate::write::ChangeSet;
use serde_json::Value;

impl Recording<'_> {
    /// The project, were the value written.
    pub(super) fn candidate(&self, value: &Value, body: &Body) -> Result<Project, Failure> {
        let mut changes = ChangeSet::new(self.session.root());
        self.add(&json::pretty(value), body, &mut changes);
        self.session.with(&changes)
    }

    /// What the project would make of the value, were it written.
    pub(super) fn judge(
        &self,
        value: Value,
        body: &Body,
        env: &Env<'_>,
    ) -> Result<(Value, Vec<Finding>), Failure> {
        let mut project = self.candidate(&value, body)?;
        // Evidence says what happened, whatever of it people let stand.
        let waivers = project.places().waivers().to_owned();
        project.files.remove(&waivers);
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
