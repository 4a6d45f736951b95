//! GL110: empty-file.

use super::{Context, support::faults};
use crate::model::Finding;
use crate::text::FaultKind;

rule! {
    /// A file has no content.
    ///
    /// ## What it checks
    /// The file holds something besides white space.
    ///
    /// ## Why it matters
    /// An empty file is the oldest way to make an existence check pass.
    ///
    /// ## How to fix
    /// Record the evidence or fill the document; `d3p status --next` names the command.
    GL110 "empty-file" Error since "0.1.0" clauses ["X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    faults::report(context, out, &GL110, &[FaultKind::Empty]);
}
