//! GL132: section-twice.

use super::Context;
use super::support::sections::sectioned;
use crate::markdown::Section;
use crate::model::Finding;
use std::collections::BTreeMap;

rule! {
    /// A section stands twice in a document.
    ///
    /// ## What it checks
    /// No two sections with the same parent have the same title, and no section that the phase
    /// demands has its title anywhere else in the document. Case does not matter.
    ///
    /// ## Why it matters
    /// Only one of the two is judged: a checklist with every box ticked could stand above the one
    /// with the open items, and who looks for the procedure may find the other.
    ///
    /// ## How to fix
    /// Make one section of the two, or give the second one a title of its own.
    GL132 "section-twice" Error since "0.1.0" clauses ["D3P-2", "X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        let sections = &file.document.sections;
        let demanded: BTreeMap<String, &[String]> = file
            .sections
            .iter()
            .map(|def| (folded(context.project.translated(&def.title)), def.clauses.as_slice()))
            .collect();
        // Who has the title already: below the same parent, or anywhere where it is demanded.
        let mut first: BTreeMap<(Option<usize>, String), &Section> = BTreeMap::new();
        for section in sections.iter().filter(|section| section.level > 0) {
            let title = folded(&section.title);
            let clauses = demanded.get(&title);
            let parent = parent(sections, section).filter(|_| clauses.is_none());
            let Some(earlier) = first.get(&(parent, title.clone())) else {
                first.insert((parent, title), section);
                continue;
            };
            let place = file.at(section.heading.clone());
            let message = format!("section \"{}\" stands twice", section.title.trim());
            out.push(
                Finding::new(&GL132, file.piece.clone(), place, message)
                    .clauses(clauses.copied().unwrap_or_default())
                    .related(file.at(earlier.heading.clone()), "the first one, which is judged")
                    .edit("make one section of the two, or give this one a title of its own"),
            );
        }
    }
}

fn folded(title: &str) -> String {
    title.trim().to_lowercase()
}

/// Where the section begins that this one stands in.
fn parent(sections: &[Section], section: &Section) -> Option<usize> {
    let holds = |other: &&Section| other.body.contains(&section.heading.start);
    sections.iter().filter(holds).map(|other| other.heading.start).max()
}
