//! How far a rollout is, as runs, records and decisions tell.

use super::engine::of_engine;
use super::judge::{DEPLOYMENT, Fired, Judged, judge};
use super::plan::{Plan, Stage, plan};
use super::questions::{Questions, questions, whole};
use crate::decisions::{Moments, promotion, rollbacks_begun};
use crate::model::{Conclusion, Judgement, Span, Stamp};
use crate::project::{Project, step_hooks};
use crate::record::{EntryKind, FileDigest, Line, Run, Watched};

/// How far a stage is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// Its hooks have not all run well.
    Waiting,
    /// It serves, and is watched until then.
    Watching(Stamp),
    /// It is done, and what was judged of it held.
    Passed,
    /// Its hooks ran, and nothing was judged: it is done, and nobody knows how it went.
    Unjudged,
    /// The launch was taken back while it was watched: it did not pass.
    TakenBack(Stamp),
    /// It did not pass, and a person has to decide.
    Undecided(Judgement),
    /// It did not pass, and these decided to go on.
    Promoted(Vec<String>),
}

/// A stage and how far it is.
#[derive(Clone, Debug)]
pub struct StageProgress<'a> {
    /// The stage.
    pub stage: Stage,
    /// The last of the runs that began it, with the digest of its record.
    pub run: Option<(FileDigest, Run)>,
    /// From when on it is watched.
    pub from: Option<Stamp>,
    /// The record of what was measured, and what it comes to.
    pub watched: Option<(FileDigest, Watched, Judged)>,
    /// What it comes to: what was measured, and what an engine says.
    pub judged: Option<Judged>,
    /// The line of the ledger that tells of it.
    pub line: Option<&'a Line>,
    /// How far it is.
    pub state: State,
}

impl StageProgress<'_> {
    /// Whether the next stage may begin, as far as this one is concerned.
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Passed | State::Unjudged | State::Promoted(_))
    }
}

/// A rollout and how far it is.
#[derive(Clone, Debug)]
pub struct Progress<'a> {
    /// The rollout.
    pub plan: Plan,
    /// Its stages.
    pub stages: Vec<StageProgress<'a>>,
}

impl Progress<'_> {
    /// The first stage that is not done.
    pub fn current(&self) -> Option<&StageProgress<'_>> {
        self.stages.iter().find(|stage| !stage.is_done())
    }
}

/// The step whose hooks begin the stages after the first.
pub fn advancing_step(project: &Project) -> Option<&str> {
    let found = project.phase.steps.iter().find(|(_, step)| step.advances());
    found.map(|(step, _)| step.as_str())
}

/// The newest time that the ledger knows.
pub fn newest(project: &Project) -> Option<Stamp> {
    project.ledger.lines.iter().map(|line| line.at).max()
}

/// The stage that a run of a step's hooks begins now: number and weight.
pub fn next_stage(project: &Project, step: &str) -> Option<(u64, String)> {
    let plan = plan(&project.effective().policy);
    let def = project.phase.steps.get(step)?;
    let stage = if project.phase.launches(def) && plan.is_staged() {
        plan.stages.first()?.clone()
    } else if def.advances() {
        // The newest time that the ledger knows: who decided until then is known.
        let moments = Moments { now: newest(project)?, gate: None, use_now: false };
        progress(project, moments)
            .stages
            .into_iter()
            .skip(1)
            .find(|stage| stage.state == State::Waiting)?
            .stage
    } else {
        return None;
    };
    Some((stage.number, stage.weight))
}

/// How far the rollout is, with decisions judged at `moments`.
pub fn progress(project: &Project, moments: Moments) -> Progress<'_> {
    let plan = plan(&project.effective().policy);
    let runs = project.runs();
    let mut stages = Vec::new();
    for stage in &plan.stages {
        stages.push(of_stage(project, &plan, stage, &runs, moments));
    }
    Progress { plan, stages }
}

