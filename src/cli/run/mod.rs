//! `d3p run`: runs a hook of `d3p.yaml` and records what really happened.
//!
//! Before: the step's conditions and the evidence's predecessors are looked at, and a tree of the
//! release's commit is made, with what the policy says besides. Meanwhile: output goes to the
//! terminal and, without secrets, to a log. After: one record of the run, whatever became of it;
//! then the evidence is compiled from the last run of each hook of the step.

mod capture;
mod carry;
pub(super) mod environment;
mod prepare;
mod rehearse;
mod reports;
mod show;
pub(super) mod tree;

use crate::cli::args::RunArgs;
use crate::cli::common::{Global, ledger_entry, open_at, open_release, release, trusted_git};
use crate::cli::machine::{self, About, Signer};
use crate::cli::session::Session;
use crate::cli::tree::launches;
use crate::cli::{Failure, authors, doctor, notify, record};
use crate::collect::{announce, announce_once};
use crate::decide::{Assessment, Clearance, assess_before_launch, clearance};
use crate::definition::{Before, EvidenceFormat, Hook, StepDef};
use crate::env::{Env, Exit};
use crate::model::{Advice, Finding, Location, Sha256Digest, Stamp, Verdict};
use crate::process::Redactor;
use crate::project::step_hooks;
use crate::project::{Project, Release};
use crate::record::{Entry, EntryKind, FileDigest, Run};
use crate::render::json;
use crate::rules::GL413;
use crate::source::{RAW_LIMIT, Root};
use crate::write::{ChangeSet, Lock};
use capture::Captured;
use prepare::Prepared;
use serde_json::json;
use tree::Tree;

/// Bytes that the lines of a run's end may take, in the ledger and in the log.
const ROOM_TO_END: u64 = 1024 * 1024;

/// How much of the end of a log is looked through for what a hook missed.
const LAST_SAID: usize = 64 * 1024;

/// A hook, its step, and the release that it runs for.
struct Running<'a> {
    root: &'a Root,
    project: &'a Project,
    release: &'a Release,
    name: &'a str,
    hook: &'a Hook,
    step_id: &'a str,
    step: &'a StepDef,
    environment: &'a str,
    /// Why it is run though nobody has decided it.
    undecided: Option<&'a str>,
    signer: Option<&'a Signer>,
}

pub(super) fn run(args: &RunArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (root, project) = global.open()?;
    find_hook(&project, &args.hook)?;
    // Judged by what is there once nobody else runs the hook, and until its run is reported: a
    // launch that ended meanwhile uses the approval up.
    let _alone = Lock::of_run(&root, &project.phase.id, &args.hook)?;
    let (root, project) = open_at(root.dir(), Some(&project.phase.id))?;
    machine::keep_from_hooks(&project)?;
    let signer = machine::signer(args.sign_key.as_deref(), &project, global, env)?;
    let hook = find_hook(&project, &args.hook)?;
    let step_id = hook.step(&args.hook);
    let step = project.phase.steps.get(step_id).ok_or_else(|| unknown_step(&project, step_id))?;
    // What takes a launch back is in nobody's way, not even once the release is closed.
    let release = if wants_decision(step) { release(&project) } else { open_release(&project) }?;
    if !wants_decision(step) {
        doctor::not_begun_anew(&root, &project, env)?;
    }
    let produced = step.produces.as_ref().and_then(|kind| project.phase.evidence.get(kind));
    let running = Running {
        root: &root,
        project: &project,
        release: &release,
        name: &args.hook,
        hook,
        step_id,
        step,
        environment: produced.map_or("production", |def| def.environment.as_str()),
        undecided: args.without_decision.as_deref(),
        signer: signer.as_ref(),
    };
    // A rehearsal takes no step and records nothing.
    if !args.rehearse {
        running.undecided.map_or(Ok(()), |why| running.may_be_undecided(why))?;
        if let Some(exit) = running.not_cleared(global, env)? {
            return Ok(exit);
        }
        running.may_record(args.reopen, env)?;
    }
    let git = trusted_git(&root, &project, env)?;
    let id = env.random_hex(8);
    let mut tree = running.make_tree(git, &id, env)?;
    running.bring_in(&mut tree)?;
    running.no_report_yet(&tree)?;
    let prepared = running.prepare(id, &args.command, &mut tree, env)?;
    if args.rehearse {
        return running.rehearse(&prepared, tree, global, env);
    }
    running.begin(&prepared.id, env)?;
    tree.in_use();
    let log = format!("{}.log", running.project.places().run(running.name, &prepared.id));
    let captured = running.capture(&prepared, &tree, log, global, env)?;
    let run = running.record(&prepared, captured, &tree, global, env)?;
    let exit = running.conclude(&run, &tree, args.reopen, global, env);
    let stays = running.leave(tree, !run.left.is_empty(), run.succeeded());
    if let Some(place) = stays.filter(|_| global.human()) {
        show::stays(&run, &place, env)?;
    }
    exit
}

