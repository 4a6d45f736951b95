//! `d3p watch`: the health window, measured by the queries of its signals on its schedule, or
//! afterwards in one go (P11-4.1, P8-4).

use crate::cli::args::WatchArgs;
use crate::cli::common::{Global, ledger_entry, open_release, trusted_git};
use crate::cli::rollout::{Question, Server, alarm};
use crate::cli::session::Session;
use crate::cli::{Code, Failure, doctor, notify};
use crate::collect::announce;
use crate::decide::assess;
use crate::definition::{Derivation, EvidenceDef, MetricServer};
use crate::derive::unasked_signals;
use crate::env::{Env, Exit};
use crate::markdown::entries::format_entry;
use crate::model::{Advice, Location, Mark, Sha256Digest, Span, Stamp, State};
use crate::project::Project;
use crate::record::{EntryKind, FileDigest, WATCHED_SCHEMA, Watched};
use crate::render::{clean, json};
use crate::rollout::{check_ins, window_moments, window_queries};
use crate::rules::GL315;
use crate::write::{ChangeSet, Lock};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Longest that is slept before somebody is asked whether to stop.
const NAP: Duration = Duration::from_millis(500);

/// What is watched.
struct Window {
    queries: BTreeMap<String, String>,
    source: MetricServer,
    parts: Vec<(Span, Vec<Stamp>)>,
    kind: String,
}

pub(super) fn run(args: &WatchArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (root, project) = global.open()?;
    open_release(&project)?;
    if args.rehearse {
        return rehearse(&root, &project, global, env);
    }
    doctor::nothing_is_lost(&trusted_git(&root, &project, env), &root, &project)?;
    let window = window(&project)?;
    let _alone = Lock::of_run(&root, &project.phase.id, "watch")?;
    let server = Server::new(&window.source, &project, &root, env)?;
    let delay = Span::from_seconds(window.source.scrape().seconds().saturating_mul(2));
    // What is due already is asked for in one go, a record for each part of the window.
    for (every, moments) in &window.parts {
        let now = (env.now)();
        let open = open_moments(global, &window.kind, moments)?;
        let due: Vec<Stamp> = open.into_iter().filter(|own| own.plus(delay) <= now).collect();
        if due.is_empty() {
            continue;
        }
        let exit = ask(&window, &server, (*every, &due), global, env)?;
        if exit != Exit::Passed {
            return Ok(exit);
        }
    }
    let ahead: Vec<Stamp> = window
        .parts
        .iter()
        .flat_map(|(_, moments)| open_moments(global, &window.kind, moments))
        .flatten()
        .collect();
    if args.backfill {
        return ended(&ahead, global, env);
    }
    let total = ahead.len();
    for (index, moment) in ahead.into_iter().enumerate() {
        wait(moment.plus(delay), (index, total), global, env)?;
        let exit = ask(&window, &server, (Span::from_seconds(1), &[moment]), global, env)?;
        if exit != Exit::Passed {
            return Ok(exit);
        }
    }
    ended(&[], global, env)
}

fn window(project: &Project) -> Result<Window, Failure> {
    let Some(queries) = window_queries(project) else {
        return Err(Failure::refused(
            "the health window is not measured by queries: each of health.signals needs one, and no hook takes samples",
        )
        .advise(Advice::edit(
            Location::key("d3p.yaml", "/metrics"),
            "give each of health.signals a query, and metrics.source its server; or sample by a hook: d3p run HOOK",
        )));
    };
    let policy = &project.effective().policy;
    let launch = project.phase.launch().and_then(|(kind, _)| project.evidence(kind));
    let start = launch.and_then(|launch| launch.finished()).ok_or_else(|| {
        Failure::refused("nothing was deployed to production yet: there is nothing to watch")
            .advise(Advice::d3p(["status", "--next"]))
    })?;
    let sampled = |def: &EvidenceDef| def.derive == Some(Derivation::Sample);
    let log = project.phase.evidence.iter().find(|(_, def)| sampled(def));
    let (kind, _) = log.ok_or_else(|| Failure::incomplete("this phase has no health log"))?;
    Ok(Window {
        queries,
        source: policy.metrics.source.clone().ok_or_else(|| {
            Failure::incomplete("the policy names no metric server").code(Code::Internal)
        })?,
        parts: window_moments(start, &policy.health),
        kind: kind.clone(),
    })
}

