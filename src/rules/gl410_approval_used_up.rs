//! GL410: approval-used-up.

use super::Context;
use crate::model::Finding;

rule! {
    /// A step is asked for again that was taken already.
    ///
    /// ## What it checks
    /// `d3p check --before deploy-production` clears one launch: not after a report of one that
    /// succeeded, be it that only the ledger still says so, not once the report was edited, and not
    /// after a rollback. A run that succeeded counts before any report tells of it; one that began, and
    /// of whose end nothing is known, wants a GO that was given over a ledger that names it. A deployment
    /// command that failed may be tried again under the same approval while nothing changed.
    ///
    /// ## Why it matters
    /// A decision is consumed by its use. Otherwise one Go would deploy for ever.
    ///
    /// ## How to fix
    /// Compile the report of a run that has none (`d3p record`); otherwise archive the attempt and begin
    /// the next one. Where a run was killed, look at what production runs, and decide anew.
    GL410 "approval-used-up" Error since "0.1.0" clauses ["P11-3.1", "DLC-7", "X-3"] waivable false
}

/// Raised by the clearance, which alone knows what is asked for.
pub(super) fn check(_: &Context<'_>, _: &mut Vec<Finding>) {}
