//! `d3p archive`: closes a release and moves it away, so that the next one begins clean.
//!
//! The archive is a project root of the same layout, and verifies for ever. The line that closes the
//! release stands in the archive's own ledger: nothing is closed by a try that fails.

use crate::cli::args::ArchiveArgs;
use crate::cli::common::{Global, ledger_entry, release, says_something};
use crate::cli::run::none_is_unrecorded;
use crate::cli::session::Session;
use crate::cli::{Code, Failure, doctor};
use crate::decide::{Assessment, assess, not_skipped, rolled_back};
use crate::definition::EvidenceDef;
use crate::derive::workflow;
use crate::env::{Env, Exit};
use crate::model::{Advice, Closing, Finding, Location, Piece, Places, Sha256Digest, Stamp, State};
use crate::project::{Project, Release, beside, outside};
use crate::record::{Contents, EntryKind, FileDigest, MOST_COPIES};
use crate::render::json;
use crate::rules::{abandon, close_rolled_back, restore, tell_incident};
use crate::source::{Root, Tree as _, limit_of};
use crate::text::FaultKind;
use crate::write::{ChangeSet, Leaving, Lock, archive, sweep, take_away};

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
        let leaving = leaving(places, &target, &[], &outside, &[]);
        take_away(session.held()?, root, leaving)?;
        return show(&target, &release, None, global, env);
    }
    none_is_unrecorded(root, project)?;
    let now = (env.now)();
    let closing = closing(args, project, &release, now)?;
    whole(&session, &ledger, env)?;
    let target = free_name(root, places, &release)?;
    keep_state(&session, closing, &release)?;
    let mut entry = ledger_entry(project, EntryKind::Archived, &release, now, env);
    entry.closed = Some(closing);
    entry.digests = rests_on(closing, project);
    let contents = contents(&session)?;
    entry.digests.push(FileDigest {
        path: places.contents().to_owned(),
        sha256: Sha256Digest::of(contents.as_bytes()).to_string(),
    });
    let reason = args.reason.as_deref().map(str::trim);
    entry.reason = reason.filter(|reason| !reason.is_empty()).map(str::to_owned);
    let closed = [&ledger[..], entry.to_line().as_bytes(), b"\n"].concat();
    let beside: Vec<String> = beside(project).into_iter().collect();
    let outside: Vec<String> = outside(project).into_iter().collect();
    let written = [(places.ledger(), &closed[..]), (places.contents(), contents.as_bytes())];
    archive(session.held()?, root, leaving(places, &target, &beside, &outside, &written))?;
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

/// Writes the workflow state of a release that was taken back: what passes no gate says so itself.
fn keep_state(session: &Session, closing: Closing, release: &Release) -> Result<(), Failure> {
    let project = &session.project;
    if closing != Closing::RolledBack {
        return Ok(());
    }
    let Some((path, text)) = workflow::rolled_back(project, release)
        .map(|(path, state)| (path, json::pretty(&state)))
        .filter(|(path, text)| project.digest_of(path) != Some(Sha256Digest::of(text.as_bytes())))
    else {
        return Ok(());
    };
    let mut changes = ChangeSet::new(session.root());
    changes.replace(path.as_str(), text, project.digest_of(&path));
    session.apply(changes)
}

fn leaving<'a>(
    places: &'a Places,
    target: &'a str,
    beside: &'a [String],
    outside: &'a [String],
    written: &'a [(&'a str, &'a [u8])],
) -> Leaving<'a> {
    Leaving { from: places.directory(), target, beside, outside, written }
}

