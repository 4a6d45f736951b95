//! What a prerequisite file says at places that nobody asked about, and that is no good news: a second
//! word about how it ended, a count of failures, a Go that hangs on something.

use super::content::Weight;
use crate::definition::{Counts, PrerequisiteDef};
use crate::model::StatedOutcome;
use crate::rules::support::values::show;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What members are called that say how something ended.
const ENDINGS: [&str; 6] = ["status", "result", "outcome", "verdict", "conclusion", "decision"];

/// What members are called that count what went wrong.
const WRONG: [&str; 10] = [
    "failures",
    "failed",
    "failure_count",
    "failed_count",
    "num_failures",
    "num_failed",
    "errors",
    "error_count",
    "errored",
    "exit_code",
];

/// Beginnings of names that tell of something else.
const OTHERS: [&str; 6] = ["previous", "last", "before", "prior", "expected", "initial"];

/// What follows a Go that is none yet.
const HANGS_ON: [&str; 9] = [
    "if ",
    "unless ",
    "provided ",
    "subject to ",
    "pending ",
    "on condition ",
    "conditional ",
    "as soon as ",
    "once ",
];

/// Everything of the kind in the members of the file, and in the objects that its counts stand in.
pub(super) fn beside(value: &Value, def: &PrerequisiteDef) -> Vec<(Weight, String, String)> {
    let known: BTreeSet<&str> = asked(def).collect();
    let holders = def.counts.iter().filter(|own| own.each.is_none()).flat_map(pointers);
    let mut holders: BTreeSet<&str> =
        holders.filter_map(|own| own.rsplit_once('/').map(|(holder, _)| holder)).collect();
    holders.insert("");
    let mut out = Vec::new();
    for holder in holders {
        let Some(members) = value.pointer(holder).and_then(Value::as_object) else { continue };
        out.extend(of_members(members, holder, &known));
    }
    out
}

fn of_members(
    members: &Map<String, Value>,
    holder: &str,
    known: &BTreeSet<&str>,
) -> Vec<(Weight, String, String)> {
    let mut out = Vec::new();
    for (name, found) in members {
        let pointer = format!("{holder}/{name}");
        let folded = name.to_lowercase().replace('-', "_");
        let other = OTHERS.iter().any(|own| folded.starts_with(own));
        if known.contains(pointer.as_str()) || other {
            continue;
        }
        let ends = ENDINGS.iter().any(|own| folded == *own || folded.ends_with(&format!("_{own}")));
        if ends && let Some(said) = found.as_str().and_then(StatedOutcome::read) {
            if matches!(said, StatedOutcome::Failed | StatedOutcome::Open) {
                let message = format!("`{name}` is {}, whatever else it says", show(found));
                out.push((Weight::NotMet, pointer, message));
            }
        } else if ends && holder.is_empty() && found.is_string() {
            let message = format!("`{name}` is {}, and nobody knows what that says", show(found));
            out.push((Weight::Doubt, pointer, message));
        } else if WRONG.contains(&folded.as_str()) && found.as_f64().is_some_and(|own| own != 0.0) {
            let message = format!("`{name}` is {}, whatever else it says", show(found));
            out.push((Weight::NotMet, pointer, message));
        }
    }
    out
}

/// Every place that is judged already.
fn asked(def: &PrerequisiteDef) -> impl Iterator<Item = &str> {
    let targets = def.targets.iter().filter_map(|own| own.met.as_deref());
    let counts = def.counts.iter().filter(|own| own.each.is_none()).flat_map(pointers);
    def.outcome.iter().map(String::as_str).chain(targets).chain(counts)
}

fn pointers(counts: &Counts) -> impl Iterator<Item = &str> {
    let own = [&counts.total, &counts.executed, &counts.passed, &counts.skipped];
    own.into_iter().flatten().chain(&counts.failed).map(String::as_str)
}

/// What a Go of `text` hangs on: `GO for the release, if legal agrees`. `word` is how it is said in the
/// head, and counts where it is written as there, in capitals.
pub(super) fn hangs_on<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    if word.chars().any(char::is_lowercase) {
        return None;
    }
    let ends = |c: char| matches!(c, '.' | ';' | '!' | '\n');
    text.split(ends).find_map(|sentence| {
        let (at, _) = sentence.match_indices(word).find(|(at, _)| {
            let (before, after) = (&sentence[..*at], &sentence[at + word.len()..]);
            !before.ends_with(|c: char| c.is_alphanumeric() || c == '-')
                && !before.trim_end().to_uppercase().ends_with("NO")
                && !after.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '/')
                && !after.trim_start().starts_with('/')
        })?;
        let rest = &sentence[at + word.len()..];
        let lower = rest.to_lowercase();
        let hangs = HANGS_ON.iter().filter_map(|own| {
            let at = lower.find(own)?;
            let before = lower[..at].trim_end();
            // "…, and if it fails we go back" is a plan, and no condition.
            let begins = lower[..at].ends_with([' ', '(', ',']) || at == 0;
            (begins && !before.ends_with(" and") && !before.ends_with("what")).then_some(at)
        });
        hangs.min().and_then(|at| rest.get(at..))
    })
}

#[cfg(test)]
mod tests {
    use super::hangs_on;

    #[test]
    fn a_go_that_hangs_on_something_is_told_from_a_plan() {
        for text in [
            "GO for the gift card release, if legal agrees.",
            "GO, provided that the load test passes",
            "Decision: GO (pending the audit)",
            "GO once Jonas Weber has fixed the migration",
            "GO subject to approval by the works council",
        ] {
            assert!(hangs_on(text, "GO").is_some(), "{text}");
        }
        for text in [
            "GO for the gift card release.",
            "GO. If the error rate rises, we take it back.",
            "GO, and if the error rate rises we take it back",
            "NO-GO if two blockers are open",
            "GO/NO-GO meeting, if needed on Monday",
            "Go-live happens if nothing is open",
            "We said no GO to the last one if anybody remembers",
        ] {
            assert!(hangs_on(text, "GO").is_none(), "{text}");
        }
        assert!(hangs_on("The audit passed once both findings were mended", "passed").is_none());
    }
}
