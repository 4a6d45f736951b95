//! What the doctor says, for people and for programs.

use super::{Damaged, Found};
use crate::cli::Failure;
use crate::cli::common::Global;
use crate::env::Env;
use crate::model::{Advice, Location};
use crate::render::{clean, json, ways};
use crate::rules::{abandon, restore};
use crate::source::PROJECT_FILE;
use serde_json::json;

/// Says what the report as JSON holds.
const SCHEMA: &str = "https://d3p.dev/schemas/doctor-report.v1.schema.json";

pub(super) fn show(
    found: &Found,
    restoring: bool,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    // Where two phases are open, each command says which one it is about.
    let named = |mut advice: Advice| {
        if let Some(phase) = global.phase() {
            advice.name_phase(phase);
        }
        advice
    };
    if !global.human() {
        let view = view(found, restoring, &named);
        return Ok(env.out.write_all(json::pretty(&view).as_bytes())?);
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
        for way in ways(&named(advice(own, restoring))) {
            writeln!(env.out, "  help: {}", clean(&way))?;
        }
    }
    for own in &found.machine {
        writeln!(env.out, "{}: {}", own.about, clean(&own.message))?;
        for way in ways(&named(own.advice.clone())) {
            writeln!(env.out, "  help: {}", clean(&way))?;
        }
    }
    let damaged = found.damaged.iter().filter(|own| own.is_missed).count();
    writeln!(env.out, "doctor: {}", told(damaged, found.machine.len()))?;
    Ok(())
}

/// All of it in one sentence.
fn told(damaged: usize, troubles: usize) -> String {
    let files = match damaged {
        0 => "everything is as it was recorded".to_owned(),
        1 => "1 file is not as it was recorded".to_owned(),
        more => format!("{more} files are not as they were recorded"),
    };
    match troubles {
        0 => files,
        1 => format!("{files}; 1 thing is wrong with this machine"),
        more => format!("{files}; {more} things are wrong with this machine"),
    }
}

/// How to get out of one damage.
fn advice(own: &Damaged, restoring: bool) -> Advice {
    if let Some(help) = &own.denied {
        return Advice::answer(help.clone()).at(Location::file(&own.path));
    }
    match &own.found {
        Some(_) if restoring => Advice::answer(
            "something that is no file lies in its place: move it away, then restore again",
        )
        .at(Location::file(&own.path)),
        Some(_) if own.is_missed => restore(),
        Some(_) => Advice::answer("merge what holds them where they belong to this release")
            .at(Location::file(&own.path))
            .or(restore().what("or take them over")),
        // Nothing can be closed without it, and it is what people write.
        None if own.path == PROJECT_FILE => Advice::edit(
            Location::file(&own.path),
            "mend it, or write it again as it was: another clone or a backup may have it",
        ),
        None => Advice::answer(
            "look for it in other clones, backups and bundles, and put it there; then ask again",
        )
        .at(Location::file(&own.path))
        .or(abandon().what("where nobody has it any more, close this attempt")),
    }
}

fn view(found: &Found, restoring: bool, named: &dyn Fn(Advice) -> Advice) -> serde_json::Value {
    let damaged: Vec<_> = found
        .damaged
        .iter()
        .map(|own| {
            json!({
                "path": own.path, "what": own.what, "named_by": own.named_by, "missed": own.is_missed,
                "found": own.found.as_ref().map(|copy| &copy.from), "notes": own.notes,
                "advice": json::advice(&named(advice(own, restoring))),
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
                "advice": json::advice(&named(own.advice.clone())),
            })
        })
        .collect();
    json!({
        "schema": SCHEMA, "restored": restored, "damaged": damaged, "machine": machine,
    })
}
