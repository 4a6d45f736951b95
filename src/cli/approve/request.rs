//! `d3p approve request`: writes what is to be decided. A request decides nothing.

use super::brief::brief;
use crate::cli::common::{Global, open_release};
use crate::cli::{Failure, record};
use crate::decide::assess;
use crate::decisions::covers;
use crate::env::{Env, Exit};
use crate::render::{clean, way};
use serde_json::json;

pub(super) fn run(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (_, project) = global.open()?;
    let release = open_release(&project)?;
    let now = (env.now)();
    let assessment = assess(&project, now);
    record::may_decide(&project, &assessment)?;
    let request = json!({
        "requested_at": now.to_string(),
        "by": env.actor().to_string(),
        "brief": brief(&project, &release, &assessment, now).join("\n"),
        "covers": covers(&project),
    });
    if !record::request(request, global, env)? {
        return Ok(Exit::Refused);
    }
    if global.human() && !global.quiet {
        writeln!(env.out, "next: a person reads it with d3p approve show, and decides")?;
        for advice in super::status::to_decide(&project, now) {
            writeln!(env.out, "  {}", clean(&way(&advice)))?;
        }
    }
    Ok(Exit::Passed)
}
