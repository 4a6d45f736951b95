//! `d3p rollout run`: from where the rollout is to its end, or to where a person must look.

use super::watch::Watch;
use super::{status, trigger};
use crate::cli::args::RunArgs;
use crate::cli::common::{Global, ledger_entry, open_release, trusted_git};
use crate::cli::session::Session;
use crate::cli::{Failure, doctor, notify, record, run as hooks};
use crate::collect::announce;
use crate::decisions::{Moments, rollbacks_begun};
use crate::env::{Env, Exit, Watcher};
use crate::model::{Advice, Judgement, Location, Sha256Digest, Stamp};
use crate::project::{Project, step_hooks};
use crate::record::{EntryKind, FileDigest, Run, Watched};
use crate::render::{clean, json};
use crate::rollout::{Judged, Plan, Stage, StageProgress, State, advancing_step, judged, progress};
use crate::source::Root;
use crate::write::{ChangeSet, Lock};
use serde_json::json;
use std::ffi::OsString;

/// What is to be done now.
enum Now {
    /// Every stage is done.
    Done,
    /// These hooks begin the stage.
    Begin(u64, Vec<String>),
    /// The stage serves, and is to be watched.
    Watch(u64),
    /// The stage could not be judged; perhaps it can by now.
    Again(u64),
    /// A person has to decide.
    Ask,
}

pub(super) fn run(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let mut asked_again = false;
    let (root, project) = global.open()?;
    doctor::nothing_is_lost(&trusted_git(&root, &project, env), &root, &project)?;
    loop {
        let (root, project) = global.open()?;
        open_release(&project)?;
        if let Some((why, advice)) = status::decided(&project, (env.now)()) {
            return Err(Failure::refused(why).advise(advice));
        }
        match now(&project, (env.now)())? {
            Now::Done => return done(&project, global, env),
            Now::Ask => return status::ask(&project, global, env),
            Now::Begin(stage, due) => {
                for hook in due {
                    if global.human() {
                        writeln!(env.out, "stage {stage}: running {hook}")?;
                        env.out.flush()?;
                    }
                    let args = RunArgs { hook, ..RunArgs::default() };
                    let exit = run_hook(args, global, env)?;
                    if exit != Exit::Passed {
                        return Ok(exit);
                    }
                }
                if let Some(exit) = stopped_by_engine(stage, global, env)? {
                    return Ok(exit);
                }
            }
            Now::Watch(stage) => {
                let exit = watch(&root, &project, stage, false, global, env)?;
                if exit != Exit::Passed {
                    return Ok(exit);
                }
            }
            Now::Again(_) if asked_again => return status::ask(&project, global, env),
            Now::Again(stage) => {
                asked_again = true;
                watch(&root, &project, stage, true, global, env)?;
            }
        }
    }
}

/// Lets `body` say what it says to people; programs are told once, at the end.
fn aloud<T>(global: &Global, env: &mut Env<'_>, body: impl FnOnce(&mut Env<'_>) -> T) -> T {
    if global.human() {
        return body(env);
    }
    body(&mut env.telling(&mut std::io::sink()))
}

/// Runs a hook, by the process that hooks are run by.
pub(super) fn run_hook(args: RunArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    aloud(global, env, |env| run_aloud(args, global, env))
}

fn run_aloud(args: RunArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let Watcher::Apart(program) = env.watcher.clone() else {
        return hooks::run(&args, global, env);
    };
    let mut words: Vec<OsString> = vec!["-C".into(), global.directory.clone().into()];
    if let Some(phase) = global.phase() {
        words.extend(["--phase".into(), phase.into()]);
    }
    words.extend(["run".into(), args.hook.as_str().into()]);
    if let Some(why) = &args.without_decision {
        words.extend(["--without-decision".into(), why.into()]);
    }
    hooks::in_front(&args.hook, &program, &words, env)
}

fn now(project: &Project, at: Stamp) -> Result<Now, Failure> {
    let moments = Moments { now: at, gate: None, use_now: false };
    let progress = progress(project, moments);
    let Some(current) = progress.current() else { return Ok(Now::Done) };
    let number = current.stage.number;
    Ok(match current.state {
        State::Undecided(Judgement::Inconclusive) if is_unclear(current) => Now::Again(number),
        State::Undecided(_) => Now::Ask,
        State::Watching(_) => Now::Watch(number),
        _ => Now::Begin(number, due(project, &current.stage)?),
    })
}