/// Those of `moments` that have no entry yet.
fn open_moments(global: &Global, kind: &str, moments: &[Stamp]) -> Result<Vec<Stamp>, Failure> {
    let (_, project) = global.open()?;
    let log = project.evidence(kind);
    let there: BTreeSet<Stamp> =
        log.iter().flat_map(|log| log.file.entries()).map(|entry| entry.at).collect();
    Ok(moments.iter().copied().filter(|moment| !there.contains(moment)).collect())
}

/// Asks about these moments, and records what was answered.
fn ask(
    window: &Window,
    server: &Server,
    (every, moments): (Span, &[Stamp]),
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let mut answers = Vec::new();
    for (metric, query) in &window.queries {
        let question = Question { metric, query, baseline: false };
        match moments {
            [moment] => answers.push(server.at(question, *moment, env)?),
            // A gap between moments parts what is asked: ranges are even.
            _ => {
                for run in even(moments, every) {
                    answers.extend(server.range(question, run, every, env)?);
                }
            }
        }
    }
    let mut session = global.session_locked()?;
    let release = open_release(&session.project)?;
    let first = moments.first().map(ToString::to_string).unwrap_or_default();
    let watched = Watched {
        schema: WATCHED_SCHEMA.to_owned(),
        schema_version: 1,
        kind: "watched".to_owned(),
        id: env.random_hex(8),
        release: release.version.clone(),
        commit: release.commit.clone(),
        attempt: release.attempt,
        stage: None,
        run: None,
        from: first,
        interval_seconds: every.seconds(),
        source: Some(window.source.prometheus.clone()),
        queries: window.queries.clone(),
        baseline_queries: BTreeMap::new(),
        answers,
        probed: Vec::new(),
    };
    let told = check_ins(&session.project, &watched, moments);
    write(&session, &window.kind, &watched, &told, env)?;
    session.reread()?;
    if global.human() && !global.quiet {
        for (moment, said) in &told {
            writeln!(env.out, "{moment} {}", clean(said))?;
        }
        env.out.flush()?;
    }
    breached(&mut session, &window.kind, moments, global, env)
}

/// Runs of moments that lie `every` apart.
fn even(moments: &[Stamp], every: Span) -> Vec<&[Stamp]> {
    let apart = |a: &Stamp, b: &Stamp| {
        u64::try_from(b.millis_since(*a)).is_ok_and(|millis| millis == every.seconds() * 1000)
    };
    moments.chunk_by(apart).collect()
}

fn write(
    session: &Session,
    kind: &str,
    watched: &Watched,
    told: &[(Stamp, String)],
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let project = &session.project;
    let release = open_release(project)?;
    let Some(def) = project.phase.evidence.get(kind) else { return Ok(()) };
    let now = (env.now)();
    let path = project.places().watched("window", &watched.id);
    let text = json::pretty(&json!(watched));
    let record =
        FileDigest { path: path.clone(), sha256: Sha256Digest::of(text.as_bytes()).to_string() };
    let mut changes = ChangeSet::new(session.root());
    changes.create(path, text);
    let mut entry = ledger_entry(project, EntryKind::Recorded, &release, now, env);
    for (moment, said) in told {
        let line = format_entry(*moment, &env.random_hex(8), said);
        let sha256 = Sha256Digest::of(line.as_bytes()).to_string();
        entry.digests.push(FileDigest { path: def.path.clone(), sha256 });
        changes.append_line(def.path.as_str(), line);
    }
    entry.digests.push(record);
    changes.append_line(project.places().ledger(), entry.to_line());
    session.apply(changes)
}