fn of_stage<'a>(
    project: &'a Project,
    plan: &Plan,
    stage: &Stage,
    runs: &[(&str, &Run)],
    moments: Moments,
) -> StageProgress<'a> {
    let mut told = StageProgress {
        stage: stage.clone(),
        run: None,
        from: None,
        watched: None,
        judged: None,
        line: None,
        state: State::Waiting,
    };
    let begun = begun_by(project, stage, runs);
    let Some((path, run)) = begun.last().copied() else { return told };
    let sha256 = project.digest_of(path).map(|digest| digest.to_string()).unwrap_or_default();
    told.run = Some((FileDigest { path: path.to_owned(), sha256 }, run.clone()));
    let Ok(finished) = Stamp::parse(&run.finished_at) else { return told };
    let from = whole(finished, true);
    told.from = Some(from);
    let asked = questions(project, plan, stage, from);
    let found = records(project, stage, run, plan, &asked);
    let best = found.into_iter().max_by_key(|(found, line, _)| (rank(*found), line.at));
    let until = from.plus(stage.duration.unwrap_or(Span::from_seconds(0)));
    let late = took_too_long(plan, run, from);
    let engine = of_engine(project, (plan, stage), &begun);
    let said = engine.as_ref().map(|own| own.outcome);
    told.state = match (best, stage.duration, late) {
        (Some((found, line, watched)), ..) => {
            told.line = Some(line);
            told.watched = watched;
            decided(project, found.max(said.unwrap_or(found)), line, moments)
        }
        // Nothing is watched, or the engine has ended it: its word is that of the run that brought it.
        (None, duration, late)
            if said == Some(Judgement::Failed)
                || (said.is_some() && duration.is_none() && late.is_none()) =>
        {
            told.line = ran(project, path);
            match told.line {
                Some(line) => {
                    decided(project, said.unwrap_or(Judgement::Inconclusive), line, moments)
                }
                None => State::Undecided(Judgement::Inconclusive),
            }
        }
        (None, None, None) => State::Unjudged,
        (None, ..) => State::Watching(until),
    };
    let measured = told.watched.as_ref().map(|(_, _, judged)| judged.clone());
    told.judged = match (measured, engine) {
        (Some(measured), Some(engine)) => Some(measured.with(engine)),
        (measured, engine) => measured.or(engine),
    };
    let judged = told.judged.as_ref().is_some_and(|own| !own.conditions.is_empty());
    if told.state == State::Passed && !judged {
        told.state = State::Unjudged;
    }
    let back = rollbacks_begun(project).first().map(|began| began.line.at);
    let open = matches!(told.state, State::Watching(_) | State::Passed) && stage.duration.is_some();
    if let Some(back) = back.filter(|back| open && *back < until) {
        told.state = State::TakenBack(back);
    }
    told
}

/// What failed stays failed; what could not be judged may be known once its answers are there.
fn rank(found: Judgement) -> u8 {
    match found {
        Judgement::Failed => 2,
        Judgement::Passed => 1,
        Judgement::Inconclusive => 0,
    }
}

/// What came of a stage that was watched.
fn decided(project: &Project, found: Judgement, line: &Line, moments: Moments) -> State {
    if found == Judgement::Passed {
        return State::Passed;
    }
    let said = promotion(project, line, moments);
    if !said.lacking.is_empty() {
        return State::Undecided(found);
    }
    State::Promoted(said.by.into_iter().map(|vote| vote.signer.person).collect())
}

/// The line of the ledger that names the record of a run.
fn ran<'a>(project: &'a Project, path: &str) -> Option<&'a Line> {
    let names = |line: &&Line| line.entry.digests.iter().any(|file| file.path == path);
    project.ledger.lines.iter().filter(|line| line.entry.kind == EntryKind::Ran).find(names)
}

/// The runs that began a stage, in the order of their ends, once each hook of its step has run well.
fn begun_by<'r, 'p>(
    project: &Project,
    stage: &Stage,
    runs: &[(&'p str, &'r Run)],
) -> Vec<(&'p str, &'r Run)> {
    let launch = || project.phase.step_producing(project.phase.launch()?.0);
    let step = match stage.number {
        1 => launch().map(|(step, _)| step),
        _ => advancing_step(project),
    };
    let Some(step) = step else { return Vec::new() };
    let of_hook = |hook: &str| {
        let own = runs.iter().filter(|(_, run)| {
            let number = run.stage.as_ref().map_or(1, |stage| stage.number);
            run.hook == hook && run.step == step && run.succeeded() && number == stage.number
        });
        own.max_by(|(_, a), (_, b)| a.number.cmp(&b.number)).copied()
    };
    let hooks = step_hooks(project, step);
    let last: Option<Vec<_>> = hooks.iter().map(|(hook, _)| of_hook(hook)).collect();
    let mut last = last.unwrap_or_default();
    last.sort_by(|(_, a), (_, b)| {
        let at = |run: &Run| Stamp::parse(&run.finished_at).ok();
        at(a).cmp(&at(b)).then(a.hook.cmp(&b.hook))
    });
    last
}

