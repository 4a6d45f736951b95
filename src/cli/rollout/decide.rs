//! `d3p rollout promote` and `abort`: the decisions to go on and to roll back, made on a stage.
//!
//! They are the decisions of the authority tree, signed as those are; a promotion is one to continue
//! over the line of the ledger that says how the stage went.

use super::status;
use crate::cli::args::{DecideArgs, RollbackArg, StageDecisionArgs};
use crate::cli::common::{Global, release};
use crate::cli::{Failure, rollback};
use crate::decisions::{Deed, Moments, not_separate, person_of};
use crate::env::{Env, Exit};
use crate::model::Advice;
use crate::rollout::{State, progress};

pub(super) fn promote(
    args: &StageDecisionArgs,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let (_, project) = global.open()?;
    let release = release(&project)?;
    let now = (env.now)();
    let told = progress(&project, Moments { now, gate: None, use_now: false });
    if !told.stages.iter().any(|stage| matches!(stage.state, State::Undecided(_))) {
        return Err(Failure::refused("no stage of the rollout waits for a decision")
            .advise(Advice::d3p(["rollout", "status"]))
            .advise(Advice::d3p(["rollout", "run"])));
    }
    let persons = &project.effective().policy.approval.persons;
    let person = person_of(persons, &args.identity);
    if let Some(why) = person.and_then(|own| not_separate(&project, &release, own, Deed::Continue))
    {
        return Err(Failure::refused(format!("this decision would not count: {why}"))
            .advise(Advice::d3p(["rollback", "status"]).what("see who else may decide"))
            .note("nothing was written"));
    }
    decide(args, RollbackArg::Continue, global, env)
}

pub(super) fn abort(
    args: &StageDecisionArgs,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    decide(args, RollbackArg::RollBack, global, env)
}

fn decide(
    args: &StageDecisionArgs,
    decision: RollbackArg,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let decided = DecideArgs {
        identity: args.identity.clone(),
        decision: Some(decision),
        reason: args.reason.clone(),
        role: args.role.clone(),
        key: args.key.clone(),
    };
    let exit = rollback::decide(&decided, global, env)?;
    if global.human() {
        status::run(global, env)?;
    }
    Ok(exit)
}
