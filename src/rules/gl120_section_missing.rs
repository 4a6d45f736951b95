//! GL120: section-missing.

use super::Context;
use super::support::sections::sectioned;
use crate::markdown::{Section, heading_key};
use crate::model::{Finding, Location};

rule! {
    /// A document lacks a section that the phase demands.
    ///
    /// ## What it checks
    /// Each demanded section has its heading, at any level. A number before it, emoji, a colon or `{#id}`
    /// after it and accents typed as two characters do not matter. Headings inside code fences and
    /// comments do not count. `titles` in `d3p.yaml` gives a title in the author's language.
    ///
    /// ## Why it matters
    /// A plan without an authority tree reads well until somebody has to decide.
    ///
    /// ## How to fix
    /// Add the heading and fill the section. For another language, add the title to `titles`.
    GL120 "section-missing" Error since "0.1.0" clauses ["D3P-2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        // Where it belongs: below the last section before it that is there.
        let mut before = None;
        let text = file.file.text.as_str();
        let mut end = file.document.sections.first().map_or(text.len(), |own| own.heading.start);
        for def in file.sections.iter().copied() {
            if let Some(found) = file.find(context.project, def) {
                before = Some(found.section.heading.clone());
                end = found.section.body.end;
            }
            if file.find(context.project, def).is_none() {
                let title = context.project.translated(&def.title);
                let near = near(&file.document.sections, title);
                let near = near.map_or(String::new(), |near| format!("; \"{near}\" is near it"));
                let message = format!("section \"{title}\" is missing{near}");
                out.push(
                    Finding::new(
                        &GL120,
                        file.piece.clone(),
                        before.clone().map_or_else(
                            || Location::file(&file.file.path),
                            |heading| file.at(heading),
                        ),
                        message,
                    )
                    .clauses(&def.clauses)
                    .edit(format!("add a heading \"## {title}\""))
                    .replacing(file.at(end..end), heading(&text[..end], title)),
                );
            }
        }
    }
}

/// The heading of a section, as it is added behind `text`.
fn heading(text: &str, title: &str) -> String {
    let apart = match text {
        "" => "",
        text if text.ends_with("\n\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    format!("{apart}## {title}\n\n")
}

/// The title that is nearest to the one that is missing, where one is near enough to be meant.
fn near<'a>(sections: &'a [Section], title: &str) -> Option<&'a str> {
    let wanted = heading_key(title);
    let near = sections
        .iter()
        .map(|section| (distance(&heading_key(&section.title), &wanted), section.title.as_str()));
    let (away, title) = near.min_by_key(|(away, _)| *away)?;
    (away * 3 <= wanted.chars().count()).then_some(title)
}

/// How many characters must be added, removed or replaced to make `one` of `other`.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, own) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = line + 1;
        for (index, theirs) in other.iter().enumerate() {
            let replaced = before + usize::from(own != *theirs);
            before = row[index + 1];
            row[index + 1] = replaced.min(before + 1).min(row[index] + 1);
        }
    }
    row[other.len()]
}