type Record<'a> = (Judgement, &'a Line, Option<(FileDigest, Watched, Judged)>);

/// What each line that tells of a stage comes to: what its record says, judged again, and never less
/// than the line itself says.
fn records<'a>(
    project: &'a Project,
    stage: &Stage,
    run: &Run,
    plan: &Plan,
    asked: &Questions,
) -> Vec<Record<'a>> {
    let Some(release) = project.release() else { return Vec::new() };
    let lines = project.ledger.lines.iter().filter(|line| {
        let entry = &line.entry;
        entry.kind == EntryKind::Watched
            && entry.release == release.name()
            && entry.stage == Some(stage.number)
            && entry.run.as_deref() == Some(run.id.as_str())
    });
    lines
        .filter_map(|line| {
            let told = line.entry.found?;
            let file = line.entry.digests.first()?;
            let record = project
                .raw
                .get(&file.path)
                .filter(|own| own.digest.is_some_and(|digest| digest.to_string() == file.sha256));
            let watched = record.and_then(|own| Watched::read(own.value()?));
            // A record that is gone proves nothing, and takes back nothing.
            let Some(watched) = watched else {
                return Some((told.max(Judgement::Inconclusive), line, None));
            };
            let judged = of_record(project, plan, stage, run, &watched, asked);
            Some((told.max(judged.outcome), line, Some((file.clone(), watched, judged))))
        })
        .collect()
}

/// What was measured of a stage that began at `from`, judged by the policy.
pub fn judged(
    project: &Project,
    plan: &Plan,
    stage: &Stage,
    run: &Run,
    watched: &Watched,
    from: Stamp,
) -> Judged {
    of_record(project, plan, stage, run, watched, &questions(project, plan, stage, from))
}

/// What was measured, judged by the policy; of what was measured otherwise nothing is known.
fn of_record(
    project: &Project,
    plan: &Plan,
    stage: &Stage,
    run: &Run,
    watched: &Watched,
    asked: &Questions,
) -> Judged {
    let metrics = &project.effective().policy.metrics;
    let mut judged = judge(plan, stage, metrics, watched, (&asked.moments, &asked.before));
    let ended = Stamp::parse(&run.finished_at).ok();
    if let Some(fired) = ended.and_then(|at| took_too_long(plan, run, at)) {
        judged.outcome = Judgement::Failed;
        judged.fired = Some(fired);
    }
    if let Some(why) = otherwise(project, watched, run, asked) {
        judged.outcome = judged.outcome.max(Judgement::Inconclusive);
        judged.why = Some(why);
    }
    judged
}

/// Why a record is not of what the policy wants measured.
fn otherwise(project: &Project, watched: &Watched, run: &Run, asked: &Questions) -> Option<String> {
    let server = project.effective().policy.metrics.source.as_ref();
    let server = server.map(|own| own.prometheus.as_str());
    if watched.source.as_deref() != server {
        return Some("another server was asked than d3p.yaml names".to_owned());
    }
    if watched.queries != asked.queries || watched.baseline_queries != asked.baseline_queries {
        return Some("other queries were put than d3p.yaml has".to_owned());
    }
    let same = watched.run.as_deref() == Some(run.id.as_str())
        && watched.commit == run.commit
        && watched.attempt == run.attempt;
    (!same).then(|| "it is the record of another run".to_owned())
}

/// The trigger that fired because the stage's hook took too long.
fn took_too_long(plan: &Plan, run: &Run, at: Stamp) -> Option<Fired> {
    let took = Span::from_seconds(run.duration_ms / 1000);
    let own = plan.triggers.iter().find(|(_, condition)| {
        condition.subject.as_deref() == Some(DEPLOYMENT)
            && condition.judge_lasting(Some(took)) == Conclusion::Passed
    });
    own.map(|(text, _)| Fired {
        at,
        condition: text.clone(),
        trigger: true,
        measured: format!("hook {} took {took}", run.hook),
    })
}
