//! `d3p run`: runs a hook of `d3p.yaml` and records what really happened.
//!
//! Before: the step's conditions and the evidence's predecessors are looked at, and a tree of the
//! release's commit is made, with what the policy says besides. Meanwhile: output goes to the
//! terminal and, without secrets, to a log. After: one record of the run, whatever became of it;
//! then the evidence is compiled from the last run of each hook of the step.

mod anyway;
mod capture;
mod carry;
pub(super) mod environment;
mod front;
mod locking;
mod markers;
mod prepare;
mod record;
mod rehearse;
mod reports;
mod show;
pub(super) mod tree;
mod trees;
mod unrecorded;

pub(super) use front::in_front;
pub(super) use unrecorded::none_is_unrecorded;

use crate::cli::args::RunArgs;
use crate::cli::clearing::{Asked, Asker, Others};
use crate::cli::common::{
    Global, Opened, ledger_entry, open_at, open_release, release, trusted_git,
};
use crate::cli::lock::Taken;
use crate::cli::machine::{self, Signer};
use crate::cli::session::Session;
use crate::cli::{Failure, doctor, lock, notify};
use crate::collect::announce_once;
use crate::decide::{Assessment, Clearance, assess_before_launch, clearance_by_files};
use crate::definition::{Hook, StepDef};
use crate::env::{Env, Exit, Watcher};
use crate::model::{Advice, Finding, Location, Stamp, Verdict};
use crate::process::own_id;
use crate::project::{Project, Release, step_hooks};
use crate::record::{BegunStage, Entry, EntryKind};
use crate::rollout::next_stage;
use crate::rules::GL413;
use crate::source::Root;
use crate::write::{ChangeSet, Lock, PendingRun};
use capture::Log;
use prepare::Prepared;
use tree::Tree;

/// Bytes that the lines of a run's end may take, in the ledger and in the log.
const ROOM_TO_END: u64 = 1024 * 1024;

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
    /// The stage of a rollout that it begins.
    stage: Option<BegunStage>,
}

pub(super) fn run(args: &RunArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (root, project) = anyway::open(&args.hook, global, env)?;
    find_hook(&project, &args.hook)?;
    // Judged by what is there once nobody else runs the hook, and until its run is reported: a
    // launch that ended meanwhile uses the approval up.
    let _alone = Lock::of_run(&root, &project.phase.id, &args.hook)?;
    if locking::goes_on(&project, &args.hook) && !args.rehearse {
        lock::bring_objections(&root, &project, global, env)?;
    }
    let (root, project) = open_at(root.dir(), Some(&project.phase.id))?;
    machine::keep_from_hooks(&project)?;
    let signer = machine::signer(args.sign_key.as_deref(), &project, global, env)?;
    let hook = find_hook(&project, &args.hook)?;
    let step_id = hook.step(&args.hook);
    let step = project.phase.steps.get(step_id).ok_or_else(|| unknown_step(&project, step_id))?;
    let signer = locking::limited(signer, step_id, step, &project)?;
    let git = trusted_git(&root, &project, env);
    // What takes a launch back is in nobody's way, not even once the release is closed.
    let release = match &git {
        Ok(git) if args.rehearse && project.release().is_none() => rehearse::provisional(git)?,
        _ if step.takes_back() => release(&project)?,
        _ => open_release(&project)?,
    };
    // Before anything is written, and in the way of a rehearsal, too.
    if !step.takes_back() {
        doctor::nothing_is_lost(&git, &root, &project)?;
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
        stage: next_stage(&project, step_id).map(|(number, weight)| BegunStage { number, weight }),
    };
    // A rehearsal takes no step and records nothing.
    if !args.rehearse {
        if let Some(exit) = running.unrecorded(args.reopen, global, env)? {
            return Ok(exit);
        }
        running.undecided.map_or(Ok(()), |why| running.may_be_undecided(why))?;
        if let Some(exit) = running.not_cleared(&git, global, env)? {
            return Ok(exit);
        }
        running.may_record(args.reopen, env)?;
        running.stamp_before(env)?;
    }
    let id = env.random_hex(8);
    let mut tree = running.make_tree(git?, &id, env)?;
    running.bring_in(&mut tree)?;
    running.no_report_yet(&tree)?;
    let prepared = running.prepare(id, &args.command, &mut tree, env)?;
    if args.rehearse {
        return running.rehearse(&prepared, tree, global, env);
    }
    running.go(&prepared, tree, args.reopen, global, env)
}

