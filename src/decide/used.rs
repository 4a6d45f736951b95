//! What an approval is used up by: one launch that succeeded, or one of which nobody knows whether it
//! did.

use crate::decisions::{
    Moments, how_to_decide, lacking_over, rollback_hook, rollbacks_begun, ruling,
};
use crate::model::{Actor, Advice, Finding, Stamp, State};
use crate::project::{Evidence, Project};
use crate::record::{EntryKind, History, Line, Status};
use crate::rules::{
    GL410, Launch, Outcome, after_rollback, begin, close, launches, launching_hooks, restore,
    untold_run,
};
use std::collections::BTreeSet;

/// An approval is for one launch: after a rollback, and after a launch that succeeded, a new attempt
/// needs a new one. A command that failed may be tried again while nothing changed. `hook` is asked
/// for alone; otherwise all of the step's.
pub(super) fn used_up(project: &Project, hook: Option<&str>, now: Stamp) -> Option<Finding> {
    let launch = project.phase.launch().and_then(|(kind, _)| project.evidence(kind))?;
    launched(project).or_else(|| in_the_way(project, &launch, hook, now))
}

/// Why this attempt was launched, or may have been, so that no decision clears another launch of it.
pub fn launched(project: &Project) -> Option<Finding> {
    let launch = project.phase.launch().and_then(|(kind, _)| project.evidence(kind))?;
    let told = project.recorded(&launch.def.path);
    let launched = told.iter().any(|(entry, _)| entry.status == Some(Status::Passed));
    let own = launch.file.digest.map(|digest| digest.to_string());
    let edited = told.last().is_some_and(|(_, sha256)| Some(*sha256) != own.as_deref());
    let (pointer, message) = if launch.file.is_absent() && !told.is_empty() {
        ("", "a deployment was recorded, and its report is gone: it may have succeeded")
    } else if !launch.file.is_absent() && launch.text_at("/status").is_none() {
        ("", "a deployment is reported, and its report cannot be read")
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
        return as_a_whole(project, &launch);
    };
    let lost = launch.file.is_absent() || launch.value().is_none();
    let advice = if lost { restore().or(next_attempt()) } else { next_attempt() };
    Some(finding(&launch, pointer, message.to_owned()).advise(advice))
}

/// How the next attempt begins.
fn next_attempt() -> Advice {
    close("superseded").what("close this attempt").or(begin())
}

fn finding(launch: &Evidence<'_>, pointer: &str, message: String) -> Finding {
    Finding::new(&GL410, launch.piece(), launch.at(pointer), message)
        .state(State::Failed)
        .clauses(&launch.def.clauses)
}

/// The launch that the last runs of all hooks are together, where no report tells of it.
fn as_a_whole(project: &Project, launch: &Evidence<'_>) -> Option<Finding> {
    let (hooks, launches) = (launching_hooks(project), launches(project));
    let last = |hook: &&str| launches.iter().rfind(|own| own.hook == *hook);
    let done = |hook: &&str| last(hook).is_some_and(|own| own.outcome == Outcome::Succeeded);
    if !hooks.iter().all(done) {
        return None;
    }
    let reported = reported(project, launch);
    let own = launches.iter().filter(|own| own.outcome == Outcome::Succeeded);
    let open = own.clone().rfind(|own| !project.lineage().holds(&reported, &own.line.digest));
    open.map(|own| no_report(launch, own))
}

/// Runs that stand in the way of another: what succeeded is a launch, and what may have succeeded wants
/// a GO of somebody who knows. `hook` is asked for alone.
fn in_the_way(
    project: &Project,
    launch: &Evidence<'_>,
    hook: Option<&str>,
    now: Stamp,
) -> Option<Finding> {
    let (mut hooks, launches) = (launching_hooks(project), launches(project));
    hooks.retain(|own| hook.is_none_or(|hook| hook == *own));
    let reported = reported(project, launch);
    let stopped = |hook: &str| {
        let succeeded = of(&launches, hook).filter(|own| own.outcome == Outcome::Succeeded);
        let open = |own: &&Launch<'_>| !project.lineage().holds(&reported, &own.line.digest);
        if let Some(own) = succeeded.filter(open).last() {
            return Some(no_report(launch, own));
        }
        if let Some(path) = untold_run(project, hook) {
            return Some(unrecorded(launch, path));
        }
        let lacks = |own: &&Launch<'_>| !lacking_over(project, own.line.digest, now).is_empty();
        let own = of(&launches, hook).filter(|own| own.outcome != Outcome::Failed).find(lacks)?;
        Some(asks_anew(project, launch, own))
    };
    let found: Vec<(&str, Finding)> =
        hooks.iter().filter_map(|hook| Some((*hook, stopped(hook)?))).collect();
    // One that is due may still be taken, but not beside one that nobody knows of.
    let all = found.len() == hooks.len();
    let is_unknown = |hook: &str| {
        untold_run(project, hook).is_some()
            || of(&launches, hook).any(|own| matches!(own.outcome, Outcome::Unknown(_)))
    };
    found.into_iter().find(|(hook, _)| all || is_unknown(hook)).map(|(_, finding)| finding)
}

