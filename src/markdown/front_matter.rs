//! Front matter: YAML between a `---` on line 1 and the next `---` line.

use crate::text::{Fault, FaultKind, Tree, yaml};
use serde_json::Value;
use std::ops::Range;

/// The YAML at the top of a Markdown file.
#[derive(Clone, PartialEq, Debug)]
pub struct FrontMatter {
    /// What it says: always a mapping.
    pub value: Value,
    /// Byte range of the YAML in the file, without the `---` lines.
    pub range: Range<usize>,
    tree: Tree,
}

impl FrontMatter {
    /// Byte range in the file of the value at an RFC 6901 `pointer`, or of its key: see
    /// [`Tree::locate`].
    pub fn locate(&self, pointer: &str, key: bool) -> Range<usize> {
        self.tree.locate(pointer, key)
    }

    /// The pointer to the innermost value at the byte `at` of the file; `None` outside of it.
    pub fn pointer_at(&self, at: usize) -> Option<String> {
        self.range.contains(&at).then(|| self.tree.pointer_at(at))
    }
}

/// A file cut into front matter and body.
pub(super) struct Head {
    pub(super) front_matter: Option<FrontMatter>,
    pub(super) faults: Vec<Fault>,
    /// Byte at which the Markdown starts.
    pub(super) body: usize,
}

/// Cuts the front matter off `text` and parses it.
pub(super) fn split(text: &str) -> Head {
    let Some(start) = opening(text) else {
        return Head { front_matter: None, faults: Vec::new(), body: 0 };
    };
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if is_fence(line) {
            let (front_matter, faults) = read(text, start..at);
            return Head { front_matter, faults, body: at + line.len() };
        }
        at += line.len();
    }
    let fault = Fault::at(FaultKind::FrontMatter, 0..3, "the front matter is not closed")
        .help("end it with a line of three dashes");
    Head { front_matter: None, faults: vec![fault], body: start }
}

fn opening(text: &str) -> Option<usize> {
    let line = text.split_inclusive('\n').next()?;
    is_fence(line).then_some(line.len())
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

fn read(text: &str, range: Range<usize>) -> (Option<FrontMatter>, Vec<Fault>) {
    match yaml::read(&text[range.clone()]) {
        Ok((value, mut tree)) if value.is_object() => {
            tree.shift(range.start);
            (Some(FrontMatter { value, range, tree }), Vec::new())
        }
        Ok(_) => {
            let message = "the front matter is not a mapping of keys to values";
            (None, vec![Fault::at(FaultKind::FrontMatter, range, message)])
        }
        Err(faults) => {
            let place = range.clone();
            let shifted = faults.into_iter().map(|fault| {
                if fault.kind == FaultKind::Empty {
                    return Fault::at(FaultKind::Empty, place.clone(), "the front matter is empty");
                }
                fault.shifted(range.start)
            });
            (None, shifted.collect())
        }
    }
}