fn find_hook<'a>(project: &'a Project, name: &str) -> Result<&'a Hook, Failure> {
    let hooks = &project.effective().policy.hooks;
    hooks.get(name).ok_or_else(|| {
        let known: Vec<&str> = hooks.keys().map(String::as_str).collect();
        let steps: Vec<&str> = project.phase.steps.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "none yet".to_owned() } else { known.join(", ") };
        Failure::usage(format!("d3p.yaml names no hook `{name}`"))
            .note(format!("hooks: {known}; steps of the phase: {}", steps.join(", ")))
            .advise(Advice::edit(
                Location::key("d3p.yaml", "/hooks"),
                format!(
                    "declare it: hooks: {{ {name}: {{ run: [bash, scripts/deploy.sh, --env, \"{{env}}\"] }} }}"
                ),
            ))
    })
}

fn unknown_step(project: &Project, step: &str) -> Failure {
    let known: Vec<&str> = project.phase.steps.keys().map(String::as_str).collect();
    Failure::incomplete(format!("the phase has no step `{step}`")).advise(Advice::edit(
        Location::key("d3p.yaml", "/hooks"),
        format!("say which step the hook serves, `step:`: {}", known.join(", ")),
    ))
}

fn wants_decision(step: &StepDef) -> bool {
    step.before.iter().any(|before| matches!(before, Before::Decision(_)))
}

