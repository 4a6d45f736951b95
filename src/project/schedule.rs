//! What is agreed before a launch: window, communication plan, who watches what (P11-1.3).

use crate::definition::{GateDef, SectionDef};
use crate::project::Project;
use crate::project::sections::{cell, sectioned};

/// A row of what is agreed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreed {
    /// The document that it stands in.
    pub document: String,
    /// What the row is about: the section, and its first cell.
    pub row: String,
    /// The row in words: the section, and each cell after its column.
    pub text: String,
}

/// What is agreed by the time that a gate is passed, in the order of its definition.
pub fn agreed(project: &Project, gate: &GateDef) -> Vec<Agreed> {
    let files = sectioned(project);
    let mut out = Vec::new();
    for own in gate.schedule.iter().flat_map(|schedule| &schedule.of) {
        let Some(document) = project.phase.documents.get(&own.document) else { continue };
        let Some(file) = files.iter().find(|file| file.file.path == document.path) else {
            continue;
        };
        let is_it = |def: &&&SectionDef| def.id == own.section;
        let Some(def) = file.sections.iter().find(is_it) else { continue };
        let Some(wanted) = &def.table else { continue };
        let found = file.find(project, def).and_then(|section| section.table(project, wanted));
        let Some((table, places)) = found else { continue };
        for row in &table.rows {
            let cells: Vec<String> = wanted
                .columns
                .keys()
                .zip(&places)
                .map(|(column, place)| {
                    format!("{} {}", project.translated(column), cell(row, *place))
                })
                .collect();
            let title = project.translated(&def.title);
            let row = format!("{title}: {}", cells.first().map_or("", String::as_str));
            let text = format!("{title}: {}", cells.join("; "));
            out.push(Agreed { document: own.document.clone(), row, text });
        }
    }
    out
}
