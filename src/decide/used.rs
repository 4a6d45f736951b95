//! What an approval is used up by: one launch that succeeded, or one of which nobody knows whether it
//! did.

use crate::model::{Finding, Stamp, State};
use crate::project::{Evidence, Project};
use crate::record::{EntryKind, History, Line, Run};
use crate::rules::{GL410, Moments, lacking_over, rollbacks_begun, ruling, step_hooks};
use std::collections::BTreeSet;

/// An approval is for one launch: after a rollback, and after a launch that succeeded, a new attempt
/// needs a new one. A command that failed may be tried again while nothing changed. `hook` is asked
/// for alone; otherwise all of the step's.
pub(super) fn used_up(project: &Project, hook: Option<&str>, now: Stamp) -> Option<Finding> {
    let launch = project.phase.launch().and_then(|(kind, _)| project.evidence(kind))?;
    let told = project.recorded(&launch.def.path);
    let launched = told.iter().any(|(entry, _)| entry.reason.as_deref() == Some("passed"));
    let own = launch.file.digest.map(|digest| digest.to_string());
    let edited = told.last().is_some_and(|(_, sha256)| Some(*sha256) != own.as_deref());
    let (pointer, message) = if launch.file.is_absent() && !told.is_empty() {
        ("", "a deployment was recorded, and its report is gone: it may have succeeded")
    } else if !launch.file.is_absent() && launch.text_at("/status").is_none() {
        ("", "a deployment is reported, and its report cannot be read")
    } else if launch.text_at("/outcome") == Some("ROLLBACK_TRIGGERED") {
        ("/outcome", "this attempt was rolled back; a new attempt needs a new approval")
    } else if launch.text_at("/status") == Some("passed") {
        ("/status", "this attempt was launched already; a new attempt needs a new approval")
    } else if launched {
        (
            "/status",
            "the ledger says that this attempt was launched; a new one needs a new approval",
        )
    } else if !launch.file.is_absent() && told.is_empty() {
        ("", "a deployment is reported, and the ledger knows nothing of it: it may have succeeded")
    } else if edited {
        ("", "the report of the deployment was edited since it was recorded: it may have succeeded")
    } else {
        return unreported(project, &launch, hook, now);
    };
    Some(finding(&launch, pointer, message.to_owned()).help(NEXT_ATTEMPT))
}

/// How the next attempt begins.
const NEXT_ATTEMPT: &str = "d3p archive, then d3p init --release VERSION begins the next attempt";

fn finding(launch: &Evidence<'_>, pointer: &str, message: String) -> Finding {
    Finding::new(&GL410, launch.piece(), launch.at(pointer), message)
        .state(State::Failed)
        .clauses(&launch.def.clauses)
}

/// Runs of the launching step that no report tells of: one that succeeded is a launch; one that
/// never ended, as far as is known, may have been, and another needs a GO of somebody who knows.
fn unreported(
    project: &Project,
    launch: &Evidence<'_>,
    hook: Option<&str>,
    now: Stamp,
) -> Option<Finding> {
    let (step, _) = project.phase.step_producing(launch.kind)?;
    let reported = reported(project, launch);
    let hooks = step_hooks(project, step).into_iter();
    let ended: Vec<Ended<'_>> =
        hooks.map(|(name, _)| Ended::of(project, name, &reported)).collect();
    // All of them did what they do, or this one did.
    let all = ended.iter().all(|hook| hook.last_passed);
    let launched = ended.iter().filter(|own| all || hook == Some(own.hook));
    if let Some((own, line)) = launched.filter_map(|own| Some((own, own.unreported?))).next_back() {
        let message =
            format!("{} launched this attempt ({}), and no report says so", own.hook, line.at);
        let help = format!("d3p record {} makes the report of that run", launch.kind);
        return Some(finding(launch, "", message).help(help).help(NEXT_ATTEMPT));
    }
    let known: BTreeSet<&str> = project.known_runs().into_iter().map(|(path, _)| path).collect();
    let began = project.began().into_iter().find(|began| {
        let record = format!("{}.json", Run::stem(began.hook, &began.line.entry.id));
        ended.iter().any(|own| own.hook == began.hook)
            && hook.is_none_or(|hook| hook == began.hook)
            && !known.contains(record.as_str())
            && !lacking_over(project, began.line.digest, now).is_empty()
    })?;
    let (hook, at) = (began.hook, began.line.at);
    let message = format!(
        "{hook} began {at}, and how it ended is not recorded: it still runs, or was killed, and may have launched"
    );
    Some(finding(launch, "", message).help(
        "look at what production runs; those who may launch it again decide anew: d3p approve request production",
    ))
}

/// How the runs of a hook ended, as the ledger says.
struct Ended<'a> {
    hook: &'a str,
    /// Whether the last one succeeded.
    last_passed: bool,
    /// One that succeeded, and that the report does not tell of.
    unreported: Option<&'a Line>,
}

impl<'a> Ended<'a> {
    fn of(project: &'a Project, hook: &'a str, reported: &History) -> Self {
        let (mut last_passed, mut unreported) = (false, None);
        for line in ran(project) {
            let told = line.entry.reason.as_deref().and_then(|reason| reason.split_once(": "));
            let Some((_, outcome)) = told.filter(|(own, _)| *own == hook) else { continue };
            last_passed = outcome == "passed";
            if last_passed && !project.lineage().holds(reported, &line.digest) {
                unreported = Some(line);
            }
        }
        Self { hook, last_passed, unreported }
    }
}

/// The lines of runs of this attempt that ended.
fn ran(project: &Project) -> impl Iterator<Item = &Line> {
    let release = project.release().map(|release| release.name());
    let lines = project.ledger.lines.iter();
    lines.filter(move |line| {
        line.entry.kind == EntryKind::Ran && Some(&line.entry.release) == release.as_ref()
    })
}

/// The lines that the report's runs lead back to, and their own.
fn reported(project: &Project, launch: &Evidence<'_>) -> History {
    let runs = launch.value().and_then(|value| value.get("runs")?.as_array());
    let cited: BTreeSet<&str> =
        runs.into_iter().flatten().filter_map(|run| run.get("sha256")?.as_str()).collect();
    let of_cited =
        |line: &&Line| line.entry.digests.iter().any(|file| cited.contains(file.sha256.as_str()));
    let lines: Vec<String> =
        ran(project).filter(of_cited).map(|line| line.digest.to_string()).collect();
    project.history(lines.iter().map(String::as_str))
}

/// After a rollback, or the decision to roll back, the attempt is over.
pub(super) fn taken_back(project: &Project, now: Stamp) -> Option<Finding> {
    let launch = project.phase.launch().and_then(|(kind, _)| project.evidence(kind))?;
    let moments = Moments { now, gate: None, use_now: false };
    let message =
        match (rollbacks_begun(project).first(), ruling(project, moments).standing.first()) {
            (Some(began), _) => {
                format!("this attempt was rolled back ({}, {})", began.hook, began.line.at)
            }
            (None, Some(voice)) => {
                format!("{} decided to roll this attempt back", voice.signer.person)
            }
            (None, None) => return None,
        };
    Some(
        Finding::new(&GL410, launch.piece(), launch.at(""), message)
            .state(State::Failed)
            .clauses(&launch.def.clauses)
            .help("d3p rollback status; the next attempt needs an approval of its own: d3p archive, then d3p init"),
    )
}
