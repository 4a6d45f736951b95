//! The hooks of a step.

use crate::definition::Hook;
use crate::project::Project;

/// The hooks of a step, by name: what must have run when the policy names any.
pub fn step_hooks<'a>(project: &'a Project, step: &str) -> Vec<(&'a str, &'a Hook)> {
    let hooks = project.effective().policy.hooks.iter();
    let mut hooks: Vec<_> = hooks
        .filter(|(name, hook)| hook.step(name) == step)
        .map(|(name, hook)| (name.as_str(), hook))
        .collect();
    hooks.sort_by_key(|(name, _)| *name);
    hooks
}
