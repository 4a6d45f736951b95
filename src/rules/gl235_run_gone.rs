//! GL235: run-gone.

use super::Context;
use super::support::advice::{abandon, restore};
use super::support::launch::{launch_anew, launching_hooks};
use super::support::runs::{made, produced};
use crate::model::{Advice, Finding, Location, Piece, Stamp, State};
use crate::project::{Began, Project};
use crate::record::{EntryKind, Run};
use std::collections::{BTreeMap, BTreeSet};

rule! {
    /// The record of a run is gone, was edited, or was put there by hand.
    ///
    /// ## What it checks
    /// The ledger says when each run begins, and names the record of it, with its log and reports, by digest; each still
    /// lies there and has that digest. Logs that are kept out of git are left to GL238. The other way
    /// round, a run that began has a record or a later run of its hook, the ledger names every record that lies there, and evidence cites runs of its own
    /// release, commit and attempt only.
    ///
    /// ## Why it matters
    /// Every attempt is kept: a run that failed is not made undone by deleting it, nor by killing
    /// `d3p` before it is written down. A record that no
    /// run wrote, or the run of another release, shows nothing about this one.
    ///
    /// ## How to fix
    /// Restore the file from version control; remove a record that no run wrote, and run the hook.
    GL235 "run-gone" Error since "0.1.0" clauses ["D3P-10", "P11-A", "X-2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(release) = project.release() else { return };
    let ran =
        project.ledger.lines.iter().filter(|line| {
            line.entry.kind == EntryKind::Ran && line.entry.release == release.name()
        });
    for line in ran {
        let hook = line.entry.hook.as_deref();
        let piece = hook.and_then(|hook| produced(project, hook)).unwrap_or(Piece::Ledger);
        for file in
            line.entry.digests.iter().filter(|file| !project.places().is_envelope(&file.path))
        {
            let now = project.digest_of(&file.path);
            if now.is_some_and(|digest| digest.to_string() == file.sha256) {
                continue;
            }
            let word = project.fate(&file.path);
            let message = format!("a hook ran {}, and {} {word}", line.at, file.path);
            out.push(
                Finding::new(
                    &GL235,
                    piece.clone(),
                    Location::span(project.places().ledger(), line.range.clone()),
                    message,
                )
                .state(State::Invalid)
                .advise(Advice::restore(&file.path)),
            );
            // What lies beside a record that is another one is not known; one finding is enough.
            if project.places().is_run(&file.path) {
                break;
            }
        }
    }
    unfinished(context, out);
    put_there(context, out);
    of_another(context, out);
}

/// Runs that began, and of whose end nothing is known. A later run of the hook takes their place.
fn unfinished(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let known: BTreeSet<&str> = project.known_runs().into_iter().map(|(path, _)| path).collect();
    let ended = |began: &Began<'_>| {
        let path = format!("{}.json", project.places().run(began.hook, &began.line.entry.id));
        known.contains(path.as_str())
    };
    // The last of each hook tells of those before.
    let mut open: BTreeMap<&str, Began<'_>> = BTreeMap::new();
    let mut last: BTreeMap<&str, Stamp> = BTreeMap::new();
    for began in project.began() {
        if ended(&began) {
            let at = last.entry(began.hook).or_insert(began.line.at);
            *at = began.line.at.max(*at);
        } else if open.get(began.hook).is_none_or(|other| other.line.at <= began.line.at) {
            open.insert(began.hook, began);
        }
    }
    for began in open.into_values() {
        let later = last.get(began.hook).is_some_and(|at| *at >= began.line.at);
        let Some(piece) = produced(project, began.hook).filter(|_| !later) else { continue };
        let message = format!(
            "hook {} began {}, and how it ended is not recorded: it still runs, or was killed",
            began.hook, began.line.at
        );
        out.push(
            Finding::new(
                &GL235,
                piece,
                Location::span(project.places().ledger(), began.line.range.clone()),
                message,
            )
            .state(State::Invalid)
            .advise(again(project, began.hook)),
        );
    }
}

/// How to go on after a run whose end is not known.
fn again(project: &Project, hook: &str) -> Advice {
    let launch = project.phase.launch().map(|(kind, _)| kind);
    match launch.filter(|_| launching_hooks(project).contains(&hook)) {
        Some(kind) => launch_anew(project, kind, hook),
        None => Advice::d3p(["run", hook]),
    }
}

/// Records that the ledger does not know.
fn put_there(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let named: BTreeSet<&str> = project.known_runs().into_iter().map(|(path, _)| path).collect();
    let records = project.raw.iter().filter(|(path, _)| project.places().is_run(path));
    for (path, file) in records.filter(|(path, _)| !named.contains(path.as_str())) {
        let run = file.value().and_then(Run::read);
        let produced = run.as_ref().and_then(|run| {
            let step = project.phase.steps.get(&run.step)?;
            step.produces.clone()
        });
        let message = "no line of the ledger names this run: `d3p run` did not write it";
        out.push(
            Finding::new(
                &GL235,
                produced.map_or(Piece::Ledger, Piece::Evidence),
                Location::file(path),
                message,
            )
            .state(State::Invalid)
            .advise(
                restore()
                    .what("bring back the line of the ledger that tells of it")
                    .or(abandon().what("where nobody has it any more, close this attempt")),
            ),
        );
    }
}

/// Evidence that cites runs which are not of this release.
fn of_another(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(release) = context.project.release() else { return };
    for made in made(context) {
        for (file, run) in &made.facts.runs {
            let other = if run.release != release.version {
                format!("release {}", run.release)
            } else if run.attempt != release.attempt {
                format!("attempt {}", run.attempt)
            } else if run.commit != release.commit {
                format!("commit {}", run.commit)
            } else {
                continue;
            };
            let message = format!("is made of {}, a run of {other}", file.path);
            out.push(made.finding(&GL235, "/runs", message, State::Invalid));
        }
    }
}
