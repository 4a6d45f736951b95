//! GL109: unreadable-file.

use super::{Context, support::faults};
use crate::model::Finding;
use crate::text::FaultKind;

rule! {
    /// A file is there but cannot be read.
    ///
    /// ## What it checks
    /// The operating system lets d3p open and read the file.
    ///
    /// ## Why it matters
    /// What cannot be read cannot count: failing to read evidence never improves a verdict.
    ///
    /// ## How to fix
    /// Mend the permissions; the finding carries the system's own words.
    GL109 "unreadable-file" Error since "0.1.0" clauses ["X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    faults::report(context, out, &GL109, &[FaultKind::Unreadable]);
}
