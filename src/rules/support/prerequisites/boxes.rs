//! Boxes in a prerequisite that is a checklist: each of them is ticked, and there is one.

use super::content::{Look, Weight};
use crate::markdown::Document;
use crate::model::Location;

impl Look<'_> {
    /// Objects to boxes that are open, and to a checklist without any.
    pub(super) fn boxes(&mut self, document: &Document) {
        let sections = || std::iter::once(&document.preamble).chain(&document.sections);
        let tasks = || sections().flat_map(|section| &section.tasks);
        self.shows |= tasks().next().is_some();
        if tasks().next().is_none() {
            let message = "is a checklist without a box".to_owned();
            self.say(Weight::Doubt, Location::file(&self.file.path), message);
        }
        if let Some(open) = tasks().find(|task| !task.done) {
            let count = tasks().filter(|task| !task.done).count();
            let place = Location::span(&self.file.path, open.range.clone());
            let message = format!("{count} of its {} boxes open: {}", tasks().count(), open.text);
            self.say(Weight::NotMet, place, message);
        }
    }
}