/// Every file that the archive has, by digest: whatever no gate binds is held to that, too. Logs that
/// are kept out of git may lie elsewhere.
///
/// # Errors
/// When one cannot be read: nothing is closed that nobody could verify.
fn contents(session: &Session) -> Result<String, Failure> {
    let project = &session.project;
    let places = project.places();
    let detached = format!("{}/", places.detached());
    let listed = session.files().list(places.directory()).files;
    let kept = beside(project).into_iter().chain(listed);
    let kept = kept.filter(|path| path != places.ledger() && !path.starts_with(&detached));
    let digested = kept.map(|path| match session.files().digest(&path) {
        Ok((digest, _)) => Ok((path, digest)),
        Err(fault) => Err(Failure::incomplete(fault.message)
            .code(Code::Io)
            .note("nothing was closed")
            .advise(Advice::d3p(["doctor"]).what("see which files are damaged"))),
    });
    let digested: Vec<(String, Sha256Digest)> = digested.collect::<Result<_, Failure>>()?;
    Ok(json::pretty(&serde_json::json!(Contents::of(digested))))
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
    let closing = args.outcome.closing();
    let assessment = assess(project, now);
    if let Some(refusal) = second_exit(closing, project, release, &assessment) {
        return Err(refusal);
    }
    if closing == Closing::RolledBack {
        return Ok(closing);
    }
    if closing == Closing::Skipped {
        let lacking = not_skipped(project, &assessment, now)
            .ok_or_else(|| Failure::refused(format!("{} has no such end", project.phase.id)))?;
        return match lacking.first() {
            None => Ok(closing),
            Some(first) => Err(Failure::refused(format!("{} is not skipped", release.name()))
                .findings(&lacking)
                .advise(first.mend())),
        };
    }
    if closing != Closing::Completed {
        let reason = args.reason.as_deref().ok_or_else(|| {
            Failure::usage(format!("why was it {}? --reason \"…\"", closing.word()))
        })?;
        says_something("--reason", reason)?;
        return Ok(closing);
    }
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

/// Why a release that was taken back may not be called what somebody calls it, or another one that.
/// Where it could not be taken back after all, it may be given up, once it is told why.
fn second_exit(
    closing: Closing,
    project: &Project,
    release: &Release,
    assessment: &Assessment,
) -> Option<Failure> {
    let name = release.name();
    let Some(lacking) = rolled_back(project, assessment) else {
        return (closing == Closing::RolledBack).then(|| {
            Failure::refused(format!("{name} was not rolled back"))
                .advise(Advice::d3p(["status", "--next"]))
        });
    };
    // A copy of what is closed has its end.
    if project.is_history().is_some() {
        return None;
    }
    if closing == Closing::RolledBack {
        let first = lacking.first()?;
        return Some(
            Failure::refused(format!("{name} cannot be closed as rolled back yet"))
                .findings(&lacking)
                .advise(first.mend()),
        );
    }
    let is_of = |finding: &Finding, of: Option<(&str, &EvidenceDef)>| {
        of.is_some_and(|(kind, _)| finding.piece == Piece::Evidence(kind.to_owned()))
    };
    let back = project.phase.taken_back(false);
    let failed = |own: &Finding| is_of(own, back) && own.state == Some(State::Failed);
    let gone_wrong = lacking.iter().any(failed);
    let told = !lacking.iter().any(|own| is_of(own, project.phase.incident()));
    if gone_wrong && told && closing != Closing::Completed {
        return None;
    }
    let word = closing.word();
    let failure = Failure::refused(format!("{name} was rolled back: it is not {word}"));
    let first = lacking.first().map_or_else(close_rolled_back, Finding::mend);
    Some(match gone_wrong && closing != Closing::Completed {
        true => failure
            .note("where it cannot be taken back after all, it may be given up once the incident says why")
            .advise(tell_incident(project).unwrap_or(first)),
        false => failure.advise(first),
    })
}

/// What the line that closes a release names: what it rests on, by digest.
fn rests_on(closing: Closing, project: &Project) -> Vec<FileDigest> {
    let exit = project.phase.exit(closing);
    let kinds = exit.into_iter().flat_map(|exit| &exit.evidence);
    let files = kinds.filter_map(|kind| {
        let evidence = project.evidence(kind)?;
        let sha256 = evidence.file.digest?.to_string();
        Some(FileDigest { path: evidence.def.path.clone(), sha256 })
    });
    files.collect()
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
