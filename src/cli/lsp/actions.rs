//! Code actions: advice that is an edit.

use super::judged::Judged;
use super::text;
use crate::source::Root;
use serde_json::{Value, json};
use std::ops::Range;

/// What mends the findings in a part of a file.
pub(super) fn actions(judged: &Judged, path: &str, part: Range<usize>, root: &Root) -> Value {
    let here = judged.found.iter().filter(|found| {
        found.path == path && found.range.start <= part.end && part.start <= found.range.end
    });
    let mut out = Vec::new();
    for found in here {
        let diagnostic = judged.diagnostic(found, root);
        for edit in &found.edits {
            let Some(text) = judged.text(&edit.path) else { continue };
            let change = json!({ "range": text::range(text, &edit.range), "newText": edit.text });
            let changes = json!({ text::uri(root, &edit.path): [change] });
            out.push(json!({
                "title": format!("{}: {}", found.rule.code, edit.title),
                "kind": "quickfix",
                "diagnostics": diagnostic.iter().collect::<Vec<_>>(),
                "isPreferred": found.edits.len() == 1,
                "edit": { "changes": changes },
            }));
        }
    }
    Value::Array(out)
}
