//! `d3p diff`: what changed since a gate passed.

use crate::cli::Failure;
use crate::cli::args::DiffArgs;
use crate::cli::common::{Global, gate_id};
use crate::definition::Direction;
use crate::env::{Env, Exit};
use crate::project::Project;
use crate::project::bound_by_gate;
use crate::record::GateRecordClaims;
use crate::render::{banner, clean, clean_lines, json};
use crate::source::{DEFAULT_LIMIT, Root};
use crate::text::shell;
use serde_json::json;
use similar::TextDiff;
use std::collections::BTreeMap;

/// One file that differs from what a gate bound.
struct Difference {
    gate: String,
    path: String,
    diff: String,
    restore: String,
}

pub(super) fn run(args: &DiffArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (root, project) = global.open()?;
    let only = args.gate.as_deref().map(|name| gate_id(&project, name)).transpose()?;
    let differences = differences(&root, &project, only.as_deref());
    let policy: Vec<_> = project
        .policy_changes
        .iter()
        .map(|change| {
            let show = |value: &Option<serde_json::Value>| {
                value.as_ref().map_or("nothing".to_owned(), ToString::to_string)
            };
            let word = if change.direction == Direction::Looser { "looser" } else { "stricter" };
            (change.pointer.clone(), show(&change.was), show(&change.now), word)
        })
        .collect();
    if global.human() {
        writeln!(env.out, "{}", banner(&project))?;
        for (pointer, was, now, word) in &policy {
            writeln!(env.out, "d3p.yaml {pointer}: {} -> {} ({word})", clean(was), clean(now))?;
        }
        for difference in &differences {
            writeln!(env.out, "gate {}: {} has changed", difference.gate, clean(&difference.path))?;
            writeln!(env.out, "{}", clean_lines(&difference.diff))?;
            writeln!(env.out, "restore: {}\n", difference.restore)?;
        }
        if differences.is_empty() && policy.is_empty() {
            writeln!(env.out, "nothing changed since the recorded gates")?;
        }
    } else {
        let view = json!({
            "policy": policy.iter().map(|(pointer, was, now, word)| json!({
                "pointer": pointer, "was": was, "now": now, "direction": word,
            })).collect::<Vec<_>>(),
            "files": differences.iter().map(|difference| json!({
                "gate": difference.gate, "path": difference.path,
                "diff": difference.diff, "restore": difference.restore,
            })).collect::<Vec<_>>(),
        });
        env.out.write_all(json::pretty(&view).as_bytes())?;
    }
    Ok(if differences.is_empty() && policy.is_empty() { Exit::Passed } else { Exit::Refused })
}

fn differences(root: &Root, project: &Project, only: Option<&str>) -> Vec<Difference> {
    let mut out = Vec::new();
    for (id, gate) in
        project.phase.gates.iter().filter(|(id, _)| only.is_none_or(|only| only == *id))
    {
        let path = project.places().gate(gate.number, id);
        let Some(record) = project.file(&path).and_then(|file| file.value()) else { continue };
        let Some(claims) = GateRecordClaims::read(record) else { continue };
        let now: BTreeMap<String, String> = bound_by_gate(project, gate, Some(&claims))
            .iter()
            .map(|bound| (bound.path().to_owned(), bound.digest().to_string()))
            .collect();
        for (uri, was) in GateRecordClaims::recorded_inputs(record) {
            let is_record = project.places().is_record(uri);
            if uri.contains('#') || is_record || now.get(uri).is_some_and(|own| own == was) {
                continue;
            }
            let log = claims.logs.iter().find(|log| log.path == uri);
            let object = log.map_or(was.to_owned(), |log| log.object.to_string());
            let object = crate::model::Sha256Digest::parse(&object)
                .map(|digest| project.places().object(digest))
                .unwrap_or_default();
            let text = |path: &str| {
                root.bytes(path, DEFAULT_LIMIT)
                    .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                    .unwrap_or_default()
            };
            let (old, new) = (text(&object), text(uri));
            let diff = TextDiff::from_lines(&old, &new)
                .unified_diff()
                .context_radius(2)
                .header("as bound", "as it is now")
                .to_string();
            let restore = format!("cp {object} {}", shell::word(uri));
            out.push(Difference { gate: id.clone(), path: uri.to_owned(), diff, restore });
        }
    }
    out
}
