//! `d3p schema`: prints a JSON Schema.

use crate::cli::Failure;
use crate::cli::args::SchemaArgs;
use crate::cli::common::{Global, phase_here};
use crate::env::{Env, Exit};
use crate::render::json;
use crate::schema;
use crate::source::{embedded, embedded_phases};

pub(super) fn run(args: &SchemaArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let all = all(global)?;
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    match &args.name {
        Some(name) => {
            let (_, text) = all.iter().find(|(known, _)| known == name).ok_or_else(|| {
                Failure::usage(format!("there is no schema `{name}`"))
                    .note(format!("schemas: {}", names.join(", ")))
            })?;
            env.out.write_all(text.as_bytes())?;
        }
        None if global.human() => {
            for name in names {
                writeln!(env.out, "{name}")?;
            }
        }
        None => env.out.write_all(json::pretty(&names).as_bytes())?,
    }
    Ok(Exit::Passed)
}

/// Every schema by name, sorted: those of d3p, and those that the phases bring.
fn all(global: &Global) -> Result<Vec<(String, String)>, Failure> {
    let shared = schema::names().into_iter().filter_map(|name| Some((name, schema::text(name)?)));
    let mut all: Vec<(String, String)> =
        shared.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let shipped = embedded_phases().into_iter().filter_map(|id| embedded(id).ok());
    for phase in [phase_here(global)?].into_iter().chain(shipped) {
        for (name, text) in phase.folder.schemas() {
            if !all.iter().any(|(known, _)| known == name) {
                all.push((name.to_owned(), text.to_owned()));
            }
        }
    }
    all.sort();
    Ok(all)
}
