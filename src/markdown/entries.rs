//! Append-only logs: one entry per line, each parsed alone.
//!
//! ```text
//! ## Entries
//!
//! - 2026-11-21T09:30:00Z 0123456789abcdef What happened
//! ```
//!
//! Everything below the heading `## Entries` belongs to the log. A line alone decides whether it is
//! an entry, so git's union driver may interleave two branches. Fences and comments below the
//! heading are skipped and must be closed, or they would hide what follows. The order of entries and
//! of their times is not judged here.

use crate::model::{Sha256Digest, Stamp};
use crate::text::{Fault, FaultKind, MAX_FAULTS, quoted};
use std::collections::HashSet;
use std::ops::Range;

/// The heading below which entries stand.
pub const HEADING: &str = "## Entries";

const FORM: &str =
    "write `- <time with offset> <id of 16 lower-case hex digits> <text>` on one line";

/// One line of an append-only log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// When it was written, as it claims.
    pub at: Stamp,
    /// 16 lower-case hexadecimal digits, unique in the file.
    pub id: String,
    /// What it says.
    pub payload: String,
    /// The line in the file, without its newline.
    pub range: Range<usize>,
    /// SHA-256 of exactly those bytes.
    pub digest: Sha256Digest,
}

/// The entries of a log, in the order of the file, and what is wrong with its lines.
///
/// Duplicates of an id are faults; the first one stays an entry.
pub fn parse_entries(text: &str) -> (Vec<Entry>, Vec<Fault>) {
    let mut log = Log::default();
    let mut start = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.strip_suffix('\n').unwrap_or(whole);
        log.take(line, start..start + line.len());
        if log.below_heading && !whole.ends_with('\n') {
            let help = "end it with a line feed if it is whole, remove it if it is not";
            log.fault(start..start + line.len(), "the last line is cut short", help);
        }
        start += whole.len();
    }
    log.finish()
}

/// The line of an entry, without newline; the payload is brought onto one line.
///
/// `id` is the caller's: 16 lower-case hexadecimal digits from a good source of randomness.
pub fn format_entry(at: Stamp, id: &str, payload: &str) -> String {
    let payload: String = payload.chars().map(|c| if breaks_line(c) { ' ' } else { c }).collect();
    format!("- {at} {id} {}", payload.trim())
}

fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Why lines are skipped.
enum Skip {
    /// In a fence of this many of this character.
    Fence(char, usize, Range<usize>),
    Comment(Range<usize>),
}

#[derive(Default)]
struct Log {
    entries: Vec<Entry>,
    faults: Vec<Fault>,
    ids: HashSet<String>,
    skip: Option<Skip>,
    below_heading: bool,
}

impl Log {
    fn take(&mut self, line: &str, range: Range<usize>) {
        if self.skip.is_none() {
            self.skip = opens(line, &range);
            // A comment may end on its own line, a fence cannot.
            if let Some(Skip::Comment(_)) = self.skip {
                self.close_comment(line, range);
            } else if self.skip.is_none() {
                self.plain(line, range);
            }
            return;
        }
        match &self.skip {
            Some(Skip::Fence(mark, count, _)) if closes_fence(line, *mark, *count) => {
                self.skip = None;
            }
            Some(Skip::Comment(_)) => self.close_comment(line, range),
            _ => {}
        }
    }

    fn close_comment(&mut self, line: &str, range: Range<usize>) {
        let Some((_, behind)) = line.split_once("-->") else { return };
        self.skip = None;
        if self.below_heading && !behind.trim().is_empty() {
            let help = "put it on a line of its own";
            self.fault(range, "text follows the end of a comment", help);
        }
    }

    fn plain(&mut self, line: &str, range: Range<usize>) {
        if !self.below_heading {
            self.below_heading = line.trim_end() == HEADING;
        } else if !line.trim().is_empty() {
            self.entry(line, range);
        }
    }

    fn entry(&mut self, line: &str, range: Range<usize>) {
        match read(line, range.clone()) {
            Ok(entry) if self.ids.insert(entry.id.clone()) => self.entries.push(entry),
            Ok(entry) => {
                let message = format!("the entry {} occurs twice", quoted(&entry.id));
                let help = "remove the copy; an entry that git merged twice is still one entry";
                self.fault(range, message, help);
            }
            Err(Reason { message, help }) => self.fault(range, message, help),
        }
    }

    fn fault(&mut self, range: Range<usize>, message: impl Into<String>, help: &str) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault::at(FaultKind::Entry, range, message).help(help));
        }
    }

    fn finish(mut self) -> (Vec<Entry>, Vec<Fault>) {
        match self.skip.take() {
            Some(Skip::Fence(_, _, range)) => {
                self.fault(range, "this fence is not closed", "close it: it hides what follows");
            }
            Some(Skip::Comment(range)) => {
                self.fault(range, "this comment is not closed", "close it: it hides what follows");
            }
            None => {}
        }
        if !self.below_heading {
            let message = format!("there is no heading {} in the log", quoted(HEADING));
            let help = "add the heading above the entries";
            self.faults.push(Fault::whole(FaultKind::Entry, message).help(help));
        }
        (self.entries, self.faults)
    }
}

/// Why a line is no entry.
struct Reason {
    message: &'static str,
    help: &'static str,
}

fn read(line: &str, range: Range<usize>) -> Result<Entry, Reason> {
    let wrong = |message| Reason { message, help: FORM };
    if ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark)) {
        let help = "keep the lines of both sides and remove the markers";
        return Err(Reason { message: "this is a merge conflict marker", help });
    }
    let rest = line.strip_prefix("- ").ok_or(wrong("this line is not an entry"))?;
    let (at, rest) = rest.split_once(' ').ok_or(wrong("this line is not an entry"))?;
    let at = Stamp::parse(at).map_err(|_| wrong("this entry does not start with a time"))?;
    let (id, payload) = rest.split_once(' ').ok_or(wrong("this entry says nothing"))?;
    let is_id = id.len() == 16 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !is_id {
        return Err(wrong("this entry has no id of 16 lower-case hexadecimal digits"));
    }
    if payload.trim().is_empty() {
        return Err(wrong("this entry says nothing"));
    }
    // Every byte of a bound line counts, so a line has one ending.
    if payload.ends_with('\r') {
        let help = "save the file with line feeds; .gitattributes of `d3p init` keeps them";
        return Err(Reason { message: "this entry ends in a carriage return", help });
    }
    if payload.contains(breaks_line) {
        return Err(wrong("this entry contains control characters"));
    }
    let digest = Sha256Digest::of(line.as_bytes());
    Ok(Entry { at, id: id.to_owned(), payload: payload.to_owned(), range, digest })
}

/// The fence or comment that starts on this line.
fn opens(line: &str, range: &Range<usize>) -> Option<Skip> {
    let unindented = line.trim_start_matches(' ');
    if line.len() - unindented.len() > 3 {
        return None;
    }
    if unindented.starts_with("<!--") {
        return Some(Skip::Comment(range.clone()));
    }
    let mark = unindented.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let count = unindented.chars().take_while(|c| *c == mark).count();
    let is_fence = count >= 3 && !(mark == '`' && unindented[count..].contains('`'));
    is_fence.then(|| Skip::Fence(mark, count, range.clone()))
}

fn closes_fence(line: &str, mark: char, count: usize) -> bool {
    let unindented = line.trim_start_matches(' ');
    let rest = unindented.trim_end();
    line.len() - unindented.len() <= 3
        && rest.chars().count() >= count
        && rest.chars().all(|c| c == mark)
}

#[cfg(test)]
mod tests;
