//! GL247: rollout-unjudged.

use super::Context;
use super::support::doubts::{for_go, policy_place};
use crate::model::{Finding, Level, Piece};
use crate::rollout::{Stage, plan};

rule! {
    /// A rollout has the name of a strategy, and nothing of it is judged.
    ///
    /// ## What it checks
    /// Each stage of a canary or behind a feature flag but the last lasts for some time, in which a condition or a
    /// trigger is looked at; so does the validation of blue-green and rolling. Where these are validated
    /// for no time at all, that is a warning. A stage of which a hook brings what an engine says is judged by that.
    ///
    /// ## Why it matters
    /// A canary that nobody looks at finds nothing. Its stages end as soon as their hooks do, whatever
    /// users are answered.
    ///
    /// ## How to fix
    /// Give each stage a `duration` and `gates`, or the rollout `triggers`; or write `strategy: direct`.
    /// Or let it stand: whoever says GO sees it, and the report calls the rollout `unwatched`.
    GL247 "rollout-unjudged" Error since "0.1.0" clauses ["DLC-5", "P8-2", "D3P-5"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let plan = plan(&project.effective().policy);
    if plan.strategy == "direct" {
        return;
    }
    let judged = |stage: &Stage| {
        // What an engine measures is looked at when its report comes in.
        plan.has_engine
            || stage.duration.is_some() && !(stage.gates.is_empty() && plan.triggers.is_empty())
    };
    if !plan.is_staged() {
        let message =
            format!("nobody watches the rollout ({}): it has no validation_period", plan.strategy);
        let place = policy_place(project, "/rollout");
        out.push(Finding::new(&GL247, Piece::Policy, place, message).level(Level::Warning));
        return;
    }
    let staged = !project.effective().policy.rollout.stages.is_empty();
    let before = plan.stages.len().saturating_sub(1).max(1);
    for (index, stage) in
        plan.stages.iter().take(before).enumerate().filter(|(_, own)| !judged(own))
    {
        let place = match staged {
            true => format!("/rollout/stages/{index}"),
            false => "/rollout/validation_period".to_owned(),
        };
        let lacks = if stage.duration.is_none() { "lasts for no time" } else { "has no condition" };
        let message = format!(
            "stage {} ({}) of the rollout ({}) {lacks}: nothing of it is judged",
            stage.number, stage.weight, plan.strategy
        );
        out.extend(for_go(project, &GL247, policy_place(project, &place), message));
    }
}
