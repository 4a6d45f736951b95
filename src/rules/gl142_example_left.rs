//! GL142: example-left.

use super::Context;
use super::support::sections::sectioned;
use super::support::words::is_example;
use crate::derive::item;
use crate::model::{Finding, Piece, State};
use crate::project::Project;
use std::ops::Range;

rule! {
    /// An example of the template stands where the author's own words belong.
    ///
    /// ## What it checks
    /// No cell, item or paragraph of a document is one of the examples that its template gives behind
    /// `e.g.`, with or without these letters. Examples of a few words, such as `15m`, may well be true.
    ///
    /// ## Why it matters
    /// Removing the brackets around `e.g. a test order is placed and paid` fills a document without
    /// anybody having thought of anything.
    ///
    /// ## How to fix
    /// Write what is so in this project, in words of your own.
    GL142 "example-left" Error since "0.1.0" clauses ["X-4", "D3P-2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        let examples = examples(context.project, &file.piece);
        if examples.is_empty() {
            continue;
        }
        let mut texts: Vec<(&str, Range<usize>)> = Vec::new();
        for section in &file.document.sections {
            let prose = section.prose.iter().filter(|block| !block.quoted);
            texts.extend(prose.map(|block| (&*block.text, block.range.clone())));
            texts.extend(section.tasks.iter().map(|task| (item(&task.text), task.range.clone())));
            let rows = section.tables.iter().flat_map(|table| &table.rows);
            let cells = rows.flat_map(|row| &row.cells);
            texts.extend(cells.map(|cell| (&*cell.text, cell.range.clone())));
        }
        for (text, range) in texts {
            let Some(example) = is_example(text, &examples) else { continue };
            let message = format!("the template's own example: {example}");
            out.push(
                Finding::new(&GL142, file.piece.clone(), file.at(range), message)
                    .state(State::Missing)
                    .edit("write what is so in this project"),
            );
        }
    }
}

/// Fewest words of an example that nobody writes by chance.
const LEAST_WORDS: usize = 6;

/// The examples of a document's template: what its placeholders say behind `e.g.`.
fn examples(project: &Project, piece: &Piece) -> Vec<String> {
    let template = match piece {
        Piece::Document(id) => project.phase.documents.get(id).map(|def| def.template.as_str()),
        Piece::Evidence(kind) => {
            project.phase.evidence.get(kind).and_then(|def| def.template.as_deref())
        }
        _ => None,
    };
    let Some(text) = template.and_then(|name| project.phase.folder.skeleton(name)) else {
        return Vec::new();
    };
    let placeholders = text.split("[fill: ").skip(1).filter_map(|rest| rest.split(']').next());
    let given = placeholders.filter_map(|inside| inside.split_once(", e.g. "));
    // What the template engine fills in is not known here.
    let known = given.map(|(_, example)| example.split("{{").next().unwrap_or(example).trim());
    known.filter(|example| example.split(' ').count() >= LEAST_WORDS).map(str::to_owned).collect()
}