/// Whether a hook of this name takes a launch back.
fn takes_back(project: &Project, hook: &str) -> bool {
    let own = project.effective().policy.hooks.get(hook);
    let step = own.and_then(|own| project.phase.steps.get(own.step(hook)));
    step.is_some_and(StepDef::takes_back)
}

fn find_hook<'a>(project: &'a Project, name: &str) -> Result<&'a Hook, Failure> {
    let hooks = &project.effective().policy.hooks;
    hooks.get(name).ok_or_else(|| {
        let known: Vec<&str> = hooks.keys().map(String::as_str).collect();
        let steps: Vec<&str> = project.phase.steps.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "none yet".to_owned() } else { known.join(", ") };
        if let Some(failure) = cannot_rehearse(project, name) {
            return failure;
        }
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

/// Why a step that rehearses another has no hook: those of the other are not told where they run, and
/// would do it in production.
fn cannot_rehearse(project: &Project, name: &str) -> Option<Failure> {
    let target = project.phase.steps.get(name)?.rehearses.as_ref()?;
    let serving = step_hooks(project, target);
    let place = |hook: &str| Location::key("d3p.yaml", format!("/hooks/{hook}"));
    let (message, advice) = match serving.first() {
        None => (
            format!("no hook in d3p.yaml serves {target}: there is nothing to rehearse"),
            Advice::edit(
                Location::key("d3p.yaml", "/hooks"),
                format!(
                    "declare it: hooks: {{ {target}: {{ run: [bash, scripts/{target}.sh, --env, \"{{env}}\"] }} }}"
                ),
            ),
        ),
        Some((hook, _)) => (
            format!(
                "hook {hook} is not told where it runs: rehearsing it would do it in production"
            ),
            Advice::edit(
                place(hook),
                format!("give its command {{env}}, or declare a hook `{name}` of its own"),
            ),
        ),
    };
    Some(Failure::refused(message).advise(advice))
}

fn unknown_step(project: &Project, step: &str) -> Failure {
    let known: Vec<&str> = project.phase.steps.keys().map(String::as_str).collect();
    Failure::incomplete(format!("the phase has no step `{step}`")).advise(Advice::edit(
        Location::key("d3p.yaml", "/hooks"),
        format!("say which step the hook serves, `step:`: {}", known.join(", ")),
    ))
}

impl Running<'_> {
    /// Whether the step wants a decision, and may be taken without one for this reason.
    fn may_be_undecided(&self, why: &str) -> Result<(), Failure> {
        if !self.step.takes_back() {
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
        let cleared = clearance_by_files(project, assessment, self.step_id, Some(self.name), now)?;
        // Nothing but the missing decision is left out, and the ledger says why.
        let undecided = |finding: &Finding| finding.rule == &GL413;
        let left_out = self.undecided.is_some() && cleared.findings.iter().all(undecided);
        (cleared.verdict != Verdict::Passed && !left_out).then_some(cleared)
    }

    /// Shows why the step may not be taken now; `None` when it may.
    fn not_cleared(
        &self,
        git: &Opened,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Option<Exit>, Failure> {
        let now = (env.now)();
        let assessment = assess_before_launch(self.project, now);
        let refusal = self.refusal(self.project, &assessment, now);
        let asked = Asked {
            step: self.step_id,
            hook: Some(self.name),
            root: self.root,
            project: self.project,
            git,
            asker: Asker::Policy,
            now,
        };
        let others = Others::of_whole(&asked, env);
        if refusal.is_none() && others.findings().is_empty() {
            return Ok(None);
        }
        let mut why = refusal.map_or_else(Vec::new, |refusal| refusal.findings);
        why.extend(others.findings().iter().cloned());
        let exit = crate::cli::check::before(&asked, others, global, env)?;
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
        // What takes a launch back waits for no paper.
        let Some(kind) = self.step.produces.as_ref().filter(|_| !self.step.takes_back()) else {
            return Ok(());
        };
        let session = Session::open(self.root.dir(), Some(&self.project.phase.id))?;
        crate::cli::record::may_be_recorded(&session, self.release, kind, reopen, (env.now)())
    }

    /// Runs what is prepared, and records it. Space, handles and threads for what must not be lost are
    /// taken before it begins.
    fn go(
        &self,
        prepared: &Prepared,
        mut tree: Tree,
        reopen: bool,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        let planned = self.described(prepared, &tree);
        let mut pending = self.note(prepared, &tree)?;
        let begun = self.begin_noted(prepared, env);
        let log =
            begun.inspect_err(|_| PendingRun::remove(self.root, &self.own_name(), &prepared.id))?;
        tree.in_use();
        let dir = tree.root.dir().to_owned();
        let end = self.capture(prepared, &dir, log, Some(&mut pending), global, env);
        self.settle((planned, end, Some(pending)), &prepared.secrets, tree, reopen, global, env)
    }

    /// The log of the run, once the ledger says that it begins.
    fn begin_noted(&self, prepared: &Prepared, env: &mut Env<'_>) -> Result<Log, Failure> {
        let log = self.log(
            &PendingRun::log_path(&self.own_name(), &prepared.id),
            format!("{}.log", self.project.places().run(self.name, &prepared.id)),
        )?;
        if (env.interrupted)() {
            return Err(Failure::incomplete("interrupted; nothing was run"));
        }
        self.begin(&prepared.id, env)?;
        Ok(log)
    }

    /// The line that says that the run begins.
    fn began(&self, project: &Project, id: &str, at: Stamp, env: &Env<'_>) -> Entry {
        let mut entry = ledger_entry(project, EntryKind::Began, self.release, at, env);
        entry.id = id.to_owned();
        entry.hook = Some(self.name.to_owned());
        entry.process = matches!(env.watcher, Watcher::IsApart(_)).then(own_id).flatten();
        entry.undecided = self.undecided.is_some();
        entry.reason = self.undecided.map(|why| why.trim().to_owned());
        entry
    }

    /// The project with the lock; without it where somebody else keeps it from what takes a launch back,
    /// which then begins without a line. How it ended is recorded once the lock is free.
    fn session_to_begin(&self, env: &mut Env<'_>) -> Result<Option<Session>, Failure> {
        let (dir, phase) = (self.root.dir(), Some(self.project.phase.id.as_str()));
        if !self.step.takes_back() {
            return Session::open_locked(dir, phase).map(Some);
        }
        match Session::open_locked_within(dir, phase, doctor::SHORT_WAIT) {
            Ok(session) => Ok(Some(session)),
            Err(failure) => {
                let told = "it begins all the same, and is recorded afterwards";
                writeln!(env.err, "d3p: warning: {failure}; {told}")?;
                Ok(None)
            }
        }
    }

    /// Notes that the run begins, so that one whose end is never recorded leaves a trace; and says
    /// what Protocol 11 announces at the step's start, once for each release and attempt.
    fn begin(&self, id: &str, env: &mut Env<'_>) -> Result<(), Failure> {
        let taken = self.take_lock(id, env)?;
        let begun = self.begin_with(&taken, id, env);
        match &begun {
            Ok(()) => {
                lock::has_begun(self.root, self.project, self.name);
                self.stamp_after(env);
            }
            Err(_) => lock::give_back(self.root, self.project, &taken, env),
        }
        begun
    }

    fn begin_with(&self, taken: &Taken, id: &str, env: &mut Env<'_>) -> Result<(), Failure> {
        let Some(mut session) = self.session_to_begin(env)? else { return Ok(()) };
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
        let mut entry = self.began(project, id, now, env);
        if let Taken::Held(lock) = taken {
            entry.lock = Some(lock.clone());
        }
        changes.append_line(project.places().ledger(), entry.to_line());
        session.apply(changes)?;
        // From here on it has begun: that somebody could not be told keeps it from nothing.
        if let Err(failure) = notify::pass_on(&mut session, &told, env) {
            let _ = writeln!(env.err, "d3p: warning: nobody was notified: {failure}");
        }
        Ok(())
    }
}
