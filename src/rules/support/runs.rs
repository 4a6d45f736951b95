//! Evidence that hooks produce, with what it says it was made of.

use crate::definition::Hook;
use crate::derive::{Facts, cited_facts};
use crate::model::{Advice, Finding, Location, Rule, State};
use crate::project::step_hooks;
use crate::project::{Evidence, Project};
use crate::rules::Context;

/// A piece that hooks may produce, as it lies there.
pub(crate) struct Made<'a> {
    /// The evidence.
    pub(crate) evidence: Evidence<'a>,
    /// The step that produces it.
    pub(crate) step: &'a str,
    /// The hooks that the policy names for the step.
    pub(crate) hooks: Vec<(&'a str, &'a Hook)>,
    /// What it says it was made of.
    pub(crate) facts: Facts<'a>,
}

impl Made<'_> {
    /// A finding at a place in the evidence.
    pub(crate) fn finding(
        &self,
        rule: &'static Rule,
        pointer: &str,
        message: impl Into<String>,
        state: State,
    ) -> Finding {
        let place = match pointer {
            "" => Location::file(&self.evidence.def.path),
            pointer => self.evidence.at(pointer),
        };
        Finding::new(rule, self.evidence.piece(), place, message)
            .state(state)
            .clauses(&self.evidence.def.clauses)
            .advise(self.again())
    }

    /// The command that makes it again.
    pub(crate) fn again(&self) -> Advice {
        match self.hooks.first() {
            Some((name, _)) => Advice::d3p(["run", name]),
            None => Advice::d3p(["record", self.evidence.kind]),
        }
    }
}

/// Every piece that can be made of runs and reports and that could be read.
pub(crate) fn made<'a>(context: &Context<'a>) -> impl Iterator<Item = Made<'a>> {
    let project: &'a Project = context.project;
    context.readable().filter(|evidence| evidence.def.derive.is_some()).map(move |evidence| {
        let step = project.phase.step_producing(evidence.kind).map_or("", |(step, _)| step);
        let hooks = if step.is_empty() { Vec::new() } else { step_hooks(project, step) };
        Made { evidence, step, hooks, facts: cited_facts(project, &evidence) }
    })
}
