//! XML, element by element.

use super::{Copy, Mask};
use crate::import::ImportError;
use crate::import::source::Source;
use crate::import::xml::{Element, Event, Reader};
use std::io::Write;

/// Attributes that hold numbers, where they do.
const COUNTS: [&str; 4] = ["tests", "failures", "errors", "skipped"];

/// Writes the XML in `source` to `out`, each value without its secrets: texts, attributes and
/// comments. Gives how many were changed; where none was, the report itself is the better copy.
///
/// # Errors
/// What is no XML of a report, and what cannot be written.
pub fn xml(source: &dyn Source, mask: &Mask<'_>, out: &mut dyn Write) -> Result<u64, ImportError> {
    let mut copy = Copy::new(mask, out);
    let mut reader = Reader::new(source)?;
    // The text of an element comes in several pieces, and may hide a secret between two of them.
    let mut text = String::new();
    let mut names: Vec<String> = Vec::new();
    copy.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
    while let Some(event) = reader.next()? {
        if let Event::Text(more) = event {
            text.push_str(&more);
            continue;
        }
        let inside = names.last().map_or("", String::as_str);
        let kept = copy.kept(inside, &text).into_owned();
        copy.write(&escaped(&kept))?;
        text.clear();
        match event {
            Event::Open(element) => names.push(copy.open(&element)?),
            Event::Close => {
                if let Some(name) = names.pop() {
                    copy.write(&format!("</{name}>"))?;
                }
            }
            Event::Comment(comment) => {
                let kept = copy.kept("", &comment).into_owned();
                // What a mask puts in must not end the comment.
                let kept = kept.replace("--", "- -");
                copy.write(&format!("<!--{}-->", kept.strip_suffix('-').unwrap_or(&kept)))?;
            }
            Event::Text(_) => {}
        }
    }
    copy.write("\n")?;
    Ok(copy.masked)
}

impl Copy<'_> {
    /// Writes the start of an element. Gives the name that it has in the copy.
    fn open(&mut self, element: &Element) -> Result<String, ImportError> {
        let name = self.name(&element.full_name);
        let mut tag = format!("<{name}");
        // `<property name="db.password" value="…"/>`: what a value is called stands beside it.
        let called = element.attribute("name").unwrap_or("value");
        for (key, value) in &element.attributes {
            let is_count = COUNTS.contains(&key.as_str())
                && value.len() <= 10
                && value.bytes().all(|byte| byte.is_ascii_digit());
            let hint = if key == "value" { called } else { key };
            let kept = match is_count {
                true => value.into(),
                false => self.kept(hint, value),
            };
            let value = escaped(&kept).replace('\n', "&#10;").replace('\t', "&#9;");
            tag.push_str(&format!(" {}=\"{value}\"", self.name(key)));
        }
        tag.push('>');
        self.write(&tag)?;
        Ok(name)
    }

    /// The name of an element or attribute: one that holds a secret is left out.
    fn name(&mut self, name: &str) -> String {
        match (self.mask)("", name) {
            Some(_) if !super::WORDS.contains(&name) => {
                self.masked += 1;
                format!("redacted-{}", self.masked)
            }
            _ => name.to_owned(),
        }
    }
}

/// `text` as it stands in XML: between tags, or in double quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A reader makes a line feed of it when it stands there as it is.
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
    out
}
