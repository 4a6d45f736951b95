//! Evidence that hooks produce, with what it says it was made of.

use super::advice::waive;
use super::mend::mend;
use crate::decisions::signatures_on;
use crate::definition::{Derivation, Hook};
use crate::derive::{Facts, cited_facts};
use crate::markdown::entries::Entry;
use crate::model::{Advice, Finding, Location, Piece, Rule, State};
use crate::project::step_hooks;
use crate::project::{Evidence, Project};
use crate::rules::Context;
use std::collections::BTreeMap;

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

/// The evidence that a hook produces.
pub(crate) fn produced(project: &Project, hook: &str) -> Option<Piece> {
    let declared = project.effective().policy.hooks.get(hook)?;
    let step = project.phase.steps.get(declared.step(hook))?;
    step.produces.clone().map(Piece::Evidence)
}

/// The first entry of a log that each run measured, by the run's id.
pub(crate) fn entries_by_run<'a>(
    project: &'a Project,
    log: &Evidence<'a>,
) -> BTreeMap<&'a str, &'a Entry> {
    let measured_by = project.measured_by();
    let mut found = BTreeMap::new();
    for entry in log.file.entries() {
        if let Some(run) = measured_by.get(entry.digest.to_string().as_str()) {
            found.entry(*run).or_insert(entry);
        }
    }
    found
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

/// Evidence that tests and scans make.
pub(crate) fn scans<'a>(context: &Context<'a>) -> impl Iterator<Item = Evidence<'a>> {
    context.readable().filter(|evidence| evidence.def.derive == Some(Derivation::Validation))
}

/// Makes `evidence` again, or lets a person sign that what `rule` finds at `pointer` in it may stand.
pub(crate) fn again_or_waive(
    project: &Project,
    rule: &Rule,
    evidence: &Evidence<'_>,
    pointer: &str,
) -> Advice {
    let again = mend(project, &evidence.piece());
    if !signatures_on(project) {
        return again;
    }
    let signed = waive(rule.code, &evidence.def.path);
    let signed = match pointer {
        "" => signed,
        pointer => signed.words(["--pointer", pointer]),
    };
    again.or(signed.what("let a person sign that it may stand"))
}
