//! What hooks are given, and have made, that is not from the release's commit.
//!
//! Whoever approves a launch takes all of it over: the lines stand in what is signed, with the
//! digests that a launch must find again.

use super::Project;
use crate::definition::{CarryKind, is_telling};
use crate::record::{Carried, Run};
use serde_json::Value;
use std::collections::BTreeSet;

/// How each line of [`not_from_commit`] begins.
pub const NOT_FROM_COMMIT: &str = "not from the commit: ";

/// The digest of the output at `path` that a hook of this attempt made last; only in other
/// environments than `but`, where one is given.
pub fn made_output(project: &Project, path: &str, but: Option<&str>) -> Option<String> {
    last(project, but, |run| of(run, path)?.after.clone())
}

/// The digest of the input at `path` that the last declared run that passed was given, in another
/// environment than `but`: what was validated.
pub fn validated_input(project: &Project, path: &str, but: &str) -> Option<String> {
    last(project, Some(but), |run| of(run, path)?.sha256.clone())
}

/// The digest of the input at `path` that a launch must be given: what the request names, which
/// whoever says GO signs with it, else what was validated.
pub fn launch_input(project: &Project, path: &str, launch: &str) -> Option<String> {
    requested_input(project, path).or_else(|| validated_input(project, path, launch))
}

/// What the request for the launch says of the input at `path` that no run validated.
fn requested_input(project: &Project, path: &str) -> Option<String> {
    let (kind, _) = project.phase.approval()?;
    let evidence = project.evidence(kind)?;
    let inputs = evidence.value()?.pointer("/request/inputs")?.as_array()?;
    let own = inputs.iter().find(|own| own.get("path").and_then(Value::as_str) == Some(path))?;
    own.get("sha256")?.as_str().map(str::to_owned)
}

/// An input of the launch in words: by its digest, and whether anything was tried with it.
fn input(project: &Project, path: &str, launch: &str) -> String {
    let validated = validated_input(project, path, launch);
    let taken = launch_input(project, path, launch);
    match (taken, validated) {
        (None, _) => ", which no run validated and no request names".to_owned(),
        (Some(taken), Some(own)) if own == taken => format!(" sha256:{taken}"),
        (Some(taken), None) => format!(" sha256:{taken}, which no run validated"),
        (Some(taken), Some(own)) => {
            format!(" sha256:{taken}, which no run validated; validated was sha256:{own}")
        }
    }
}

/// All that a launch is given or sees besides the commit, in words, sorted.
pub fn not_from_commit(project: &Project) -> Vec<String> {
    let policy = &project.effective().policy;
    let launch = project.phase.launch().map_or("", |(_, def)| def.environment.as_str());
    let mut lines = BTreeSet::new();
    for own in &policy.run.carry {
        let told = match own.kind {
            CarryKind::Output => made_output(project, &own.path, Some(launch))
                .map_or(String::new(), |digest| format!(" sha256:{digest}")),
            CarryKind::Input => input(project, &own.path, launch),
            CarryKind::State | CarryKind::Secret => String::new(),
        };
        lines.insert(format!("{} ({}){told}", own.path, own.kind.word()));
    }
    let usual = project.phase.defaults.pointer("/run/environment").and_then(Value::as_array);
    let usual: Vec<&str> = usual.into_iter().flatten().filter_map(Value::as_str).collect();
    let seen = policy.run.environment.iter().chain(&policy.run.secrets);
    // What a machine always has says nothing; the value of any other is whoever launches' own.
    let told = seen.filter(|name| is_telling(name) || !usual.contains(&name.as_str()));
    lines.extend(told.map(|name| format!("variable {name}")));
    for (name, hook) in &policy.hooks {
        if hook.project {
            lines.insert(format!("hook {name}: the project, as it lies there (project: true)"));
        }
        let argv = hook.argv();
        let words = argv
            .iter()
            .flat_map(|part| part.split([' ', '\t', '\n', '=', ':', ';', ',', '"', '\'']));
        let absolute = words.filter(|word| word.starts_with('/') && !word.starts_with("//"));
        lines.extend(absolute.map(|word| format!("hook {name}: argument {word}")));
    }
    // Links and submodules are told by the runs that found them, in the same commit.
    for (_, run) in project.runs().iter().filter(|(_, run)| run.environment != launch) {
        let told = run.outside.iter();
        let of_commit =
            told.filter(|line| !line.starts_with("argument ") && !line.starts_with("variable "));
        lines.extend(of_commit.cloned());
        // What a rehearsal of the launch leaves behind, the launch will.
        let left = run.still_running.iter();
        lines.extend(left.map(|own| format!("hook {}: left running: {}", run.hook, own.name)));
    }
    lines.into_iter().map(|line| format!("{NOT_FROM_COMMIT}{line}")).collect()
}

fn of<'a>(run: &'a Run, path: &str) -> Option<&'a Carried> {
    run.carried.iter().find(|carried| carried.path == path)
}

fn last(
    project: &Project,
    but: Option<&str>,
    pick: impl Fn(&Run) -> Option<String>,
) -> Option<String> {
    let runs = project.runs();
    // Another command line than the policy's makes and validates nothing.
    let counts =
        |run: &Run| run.succeeded() && run.declared && but.is_none_or(|but| run.environment != but);
    let picked = runs.iter().filter(|(_, run)| counts(run));
    let picked = picked.filter_map(|(_, run)| Some((&run.finished_at, &run.id, pick(run)?)));
    picked.max().map(|(_, _, digest)| digest)
}
