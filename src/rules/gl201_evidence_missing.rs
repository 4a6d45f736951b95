//! GL201: evidence-missing.

use super::Context;
use super::support::mend::mend;
use super::support::missing_keys::unwritten;
use crate::model::{Advice, Finding, Location, State};

rule! {
    /// A piece of evidence does not exist.
    ///
    /// ## What it checks
    /// Every piece of evidence that the phase demands has its file. Guideline evidence needs a
    /// file too, unless `d3p.yaml` exempts it by name and reason. Some is demanded by a fact alone
    /// (`facts` in `d3p.yaml`). Optional evidence that the ledger names was recorded, and must still
    /// be there.
    ///
    /// ## Why it matters
    /// Silence is not consent: no evidence, no pass.
    ///
    /// ## How to fix
    /// Run the step that produces it and record it; `--example` prints a body to start from.
    GL201 "evidence-missing" Error since "0.1.0" clauses ["P11-G1", "P11-G2", "P11-G3", "P11-G4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for evidence in context.project.all_evidence().filter(|evidence| evidence.file.is_absent()) {
        let exempt = context.project.exemption(evidence.kind).is_some();
        let optional = context.project.is_optional(evidence.def);
        if exempt || (optional && !context.project.was_recorded(&evidence.def.path)) {
            continue;
        }
        let message = format!("{} does not exist", evidence.def.title.to_lowercase());
        out.push(
            Finding::new(&GL201, evidence.piece(), Location::file(&evidence.def.path), message)
                .state(State::Missing)
                .clauses(&evidence.def.clauses)
                .advise(mend_absent(context, &evidence)),
        );
    }
}

fn mend_absent(context: &Context<'_>, evidence: &crate::project::Evidence<'_>) -> Advice {
    if evidence.def.template.is_some() {
        return Advice::d3p(["init"]);
    }
    // Its hook may have run, and have nothing to show for it.
    if let Some(why) = unwritten(context.project, evidence.kind) {
        return why;
    }
    mend(context.project, &evidence.piece())
}
