//! What `record` says: what was refused, or what was written.

use super::Recording;
use super::body::Body;
use crate::cli::Failure;
use crate::cli::common::{Global, write_findings};
use crate::decide::assess;
use crate::env::{Env, Exit};
use crate::model::{Finding, State};
use crate::render::{Report, clean, json};
use crate::rules::GL501;
use serde_json::Value;

impl Recording<'_> {
    pub(super) fn show_refused(
        &self,
        value: &Value,
        body: &Body,
        refused: &[Finding],
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        // Snippets come from the text that was refused, not from the file that lies there.
        let project = self.candidate(value, body)?;
        let now = (env.now)();
        let assessment = assess(&project, now);
        let report = Report {
            command: format!("record {}", self.kind),
            project: &project,
            now,
            verdict: None,
            findings: refused.iter().collect(),
            not_due: 0,
            assessment: &assessment,
        };
        if global.human() {
            write_findings(&report, true, global, env)?;
            writeln!(
                env.out,
                "record {}: refused, and not recorded (shown is what would have been)",
                self.kind
            )?;
        } else {
            env.out
                .write_all(json::report(&report, &crate::render::Beside::default()).as_bytes())?;
        }
        Ok(Exit::Refused)
    }

    pub(super) fn show_written(
        &self,
        value: &Value,
        judged: &[Finding],
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        let state =
            judged.iter().filter_map(|finding| finding.state).max().unwrap_or(State::Passed);
        let number = value.get("try").and_then(Value::as_u64).unwrap_or(1);
        if global.human() {
            // A request decides nothing, and that is no fault of it.
            let is_request = |finding: &&Finding| finding.rule == &GL501;
            for finding in judged.iter().filter(|finding| !is_request(finding)) {
                let code = finding.rule.code;
                writeln!(env.out, "  {code} {}", clean(&finding.message))?;
            }
            let worth = match judged.iter().find(is_request) {
                Some(finding) => &finding.message,
                None if judged.iter().any(|own| own.state == Some(State::Failed)) => {
                    State::Failed.word()
                }
                None if state == State::Missing => "waits for others",
                None => state.word(),
            };
            writeln!(env.out, "recorded {} (try {number}): {worth}", self.def.path)?;
        } else {
            let view = serde_json::json!({
                "recorded": self.def.path,
                "kind": self.kind,
                "try": number,
                "state": state.word(),
                "findings": judged.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>(),
            });
            env.out.write_all(json::pretty(&view).as_bytes())?;
        }
        Ok(if state == State::Passed { Exit::Passed } else { Exit::Refused })
    }
}
