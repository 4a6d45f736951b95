//! GL117: yaml-alias-or-tag.

use super::{Context, support::faults};
use crate::model::Finding;
use crate::text::FaultKind;

rule! {
    /// YAML uses an anchor, an alias, a merge key or a tag.
    ///
    /// ## What it checks
    /// Values are written out where they stand.
    ///
    /// ## Why it matters
    /// Aliases let a few lines expand to gigabytes, and hide from a reviewer what a line really says.
    ///
    /// ## How to fix
    /// Write the value out.
    GL117 "yaml-alias-or-tag" Error since "0.1.0" clauses ["X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    faults::report(context, out, &GL117, &[FaultKind::YamlAlias, FaultKind::YamlTag]);
}