/// Whether one of these check-ins lies beyond its threshold: that is told at once (P11-C3).
fn breached(
    session: &mut Session,
    kind: &str,
    moments: &[Stamp],
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let project = &session.project;
    let now = (env.now)();
    let log = project.evidence(kind);
    let ranges: Vec<_> = log
        .iter()
        .flat_map(|log| log.file.entries())
        .filter(|entry| moments.contains(&entry.at))
        .map(|entry| entry.range.start)
        .collect();
    let path = project.phase.evidence.get(kind).map(|def| def.path.clone()).unwrap_or_default();
    let found = assess(project, now).findings;
    let beyond = found.iter().find(|own| {
        own.rule == &GL315
            && own.state == Some(State::Failed)
            && own.location.path == path
            && matches!(own.location.mark, Mark::Span { start, .. } if ranges.contains(&start))
    });
    let Some(beyond) = beyond else { return Ok(Exit::Passed) };
    let message = alarm(project).map_or("[ALERT]", |gate| gate.failure.message.as_str());
    let words = format!("{message} {}", beyond.message);
    if let Some(gate) = alarm(project).filter(|_| global.human()) {
        writeln!(env.out, "{}: {}", gate.failure.error, clean(&words))?;
        writeln!(env.out, "  handling: {}", gate.failure.handling)?;
        writeln!(env.out, "  recovery: {}", gate.failure.recovery)?;
    }
    let line = announce(project, now, &env.random_hex(8), &words);
    if let Some((log, line)) = line {
        let mut changes = ChangeSet::new(session.root());
        changes.append_line(log, line);
        session.apply(changes)?;
    }
    if let Err(failure) = notify::pass_on(session, &[words], env) {
        let _ = writeln!(env.err, "d3p: warning: nobody was notified: {failure}");
    }
    Ok(Exit::Refused)
}

fn wait(
    until: Stamp,
    (done, total): (usize, usize),
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    loop {
        let left = until.millis_since((env.now)());
        if left <= 0 {
            return Ok(());
        }
        if (env.interrupted)() {
            return Err(Failure::incomplete("interrupted; the check-ins so far are recorded")
                .advise(Advice::d3p(["watch"]).what("go on: the same moments are asked about")));
        }
        if env.terminal && global.human() && !global.quiet {
            write!(
                env.out,
                "\r\x1b[Khealth window: {done} of {total} check-ins, the next in {} s",
                left / 1000
            )?;
            env.out.flush()?;
        }
        (env.sleep)(Duration::from_millis(left.unsigned_abs()).min(NAP));
    }
}

fn ended(ahead: &[Stamp], global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if !global.human() {
        let next = ahead.first().map(ToString::to_string);
        let view = json!({ "open": ahead.len(), "next": next });
        env.out.write_all(json::pretty(&view).as_bytes())?;
    } else if let (Some(first), Some(last)) = (ahead.first(), ahead.last()) {
        writeln!(
            env.out,
            "health window: {} check-ins are not due yet, {first} to {last}",
            ahead.len()
        )?;
    } else {
        writeln!(env.out, "health window: every check-in is recorded")?;
    }
    Ok(if ahead.is_empty() { Exit::Passed } else { Exit::Refused })
}

/// Whether the server answers each query, and keeps data for as long as the window lasts.
fn rehearse(
    root: &crate::source::Root,
    project: &Project,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let Some(queries) = window_queries(project) else {
        return window(project).map(|_| Exit::Passed);
    };
    let policy = &project.effective().policy;
    let Some(source) = &policy.metrics.source else { return Ok(Exit::Refused) };
    let server = Server::new(source, project, root, env)?;
    let now = (env.now)().to_millis();
    let length = i64::try_from(policy.health.window.seconds()).unwrap_or(i64::MAX / 1000);
    let long_ago = now.minus_millis(length.saturating_mul(1000));
    let mut good = true;
    for (moment, query, what) in queries
        .iter()
        .map(|(name, query)| (now, query.clone(), format!("{name} is answered now")))
        .chain([(
            long_ago,
            "count(up)".to_owned(),
            format!("data as old as the window ({}) are kept", policy.health.window),
        )])
    {
        let question = Question { metric: "rehearsal", query: &query, baseline: false };
        let answer = server.at(question, moment, env)?;
        let why = crate::rollout::reading_of(&answer, moment).err();
        good &= why.is_none();
        if global.human() {
            let word = if why.is_none() { "fine " } else { "wrong" };
            let why = why.map_or(String::new(), |why| format!(": {why}"));
            writeln!(env.out, "  {word} {}{}", clean(&what), clean(&why))?;
        }
    }
    for name in unasked_signals(project) {
        good = false;
        if global.human() {
            writeln!(
                env.out,
                "  wrong {}: stands in the table of signals, and no query of health.signals measures it",
                clean(&name)
            )?;
        }
    }
    if global.human() {
        writeln!(env.out, "rehearsal of the health window: nothing was recorded")?;
    }
    Ok(if good { Exit::Passed } else { Exit::Refused })
}
