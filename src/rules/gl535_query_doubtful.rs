//! GL535: query-doubtful.

use super::Context;
use super::support::doubts::{for_go, policy_place};
use crate::model::Finding;
use crate::rollout::doubtful_queries;

rule! {
    /// A query may hide what it is to show.
    ///
    /// ## What it checks
    /// Each query that a stage or a trigger is judged by asks for `{version}`, where the release serves
    /// beside another one; and none makes a value where there is no data, as `or vector(0)` does.
    ///
    /// ## Why it matters
    /// At 5 % of the traffic, a release that answers nothing but errors raises the error rate of the
    /// whole service by five points, or by less. And `0` for no data looks like no errors.
    ///
    /// ## How to fix
    /// Ask for `{version}`, and leave out what makes values of nothing. Or let it stand: whoever says
    /// GO sees it, and their statement names it.
    GL535 "query-doubtful" Error since "0.1.0" clauses ["DLC-5", "D3P-5"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    for (metric, why) in doubtful_queries(&project.effective().policy) {
        let place = policy_place(project, &format!("/metrics/{metric}/query"));
        out.extend(for_go(project, &GL535, place, format!("{metric}: {why}")));
    }
}
