//! `d3p schema`: prints a JSON Schema.

use crate::cli::Failure;
use crate::cli::args::SchemaArgs;
use crate::cli::common::Global;
use crate::env::{Env, Exit};
use crate::render::json;
use crate::schema;

pub(super) fn run(args: &SchemaArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match &args.name {
        Some(name) => {
            let text = schema::text(name).ok_or_else(|| {
                Failure::usage(format!("there is no schema `{name}`"))
                    .note(format!("schemas: {}", schema::names().join(", ")))
            })?;
            env.out.write_all(text.as_bytes())?;
        }
        None if global.human() => {
            for name in schema::names() {
                writeln!(env.out, "{name}")?;
            }
        }
        None => env.out.write_all(json::pretty(&schema::names()).as_bytes())?,
    }
    Ok(Exit::Passed)
}
