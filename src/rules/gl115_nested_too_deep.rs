//! GL115: nested-too-deep.

use super::{Context, support::faults};
use crate::model::Finding;
use crate::text::FaultKind;

rule! {
    /// Values are nested deeper than 64 levels.
    ///
    /// ## What it checks
    /// Objects and lists are nested at most 64 deep.
    ///
    /// ## Why it matters
    /// Deep nesting is how a small file exhausts a reader; no evidence needs it.
    ///
    /// ## How to fix
    /// Flatten the value.
    GL115 "nested-too-deep" Error since "0.1.0" clauses ["X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    faults::report(context, out, &GL115, &[FaultKind::Nesting]);
}
