//! A hook that is tried and not kept: a sample before the launch, compared with the table of signals, or
//! what is run on staging, compared with what the policy asks of its reports.

use super::Running;
use super::prepare::Prepared;
use super::tree::Tree;
use crate::cli::Failure;
use crate::cli::common::Global;
use crate::collect::git::Git;
use crate::definition::{Derivation, EvidenceDef};
use crate::derive::{Facts, Problem, Rehearsed, derive, rehearsed, sample_payload};
use crate::env::{Env, Exit};
use crate::process::Redactor;
use crate::project::Release;
use crate::record::{Ended, FileDigest, RUN_SCHEMA, Run, RunLog, RunMarkers};
use crate::render::{clean, json};
use crate::rules::unmet;
use serde_json::{Value, json};

/// Where it may be tried.
const STAGING: &str = "staging";

/// What a rehearsal is about before a release was begun: the commit that is checked out.
pub(super) fn provisional(git: &Git) -> Result<Release, Failure> {
    let of = json!({ "release": "rehearsal", "commit": git.head()?.commit, "attempt": 1 });
    Release::read(&of).ok_or_else(|| Failure::incomplete("there is no commit to rehearse"))
}

impl Running<'_> {
    /// Runs the hook and says whether what it tells would be any good. The ledger, the log and the evidence
    /// stay as they are.
    pub(super) fn rehearse(
        &self,
        prepared: &Prepared,
        mut tree: Tree,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        let def = self.may_be_rehearsed()?;
        tree.in_use();
        let log = format!(".d3p/rehearsal/{}-{}.log", self.name, prepared.id);
        let log = self.log(&log, log.clone())?;
        let dir = tree.root.dir().to_owned();
        let end = self.capture(prepared, &dir, log, None, global, env);
        let redactor = Redactor::new(&prepared.secrets);
        let collected = self.collect_reports(&prepared.id, &redactor, &tree);
        let (reports, copies, missing) = (collected.imports, collected.copies, collected.missing);
        let run = Run { reports: reports.clone(), ..end.of(self.described(prepared, &tree)) };
        let sample = def.derive == Some(Derivation::Sample);
        let own = (!sample)
            .then(|| (FileDigest { path: String::new(), sha256: String::new() }, run.clone()));
        let facts = Facts {
            runs: own.into_iter().collect(),
            imports: reports
                .into_iter()
                .zip(copies.iter().map(|(_, kept)| kept.report_input()))
                .collect(),
        };
        let mut wrong = faults(&run, &missing);
        let found = match sample {
            true => sample_payload(self.project, &run, &facts)
                .map(|payload| rehearsed(self.project, &payload)),
            false => self.made(def, &facts),
        };
        let found = match found {
            Ok(found) => found,
            Err(problems) => {
                wrong.extend(problems.into_iter().map(|problem| problem.message));
                Vec::new()
            }
        };
        let good = wrong.is_empty() && !found.iter().any(|own| own.wrong);
        self.show_rehearsal(&found, &wrong, (good, sample), global, env)?;
        self.leave(tree, false, true);
        Ok(if good { Exit::Passed } else { Exit::Refused })
    }

    /// The evidence that it would be; refuses a hook that would do in production what cannot be undone.
    fn may_be_rehearsed(&self) -> Result<&EvidenceDef, Failure> {
        let produced = self.step.produces.as_ref();
        let def = produced.and_then(|kind| self.project.phase.evidence.get(kind));
        let harmless = |def: &&EvidenceDef| {
            def.derive == Some(Derivation::Sample) || def.environment == STAGING
        };
        def.filter(harmless).ok_or_else(|| {
            Failure::usage(format!(
                "hook {} neither takes samples nor runs on staging: it is not rehearsed",
                self.name
            ))
        })
    }

    /// What its reports make of the evidence, and what of it would not pass.
    fn made(&self, def: &EvidenceDef, facts: &Facts<'_>) -> Result<Vec<Rehearsed>, Vec<Problem>> {
        let derived = derive(self.project, def, facts)?;
        let own = |message: String, wrong| Rehearsed { name: def.title.clone(), message, wrong };
        let fine = derived.told.into_iter().map(|told| own(told, false));
        let doubts = derived.doubts.iter().map(|doubt| own(doubt.message.clone(), true));
        let unmet = unmet(def, &Value::Object(derived.members.clone()), self.project);
        Ok(fine.chain(doubts).chain(unmet.into_iter().map(|why| own(why, true))).collect())
    }

    /// Each signal with what would become of it, and what else is wrong.
    fn show_rehearsal(
        &self,
        found: &[Rehearsed],
        wrong: &[String],
        (good, sample): (bool, bool),
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
        let end = match (good, sample) {
            (true, true) => "the table of signals is what is measured; nothing was recorded",
            (false, true) => "what is measured is not the table of signals; nothing was recorded",
            (true, false) => "it tells what the policy asks for; nothing was recorded",
            (false, false) => "it does not tell what the policy asks for; nothing was recorded",
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
        wrong.push(format!("it {}", run.outcome()));
    }
    wrong.extend(run.said.malformed.iter().cloned());
    let services = run.said.services.iter().filter(|service| service.version.is_none());
    wrong.extend(
        services.map(|service| format!("{} is reported without its version", service.name)),
    );
    wrong
}
