//! What is written once a hook has ended: the record of its run, the copies of its reports, the lines
//! that name them, and the evidence that is made of them.

use super::carry::Gathered;
use super::unrecorded::End;
use super::{Running, show, tree};
use crate::cli::common::{Global, ledger_entry};
use crate::cli::machine::About;
use crate::cli::session::Session;
use crate::cli::{Code, Failure, record};
use crate::collect::announce;
use crate::decisions::deployed_at;
use crate::definition::EvidenceFormat;
use crate::env::{Env, Exit};
use crate::model::{Advice, Sha256Digest, Stamp};
use crate::process::Redactor;
use crate::project::{Project, step_hooks};
use crate::record::{EntryKind, FileDigest, Run};
use crate::render::json;
use crate::source::RAW_LIMIT;
use crate::write::{ChangeSet, PendingRun};
use serde_json::json;
use tree::Tree;

/// How much of the end of a log is looked through for what a hook missed.
const LAST_SAID: usize = 64 * 1024;

impl Running<'_> {
    /// Records a run that has ended, and leaves its tree. Where it cannot be recorded, what is known of
    /// it stays, and the same command records it later.
    pub(super) fn settle(
        &self,
        (run, mut end, pending): (Run, End, Option<PendingRun>),
        secrets: &[(String, String)],
        tree: Tree,
        reopen: bool,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        let told = format!("hook {} {} at {}", self.name, end.words(), end.finished);
        let run = self.record(run, &mut end, pending, secrets, &tree, global, env).map_err(
            |failure| {
                let way = Advice::d3p(["run", self.name])
                    .what("record what is known of it; nothing is run again");
                failure.although(format!("{told}, and its run could not be recorded")).advise(way)
            },
        )?;
        PendingRun::remove(self.root, &self.own_name(), &run.id);
        let exit = self.conclude(&run, &tree, reopen, global, env).map_err(|failure| {
            if failure.exit() == Exit::Refused {
                return failure;
            }
            let failure = failure.although(format!("{told}, and its run is recorded"));
            match &self.step.produces {
                Some(kind) => {
                    failure.advise(Advice::d3p(["record", kind]).what("make the evidence of it"))
                }
                None => failure,
            }
        });
        let stays = self.leave(tree, !run.left.is_empty(), run.succeeded());
        if let Some(place) = stays.filter(|_| global.human()) {
            show::stays(&run, &place, env)?;
        }
        exit
    }

    /// Writes the record of the run, the copies of its reports, and the lines that name them.
    #[allow(clippy::too_many_arguments, reason = "one run, in the parts that it has in memory")]
    fn record(
        &self,
        run: Run,
        end: &mut End,
        mut pending: Option<PendingRun>,
        secrets: &[(String, String)],
        tree: &Tree,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Run, Failure> {
        let redactor = Redactor::new(secrets);
        let collected = self.collect_reports(&run.id, &redactor, tree);
        // What was taken out of the tree is not there a second time.
        let gathered = end.gathered.take().unwrap_or_else(|| self.gather(tree));
        end.gathered = Some(gathered.clone());
        if let Some(pending) = &mut pending {
            end.note(pending);
        }
        let Gathered { carried, told, left } = gathered;
        let mut after = self.after(tree, &collected.seen, &redactor);
        after.left.extend(left);
        let told: Vec<String> = told.iter().map(|line| redactor.redact_text(line)).collect();
        let mut run = end.of(run);
        self.put_log(&run.id, &mut run.log)?;
        let mut session = Session::open_locked(self.root.dir(), Some(&self.project.phase.id))?;
        // It began without a line, since somebody held the lock.
        if !session.project.began().iter().any(|began| began.line.entry.id == run.id) {
            let began = self.began(&session.project, &run.id, (env.now)(), env);
            let mut changes = ChangeSet::new(session.root());
            changes.append_line(session.project.places().ledger(), began.to_line());
            session.apply(changes)?;
            session.reread()?;
        }
        // Runs that began and never ended count, too.
        let began = session.project.began().into_iter().filter(|began| began.hook == self.name);
        let before = began.map(|began| &began.line.entry.id).position(|id| *id == run.id);
        run.number = before.map_or(1, |before| before as u64 + 1);
        run.reports = collected.imports;
        run.changed = tree::first(after.changed);
        run.carried = carried;
        run.left = tree::first(after.left);
        run.missing_reports = collected.missing;
        let finished = end.at().unwrap_or_else(|| (env.now)());
        self.write_run(&run, collected.copies, &session, finished, env)?;
        if global.human() && !global.quiet {
            show::summary(&run, self.hook, &told, env)?;
            if let Some(signer) = self.signer {
                writeln!(env.out, "  signed by {}", signer.machine)?;
            }
        }
        Ok(run)
    }

    fn write_run(
        &self,
        run: &Run,
        copies: Vec<(String, record::Kept)>,
        session: &Session,
        at: Stamp,
        env: &Env<'_>,
    ) -> Result<(), Failure> {
        let project = &session.project;
        let path = format!("{}.json", project.places().run(&run.hook, &run.id));
        let text = json::pretty(&json!(run));
        let mut digests = vec![FileDigest {
            path: path.clone(),
            sha256: Sha256Digest::of(text.as_bytes()).to_string(),
        }];
        digests.extend(run.files());
        let mut changes = ChangeSet::new(session.root());
        if let Some(signer) = self.signer {
            let (release, environment) = (self.release, self.environment);
            let about = About { kind: "run", release, environment, at };
            digests.push(signer.sign_file(&path, &text, about, project, &mut changes));
        }
        for (path, kept) in copies {
            kept.add_to(&path, &mut changes);
        }
        changes.create(path, text);
        let what = run.script_name();
        let said = format!("[AUTOMATION] {what} executed: {}", run.outcome());
        if let Some((log, line)) = announce(project, at, &env.random_hex(8), &said) {
            changes.append_line(log, line);
        }
        let mut entry = ledger_entry(project, EntryKind::Ran, self.release, at, env);
        entry.hook = Some(self.name.to_owned());
        entry.outcome = Some(run.ending());
        entry.machine = self.signer.map(|signer| signer.machine.clone());
        entry.digests = digests;
        changes.append_line(project.places().ledger(), entry.to_line());
        session.apply(changes)
    }

    /// Refuses where what was just recorded of this run is not found again: it cannot be read.
    fn is_known(&self, waiting: &[impl AsRef<str>]) -> Result<(), Failure> {
        if waiting.iter().all(|name| name.as_ref() != self.name) {
            return Ok(());
        }
        Err(Failure::incomplete(format!(
            "hook {} ran and was recorded, but its record cannot be read: nothing was compiled of it",
            self.name
        ))
        .code(Code::Io)
        .note("it need not run again")
        .advise(Advice::d3p(["doctor"]).what("see which file, and why")))
    }

    /// Compiles the evidence, when every hook of the step has run.
    fn conclude(
        &self,
        run: &Run,
        tree: &Tree,
        reopen: bool,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        let mut session = global.session()?;
        let project = &session.project;
        // Before anything was deployed there is nothing to take back, and nothing to report.
        let idle = self.step.takes_back() && deployed_at(project).is_none();
        let exit = match &self.step.produces {
            None => Exit::Passed,
            Some(_) if idle => {
                let told =
                    "nothing was deployed by this attempt: nothing is reported as taken back";
                show::line(told, global, env)?;
                Exit::Passed
            }
            Some(kind) => {
                let waiting = self.waiting(project);
                self.is_known(&waiting)?;
                let format = project.phase.evidence.get(kind).map(|def| def.format);
                if format == Some(EvidenceFormat::AppendOnly) {
                    if run.succeeded() {
                        record::append_sample(&mut session, kind, run, global, env)?
                    } else {
                        Exit::Refused
                    }
                } else if waiting.is_empty() {
                    session.tree = Some(tree.root.clone());
                    record::compile(&mut session, kind, reopen, self.signer, global, env)?
                } else {
                    if global.human() {
                        writeln!(
                            env.out,
                            "{kind} is compiled when these have run too: {}",
                            waiting.join(", ")
                        )?;
                    }
                    Exit::Passed
                }
            }
        };
        if run.succeeded() {
            return Ok(exit);
        }
        show::failure(self.project, self.step, run, global, env)?;
        if global.human() {
            let log = self.root.bytes(&run.log.path, RAW_LIMIT).unwrap_or_default();
            let end = log.len().saturating_sub(LAST_SAID);
            for line in self.missed(tree, &String::from_utf8_lossy(&log[end..]), &run.argv) {
                writeln!(env.out, "help: {line}")?;
            }
        }
        Ok(Exit::Refused)
    }

    /// Hooks of the same step that have not run for this attempt.
    fn waiting(&self, project: &Project) -> Vec<String> {
        let runs = project.runs();
        step_hooks(project, self.step_id)
            .into_iter()
            .filter(|(name, _)| !runs.iter().any(|(_, run)| run.hook == *name))
            .map(|(name, _)| name.to_owned())
            .collect()
    }
}
