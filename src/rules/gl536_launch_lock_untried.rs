//! GL536: launch-lock-untried.

use super::Context;
use super::support::lock::lock_rehearsed;
use crate::decisions::{approval_evidence, how_to_decide};
use crate::model::{Advice, Finding, Location, State};

rule! {
    /// Nobody could take the launch lock yet: it is off.
    ///
    /// ## What it checks
    /// Where `d3p.yaml` names a `launch_lock`, a ref was made, moved and deleted there for this release
    /// at least once, as a line of the ledger says. The first gate and `d3p approve request` try it.
    ///
    /// ## Why it matters
    /// A token that may only read, or a forge that refuses such refs, is otherwise found out when the
    /// launch is due. Until it was tried, a launch goes without the lock where it cannot be taken, and
    /// then two machines can launch at once.
    ///
    /// ## How to fix
    /// See that the repository at `launch_lock.url` can be pushed to, and run `d3p approve request`
    /// again. Or let it stand: whoever says GO sees it, and their statement names it.
    GL536 "launch-lock-untried" Error since "0.1.0" clauses ["DLC-8", "X-10"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(evidence) = approval_evidence(project) else { return };
    let Some(policy) = &project.effective().policy.launch_lock else { return };
    if lock_rehearsed(project) {
        return;
    }
    let place = match project.frozen {
        Some(_) => Location::pointer(project.places().policy(), "/policy/launch_lock"),
        None => Location::pointer("d3p.yaml", "/launch_lock"),
    };
    let message = format!("nobody could take the launch lock at {} yet: it is off", policy.url);
    out.push(
        Finding::new(&GL536, evidence.piece(), place, message)
            .state(State::Review)
            .clauses(&evidence.def.clauses)
            .advise(
                Advice::d3p(["approve", "request"]).what("try it again").or(how_to_decide(project)
                    .what("whoever says GO sees it, and their statement names it")),
            ),
    );
}
