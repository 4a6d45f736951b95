//! What the team's own files say about the places of documents, under a heading that asks for the same.

use super::{Form, Slot};
use crate::cli::Failure;
use crate::cli::common::git;
use crate::cli::session::Session;
use crate::definition::{CellType, Phase};
use crate::env::Env;
use crate::markdown::{self, Document, Section, placeholder};
use crate::model::Sha256Digest;
use crate::source::Loaded;
use crate::text::position;

/// Most files that are read.
const MOST: usize = 500;

/// Longest text that fits into a cell.
const LONGEST: usize = 300;

/// Words that change nothing about what a heading is about.
const SMALL: [&str; 12] =
    ["the", "a", "an", "of", "and", "for", "to", "our", "when", "how", "we", "prompt"];

/// A page of the team.
pub(super) struct Page {
    path: String,
    text: String,
    digest: Sha256Digest,
    document: Document,
}

/// What one says for a place.
pub(super) struct Cited {
    pub(super) text: String,
    /// File, line and heading.
    pub(super) source: String,
}

/// The pages of the repository that are no documents of a release.
pub(super) fn pages(session: &Session, env: &Env<'_>) -> Result<Vec<Page>, Failure> {
    let (root, phase) = (session.root(), &session.project.phase);
    let tracked = git(root, env)?.files(false)?;
    let theirs = tracked.into_iter().filter(|path| path.ends_with(".md") && !is_ours(path, phase));
    let page = |path: String| {
        let Loaded::File(file) = root.load(&path) else { return None };
        let document = markdown::parse(&file.text);
        Some(Page { path, text: file.text, digest: file.digest, document })
    };
    Ok(theirs.take(MOST).filter_map(page).collect())
}

fn is_ours(path: &str, phase: &Phase) -> bool {
    let top = |path: &str| path.split_once('/').map_or(path, |(dir, _)| dir).to_owned();
    let own = [phase.places.directory(), phase.places.archives()];
    let documents = phase.documents.values().map(|def| def.path.as_str());
    own.into_iter().chain(documents).any(|own| top(own) == top(path))
}

/// What the page with the nearest heading says for an open place.
pub(super) fn cited(slot: &Slot, pages: &[Page]) -> Option<Cited> {
    // One of several rows is about something of its own, which no heading names.
    let mut parts = slot.address.split('.');
    if parts.any(|part| part.parse::<usize>().is_ok()) {
        return None;
    }
    let subject = words(slot.address.rsplit('.').next()?);
    let fits = matches!(slot.form, Form::Prose | Form::Cell(CellType::Text))
        || slot.form == Form::Front && !slot.hint().contains("time");
    if !fits || subject.is_empty() {
        return None;
    }
    let sections =
        pages.iter().flat_map(|page| page.document.sections.iter().map(move |own| (page, own)));
    let found = sections.filter_map(|(page, section)| {
        let heading = words(&section.title);
        let more = heading.len().checked_sub(subject.len())?;
        let about = subject.iter().all(|word| heading.contains(word)) && more <= 2;
        let text = about.then(|| said(page, section, slot.form))??;
        Some((more, page, section, text))
    });
    let (_, page, section, text) = found.min_by_key(|(more, ..)| *more)?;
    let line = position(&page.text, section.heading.start).line;
    let source = format!("{}:{line} ({})", page.path, section.title);
    let text = match slot.form {
        Form::Prose => {
            format!("{text}\n\nFrom {}, \"{}\", sha256:{}.", page.path, section.title, page.digest)
        }
        _ => text,
    };
    Some(Cited { text, source })
}

/// The words of a heading or an address that say what it is about, each without its plural.
fn words(title: &str) -> Vec<String> {
    let lower = title.to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let kept = parts.filter(|part| !SMALL.contains(part));
    let single = |part: &str| {
        let stem = part.strip_suffix("es").filter(|stem| stem.ends_with(['x', 's', 'h']));
        stem.or(part.strip_suffix('s').filter(|stem| stem.len() > 2)).unwrap_or(part).to_owned()
    };
    kept.map(single).collect()
}

/// What a section says itself, without its subsections; in a cell only what is one short paragraph.
fn said(page: &Page, section: &Section, form: Form) -> Option<String> {
    let end = page.document.sections.iter().map(|own| own.heading.start);
    let end = end.filter(|start| *start >= section.body.start).min().unwrap_or(section.body.end);
    let text = page.text.get(section.body.start..end.min(section.body.end))?.trim();
    if text.is_empty() || text.contains(placeholder::MARKER) {
        return None;
    }
    if form == Form::Prose {
        return Some(text.to_owned());
    }
    let is_plain = !text.contains("\n\n")
        && !text.starts_with(['-', '*', '|', '`', '1', '>'])
        && text.chars().count() <= LONGEST;
    is_plain.then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
}
