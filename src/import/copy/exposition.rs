//! The text exposition of Prometheus and OpenMetrics, line by line.

use super::{Copy, Mask};
use crate::import::ImportError;
use crate::import::prometheus::quoted_in;
use crate::import::source::{self, Source};
use std::borrow::Cow;
use std::io::{BufRead as _, Write};

/// Writes the scrape in `source` to `out`, each value of a label and each comment without its
/// secrets. Gives how many were changed; where none was, the report itself is the better copy.
///
/// # Errors
/// What is no text in UTF-8, and what cannot be written. A line that cannot be read is masked as a
/// whole: whoever reads the copy refuses it as they would refuse the scrape.
pub fn exposition(
    source: &dyn Source,
    mask: &Mask<'_>,
    out: &mut dyn Write,
) -> Result<u64, ImportError> {
    let mut copy = Copy::new(mask, out);
    let mut text = source::text_of(source)?;
    let mut line = String::new();
    loop {
        line.clear();
        if text.read_line(&mut line).map_err(|error| source::unreadable(&error))? == 0 {
            return Ok(copy.masked);
        }
        let content = line.trim_end_matches(['\n', '\r']);
        let end = &line[content.len()..];
        let kept = copy.line(content);
        copy.write(&kept)?;
        copy.write(end)?;
    }
}

impl Copy<'_> {
    fn line(&mut self, line: &str) -> String {
        let is_comment = line.trim_start().starts_with('#');
        let Some((texts, end)) = (!is_comment).then(|| quoted_in(line)).flatten() else {
            return self.kept("", line).into_owned();
        };
        let (mut out, mut at) = (String::with_capacity(line.len()), 0);
        for (name, value, place) in texts {
            let kept = self.kept(&name, &value);
            out.push_str(&line[at..place.start]);
            match &kept {
                Cow::Borrowed(_) => out.push_str(&line[place.clone()]),
                Cow::Owned(kept) => {
                    let escaped = kept.replace('\\', "\\\\").replace('"', "\\\"");
                    out.push_str(&format!("\"{}\"", escaped.replace('\n', "\\n")));
                }
            }
            at = place.end;
        }
        out.push_str(&line[at..end]);
        // Behind value and time, an exemplar may follow.
        let (numbers, exemplar) = match line[end..].find('#') {
            Some(mark) => line[end..].split_at(mark),
            None => (&line[end..], ""),
        };
        out.push_str(numbers);
        out.push_str(&self.kept("", exemplar));
        out
    }
}
