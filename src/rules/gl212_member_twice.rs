//! GL212: member-twice.

use super::{Context, support::predicates};
use crate::model::{Finding, State};
use predicates::Demand;

rule! {
    /// A member stands twice in a list.
    ///
    /// ## What it checks
    /// Suites are named once each.
    ///
    /// ## Why it matters
    /// A suite that is counted twice hides one that did not run.
    ///
    /// ## How to fix
    /// Keep one entry per suite.
    GL212 "member-twice" Error since "0.1.0" clauses ["P11-2.2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    predicates::report(context, out, &GL212, Demand::Twice, State::Invalid);
}
