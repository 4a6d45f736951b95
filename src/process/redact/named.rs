//! Secrets whose values are known.

use super::spelling::spellings;
use aho_corasick::AhoCorasick;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What is looked for, and what stands in its place.
#[derive(Debug)]
pub(super) struct Named {
    finder: Option<AhoCorasick>,
    /// Every spelling, sorted.
    patterns: Vec<String>,
    /// For each spelling the mask of its secret.
    masks: Vec<String>,
    longest: usize,
    pub(super) too_short: Vec<String>,
}

/// What is not yet told.
#[derive(Debug, Default)]
pub(super) struct Stream {
    held: Vec<u8>,
    /// How many of the held bytes belong to the place that was masked last.
    covered: usize,
    /// Whether the byte before the held ones was masked.
    masked: bool,
    pub(super) count: u64,
}

impl Named {
    pub(super) fn new(secrets: &[(String, String)]) -> Self {
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        let mut too_short = Vec::new();
        for (name, value) in secrets {
            let spelled = spellings(value);
            if spelled.is_empty() {
                too_short.push(name.clone());
            }
            for spelling in spelled {
                owners.entry(spelling).or_insert(name);
            }
        }
        let patterns: Vec<String> = owners.keys().cloned().collect();
        let masks = owners.values().map(|name| mask(name, &patterns)).collect();
        let longest = patterns.iter().map(String::len).max().unwrap_or(0);
        // A build fails only beyond 2^31 states, and the environment is not that large.
        let finder = (!patterns.is_empty())
            .then(|| AhoCorasick::new(&patterns).expect("secrets fit into an automaton"));
        Self { finder, patterns, masks, longest, too_short }
    }

    /// Whether `text` holds the value of a secret.
    pub(super) fn may_hold(&self, text: &str) -> bool {
        self.finder.as_ref().is_some_and(|finder| finder.is_match(text))
    }

    /// A mask for something that is found otherwise.
    pub(super) fn mask(&self, name: &str) -> String {
        mask(name, &self.patterns)
    }

    /// What stands in place of secrets.
    pub(super) fn masks(&self) -> &[String] {
        &self.masks
    }

    /// Bytes that any spelling covers are masked, also where spellings overlap; neighbours without
    /// a byte between them are one place.
    pub(super) fn advance(&self, stream: &mut Stream, bytes: &[u8], last: bool) -> Vec<u8> {
        let Some(finder) = &self.finder else { return bytes.to_owned() };
        stream.held.extend_from_slice(bytes);
        let held = &stream.held;
        let end = if last { held.len() } else { self.decided(held) };
        let mut places: Vec<_> = finder
            .find_overlapping_iter(held)
            .filter(|found| found.start() < end)
            .map(|found| (found.start(), Reverse(found.end()), found.pattern().as_usize()))
            .collect();
        // Where several begin, the longest gives its name.
        places.sort_unstable();
        let mut out = Vec::with_capacity(end);
        let mut covered = stream.covered;
        let mut at = covered.min(end);
        for (start, Reverse(stop), pattern) in places {
            covered = covered.max(stop);
            if start > at {
                out.extend_from_slice(&held[at..start]);
                stream.masked = false;
            }
            if !stream.masked {
                out.extend_from_slice(self.masks[pattern].as_bytes());
                stream.count += 1;
                stream.masked = true;
            }
            at = at.max(stop.min(end));
        }
        if at < end {
            out.extend_from_slice(&held[at..end]);
            stream.masked = false;
        }
        stream.covered = covered.saturating_sub(end);
        stream.held.drain(..end);
        if last {
            stream.masked = false;
        }
        out
    }

    /// How many bytes no spelling can reach that is not complete yet.
    fn decided(&self, held: &[u8]) -> usize {
        let first = held.len().saturating_sub(self.longest.saturating_sub(1));
        (first..held.len()).find(|at| self.is_beginning(&held[*at..])).unwrap_or(held.len())
    }

    /// Whether a longer spelling begins so.
    fn is_beginning(&self, bytes: &[u8]) -> bool {
        let at = self.patterns.partition_point(|pattern| pattern.as_bytes() <= bytes);
        self.patterns.get(at).is_some_and(|next| next.as_bytes().starts_with(bytes))
    }
}

/// What stands in place of a secret: `[redacted:NAME]`, as long as no secret can be read from this
/// text and what happens to stand beside it.
fn mask(name: &str, patterns: &[String]) -> String {
    let harmless =
        |mask: &String| patterns.iter().all(|pattern| !touch(mask.as_bytes(), pattern.as_bytes()));
    let usual = [format!("[redacted:{name}]"), "[redacted]".to_owned(), "***".to_owned()];
    // Of all characters at least one stands in no secret.
    let others = ('!'..=char::MAX).map(String::from);
    usual.into_iter().chain(others).find(harmless).unwrap_or_default()
}

/// Whether one holds the other, or the end of one is the beginning of the other.
fn touch(a: &[u8], b: &[u8]) -> bool {
    let shorter = a.len().min(b.len());
    let joins = (1..=shorter).any(|n| a[a.len() - n..] == b[..n] || b[b.len() - n..] == a[..n]);
    let holds = |long: &[u8], short: &[u8]| long.windows(short.len()).any(|part| part == short);
    joins || if a.len() < b.len() { holds(b, a) } else { holds(a, b) }
}
