//! A run whose record is not written: one that goes on, one of which nothing more is known, and one
//! that has ended and is recorded now, without being run again.

use super::Running;
use super::carry::Gathered;
use super::environment;
use super::prepare::Prepared;
use super::tree::Tree;
use crate::cli::common::{Global, trusted_git};
use crate::cli::{Code, Failure};
use crate::env::{Env, Exit, Watcher};
use crate::model::{Actor, Advice, ProcessId, Stamp};
use crate::process::{is_alive, survivors};
use crate::project::Project;
use crate::record::{Ended, Run, RunLog, RunMarkers, StillRunning};
use crate::render::clean;
use crate::source::Root;
use crate::write::PendingRun;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What a run is, as it is noted before it begins.
#[derive(Serialize, Deserialize, Debug)]
pub(super) struct Plan {
    /// The record, of which the end is still to be filled in.
    run: Run,
    /// Where its tree lies.
    tree: PathBuf,
    /// The variables with secrets that it saw; their values stand nowhere.
    secrets: Vec<String>,
}

/// How a run ended, as it is noted at once.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(super) struct End {
    pub(super) started: String,
    pub(super) finished: String,
    duration_ms: u64,
    pub(super) ended: Ended,
    exit_code: Option<i32>,
    signal: Option<i32>,
    log: RunLog,
    pub(super) said: RunMarkers,
    pub(super) still_running: Vec<StillRunning>,
    /// What was taken out of its tree already.
    pub(super) gathered: Option<Gathered>,
}

impl End {
    pub(super) fn new(
        (started, finished): (Stamp, Stamp),
        (ended, exit_code, signal): (Ended, Option<i32>, Option<i32>),
        log: RunLog,
        said: RunMarkers,
    ) -> Self {
        Self {
            started: started.to_string(),
            finished: finished.to_string(),
            duration_ms: u64::try_from(finished.millis_since(started)).unwrap_or(0),
            ended,
            exit_code,
            signal,
            log,
            said,
            still_running: Vec::new(),
            gathered: None,
        }
    }

    /// Notes it, whole or without what is too long for that.
    pub(super) fn note(&mut self, pending: &mut PendingRun) {
        let text = |end: &Self| serde_json::to_string(end).unwrap_or_default();
        let mut whole = text(self);
        if !PendingRun::fits(&whole) {
            let more = "more marker lines than can be kept: what the others say is not known";
            let critical = vec![more.to_owned()];
            whole = text(&Self {
                said: RunMarkers { critical, ..RunMarkers::default() },
                ..self.clone()
            });
        }
        if !PendingRun::fits(&whole) {
            whole = text(&Self { gathered: None, still_running: Vec::new(), ..self.clone() });
        }
        // What cannot be noted is recorded all the same, if that can be.
        let _ = pending.outcome(&whole);
    }

    /// Whether the command ended by itself with 0, and how in words.
    pub(super) fn words(&self) -> String {
        let ending = crate::record::Ending {
            ended: self.ended,
            exit_code: self.exit_code,
            signal: self.signal,
        };
        ending.words()
    }

    /// When it ended.
    pub(super) fn at(&self) -> Option<Stamp> {
        Stamp::parse(&self.finished).ok()
    }

    /// `run` with its end.
    pub(super) fn of(&self, run: Run) -> Run {
        Run {
            started_at: self.started.clone(),
            finished_at: self.finished.clone(),
            duration_ms: self.duration_ms,
            ended: self.ended,
            exit_code: self.exit_code,
            signal: self.signal,
            log: self.log.clone(),
            said: self.said.clone(),
            still_running: self.still_running.clone(),
            ..run
        }
    }
}

