//! GL122: section-empty.

use super::Context;
use super::support::sections::{Found, sectioned};
use crate::definition::{SectionDef, SectionRole};
use crate::model::{Finding, State, hollow, is_invisible, letters};

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
                let title = &found.section.title;
                let message = match said(def, &found) {
                    Some(own) => format!(
                        "section \"{title}\" says only \"{own}\", and not why: a sentence is \
                         wanted, such as \"None, because the release changes no data.\""
                    ),
                    None => format!("section \"{title}\" has {what}"),
                };
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

/// The few words that stand in a section where a sentence is wanted: `None`, `Fixes #17.`
fn said<'a>(def: &SectionDef, found: &'a Found<'_>) -> Option<&'a str> {
    let mut own = found.prose().filter(|block| !block.quoted && letters(&block.text) > 0);
    let (first, more) = (own.next()?, own.next());
    let few = first.text.split_whitespace().count() <= FEW;
    (def.text && more.is_none() && few).then_some(first.text.trim())
}

/// Most words of an answer that is repeated as it is.
const FEW: usize = 3;

fn lacking(context: &Context<'_>, def: &SectionDef, found: &Found<'_>) -> Option<&'static str> {
    if def.text {
        // Scripts that write a word with one character say much with few.
        let weight = |c: char| if c >= '\u{2E80}' { 3 } else { 1 };
        let weighed = |text: &str| -> usize {
            text.chars().filter(|c| c.is_alphanumeric() && !is_invisible(*c)).map(weight).sum()
        };
        // `None that we know` is an answer about risks, and about nothing else.
        let answers = def.role == Some(SectionRole::Risks);
        let own = found
            .prose()
            .filter(|block| !block.quoted && (answers || hollow(&block.text).is_none()));
        let written: usize = own.map(|block| weighed(&block.text)).sum();
        let any = found.prose().any(|block| !block.quoted && weighed(&block.text) >= 10);
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
