//! `d3p archive`: closes a release and moves it away, so that the next one begins clean.
//!
//! The archive is a project root of the same layout, and verifies for ever.

use crate::cli::Failure;
use crate::cli::args::{ArchiveArgs, Outcome};
use crate::cli::common::{Global, ledger_entry, release};
use crate::decide::assess;
use crate::env::{Env, Exit};
use crate::model::{Advice, Location};
use crate::project::{beside, outside};
use crate::record::{Closing, EntryKind, MOST_COPIES};
use crate::render::json;
use crate::rules::abandon;
use crate::write::{ChangeSet, Lock, archive};

pub(super) fn run(args: &ArchiveArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let session = global.session_locked()?;
    let (root, project) = (session.root(), &session.project);
    let release = release(project)?;
    // What a hook that still runs leaves behind belongs to this release.
    let hooks = project.effective().policy.hooks.keys();
    let _alone = hooks
        .filter(|hook| Lock::was_of_run(root, &project.phase.id, hook))
        .map(|hook| Lock::of_run(root, &project.phase.id, hook))
        .collect::<Result<Vec<_>, _>>()?;
    let now = (env.now)();
    let assessment = assess(project, now);
    let closing = match args.outcome {
        Outcome::Completed => Closing::Completed,
        Outcome::Superseded => Closing::Superseded,
        Outcome::Abandoned => Closing::Abandoned,
    };
    let word = closing.word();
    if args.outcome == Outcome::Completed {
        if let Some(open) = assessment.gates.iter().find(|gate| !gate.is_valid()) {
            return Err(Failure::refused(format!(
                "release {} is not completed: gate {} is not passed",
                release.version, open.id
            ))
            .advise(Advice::d3p(["status", "--next"]))
            .advise(abandon().what("give it up")));
        }
    } else if args.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        return Err(Failure::usage(format!("why was it {word}? --reason \"…\"")));
    }
    let places = project.places();
    // An archive of that name is kept; the release still has to get out of the way.
    let target = (1..=MOST_COPIES)
        .map(|copy| places.archive(&release.version, release.attempt, copy))
        .find(|target| !root.exists(target))
        .ok_or_else(|| {
            Failure::refused(format!("there is no free name for {} in {}", release.name(), places.archives()))
                .advise(Advice::answer(format!("make it a directory that can be read, with fewer than {MOST_COPIES} archives of one attempt")).at(Location::file(places.archives())))
        })?;
    let mut entry = ledger_entry(project, EntryKind::Archived, &release, now, env);
    entry.closed = Some(closing);
    let reason = args.reason.as_deref().map(str::trim);
    entry.reason = reason.filter(|reason| !reason.is_empty()).map(str::to_owned);
    let mut changes = ChangeSet::new(root);
    changes.leave_room(0).append_line(places.ledger(), entry.to_line());
    session.apply(changes)?;
    let beside: Vec<String> = beside(project).into_iter().collect();
    let leaving: Vec<String> = outside(project).into_iter().collect();
    archive(session.held()?, root, places.directory(), &target, &beside, &leaving)?;
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
