//! Regions of the report that belong to people: what stands in them survives a new compilation,
//! byte for byte.
//!
//! ```text
//! <!-- d3p:begin lessons -->
//! What we learned.
//! <!-- d3p:end lessons -->
//! ```

use crate::model::Sha256Digest;
use std::collections::BTreeMap;
use std::ops::Range;

/// The regions, in the order of the report.
pub const REGIONS: [&str; 3] = ["summary", "follow-ups", "lessons"];

/// What an empty region says. No placeholder: all regions are optional.
pub(super) const EMPTY: &str = "Nothing was written here.\n";

const SEAL: &str = "compiled_sha256: ";

/// What people wrote: name of the region → its text, which is empty or ends with a newline.
pub type Regions = BTreeMap<String, String>;

/// Why the regions of a text cannot be told apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegionFault {
    /// Line, from 1.
    pub line: usize,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
}

/// A report taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parts {
    /// Everything outside the regions, with the seal blank.
    pub compiled: String,
    /// What the regions hold.
    pub regions: Regions,
    /// The seal, as written in the front matter.
    pub seal: Option<String>,
}

impl Parts {
    /// The digest of the compiled part: what the seal must say.
    pub fn digest(&self) -> Sha256Digest {
        Sha256Digest::of(self.compiled.as_bytes())
    }

    /// Whether the compiled part is as d3p wrote it.
    pub fn is_sealed(&self) -> bool {
        self.seal.as_deref() == Some(self.digest().to_string().as_str())
    }
}

/// Takes a report apart.
///
/// # Errors
/// The first marker that is unknown, doubled, misplaced or never closed, with its line.
pub fn split(text: &str) -> Result<Parts, RegionFault> {
    let mut parts = Parts { compiled: String::new(), regions: Regions::new(), seal: None };
    let mut open: Option<(String, usize, usize)> = None;
    let mut start = 0;
    for (index, whole) in text.split_inclusive('\n').enumerate() {
        let line = index + 1;
        let range = start..start + whole.trim_end().len();
        start += whole.len();
        let fault = |message: String| Err(RegionFault { line, range: range.clone(), message });
        match (marker(whole), &open) {
            (None, None) => parts.take_compiled(whole),
            (None, Some((name, ..))) => {
                parts.regions.entry(name.clone()).or_default().push_str(whole);
            }
            (Some(Marker::Other), _) => {
                return fault(format!(
                    "this is no marker: write <!-- d3p:begin NAME --> or <!-- d3p:end NAME --> with one of {}",
                    REGIONS.join(", ")
                ));
            }
            (Some(Marker::Begin(name)), None) => {
                if let Some(why) = parts.refuses(name) {
                    return fault(why);
                }
                parts.regions.insert(name.to_owned(), String::new());
                parts.compiled.push_str(whole);
                open = Some((name.to_owned(), line, range.start));
            }
            (Some(Marker::Begin(name)), Some((other, begun, _))) => {
                return fault(format!(
                    "region {name} begins inside region {other}, which line {begun} opened"
                ));
            }
            (Some(Marker::End(name)), Some((other, ..))) if name == other => {
                parts.compiled.push_str(whole);
                open = None;
            }
            (Some(Marker::End(name)), Some((other, begun, _))) => {
                return fault(format!(
                    "region {name} ends here, and line {begun} opened region {other}"
                ));
            }
            (Some(Marker::End(name)), None) => {
                return fault(format!("region {name} ends here, and was not opened"));
            }
        }
    }
    match open {
        Some((name, line, at)) => {
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
            let message = format!("region {name} is opened here and never closed");
            Err(RegionFault { line, range: at..end, message })
        }
        None => Ok(parts),
    }
}

impl Parts {
    /// Why no region `name` can begin.
    fn refuses(&self, name: &str) -> Option<String> {
        if !REGIONS.contains(&name) {
            let known = REGIONS.join(", ");
            return Some(format!("there is no region `{name}`; known: {known}"));
        }
        self.regions.contains_key(name).then(|| format!("region {name} occurs twice"))
    }

    fn take_compiled(&mut self, line: &str) {
        match line.strip_prefix(SEAL) {
            Some(seal) if self.seal.is_none() => {
                let seal = seal.trim_end_matches('\n');
                self.seal = Some(seal.trim_matches('"').to_owned());
                self.compiled.push_str(SEAL);
                self.compiled.push_str("\"\"\n");
            }
            _ => self.compiled.push_str(line),
        }
    }
}

