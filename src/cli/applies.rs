//! `d3p applies`: whether the phase is gone through, and which of its parts apply, each with the fact that
//! decided.

use crate::cli::Failure;
use crate::cli::change;
use crate::cli::common::{Global, trusted_git};
use crate::decide::{Answer, Applies, applies, assess};
use crate::decisions::agrees;
use crate::env::{Env, Exit};
use crate::record::{CheckedChange, Reassigned};
use crate::render::{clean, json};
use serde_json::{Value, json};

pub(super) fn run(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (root, project) = global.open()?;
    let now = (env.now)();
    let applies = applies(&project, &assess(&project, now));
    let change = change::asked(&trusted_git(&root, &project, env), &project);
    let against = change.as_ref().and_then(|change| agrees(&project, change).err());
    let against = against.map(|why| why.to_string());
    if global.human() {
        show(&applies, change.as_ref(), against.as_deref(), env)?;
    } else {
        let view = view(&applies, change.as_ref(), against.as_deref());
        env.out.write_all(json::pretty(&view).as_bytes())?;
    }
    Ok(if against.is_none() { Exit::Passed } else { Exit::Refused })
}

fn answers(applies: &Applies) -> [(&'static str, &Answer); 3] {
    [
        ("canExecutePhase", &applies.can_execute),
        ("shouldSkipPhase", &applies.should_skip),
        ("requiresDeployment", &applies.requires_deployment),
    ]
}

fn show(
    applies: &Applies,
    change: Option<&CheckedChange>,
    against: Option<&str>,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    for (name, answer) in answers(applies) {
        let word = if answer.yes { "yes" } else { "no" };
        writeln!(env.out, "{name:<19} {word}: {}", clean(&answer.why))?;
        if let Some(note) = &answer.note {
            writeln!(env.out, "{:<19} {}", "", clean(note))?;
        }
    }
    if let Some(change) = change {
        let since = change.since.as_deref().unwrap_or("the beginning: no release was launched");
        writeln!(env.out, "\nChanged since {}, as git says", clean(since))?;
        for (kind, paths) in &change.kinds {
            writeln!(env.out, "  {kind}: {}", clean(&paths.join(", ")))?;
        }
        if let Some(told) = Reassigned::told(&change.reassigned) {
            writeln!(env.out, "  {}", clean(&told))?;
        }
    }
    if let Some(why) = against {
        writeln!(env.out, "\nREFUSED: {}", clean(why))?;
    }
    writeln!(env.out, "\nParts that depend on a fact")?;
    for part in &applies.parts {
        let word = if part.applies.yes { "applies" } else { "does not apply" };
        writeln!(env.out, "  {} {}: {word}, {}", part.kind, part.id, clean(&part.applies.why))?;
    }
    if !applies.unanswered.is_empty() {
        let names = applies.unanswered.join(", ");
        writeln!(env.out, "\nnot given, and so they remove nothing: {names} (facts in d3p.yaml)")?;
    }
    if applies.should_skip.yes && against.is_none() {
        writeln!(env.out, "skip it: d3p skip --as PRINCIPAL --reason \"WHY\"")?;
    }
    Ok(())
}

fn view(applies: &Applies, change: Option<&CheckedChange>, against: Option<&str>) -> Value {
    let mut view =
        json!({ "change": change, "against": against, "unanswered": applies.unanswered });
    for (name, answer) in answers(applies) {
        view[name] = json!({ "answer": answer.yes, "why": answer.why, "note": answer.note });
    }
    let part = |part: &crate::decide::Part| {
        json!({
            "kind": part.kind, "id": part.id, "title": part.title, "fact": part.fact,
            "applies": part.applies.yes, "why": part.applies.why,
        })
    };
    view["parts"] = applies.parts.iter().map(part).collect();
    view
}