/// Those of one hook.
fn of<'a, 'b>(
    launches: &'a [Launch<'b>],
    hook: &'a str,
) -> impl DoubleEndedIterator<Item = &'a Launch<'b>> {
    launches.iter().filter(move |own| own.hook == hook)
}

fn unrecorded(launch: &Evidence<'_>, path: &str) -> Finding {
    let message = format!(
        "{path} lies there, and the ledger knows nothing of that run: it may have launched"
    );
    finding(launch, "", message)
        .advise(restore().what("bring back the line of the ledger that says so").or(next_attempt()))
}

fn no_report(launch: &Evidence<'_>, own: &Launch<'_>) -> Finding {
    let (hook, at) = (own.hook, own.line.at);
    let message = format!("{hook} launched this attempt ({at}), and no report says so");
    finding(launch, "", message).advise(Advice::d3p(["record", launch.kind]))
}

fn asks_anew(project: &Project, launch: &Evidence<'_>, own: &Launch<'_>) -> Finding {
    let (hook, at) = (own.hook, own.line.at);
    let message = match &own.outcome {
        Outcome::Unknown(why) => format!("{hook} ran {at}, and may have launched: {why}"),
        _ => format!("{hook} succeeded {at}, in a launch that failed"),
    };
    finding(launch, "", message).advise(
        how_to_decide(project)
            .by(Actor::Approver)
            .what("look at what production runs; those who may launch it again decide anew"),
    )
}

/// The lines that the report's runs lead back to, and their own.
fn reported(project: &Project, launch: &Evidence<'_>) -> History {
    let runs = launch.value().and_then(|value| value.get("runs")?.as_array());
    let cited: BTreeSet<&str> =
        runs.into_iter().flatten().filter_map(|run| run.get("sha256")?.as_str()).collect();
    let of_cited =
        |line: &&Line| line.entry.digests.iter().any(|file| cited.contains(file.sha256.as_str()));
    let ran = project.ledger.lines.iter().filter(|line| line.entry.kind == EntryKind::Ran);
    let lines: Vec<String> = ran.filter(of_cited).map(|line| line.digest.to_string()).collect();
    project.history(lines.iter().map(String::as_str))
}

/// What a decision to roll back is followed by.
fn rollback_way(project: &Project) -> Advice {
    match rollback_hook(project) {
        Some(hook) => Advice::d3p(["run", hook]),
        None => Advice::answer("roll back as the rollback plan says"),
    }
}

/// After a rollback, or the decision to roll back, the attempt is over.
pub(super) fn taken_back(project: &Project, now: Stamp) -> Option<Finding> {
    let launch = project.phase.launch().and_then(|(kind, _)| project.evidence(kind))?;
    let moments = Moments { now, gate: None, use_now: false };
    let begun = !rollbacks_begun(project).is_empty();
    let way = if begun { after_rollback(project) } else { rollback_way(project) };
    let message =
        match (rollbacks_begun(project).first(), ruling(project, moments).unlifted.first()) {
            (Some(began), _) => {
                format!("this attempt was rolled back ({}, {})", began.hook, began.line.at)
            }
            (None, Some(vote)) => {
                format!("{} decided to roll this attempt back", vote.signer.person)
            }
            (None, None) => return None,
        };
    Some(
        Finding::new(&GL410, launch.piece(), launch.at(""), message)
            .state(State::Failed)
            .clauses(&launch.def.clauses)
            .advise(way.or(Advice::d3p(["rollback", "status"]).what("see who decided"))),
    )
}