/// Whether it is the metric server that nobody could judge a stage by, and not an engine.
fn is_unclear(stage: &StageProgress<'_>) -> bool {
    let measured = stage.watched.as_ref();
    measured.is_some_and(|(_, _, judged)| judged.outcome == Judgement::Inconclusive)
}

/// Tells at once where the engine says that the stage failed.
fn stopped_by_engine(
    number: u64,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Option<Exit>, Failure> {
    let mut session = global.session_locked()?;
    let now = (env.now)();
    let told = progress(&session.project, Moments { now, gate: None, use_now: false });
    let Some(own) = told.stages.iter().find(|own| own.stage.number == number) else {
        return Ok(None);
    };
    let why = own.judged.as_ref().and_then(Judged::words).unwrap_or_default();
    let failed = matches!(own.state, State::Undecided(Judgement::Failed)) && own.watched.is_none();
    let (plan, stage) = (told.plan.clone(), own.stage.clone());
    if !failed {
        return Ok(None);
    }
    let words = trigger::words(&session.project, &stage, &why);
    if let Some((log, line)) = announce(&session.project, now, &env.random_hex(8), &words) {
        let mut changes = ChangeSet::new(session.root());
        changes.append_line(log, line);
        session.apply(changes)?;
        session.reread()?;
    }
    if let Err(failure) = notify::pass_on(&mut session, &[words], env) {
        let _ = writeln!(env.err, "d3p: warning: nobody was notified: {failure}");
    }
    drop(session);
    let (_, project) = global.open()?;
    if let Err(failure) = report(&project, global, env) {
        let _ = writeln!(env.err, "d3p: warning: the report is not made anew: {failure}");
    }
    let exit = trigger::raise(&project, &plan, (&stage, &why, false), global, env)?;
    if !global.human() {
        status::ask(&project, global, env)?;
    }
    Ok(Some(exit))
}

/// The hooks that begin a stage and have not run for it yet.
fn due(project: &Project, stage: &Stage) -> Result<Vec<String>, Failure> {
    let launch = project.phase.launch().and_then(|(kind, _)| project.phase.step_producing(kind));
    let step = match stage.number {
        1 => launch.map(|(step, _)| step),
        _ => advancing_step(project),
    };
    let Some(step) = step else {
        return Err(Failure::incomplete("this phase has no step that launches in stages"));
    };
    let runs = project.runs();
    let ran = |hook: &str| {
        let mut own = runs.iter().filter(|(_, run)| run.hook == hook && run.succeeded());
        own.any(|(_, run)| run.stage.as_ref().map_or(1, |own| own.number) == stage.number)
    };
    let hooks: Vec<String> =
        step_hooks(project, step).into_iter().map(|(name, _)| name.to_owned()).collect();
    if hooks.is_empty() {
        return Err(Failure::refused(format!("no hook of d3p.yaml serves the step {step}"))
            .advise(Advice::edit(
                Location::key("d3p.yaml", "/hooks"),
                format!(
                    "declare it: {step}: {{ run: [bash, scripts/traffic.sh, \"{{weight}}\"] }}"
                ),
            )));
    }
    Ok(hooks.into_iter().filter(|hook| !ran(hook)).collect())
}

/// Watches a stage, and records what was measured: at once whatever it comes to.
fn watch(
    root: &Root,
    project: &Project,
    number: u64,
    again: bool,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let at = (env.now)();
    let told = progress(project, Moments { now: at, gate: None, use_now: false });
    let plan = &told.plan;
    let Some(own) = told.stages.iter().find(|own| own.stage.number == number) else {
        return Ok(Exit::Passed);
    };
    let (Some((_, run)), Some(from)) = (&own.run, own.from) else { return Ok(Exit::Passed) };
    let release = open_release(project)?;
    // One watches; whoever comes besides is told so.
    let _alone = Lock::of_run(root, &project.phase.id, "rollout")?;
    let watch = Watch { root, project, release: &release, plan, stage: &own.stage, run, from };
    let measured = match again {
        true => watch.again(env)?,
        false => watch.measure(global, env)?,
    };
    let outcome = judged(project, plan, &own.stage, run, &measured, from);
    // An answer that still says nothing is no news.
    if again && outcome.outcome == Judgement::Inconclusive {
        return Ok(Exit::Refused);
    }
    conclude(project, (plan, &own.stage, run), &measured, &outcome, global, env)
}

/// What a stage came to, unless somebody took the launch back meanwhile: then it did not pass.
fn unless_taken_back(project: &Project, outcome: &Judged) -> Judged {
    let mut outcome = outcome.clone();
    if let Some(began) = rollbacks_begun(project).first() {
        outcome.outcome = outcome.outcome.max(Judgement::Inconclusive);
        outcome.why = Some(format!("the launch was taken back at {}", began.line.at));
    }
    outcome
}

/// Writes the record of a stage with the line that tells of it, and says what it came to.
fn conclude(
    project: &Project,
    (plan, stage, run): (&Plan, &Stage, &Run),
    measured: &Watched,
    outcome: &Judged,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let mut session = global.session_locked()?;
    let outcome = unless_taken_back(&session.project, outcome);
    let outcome = &outcome;
    let why = outcome.words();
    let told = why.clone().unwrap_or_default();
    let said = write(&session, (stage, run), measured, outcome, &told, env)?;
    session.reread()?;
    if let Err(failure) = notify::pass_on(&mut session, &said, env) {
        let _ = writeln!(env.err, "d3p: warning: nobody was notified: {failure}");
    }
    if global.human() {
        let name = format!("stage {} ({})", stage.number, stage.weight);
        let word = outcome.outcome.word();
        let because = why.as_ref().map_or(String::new(), |why| format!(": {why}"));
        writeln!(
            env.out,
            "{name} {word}, {} of {} samples could be judged{}",
            outcome.judged,
            outcome.wanted,
            clean(&because)
        )?;
        for condition in &outcome.conditions {
            writeln!(env.out, "  {}", clean(&super::show::told(condition)))?;
        }
    }
    if outcome.outcome != Judgement::Passed {
        // It says how far the rollout came, whatever becomes of it.
        let (_, project) = global.open()?;
        if let Err(failure) = report(&project, global, env) {
            let _ = writeln!(env.err, "d3p: warning: the report is not made anew: {failure}");
        }
    }
    match &outcome.fired {
        Some(fired) => {
            let exit = trigger::raise(project, plan, (stage, &told, fired.trigger), global, env)?;
            if !global.human() {
                let (_, project) = global.open()?;
                status::ask(&project, global, env)?;
            }
            Ok(exit)
        }
        None if outcome.outcome == Judgement::Passed => Ok(Exit::Passed),
        None => {
            let (_, project) = global.open()?;
            status::ask(&project, global, env)
        }
    }
}

fn write(
    session: &Session,
    (stage, run): (&Stage, &Run),
    measured: &Watched,
    outcome: &Judged,
    why: &str,
    env: &mut Env<'_>,
) -> Result<Vec<String>, Failure> {
    let project = &session.project;
    let release = open_release(project)?;
    let now = (env.now)();
    let path = project.places().watched(&format!("stage-{}", stage.number), &measured.id);
    let text = json::pretty(&json!(measured));
    let sha256 = Sha256Digest::of(text.as_bytes()).to_string();
    let mut changes = ChangeSet::new(session.root());
    changes.create(path.clone(), text);
    let mut said = Vec::new();
    if outcome.fired.is_some() {
        let words = trigger::words(project, stage, why);
        if let Some((log, line)) = announce(project, now, &env.random_hex(8), &words) {
            changes.append_line(log, line);
        }
        said.push(words);
    }
    let mut entry = ledger_entry(project, EntryKind::Watched, &release, now, env);
    entry.stage = Some(stage.number);
    entry.run = Some(run.id.clone());
    entry.found = Some(outcome.outcome);
    entry.reason = (!why.is_empty()).then(|| why.to_owned());
    entry.digests = vec![FileDigest { path, sha256 }];
    changes.append_line(project.places().ledger(), entry.to_line());
    session.apply(changes)?;
    Ok(said)
}

/// The rollout is done: its report is made of all stages.
fn done(project: &Project, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let exit = report(project, global, env)?;
    status::end(global, env)?;
    Ok(exit)
}

/// Makes the launch's report of what ran by now, where it says something else.
fn report(project: &Project, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let Some((kind, _)) = project.phase.launch() else { return Ok(Exit::Passed) };
    if !status::is_outdated(project, kind, (env.now)()) {
        return Ok(Exit::Passed);
    }
    let mut session = global.session()?;
    aloud(global, env, |env| record::compile(&mut session, kind, false, None, global, env))
}
