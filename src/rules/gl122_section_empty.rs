//! GL122: section-empty.

use super::Context;
use super::support::sections::{Found, sectioned};
use crate::definition::{SectionDef, SectionRole};
use crate::model::{Finding, State, hollow};

rule! {
    /// A demanded section holds nothing of what it must hold.
    ///
    /// ## What it checks
    /// A section of prose has prose that says something, a table has rows, a tracker has its boxes.
    /// Quotations, code and comments are not the author's words, and `n/a`, `as usual` and `see the
    /// wiki` are none that say something.
    ///
    /// ## Why it matters
    /// A heading alone passes every check that looks for headings.
    ///
    /// ## How to fix
    /// Write what the heading promises.
    GL122 "section-empty" Error since "0.1.0" clauses ["D3P-2", "X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections.iter().copied() {
            let Some(found) = file.find(context.project, def) else { continue };
            if let Some(what) = lacking(context, def, &found) {
                let message = format!("section \"{}\" has {what}", found.section.title);
                let place = file.at(found.section.heading.clone());
                out.push(
                    Finding::new(&GL122, file.piece.clone(), place, message)
                        .state(State::Missing)
                        .clauses(&def.clauses)
                        .edit("write the section"),
                );
            }
        }
    }
}

fn lacking(context: &Context<'_>, def: &SectionDef, found: &Found<'_>) -> Option<&'static str> {
    if def.text {
        // Scripts that write a word with one character say much with few.
        let weight = |c: char| if c >= '\u{2E80}' { 3 } else { 1 };
        let letters = |text: &str| -> usize {
            text.chars().filter(|c| c.is_alphanumeric()).map(weight).sum()
        };
        // `None that we know` is an answer about risks, and about nothing else.
        let answers = def.role == Some(SectionRole::Risks);
        let own = found
            .prose()
            .filter(|block| !block.quoted && (answers || hollow(&block.text).is_none()));
        let written: usize = own.map(|block| letters(&block.text)).sum();
        let any = found.prose().any(|block| !block.quoted && letters(&block.text) >= 10);
        let what = if any { "no text that says anything" } else { "no text" };
        return (written < 10).then_some(what);
    }
    if let Some(table) = &def.table {
        let (table, _) = found.table(context.project, table)?;
        return table.rows.is_empty().then_some("a table without rows");
    }
    if def.tracker.is_some() {
        return found.tasks().next().is_none().then_some("no boxes");
    }
    None
}
