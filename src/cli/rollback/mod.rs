//! `d3p rollback`: the decision on taking the launch back, by somebody of the authority tree (D3P-9).

mod decide;
mod status;

pub(in crate::cli) use decide::run as decide;

use crate::cli::Failure;
use crate::cli::args::{RollbackArgs, RollbackCommand};
use crate::cli::common::Global;
use crate::decisions::{Authority, deciding_name, signatures_on};
use crate::env::{Env, Exit};
use crate::project::Project;

pub(super) fn run(
    args: &RollbackArgs,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    match &args.command {
        RollbackCommand::Decide(args) => decide::run(args, global, env),
        RollbackCommand::Status => status::run(global, env),
    }
}

/// A row of the authority tree in one line: who, what, how they are reached, and as whom they decide.
fn row(project: &Project, row: &Authority) -> String {
    let able = match deciding_name(project, &row.name) {
        Some(name) if signatures_on(project) => format!("--as {name}"),
        Some(name) => format!("--as \"{name}\""),
        None => format!("cannot decide: {}", why_not(project, row)),
    };
    format!("{}. {} ({}), {}: {able}", row.order, row.name, row.role, row.reachable_at)
}

fn why_not(project: &Project, row: &Authority) -> &'static str {
    let persons = &project.effective().policy.approval.persons;
    if persons.iter().any(|person| person.name == row.name) {
        return "approval.persons in d3p.yaml gives them no principal to sign with";
    }
    "approval.persons in d3p.yaml does not name them"
}
