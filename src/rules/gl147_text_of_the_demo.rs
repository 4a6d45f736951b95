//! GL147: text-of-the-demo.

use super::Context;
use super::support::doubts::for_go;
use super::support::sections::{Sectioned, sectioned};
use crate::assets;
use crate::derive::item;
use crate::model::{Finding, Location};

rule! {
    /// A document consists of what the demo of d3p says about its shop.
    ///
    /// ## What it checks
    /// Outside of the demo, not more than half of what a document says in six words and more is in the demo's own
    /// documents, word for word.
    ///
    /// ## Why it matters
    /// `d3p demo` shows complete documents, and copying them fills a release without a thought.
    ///
    /// ## How to fix
    /// Write what is so in this project. Or let it stand: whoever says GO sees it, and their statement
    /// names it.
    GL147 "text-of-the-demo" Error since "0.1.0" clauses ["X-4", "D3P-2"] waivable false
}

/// Fewest words of a text that nobody writes by chance, and fewest such texts.
const LEAST_WORDS: usize = 6;
const LEAST_TEXTS: usize = 3;

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    if project.effective().policy.demo {
        return;
    }
    let documents = assets::demo_release().filter(|(path, _)| path.ends_with(".md"));
    let demo = plain(&documents.map(|(_, text)| text).collect::<Vec<_>>().join("\n"));
    // What is compiled repeats what other documents say.
    let compiled = |path: &str| {
        let mut all = project.phase.evidence.values();
        all.any(|def| def.path == path && def.told_of().is_some())
    };
    for file in sectioned(project).into_iter().filter(|own| !compiled(&own.file.path)) {
        let texts = texts(&file);
        let same = texts.iter().filter(|text| demo.contains(text.as_str())).count();
        if same < LEAST_TEXTS || same * 2 <= texts.len() {
            continue;
        }
        let message = format!("{same} of its {} texts are those of the demo of d3p", texts.len());
        out.extend(for_go(project, &GL147, Location::file(&file.file.path), message));
    }
}

/// What a document says in some words.
fn texts(file: &Sectioned<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for section in &file.document.sections {
        let prose = section.prose.iter().filter(|block| !block.quoted);
        out.extend(prose.map(|block| plain(&block.text)));
        out.extend(section.tasks.iter().map(|task| plain(item(&task.text))));
        let rows = section.tables.iter().flat_map(|table| &table.rows);
        out.extend(rows.flat_map(|row| &row.cells).map(|cell| plain(&cell.text)));
    }
    out.retain(|text| text.split(' ').count() >= LEAST_WORDS);
    out
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
