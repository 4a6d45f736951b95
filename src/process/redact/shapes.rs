//! What tokens usually look like.

use super::named::Named;
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use std::mem;
use std::ops::Range;
use std::sync::LazyLock;

/// How much of a line is looked at at once.
const WINDOW: usize = 64 * 1024;
/// Where a longer line is cut; the rest of the window shows how what stands there goes on.
const CUT: usize = WINDOW / 4 * 3;
/// How much of a private key is left out before its end is no longer believed in.
const LONGEST_KEY: usize = 64 * 1024;

/// A name and a pattern; what a group finds, or else the whole, is the secret. No pattern crosses
/// the end of a line.
const SHAPES: &[(&str, &str)] = &[
    ("github-token", r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}"),
    ("gitlab-token", r"gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt|oas)-[A-Za-z0-9_.-]{20,}"),
    ("aws-access-key-id", r"(?:^|[^A-Za-z0-9])((?:AKIA|ASIA)[A-Z0-9]{16})(?:[^A-Za-z0-9]|$)"),
    (
        "aws-secret-access-key",
        r#"(?i)secret_?access_?key\\?["']?\s*(?:[=:]|=>)\s*\\?["']?([A-Za-z0-9/+=]{16,})"#,
    ),
    ("slack-token", r"xox[abeoprs]-[A-Za-z0-9-]{10,}"),
    ("slack-url", r"hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9/_-]+)"),
    ("google-api-key", r"AIza[A-Za-z0-9_-]{35}"),
    ("stripe-key", r"[rs]k_live_[A-Za-z0-9]{10,}"),
    ("npm-token", r"npm_[A-Za-z0-9]{30,}"),
    ("pypi-token", r"pypi-AgEI[A-Za-z0-9_-]{16,}"),
    ("jwt", r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}"),
    (
        "authorization",
        r#"(?i)authorization\\?["']?\s*[:=]\s*\\?["']?(?:bearer|basic|token)\s+([^\s"'\\,;]+)"#,
    ),
    ("authorization", r"(?i)\bbearer\s+([A-Za-z0-9._~+/=-]{20,})"),
    ("url-password", r#"[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@?\#"'<>]*:([^\s/"'<>]+)@"#),
    ("assignment", QUOTED),
    ("assignment", ASSIGNMENT),
];

/// `DB_PASSWORD=…`, `token: "…"`, `\"secret\":\"…\"`.
const ASSIGNMENT: &str = r#"(?ix) (?: password | passwd | secret | token | api_?key )
    (?: [_-] [a-z0-9_-]* )?  \\? ["']?  \s* [=:] \s*
    (?: \\" | ["'] )?
    ( [^\s"'&;,\\] [^\s"'&;,]{7,} )"#;
/// The same with a value in quotes, which may hold what otherwise would end it.
const QUOTED: &str = r#"(?ix) (?: password | passwd | secret | token | api_?key )
    (?: [_-] [a-z0-9_-]* )?  \\? ["']?  \s* [=:] \s*
    (?: " ( (?: [^"\\\r\n] | \\[^\r\n] ){8,} ) " | ' ( [^'\r\n]{8,} ) ' )"#;

/// What a value is called that is a secret by its name: `db.password`, `API_KEY`, `token_prod`.
const NAME: &str = r"(?ix) (?: ^ | [^a-z] ) (?: password | passwd | secret | token | api_?key | authorization )
    (?: [_-] [a-z0-9_-]* )? $";

const BEGIN: &str = r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----";
const END: &str = r"-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----";
/// A line inside of a key: nothing else, or, behind what a log puts in front, a long run of Base64.
const BODY: &str = r"(?x) ^ \s* [A-Za-z0-9+/=]* \s* $ | [A-Za-z0-9+/]{32}
    | ^ (?: Proc-Type | DEK-Info | Version | Comment | Hash | Charset ) :";

/// The patterns, compiled when something is first kept, once in a process.
struct Patterns {
    any: RegexSet,
    each: Vec<Regex>,
    begin: Regex,
    end: Regex,
    body: Regex,
    name: Regex,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns {
    // Bytes, not characters: output need not be UTF-8.
    any: RegexSetBuilder::new(SHAPES.iter().map(|(_, pattern)| pattern))
        .unicode(false)
        .build()
        .expect("the table's patterns are tested"),
    each: SHAPES.iter().map(|(_, pattern)| compiled(pattern)).collect(),
    begin: compiled(BEGIN),
    end: compiled(END),
    body: compiled(BODY),
    name: compiled(NAME),
});

/// What stands in place of what the patterns find.
#[derive(Debug)]
pub(super) struct Shapes {
    masks: Vec<String>,
    key_mask: String,
    /// Masks of named secrets, which are no secrets.
    named_masks: Vec<String>,
}

/// What is not yet told.
#[derive(Debug, Default)]
pub(super) struct Stream {
    held: Vec<u8>,
    /// Inside of a private key: how many bytes were left out, and the last of them.
    key: Option<(usize, u8)>,
    /// Inside of a token that is longer than any window.
    endless: bool,
    pub(super) count: u64,
}

/// Something found: all that belongs to it, and the part that is the secret.
struct Found {
    whole: Range<usize>,
    secret: Range<usize>,
    shape: usize,
}

impl Shapes {
    pub(super) fn new(named: &Named) -> Self {
        Self {
            masks: SHAPES.iter().map(|(name, _)| named.mask(name)).collect(),
            key_mask: named.mask("private-key"),
            named_masks: named.masks().to_vec(),
        }
    }

    /// Whether something in `text` may look like a secret.
    pub(super) fn may_hold(&self, text: &str) -> bool {
        PATTERNS.any.is_match(text.as_bytes()) || PATTERNS.begin.is_match(text.as_bytes())
    }

    /// Whether what is called `name` is a secret.
    pub(super) fn is_secret_name(&self, name: &str) -> bool {
        PATTERNS.name.is_match(name.as_bytes())
    }

    pub(super) fn advance(&self, stream: &mut Stream, bytes: &[u8], last: bool) -> Vec<u8> {
        let mut held = mem::take(&mut stream.held);
        held.extend_from_slice(bytes);
        let mut out = Vec::with_capacity(held.len());
        let mut at = 0;
        while at < held.len() {
            let rest = &held[at..];
            if stream.endless {
                let end = rest.iter().position(|byte| ends_token(*byte));
                stream.endless = end.is_none();
                at += end.unwrap_or(rest.len());
                continue;
            }
            // Where a line is cut depends on the line alone, never on the pieces it came in.
            let window = &rest[..rest.len().min(WINDOW)];
            let line = window.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let length = match line {
                Some(end) => end + 1,
                None if window.len() == WINDOW => self.cut(stream, window),
                None if last => window.len(),
                None => break,
            };
            self.segment(stream, &rest[..length], &mut out);
            at += length;
        }
        held.drain(..at);
        stream.held = held;
        if last {
            stream.endless = false;
            stream.key = None;
        }
        out
    }

    /// Where to cut a line that is too long: through nothing that was found.
    fn cut(&self, stream: &mut Stream, window: &[u8]) -> usize {
        let found = self.found(window).into_iter().map(|found| found.whole);
        let marks =
            [&PATTERNS.begin, &PATTERNS.end].into_iter().flat_map(|mark| mark.find_iter(window));
        let mut whole: Vec<_> = found.chain(marks.map(|mark| mark.range())).collect();
        whole.sort_unstable_by_key(|range| (range.start, range.end));
        let mut cut = CUT;
        for range in whole {
            if range.start < cut {
                cut = cut.max(range.end);
            }
        }
        stream.endless = cut == WINDOW;
        cut
    }

    /// A line, or a part of a long one.
    fn segment(&self, stream: &mut Stream, segment: &[u8], out: &mut Vec<u8>) {
        let mut rest = segment;
        while let Some(last) = rest.last() {
            if let Some((left_out, before)) = stream.key {
                if let Some(end) = PATTERNS.end.find(rest) {
                    stream.key = None;
                    rest = &rest[end.end()..];
                    continue;
                }
                if left_out + rest.len() <= LONGEST_KEY && PATTERNS.body.is_match(rest) {
                    stream.key = Some((left_out + rest.len(), *last));
                    return;
                }
                // It was no key, or its end got lost; what follows is to be seen.
                stream.key = None;
                if matches!(before, b'\n' | b'\r') {
                    out.push(before);
                }
            }
            let Some(begin) = PATTERNS.begin.find(rest) else {
                self.line(stream, rest, out);
                return;
            };
            self.line(stream, &rest[..begin.start()], out);
            out.extend_from_slice(self.key_mask.as_bytes());
            stream.count += 1;
            stream.key = Some((0, b'-'));
            rest = &rest[begin.end()..];
        }
    }

    /// Text without a private key.
    fn line(&self, stream: &mut Stream, text: &[u8], out: &mut Vec<u8>) {
        let mut at = 0;
        for found in self.found(text) {
            let Range { start, end } = found.secret;
            // What overlaps is one place.
            if start >= at {
                out.extend_from_slice(&text[at..start]);
                out.extend_from_slice(self.masks[found.shape].as_bytes());
                stream.count += 1;
            }
            at = at.max(end);
        }
        out.extend_from_slice(&text[at..]);
    }

    /// Everything that looks like a secret, in order, the most particular shape first.
    fn found(&self, text: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        for shape in PATTERNS.any.matches(text) {
            for captures in PATTERNS.each[shape].captures_iter(text) {
                let Some(whole) = captures.get(0) else { continue };
                let secret = captures.iter().skip(1).flatten().next().unwrap_or(whole);
                if self.named_masks.iter().any(|mask| mask.as_bytes() == secret.as_bytes()) {
                    continue;
                }
                found.push(Found { whole: whole.range(), secret: secret.range(), shape });
            }
        }
        found.sort_unstable_by_key(|found| (found.secret.start, found.shape));
        found
    }
}

fn compiled(pattern: &str) -> Regex {
    RegexBuilder::new(pattern).unicode(false).build().expect("the table's patterns are tested")
}

fn ends_token(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b',')
}
