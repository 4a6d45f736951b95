//! GL130: not-a-box.

use super::Context;
use super::support::sections::sectioned;
use crate::model::Finding;

rule! {
    /// Something looks like a checkbox and is none.
    ///
    /// ## What it checks
    /// `- []`, `- [x]text`, `- [✓] text` and the like are list items, not task items.
    ///
    /// ## Why it matters
    /// They look ticked to a person, and no tool counts them.
    ///
    /// ## How to fix
    /// Write `- [ ] text` or `- [x] text`.
    GL130 "not-a-box" Warning since "0.1.0" clauses ["D3P-8"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for range in file.document.sections.iter().flat_map(|section| &section.near_tasks) {
            let message = "looks like a checkbox, but is none; it does not count";
            let spaced = file.file.text[range.end..].starts_with(char::is_whitespace);
            out.push(
                Finding::new(&GL130, file.piece.clone(), file.at(range.clone()), message)
                    .edit("write \"- [ ] text\" or \"- [x] text\"")
                    .replacing(file.at(range.clone()), if spaced { "[ ]" } else { "[ ] " }),
            );
        }
    }
}
