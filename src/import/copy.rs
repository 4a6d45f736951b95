//! Copies of reports without secrets: read as the importers read them, and written again with only
//! values changed. So no mask can reach from one value into the next, or break what holds them.

mod exposition;
mod json;
mod xml;

pub use exposition::exposition;
pub use json::json;
pub use xml::xml;

use super::{ImportError, Source};
use std::borrow::Cow;
use std::io::Write;

/// Takes secrets out of one value: gets its name, which may tell that it is one, and the value;
/// gives what stands in its place, or `None` where nothing has to.
pub type Mask<'a> = dyn Fn(&str, &str) -> Option<String> + 'a;

/// Words by which a report says how something ended or how severe it is. A secret of the same
/// letters tells nobody anything, and without them the copy would say something else.
const WORDS: [&str; 24] = [
    "2.1.0",
    "absent",
    "accepted",
    "completed",
    "critical",
    "error",
    "fail",
    "failed",
    "failure",
    "high",
    "informational",
    "lower",
    "higher",
    "medium",
    "none",
    "note",
    "pass",
    "passed",
    "rejected",
    "review",
    "skipped",
    "suppressed",
    "unchanged",
    "warning",
];

/// Writes a text as `clean` leaves it; one that was changed counts as one value.
///
/// # Errors
/// What cannot be read or written.
pub fn text(
    source: &dyn Source,
    clean: &dyn Fn(&str) -> String,
    out: &mut dyn Write,
) -> Result<u64, ImportError> {
    let told = super::read_text(source)?;
    let kept = clean(&told);
    let mut copy = Copy::new(&|_, _| None, out);
    copy.write(&kept)?;
    Ok(u64::from(kept != told))
}

/// What a copy is written with.
struct Copy<'a> {
    mask: &'a Mask<'a>,
    out: &'a mut dyn Write,
    /// How many values were changed.
    masked: u64,
}

impl<'a> Copy<'a> {
    fn new(mask: &'a Mask<'a>, out: &'a mut dyn Write) -> Self {
        Self { mask, out, masked: 0 }
    }

    /// `value` as it may be kept.
    fn kept<'v>(&mut self, name: &str, value: &'v str) -> Cow<'v, str> {
        match (self.mask)(name, value) {
            Some(kept) if !WORDS.contains(&value) => {
                self.masked += 1;
                Cow::Owned(kept)
            }
            _ => Cow::Borrowed(value),
        }
    }

    fn write(&mut self, text: &str) -> Result<(), ImportError> {
        self.out.write_all(text.as_bytes()).map_err(|error| {
            ImportError::new(format!("the copy of the report cannot be written: {error}"))
        })
    }
}
