//! GL138: item-empty.

use super::Context;
use super::support::sections::sectioned;
use super::support::words::empty_item;
use crate::derive::item;
use crate::model::Finding;

rule! {
    /// An item of a checklist says nothing of what is to be verified.
    ///
    /// ## What it checks
    /// Each item says in words of its own what is to be seen: `ok`, `works` and `NOT DONE` are no
    /// items, ticked or not.
    ///
    /// ## Why it matters
    /// `- [x] ok` shows that somebody pressed a key.
    ///
    /// ## How to fix
    /// Write what a person looks at and what they must see; what is not done stays an open box.
    GL138 "item-empty" Error since "0.1.0" clauses ["D3P-2", "D3P-8", "X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections.iter().filter(|def| def.checklist.is_some()) {
            let Some(found) = file.find(context.project, def) else { continue };
            for task in found.tasks() {
                let text = item(&task.text);
                let Some(why) = empty_item(text) else { continue };
                let message = format!("\"{text}\" {why}");
                out.push(
                    Finding::new(&GL138, file.piece.clone(), file.at(task.range.clone()), message)
                        .clauses(&def.clauses)
                        .edit("write what is to be seen"),
                );
            }
        }
    }
}