impl Running<'_> {
    /// Whether the step wants a decision, and may be taken without one for this reason.
    fn may_be_undecided(&self, why: &str) -> Result<(), Failure> {
        if !wants_decision(self.step) {
            return Err(Failure::usage(format!(
                "{} wants no decision of its own: there is nothing that --without-decision could leave out",
                self.step_id
            ))
            .advise(Advice::d3p(["explain", self.step_id]).what("see what it wants")));
        }
        if why.trim().is_empty() {
            return Err(Failure::usage("--without-decision wants to know why"));
        }
        Ok(())
    }

    /// What keeps the step from being taken now in `project`; `None` when nothing does.
    fn refusal(&self, project: &Project, assessment: &Assessment, now: Stamp) -> Option<Clearance> {
        if self.step.before.is_empty() && !project.phase.launches(self.step) {
            return None;
        }
        let cleared = clearance(project, assessment, self.step_id, Some(self.name), now)?;
        // Nothing but the missing decision is left out, and the ledger says why.
        let undecided = |finding: &Finding| finding.rule == &GL413;
        let left_out = self.undecided.is_some() && cleared.findings.iter().all(undecided);
        (cleared.verdict != Verdict::Passed && !left_out).then_some(cleared)
    }

    /// Shows why the step may not be taken now; `None` when it may.
    fn not_cleared(&self, global: &Global, env: &mut Env<'_>) -> Result<Option<Exit>, Failure> {
        let now = (env.now)();
        let assessment = assess_before_launch(self.project, now);
        let refusal = self.refusal(self.project, &assessment, now);
        let asked = launches(self.step_id, self.project)
            .then(|| authors::asked(self.root, self.project, env))
            .flatten();
        let differ = authors::differ(asked.as_ref(), self.project);
        if refusal.is_none() && differ.is_empty() {
            return Ok(None);
        }
        let mut why = refusal.map_or_else(Vec::new, |refusal| refusal.findings);
        why.extend(differ.iter().cloned());
        let asked = crate::cli::check::Before {
            step: self.step_id,
            hook: Some(self.name),
            root: self.root,
            project: self.project,
            assessment: &assessment,
            now,
        };
        let exit = crate::cli::check::before(&asked, differ, global, env)?;
        if global.human() {
            writeln!(env.out, "run {}: refused; nothing was run", self.name)?;
        }
        let session = Session::open_locked(self.root.dir(), Some(&self.project.phase.id))?;
        session.note(&self.refused(&session.project, &why, now, env))?;
        Ok(Some(exit))
    }

    /// The line that says why the hook was not run.
    fn refused(&self, project: &Project, why: &[Finding], now: Stamp, env: &Env<'_>) -> Entry {
        let mut entry = ledger_entry(project, EntryKind::RunRefused, self.release, now, env);
        entry.hook = Some(self.name.to_owned());
        entry.refused_by(why);
        entry
    }

    /// Whether what the run would produce could be recorded: asked before, not after.
    fn may_record(&self, reopen: bool, env: &Env<'_>) -> Result<(), Failure> {
        let Some(kind) = &self.step.produces else { return Ok(()) };
        let session = Session::open(self.root.dir(), Some(&self.project.phase.id))?;
        record::may_be_recorded(&session, self.release, kind, reopen, (env.now)())
    }

    /// Notes that the run begins, so that one whose end is never recorded leaves a trace; and says
    /// what Protocol 11 announces at the step's start, once for each release and attempt.
    fn begin(&self, id: &str, env: &mut Env<'_>) -> Result<(), Failure> {
        let mut session = Session::open_locked(self.root.dir(), Some(&self.project.phase.id))?;
        let project = &session.project;
        let now = (env.now)();
        // What was said, or begun elsewhere, since this was judged counts: the line that says that
        // it begins is added to exactly the ledger that clears it.
        if let Some(cleared) = self.refusal(project, &assess_before_launch(project, now), now) {
            session.note(&self.refused(project, &cleared.findings, now, env))?;
            return Err(Failure::refused(format!("run {}: not cleared any more", self.name))
                .findings(&cleared.findings)
                .note("nothing was run"));
        }
        let mut changes = ChangeSet::new(session.root());
        changes.leave_room(ROOM_TO_END);
        let texts: Vec<&str> = self.step.announce.as_deref().into_iter().collect();
        let said = announce_once(project, now, &mut || env.random_hex(8), &texts);
        let mut told = Vec::new();
        for (log, line, text) in said {
            changes.append_line(log, line);
            told.push(text);
        }
        let mut entry = ledger_entry(project, EntryKind::Began, self.release, now, env);
        entry.id = id.to_owned();
        entry.hook = Some(self.name.to_owned());
        entry.undecided = self.undecided.is_some();
        entry.reason = self.undecided.map(|why| why.trim().to_owned());
        changes.append_line(project.places().ledger(), entry.to_line());
        session.apply(changes)?;
        notify::pass_on(&mut session, &told, env)?;
        Ok(())
    }

    /// Writes the record of the run, the copies of its reports, and the lines that name them.
    fn record(
        &self,
        prepared: &Prepared,
        captured: Captured,
        tree: &Tree,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Run, Failure> {
        let collected = self.collect_reports(prepared, tree);
        let gathered = self.gather(tree);
        let redactor = Redactor::new(&prepared.secrets);
        let mut after = self.after(tree, &collected.seen, &redactor);
        after.left.extend(gathered.left);
        let told: Vec<String> =
            gathered.told.iter().map(|line| redactor.redact_text(line)).collect();
        let session = Session::open_locked(self.root.dir(), Some(&self.project.phase.id))?;
        let project = &session.project;
        // Runs that began and never ended count, too.
        let began = project.began().into_iter().filter(|began| began.hook == self.name);
        let number = (began.count() as u64).max(1);
        let finished = captured.finished;
        let mut run = self.described(prepared, captured, collected.imports);
        run.number = number;
        run.changed = tree::first(after.changed);
        run.carried = gathered.carried;
        run.outside = tree.outside.iter().map(|line| redactor.redact_text(line)).collect();
        run.left = tree::first(after.left);
        run.missing_reports = collected.missing;
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
        let exit = match &self.step.produces {
            None => Exit::Passed,
            Some(kind) => {
                let waiting = self.waiting(project);
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
