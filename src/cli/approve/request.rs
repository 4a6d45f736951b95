//! `d3p approve request`: writes what is to be decided. A request decides nothing.

use super::brief::brief;
use crate::cli::common::{Global, release};
use crate::cli::{Failure, record};
use crate::decide::assess;
use crate::env::{Env, Exit};
use crate::rules::covers;
use serde_json::json;

pub(super) fn run(global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (_, project) = global.open()?;
    let release = release(&project)?;
    let now = (env.now)();
    let assessment = assess(&project, now);
    record::may_decide(&project, &assessment)?;
    let request = json!({
        "requested_at": now.to_string(),
        "by": env.actor(),
        "brief": brief(&project, &release, &assessment, now).join("\n"),
        "covers": covers(&project),
    });
    record::request(request, global, env)?;
    if global.human() && !global.quiet {
        writeln!(
            env.out,
            "the request is written; that nobody has decided yet is no failure\nnext: a person reads it with d3p approve show, and decides with d3p approve sign"
        )?;
    }
    Ok(Exit::Passed)
}
