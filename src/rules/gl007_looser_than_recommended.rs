//! GL007: looser-than-recommended.

use super::Context;
use super::support::advice::refreeze;
use crate::decisions::loosened;
use crate::definition::Looser;
use crate::model::{Finding, Level, Location, Piece, Rule};
use crate::project::Project;

rule! {
    /// The policy asks for less than is recommended.
    ///
    /// ## What it checks
    /// Each key of `d3p.yaml` says in its schema what it should at least be (`x-d3p-recommended`;
    /// `docs/policy.md` lists them), and which direction is stricter. Besides, some hook takes a
    /// launch back, no hook runs a command that does nothing, such as `true` or `echo`, no hook
    /// names another environment than that of its step, and not every setting that is compared may differ.
    /// With `strict: true` in `d3p.yaml` each of these is an error.
    ///
    /// ## Why it matters
    /// A gate is worth what its policy asks for. A regression of 100000 %, an approval that counts for
    /// ten years and a rollback that is `true` pass every check, and show nothing.
    ///
    /// ## How to fix
    /// Write the recommended value, or let it stand: the number of such places heads every report,
    /// and whoever approves sees each of them.
    GL007 "looser-than-recommended" Warning since "0.1.0" clauses ["X-2", "OPS-7", "P8-4", "D3P-9"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    out.extend(loosened(project).into_iter().map(|looser| finding(&GL007, project, looser)));
}

/// A finding about a place of the policy: a warning, or an error where the policy is strict.
pub(super) fn finding(rule: &'static Rule, project: &Project, looser: Looser) -> Finding {
    let strict = project.effective().policy.strict;
    let place = Location::pointer("d3p.yaml", &looser.pointer);
    let finding = Finding::new(rule, Piece::Policy, place, looser.message)
        .level(if strict { Level::Error } else { Level::Warning })
        .edit(looser.advice);
    let finding = if strict { finding.state(crate::model::State::Invalid) } else { finding };
    match project.frozen.is_some() && project.launched_at().is_none() {
        true => finding.or(refreeze(project)),
        false => finding,
    }
}
