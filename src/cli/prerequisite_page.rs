//! `d3p explain` of a prerequisite: what is looked for in the file, and a file that has it.

use crate::definition::{Phase, PrerequisiteDef, Silence};
use crate::model::StatedOutcome;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What a prerequisite must hold, where it may lie, and an example; `None` when the phase has none of
/// the name.
pub(super) fn page(name: &str, phase: &Phase) -> Option<String> {
    let def = phase.prerequisites.get(name)?;
    let mut out = format!(
        "Prerequisite {name}: {}\nclauses: {}\n\nWhere it may lie\n",
        def.title,
        def.clauses.join(", ")
    );
    for path in std::iter::once(&def.path).chain(&def.aliases) {
        let _ = writeln!(out, "  {path}");
    }
    let _ = writeln!(out, "  or: prerequisites.{name}.path in d3p.yaml\n\nWhat it must hold");
    demands(&mut out, def);
    out.push_str(
        "\nThe phase that it comes from writes it. What names no release, or has a word and a date and\nnothing besides, waits for a person (GL240). An example:\n\n",
    );
    out.push_str(&example(def));
    if let Some((step, _)) = phase.step_producing(name) {
        let _ = writeln!(
            out,
            "\nOr let d3p make it: d3p run {step}, with a hook of this step in d3p.yaml; or\nd3p record {name} --junit 'reports/*.xml', where the reports name release or commit"
        );
    }
    let _ = writeln!(
        out,
        "\nA project that has none says so by name in d3p.yaml, and every report shows it:\n  prerequisites: {{ {name}: {{ not_applicable: {{ reason: \"…\", decided_by: \"FULL NAME\" }} }} }}"
    );
    Some(out)
}

fn places<'a>(pointers: impl IntoIterator<Item = &'a String>) -> String {
    pointers.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// A file that meets a prerequisite's demands, as the phase that it comes from would write it.
fn example(def: &PrerequisiteDef) -> String {
    let mut value = json!({});
    let mut put = |pointer: &str, item: Value| {
        let mut place = &mut value;
        for part in pointer.trim_start_matches('/').split('/') {
            if !place.is_object() {
                *place = json!({});
            }
            place = &mut place[part];
        }
        *place = item;
    };
    let first = |pointers: &[String]| pointers.first().cloned().unwrap_or_default();
    put(&first(&def.release), json!("v1.4.0"));
    put(&first(&def.commit), json!("6f1e5b0c3d2a49788e7f60514233221100ffeedd"));
    if let Some(environment) = &def.environment {
        put(&first(&environment.at), json!(environment.is));
    }
    put(&first(&def.dated), json!("2026-11-21T09:30:00Z"));
    put(&first(&def.outcome), json!(if def.prose.is_some() { "approved" } else { "passed" }));
    if let Some(at) = def.decided_by.first() {
        put(at, json!("Ana Silva"));
    }
    if let Some(counts) = def.counts.first().filter(|counts| counts.each.is_none()) {
        let numbers = [(&counts.total, 12), (&counts.executed, 12), (&counts.passed, 12)];
        let failed = counts.failed.first().cloned();
        for (pointer, number) in numbers.into_iter().chain([(&failed, 0), (&counts.skipped, 0)]) {
            if let Some(pointer) = pointer {
                put(pointer, json!(number));
            }
        }
    }
    if let Some(target) = def.targets.first() {
        put(&target.actual, json!(228));
        put(&target.at_most, json!(600));
    }
    if !def.path.ends_with(".md") {
        return format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default());
    }
    let mut out = String::from("---\n");
    let members = value.as_object().into_iter().flatten();
    for (key, item) in members.filter(|(_, item)| item.is_string()) {
        let _ = writeln!(out, "{key}: {item}");
    }
    out.push_str(
        "---\n# Result\n\nWhat was looked at, by whom, what was found, and what follows from it.\n",
    );
    out
}

/// What is looked for in the file, a line each.
fn demands(out: &mut String, def: &PrerequisiteDef) {
    let _ = writeln!(
        out,
        "  a date at one of {}, not older than {}",
        def.dated.join(", "),
        def.max_age
    );
    let _ = writeln!(
        out,
        "  this release or its commit, at one of {}{}",
        places(def.release.iter().chain(&def.commit)),
        if def.silence == Silence::Shown { "; where neither is named, that is shown" } else { "" }
    );
    if let Some(environment) = &def.environment {
        let (is, at) = (&environment.is, places(&environment.at));
        let _ = writeln!(out, "  where it names an environment, {is}, at {at}");
    }
    let _ = writeln!(out, "  a word that says it passed, at {}", places(&def.outcome));
    let _ = writeln!(out, "    {}", StatedOutcome::known());
    if !def.decided_by.is_empty() {
        let _ = writeln!(out, "  who decided, by full name, at {}", places(&def.decided_by));
    }
    if !def.parts.is_empty() {
        let _ = writeln!(out, "  no part that did not pass, at {}", places(&def.parts));
    }
    for counts in &def.counts {
        let numbers = [&counts.total, &counts.executed, &counts.passed, &counts.skipped];
        let numbers = numbers.into_iter().flatten().chain(&counts.failed);
        let each =
            counts.each.as_ref().map_or(String::new(), |list| format!(", in each of {list}"));
        let _ = writeln!(
            out,
            "  numbers that agree, with none failed and more passed than skipped, at {}{each}",
            places(numbers)
        );
    }
    for target in &def.targets {
        let _ = writeln!(out, "  {} at most {}", target.actual, target.at_most);
    }
    if !def.blockers.is_empty() {
        let _ = writeln!(out, "  no issue that is not closed, at {}", places(&def.blockers));
    }
    if let Some(prose) = &def.prose {
        let _ = writeln!(
            out,
            "  in Markdown, prose on what was found, which does not say {}",
            prose.opposes.join(" or ")
        );
    }
}