/// Puts a report together: a compiled part with a blank seal and blank regions, sealed and filled.
pub(super) fn join(compiled: &str, regions: &Regions) -> String {
    let seal = Sha256Digest::of(compiled.as_bytes());
    let blank = format!("{SEAL}\"\"\n");
    let mut out = String::with_capacity(compiled.len());
    let mut sealed = false;
    for whole in compiled.split_inclusive('\n') {
        if whole == blank && !sealed {
            sealed = true;
            out.push_str(&format!("{SEAL}\"{seal}\"\n"));
            continue;
        }
        out.push_str(whole);
        if let Some(Marker::Begin(name)) = marker(whole) {
            out.push_str(regions.get(name).map_or(EMPTY, String::as_str));
        }
    }
    out
}

/// The two marker lines of a region.
pub(super) fn markers(name: &str) -> String {
    format!("<!-- d3p:begin {name} -->\n<!-- d3p:end {name} -->\n")
}

enum Marker<'a> {
    Begin(&'a str),
    End(&'a str),
    Other,
}

/// A line that is, or wants to be, a marker.
fn marker(line: &str) -> Option<Marker<'_>> {
    let inside = line.trim().strip_prefix("<!--")?.trim_start().strip_prefix("d3p:")?;
    Some(match (inside.strip_prefix("begin"), inside.strip_prefix("end")) {
        (Some(rest), _) => named(rest).map_or(Marker::Other, Marker::Begin),
        (_, Some(rest)) => named(rest).map_or(Marker::Other, Marker::End),
        _ => Marker::Other,
    })
}

/// The name in ` NAME -->`.
fn named(rest: &str) -> Option<&str> {
    let name = rest.strip_prefix(' ')?.strip_suffix("-->")?.trim();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    (!name.is_empty() && name.bytes().all(plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{REGIONS, Regions, join, markers, split};
    use proptest::prelude::*;

    fn compiled() -> String {
        let regions: String = REGIONS.iter().map(|name| markers(name)).collect();
        format!("---\ncompiled_sha256: \"\"\n---\n# Report\n\n{regions}end\n")
    }

    #[test]
    fn what_is_wrong_with_markers_is_said_with_its_line() {
        let begin = |name: &str| format!("<!-- d3p:begin {name} -->\n");
        let end = |name: &str| format!("<!-- d3p:end {name} -->\n");
        let both = |name: &str| begin(name) + &end(name);
        for (text, line, message) in [
            (begin("lessons") + "text\n", 1, "opened here and never closed"),
            (both("lessons") + &both("lessons"), 3, "occurs twice"),
            (both("thanks"), 1, "no region `thanks`"),
            (begin("lessons") + &begin("summary"), 2, "begins inside region lessons"),
            (begin("lessons") + &end("summary"), 2, "line 1 opened region lessons"),
            ("text\n".to_owned() + &end("summary"), 2, "was not opened"),
            ("<!-- d3p:start summary -->\n".to_owned(), 1, "no marker"),
            ("<!--d3p:begin  -->\n".to_owned(), 1, "no marker"),
        ] {
            let fault = split(&text).expect_err(&text);
            assert_eq!(fault.line, line, "{text}: {}", fault.message);
            assert!(fault.message.contains(message), "{text}: {}", fault.message);
            assert!(text.get(fault.range).is_some(), "{text}");
        }
    }

    #[test]
    fn a_seal_is_broken_by_anything_outside_the_regions() {
        let text = join(&compiled(), &Regions::new());
        assert!(split(&text).is_ok_and(|parts| parts.is_sealed()));
        for (from, to) in
            [("# Report", "# report"), ("end\n", "end"), ("begin summary", "begin  summary")]
        {
            let edited = text.replacen(from, to, 1);
            assert_ne!(edited, text);
            assert!(!split(&edited).is_ok_and(|parts| parts.is_sealed()), "{edited}");
        }
    }

    proptest! {
        #[test]
        fn regions_come_back_byte_for_byte(
            texts in prop::collection::vec("(([a-z#|<>! -]|\\PC|\r|\t){0,20}\n){0,5}", 3)
        ) {
            let regions: Regions =
                REGIONS.iter().map(|name| (*name).to_owned()).zip(texts).collect();
            let text = join(&compiled(), &regions);
            let parts = split(&text);
            prop_assume!(!regions.values().any(|text| text.contains("d3p:")));
            let parts = parts.expect("no marker is among them");
            prop_assert_eq!(&parts.regions, &regions);
            prop_assert!(parts.is_sealed());
            prop_assert_eq!(parts.compiled, compiled());
        }

        #[test]
        fn any_text_is_taken_apart_or_refused(text in "(\\PC|\n|<!-- d3p:(begin|end) (summary|lessons|x) -->){0,40}") {
            if let Err(fault) = split(&text) {
                prop_assert!(text.get(fault.range).is_some());
            }
        }
    }
}
