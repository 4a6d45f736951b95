//! One sample before the launch, compared with the table of signals and not kept.

use super::Running;
use super::prepare::Prepared;
use super::tree::Tree;
use crate::cli::Failure;
use crate::cli::common::Global;
use crate::definition::Derivation;
use crate::derive::{Facts, Rehearsed, rehearsed, sample_payload};
use crate::env::{Env, Exit};
use crate::process::Redactor;
use crate::record::{Ended, RUN_SCHEMA, Run, RunLog, RunMarkers};
use crate::render::{clean, json};
use serde_json::json;

impl Running<'_> {
    /// Takes a sample and says whether sampling so after the launch would be any good. The ledger, the
    /// log and the evidence stay as they are.
    pub(super) fn rehearse(
        &self,
        prepared: &Prepared,
        mut tree: Tree,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        self.takes_samples()?;
        tree.in_use();
        let log = format!(".d3p/rehearsal/{}-{}.log", self.name, prepared.id);
        let log = self.log(&log, log.clone())?;
        let dir = tree.root.dir().to_owned();
        let end = self.capture(prepared, &dir, log, None, global, env);
        let redactor = Redactor::new(&prepared.secrets);
        let collected = self.collect_reports(&prepared.id, &redactor, &tree);
        let (reports, copies, missing) = (collected.imports, collected.copies, collected.missing);
        let run = Run { reports: reports.clone(), ..end.of(self.described(prepared, &tree)) };
        let facts = Facts {
            runs: Vec::new(),
            imports: reports
                .into_iter()
                .zip(copies.iter().map(|(_, kept)| kept.report_input()))
                .collect(),
        };
        let mut wrong = faults(&run, &missing);
        let found = match sample_payload(self.project, &run, &facts) {
            Ok(payload) => rehearsed(self.project, &payload),
            Err(problems) => {
                wrong.extend(problems.into_iter().map(|problem| problem.message));
                Vec::new()
            }
        };
        let good = wrong.is_empty() && !found.iter().any(|own| own.wrong);
        self.show_rehearsal(&found, &wrong, good, global, env)?;
        self.leave(tree, false, true);
        Ok(if good { Exit::Passed } else { Exit::Refused })
    }

    /// Refuses where the hook is none that samples the health window.
    fn takes_samples(&self) -> Result<(), Failure> {
        let produced = self.step.produces.as_ref();
        let def = produced.and_then(|kind| self.project.phase.evidence.get(kind));
        if def.and_then(|def| def.derive) == Some(Derivation::Sample) {
            return Ok(());
        }
        Err(Failure::usage(format!(
            "hook {} takes no samples: there is nothing to rehearse",
            self.name
        ))
        .note("--rehearse is for the hook that samples the health window"))
    }

    /// Each signal with what would become of it, and what else is wrong.
    fn show_rehearsal(
        &self,
        found: &[Rehearsed],
        wrong: &[String],
        good: bool,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<(), Failure> {
        if !global.human() {
            let signals: Vec<_> = found
                .iter()
                .map(|own| json!({ "name": own.name, "message": own.message, "wrong": own.wrong }))
                .collect();
            let view =
                json!({ "hook": self.name, "good": good, "signals": signals, "wrong": wrong });
            env.out.write_all(json::pretty(&view).as_bytes())?;
            return Ok(());
        }
        for own in found {
            let word = if own.wrong { "wrong" } else { "fine " };
            writeln!(env.out, "  {word} {}: {}", clean(&own.name), clean(&own.message))?;
        }
        for message in wrong {
            writeln!(env.out, "  wrong {}", clean(message))?;
        }
        let end = match good {
            true => "the table of signals is what is measured; nothing was recorded",
            false => "what is measured is not the table of signals; nothing was recorded",
        };
        writeln!(env.out, "rehearsal of {}: {end}", self.name)?;
        Ok(())
    }

    /// What is run; how it ends is not known yet.
    pub(super) fn described(&self, prepared: &Prepared, tree: &Tree) -> Run {
        let redactor = Redactor::new(&prepared.secrets);
        Run {
            schema: RUN_SCHEMA.to_owned(),
            schema_version: 1,
            kind: "run".to_owned(),
            id: prepared.id.clone(),
            hook: self.name.to_owned(),
            step: self.step_id.to_owned(),
            release: self.release.version.clone(),
            commit: self.release.commit.clone(),
            attempt: self.release.attempt,
            environment: self.environment.to_owned(),
            stage: self.stage.clone(),
            number: 1,
            argv: prepared.shown_argv(),
            declared: prepared.declared,
            directory: ".".to_owned(),
            program: prepared.program_record(),
            scripts: prepared.scripts.clone(),
            environment_variables: prepared.shown_variables(),
            tools: prepared.tools.clone(),
            started_at: String::new(),
            finished_at: String::new(),
            duration_ms: 0,
            ended: Ended::NotStarted,
            exit_code: None,
            signal: None,
            changed: Vec::new(),
            carried: tree.carried.clone(),
            outside: tree.outside.iter().map(|line| redactor.redact_text(line)).collect(),
            left: Vec::new(),
            still_running: Vec::new(),
            log: RunLog {
                path: String::new(),
                sha256: String::new(),
                size: 0,
                redactions: 0,
                left_out: 0,
                lost: 0,
                detached: None,
            },
            said: RunMarkers::default(),
            reports: Vec::new(),
            missing_reports: Vec::new(),
        }
    }
}

/// What the run itself leaves to be wished for, whatever it measured.
fn faults(run: &Run, missing: &[String]) -> Vec<String> {
    let mut wrong: Vec<String> =
        missing.iter().map(|pattern| format!("it wrote no report {pattern}")).collect();
    if !run.succeeded() {
        wrong.push(format!("it {}: as a sample that would be for a human", run.outcome()));
    }
    wrong.extend(run.said.malformed.iter().cloned());
    let services = run.said.services.iter().filter(|service| service.version.is_none());
    wrong.extend(
        services.map(|service| format!("{} is reported without its version", service.name)),
    );
    wrong
}