impl Running<'_> {
    /// What its files beside the lock are called after: another phase may have a hook of this name.
    pub(super) fn own_name(&self) -> String {
        format!("{}-{}", self.project.phase.id, self.name)
    }

    /// Notes what the run is, before it begins.
    pub(super) fn note(&self, prepared: &Prepared, tree: &Tree) -> Result<PendingRun, Failure> {
        let plan = Plan {
            run: self.described(prepared, tree),
            tree: tree.dir().to_owned(),
            secrets: prepared.hidden.clone(),
        };
        let text = serde_json::to_string(&plan).map_err(|error| {
            Failure::incomplete("the run cannot be described").code(Code::Internal).because(error)
        })?;
        Ok(PendingRun::begin(self.root, &self.own_name(), &prepared.id, &text)?)
    }

    /// Looks for a run of this hook that began and is not recorded. One that goes on is refused; one
    /// that ended is recorded, and gives how this command ends.
    pub(super) fn unrecorded(
        &self,
        reopen: bool,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Option<Exit>, Failure> {
        self.sweep_pending();
        let known = self.project.known_runs();
        let is_known = |id: &str| {
            let path = format!("{}.json", self.project.places().run(self.name, id));
            known.iter().any(|(own, _)| *own == path)
        };
        for began in self.project.began().into_iter().filter(|began| began.hook == self.name) {
            let (id, at) = (began.line.entry.id.as_str(), began.line.at);
            if is_known(id) {
                continue;
            }
            if let Some(watcher) = began.line.entry.process.as_ref().filter(|own| is_alive(own)) {
                return Err(self.goes_on(watcher.pid, at, true));
            }
            let noted = PendingRun::read(self.root, &self.own_name(), id);
            let end = noted.as_ref().and_then(|noted| serde_json::from_str(&noted.outcome).ok());
            let plan = noted.as_ref().and_then(|noted| serde_json::from_str(&noted.plan).ok());
            if let (Some(end), Some(plan)) = (end, plan) {
                return self.complete(plan, end, reopen, global, env).map(Some);
            }
            let process = noted.and_then(|noted| serde_json::from_str(&noted.process).ok());
            let alive = match process {
                Some(process) => Some::<ProcessId>(process).filter(is_alive).map(|own| own.pid),
                None if env.watcher == Watcher::Here => None,
                None => survivors(None, id).first().map(|process| process.pid),
            };
            if let Some(pid) = alive {
                return Err(self.goes_on(pid, at, false));
            }
        }
        Ok(None)
    }

    /// Takes away what earlier runs of this hook left beside the lock and what nobody needs any more:
    /// those that the ledger does not know began, and those that are recorded. Nobody else runs it now.
    fn sweep_pending(&self) {
        let known = self.project.known_runs();
        let open: Vec<&str> = self
            .project
            .began()
            .into_iter()
            .filter(|began| began.hook == self.name)
            .map(|began| began.line.entry.id.as_str())
            .filter(|id| {
                let path = format!("{}.json", self.project.places().run(self.name, id));
                !known.iter().any(|(own, _)| *own == path)
            })
            .collect();
        PendingRun::sweep(self.root, &self.own_name(), &open);
    }

    fn goes_on(&self, pid: u32, since: Stamp, watched: bool) -> Failure {
        let name = self.name;
        let failure = match watched {
            true => Failure::incomplete(format!(
                "hook {name} runs already (process {pid}), since {since}; nothing was run"
            )),
            false => Failure::incomplete(format!(
                "hook {name} still runs (process {pid}), since {since}, and nobody watches it any more: whoever did was ended; nothing was run"
            ))
            .advise(Advice::answer(format!(
                "look at what process {pid} does, and let it end: how it ends will not be known"
            )).by(Actor::Person)),
        };
        failure
            .code(Code::Lock)
            .advise(Advice::wait("wait for it to end, then run the command again"))
    }

    /// Records a run that has ended.
    fn complete(
        &self,
        plan: Plan,
        end: End,
        reopen: bool,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        let policy = &self.project.effective().policy.run;
        let missing: Vec<&str> = plan
            .secrets
            .iter()
            .map(String::as_str)
            .filter(|name| env.var(name).is_none())
            .collect();
        let told = format!("hook {} {} at {}", self.name, end.words(), end.finished);
        if !missing.is_empty() {
            let names = missing.join(", ");
            return Err(Failure::refused(format!(
                "{told}, and is not recorded yet: without {names} its reports cannot be copied, since secrets are taken out of them; nothing was run"
            ))
            .advise(Advice::answer(format!("set {names} as it was then, and run the command again"))));
        }
        let git = trusted_git(self.root, self.project, env)?;
        let mut tree = self.tree_again(git, &plan.tree, &plan.run, env)?;
        tree.in_use();
        let mut secrets = environment::secrets(policy, env);
        secrets.extend(self.carried_secrets(&tree));
        if global.human() {
            writeln!(env.out, "{}; it is recorded now, and nothing was run", clean(&told))?;
        }
        self.settle((plan.run, end, None), &secrets, tree, reopen, global, env)
    }
}

/// Refuses where a run of a hook goes on, or has ended and is not recorded yet: what would be taken
/// away is still needed.
pub(in crate::cli) fn none_is_unrecorded(root: &Root, project: &Project) -> Result<(), Failure> {
    let known = project.known_runs();
    for began in project.began() {
        let (hook, id) = (began.hook, began.line.entry.id.as_str());
        let path = format!("{}.json", project.places().run(hook, id));
        let name = format!("{}-{hook}", project.phase.id);
        let ended = || PendingRun::read(root, &name, id).filter(|noted| !noted.outcome.is_empty());
        if !known.iter().any(|(own, _)| *own == path) && ended().is_some() {
            return Err(Failure::refused(format!(
                "hook {hook} has ended, and its run is not recorded yet; nothing was changed"
            ))
            .advise(Advice::d3p(["run", hook]).what("record it; nothing is run")));
        }
    }
    Ok(())
}
