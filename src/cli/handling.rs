//! What is said of a refusal besides its findings: the protocol's own words for a failure, and by which
//! command a person decides on a doubt.

use crate::cli::Failure;
use crate::decisions::{not_waivable, signatures_on};
use crate::definition::{Failure as GateFailure, GateDef};
use crate::env::Env;
use crate::model::{Advice, Finding, State};
use crate::project::Project;
use crate::render::{clean, way};
use crate::rules::waive;

/// The protocol's words for what failed (P11-C3).
pub(super) fn write_failure(
    def: &GateDef,
    cause: &Finding,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let GateFailure { error, message, handling, recovery, .. } = &def.failure;
    writeln!(env.out, "{error}: {}", clean(&message.replace("{error}", &cause.message)))?;
    writeln!(env.out, "failure handling: {handling}")?;
    writeln!(env.out, "recovery: {recovery}")?;
    Ok(())
}

/// How a person decides on each doubt: once for each rule and file (DLC-7).
pub(super) fn write_deciding(
    project: &Project,
    findings: &[Finding],
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let doubts = findings.iter().filter(|own| own.state == Some(State::Review));
    let mut told: Vec<String> = doubts.map(|own| way(&deciding(project, own))).collect();
    told.sort();
    told.dedup();
    for line in told {
        writeln!(env.out, "decide: {}", clean(&line))?;
    }
    Ok(())
}

/// A signature that lets exactly this stand, where the rule lets anybody; else what it advises itself.
fn deciding(project: &Project, finding: &Finding) -> Advice {
    if signatures_on(project) && not_waivable(project, finding).is_none() {
        return waive(finding.rule.code, &finding.location.path);
    }
    finding.mend()
}
