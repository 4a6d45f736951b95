//! Times in a piece of evidence besides those of its header: of sign-offs, of answers, of promises.

use super::values::each_at;
use crate::definition::Dated;
use crate::model::{Span, Stamp};
use crate::project::Evidence;

/// One such time.
pub(crate) struct InnerTime<'a> {
    /// What the phase says of it.
    pub(crate) def: &'a Dated,
    /// Where it stands.
    pub(crate) pointer: String,
    /// As it is written.
    pub(crate) text: &'a str,
    /// The first moment at which it can have been written.
    pub(crate) begins: Stamp,
    /// The last moment that it can mean: a day ends last in the west.
    pub(crate) ends: Stamp,
}

/// Every such time that can be read; the form of the others is the schema's to judge.
pub(crate) fn inner<'a>(evidence: &Evidence<'a>) -> Vec<InnerTime<'a>> {
    const DAY_AND_WEST: u64 = 36 * 3600;
    let Some(value) = evidence.value() else { return Vec::new() };
    let mut out = Vec::new();
    for def in &evidence.def.dated {
        for (pointer, found) in each_at(value, &def.at) {
            let Some(text) = found.as_str() else { continue };
            let (Ok(begins), Ok(starts)) = (Stamp::begins(text), Stamp::parse_or_day(text)) else {
                continue;
            };
            let is_day = Stamp::parse(text).is_err();
            let ends = if is_day { starts.plus(Span::from_seconds(DAY_AND_WEST)) } else { starts };
            out.push(InnerTime { def, pointer, text, begins, ends });
        }
    }
    out
}
