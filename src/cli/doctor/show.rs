//! What the doctor says, for people and for programs.

use super::{Damaged, Found};
use crate::cli::Failure;
use crate::cli::common::Global;
use crate::env::Env;
use crate::model::{Advice, Location};
use crate::render::{clean, json, ways};
use crate::rules::{abandon, restore};
use serde_json::json;

pub(super) fn show(
    found: &Found,
    restoring: bool,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    if !global.human() {
        return Ok(env.out.write_all(json::pretty(&view(found, restoring)).as_bytes())?);
    }
    for own in &found.restored {
        writeln!(env.out, "restored  {} (from {})", clean(&own.path), clean(&own.from))?;
        if let Some(kept) = &own.kept {
            writeln!(env.out, "          what lay there is kept: {}", clean(kept))?;
        }
    }
    for own in &found.damaged {
        writeln!(env.out, "{} {}", clean(&own.path), clean(&own.what))?;
        writeln!(env.out, "  named by {}", clean(&own.named_by))?;
        if let Some(copy) = &own.found {
            writeln!(env.out, "  it can be had back from {}", clean(&copy.from))?;
        }
        for note in &own.notes {
            writeln!(env.out, "  note: {}", clean(note))?;
        }
        for way in ways(&advice(own, restoring)) {
            writeln!(env.out, "  help: {}", clean(&way))?;
        }
    }
    for own in &found.machine {
        writeln!(env.out, "{}: {}", own.about, clean(&own.message))?;
        for way in ways(&own.advice) {
            writeln!(env.out, "  help: {}", clean(&way))?;
        }
    }
    let told = match (found.damaged.len(), found.machine.len()) {
        (0, 0) => "everything is as it was recorded".to_owned(),
        (damaged, troubles) => {
            format!("{damaged} damaged, {troubles} things of this machine")
        }
    };
    writeln!(env.out, "doctor: {told}")?;
    Ok(())
}

/// How to get out of one damage.
fn advice(own: &Damaged, restoring: bool) -> Advice {
    match &own.found {
        Some(_) if restoring => Advice::answer(
            "something that is no file lies in its place: move it away, then restore again",
        )
        .at(Location::file(&own.path)),
        Some(_) => restore(),
        None => Advice::answer(
            "look for it in other clones, backups and bundles, and put it there; then ask again",
        )
        .at(Location::file(&own.path))
        .or(abandon().what("where nobody has it any more, close this attempt")),
    }
}

fn view(found: &Found, restoring: bool) -> serde_json::Value {
    let damaged: Vec<_> = found
        .damaged
        .iter()
        .map(|own| {
            json!({
                "path": own.path, "what": own.what, "named_by": own.named_by,
                "found": own.found.as_ref().map(|copy| &copy.from), "notes": own.notes,
                "advice": json::advice(&advice(own, restoring)),
            })
        })
        .collect();
    let restored: Vec<_> = found
        .restored
        .iter()
        .map(|own| json!({ "path": own.path, "from": own.from, "kept": own.kept }))
        .collect();
    let machine: Vec<_> = found
        .machine
        .iter()
        .map(|own| {
            json!({
                "about": own.about, "message": own.message, "blocks": own.blocks,
                "advice": json::advice(&own.advice),
            })
        })
        .collect();
    json!({ "restored": restored, "damaged": damaged, "machine": machine })
}
