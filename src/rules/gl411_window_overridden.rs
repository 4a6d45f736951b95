//! GL411: window-overridden.

use super::Context;
use crate::decisions::{approval_evidence, signer};
use crate::model::{Advice, Finding};

rule! {
    /// A person let the launch lie in a denied window.
    ///
    /// ## What it checks
    /// A GO that counts names a window of `windows.deny` (`windowOverrides` in what was signed). The
    /// window is open to the launch once as many have said so as `approval.window` in `d3p.yaml`
    /// wants, in the roles that it wants, and for as long as it says.
    ///
    /// ## Why it matters
    /// A window that is overridden is a risk that somebody took. Who took it belongs into every
    /// report.
    ///
    /// ## How to fix
    /// Launch outside the window, and let a GO be signed without `--override-window`.
    GL411 "window-overridden" Warning since "0.1.0" clauses ["DLC-8", "D3P-6", "X-3"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(evidence) = approval_evidence(project) else { return };
    let (now, launched) = (context.judgement.now, context.launched_at());
    for decision in context.decisions().iter().filter(|decision| decision.is_go()) {
        let Ok(statement) = &decision.statement else { continue };
        let said = &statement.predicate;
        if said.window_overrides.is_empty() || signer(project, decision, now, launched).is_err() {
            continue;
        }
        let message = format!(
            "{} lets the launch lie in the denied window `{}`",
            said.head.person,
            said.window_overrides.join("`, `")
        );
        out.push(
            Finding::new(&GL411, evidence.piece(), evidence.at(decision.pointer()), message)
                .clauses(&evidence.def.clauses)
                .advise(
                    Advice::d3p(["approve", "status"])
                        .what("to see who let it; a new decision takes it back"),
                ),
        );
    }
}
