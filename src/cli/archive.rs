//! `d3p archive`: closes a release and moves it away, so that the next one begins clean.
//!
//! The archive is a project root of the same layout, and verifies for ever. The line that closes the
//! release stands in the archive's own ledger: nothing is closed by a try that fails.

use crate::cli::args::{ArchiveArgs, Outcome};
use crate::cli::common::{Global, ledger_entry, release};
use crate::cli::run::none_is_unrecorded;
use crate::cli::session::Session;
use crate::cli::{Code, Failure, doctor};
use crate::decide::assess;
use crate::env::{Env, Exit};
use crate::model::{Advice, Location, Places, Stamp};
use crate::project::{Project, Release, beside, outside};
use crate::record::{Closing, EntryKind, MOST_COPIES};
use crate::render::json;
use crate::rules::{abandon, restore};
use crate::source::{Root, limit_of};
use crate::text::FaultKind;
use crate::write::{Leaving, Lock, archive, sweep, take_away};

pub(super) fn run(args: &ArchiveArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let session = global.session_locked()?;
    let (root, project) = (session.root(), &session.project);
    let places = project.places();
    sweep(session.held()?, root, places.archives())?;
    let release = release(project)?;
    // What a hook that still runs leaves behind belongs to this release.
    let hooks = project.effective().policy.hooks.keys();
    let _alone = hooks
        .filter(|hook| Lock::was_of_run(root, &project.phase.id, hook))
        .map(|hook| Lock::of_run(root, &project.phase.id, hook))
        .collect::<Result<Vec<_>, _>>()?;
    let ledger = ledger(root, places)?;
    if let Some(target) = archived(root, project, &release, &ledger) {
        let outside: Vec<String> = outside(project).into_iter().collect();
        let leaving = leaving(places, &target, &[], &outside, &ledger);
        take_away(session.held()?, root, leaving)?;
        return show(&target, &release, None, global, env);
    }
    none_is_unrecorded(root, project)?;
    let now = (env.now)();
    let closing = closing(args, project, &release, now)?;
    whole(&session, &ledger, env)?;
    let target = free_name(root, places, &release)?;
    let mut entry = ledger_entry(project, EntryKind::Archived, &release, now, env);
    entry.closed = Some(closing);
    let reason = args.reason.as_deref().map(str::trim);
    entry.reason = reason.filter(|reason| !reason.is_empty()).map(str::to_owned);
    let closed = [&ledger[..], entry.to_line().as_bytes(), b"\n"].concat();
    let beside: Vec<String> = beside(project).into_iter().collect();
    let outside: Vec<String> = outside(project).into_iter().collect();
    archive(session.held()?, root, leaving(places, &target, &beside, &outside, &closed))?;
    show(&target, &release, Some(closing), global, env)
}

/// The ledger's bytes; none where there is no ledger.
///
/// # Errors
/// When it is there and cannot be read: an archive without its lines would lose them.
fn ledger(root: &Root, places: &Places) -> Result<Vec<u8>, Failure> {
    root.bytes(places.ledger(), limit_of(places.ledger())).or_else(|fault| match fault.kind {
        FaultKind::Absent | FaultKind::Empty => Ok(Vec::new()),
        _ => {
            let help = fault.help.unwrap_or_default();
            Err(Failure::incomplete(fault.message)
                .code(Code::Io)
                .advise(Advice::answer(help).at(Location::file(places.ledger())))
                .note("nothing was closed"))
        }
    })
}

fn leaving<'a>(
    places: &'a Places,
    target: &'a str,
    beside: &'a [String],
    outside: &'a [String],
    ledger: &'a [u8],
) -> Leaving<'a> {
    let closed = (places.ledger(), ledger);
    Leaving { from: places.directory(), target, beside, outside, closed }
}

/// As what the release is closed.
///
/// # Errors
/// A refusal where it is not what somebody calls it.
fn closing(
    args: &ArchiveArgs,
    project: &Project,
    release: &Release,
    now: Stamp,
) -> Result<Closing, Failure> {
    let closing = match args.outcome {
        Outcome::Completed => Closing::Completed,
        Outcome::Superseded => Closing::Superseded,
        Outcome::Abandoned => Closing::Abandoned,
    };
    if closing != Closing::Completed {
        let reason = args.reason.as_deref().filter(|reason| !reason.trim().is_empty());
        return reason.map(|_| closing).ok_or_else(|| {
            Failure::usage(format!("why was it {}? --reason \"…\"", closing.word()))
        });
    }
    let assessment = assess(project, now);
    match assessment.gates.iter().find(|gate| !gate.is_valid()) {
        None => Ok(closing),
        Some(open) => Err(Failure::refused(format!(
            "release {} is not completed: gate {} is not passed",
            release.version, open.id
        ))
        .advise(Advice::d3p(["status", "--next"]))
        .advise(abandon().what("give it up"))),
    }
}

/// Insists that nothing of the ledger is lost that some copy still holds.
fn whole(session: &Session, ledger: &[u8], env: &Env<'_>) -> Result<(), Failure> {
    let harm = session.project.ledger_harm();
    let cut = !ledger.is_empty() && !ledger.ends_with(b"\n");
    let lost = harm.is_some() && doctor::can_mend_ledger(session.root(), &session.project, env);
    if !cut && !lost {
        return Ok(());
    }
    let harm = harm.unwrap_or_else(|| "its last line is cut".to_owned());
    Err(Failure::refused(format!("the ledger is damaged: {harm}"))
        .advise(restore())
        .note("nothing was closed"))
}

/// The archive of this very attempt, where it was laid and its original was not taken away: it has the
/// same ledger, and the line that closes it.
fn archived(root: &Root, project: &Project, release: &Release, ledger: &[u8]) -> Option<String> {
    let mut names = (1..=MOST_COPIES)
        .map(|copy| project.places().archive(&release.version, release.attempt, copy))
        .take_while(|target| root.exists(target));
    names.find(|target| {
        let path = format!("{target}/{}", project.places().ledger());
        let Ok(told) = root.bytes(&path, limit_of(&path)) else { return false };
        let Some(rest) = told.strip_prefix(ledger).filter(|_| !ledger.is_empty()) else {
            return false;
        };
        let last = std::str::from_utf8(rest).ok().map(str::trim_end);
        let closes = last.and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        closes.is_some_and(|line| line["kind"] == "archived" && line["release"] == release.name())
            && project.closed().is_none()
    })
}

/// An archive of that name is kept; the release still has to get out of the way.
fn free_name(root: &Root, places: &Places, release: &Release) -> Result<String, Failure> {
    (1..=MOST_COPIES)
        .map(|copy| places.archive(&release.version, release.attempt, copy))
        .find(|target| !root.exists(target))
        .ok_or_else(|| {
            Failure::refused(format!("there is no free name for {} in {}", release.name(), places.archives()))
                .advise(Advice::answer(format!("make it a directory that can be read, with fewer than {MOST_COPIES} archives of one attempt")).at(Location::file(places.archives())))
        })
}

fn show(
    target: &str,
    release: &Release,
    closing: Option<Closing>,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let word = closing.map_or("closed before", Closing::word);
    if global.human() {
        writeln!(env.out, "archived {} as {word}: {target}", release.name())?;
        writeln!(env.out, "verify it any time: d3p verify {target}")?;
        writeln!(env.out, "next release: d3p init --release VERSION")?;
    } else {
        let view =
            serde_json::json!({ "archived": target, "release": release.name(), "outcome": word });
        env.out.write_all(json::pretty(&view).as_bytes())?;
    }
    Ok(Exit::Passed)
}
