//! The string formats of our schemas.
//!
//! `date-time` is deliberately not among them: its readers disagree about spaces, the basic form
//! and leap seconds. Only the form is judged here, never whether a time is plausible.

use crate::model::{Quantity, Span, Stamp, hollow, is_invisible};

/// A format: its name in schemas, its check, and what a value must be, with an example.
pub(super) struct Format {
    pub(super) name: &'static str,
    pub(super) check: fn(&str) -> bool,
    pub(super) expected: &'static str,
}

/// Every format of ours.
pub(super) const FORMATS: [Format; 12] = [
    Format {
        name: "d3p-time",
        check: time,
        expected: "a time with offset such as 2026-11-21T09:30:00Z",
    },
    Format { name: "d3p-day", check: day, expected: "a day such as 2026-11-21" },
    Format {
        name: "d3p-time-or-day",
        check: time_or_day,
        expected: "a time with offset such as 2026-11-21T09:30:00Z, or a day such as 2026-11-21",
    },
    Format { name: "d3p-span", check: span, expected: "a duration such as 30m, 72h or 14d" },
    Format { name: "d3p-percent", check: percent, expected: "a percentage such as 10%" },
    Format {
        name: "d3p-quantity",
        check: quantity,
        expected: "a number with its unit such as 0.2%, 180ms or 120 req/s",
    },
    Format {
        name: "d3p-path",
        check: path,
        expected: "a path inside the project with forward slashes and no `.` or `..` in it",
    },
    Format { name: "d3p-filled", check: filled, expected: "filled in" },
    Format {
        name: "d3p-words",
        check: words,
        expected: "words that say something, unlike `n/a`, `as usual` or `see the wiki`",
    },
    Format {
        name: "d3p-version",
        check: version,
        expected: "a version of letters, digits and . _ + -, such as v1.4.0",
    },
    Format {
        name: "d3p-commit",
        check: commit,
        expected: "a full commit id of 40 or 64 lower-case hexadecimal digits",
    },
    Format {
        name: "d3p-sha256",
        check: sha256,
        expected: "a SHA-256 digest of 64 lower-case hexadecimal digits",
    },
];

/// What a value of `format` must be; also for the standard formats that our schemas use.
pub(super) fn expected(format: &str) -> Option<&'static str> {
    let ours = FORMATS.iter().find(|known| known.name == format).map(|known| known.expected);
    ours.or(match format {
        "json-pointer" => Some("a JSON pointer such as /tests/total"),
        "uri" => Some("an absolute URI such as https://d3p.dev/d3p"),
        "uri-reference" => Some("a URI or a path relative to the project"),
        _ => None,
    })
}

pub(crate) fn time(text: &str) -> bool {
    Stamp::parse(text).is_ok()
}

pub(crate) fn day(text: &str) -> bool {
    text.len() == 10 && Stamp::parse_or_day(text).is_ok()
}

pub(crate) fn time_or_day(text: &str) -> bool {
    Stamp::parse_or_day(text).is_ok()
}

pub(crate) fn span(text: &str) -> bool {
    Span::parse(text).is_ok()
}

/// Digits, at most one point between them, and `%`: one spelling, no sign, no blanks.
pub(crate) fn percent(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.strip_suffix('%').is_some_and(|number| match number.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(number),
    })
}

pub(crate) fn quantity(text: &str) -> bool {
    Quantity::parse(text).is_some()
}

/// Relative, `/` between segments, none of them empty, `.` or `..`, no control characters.
///
/// Formats stand here where patterns would: compiling a Unicode class costs more than reading the
/// whole release.
pub(crate) fn path(text: &str) -> bool {
    text.split('/').all(|segment| {
        // A drive of Windows leads out there.
        !["", ".", ".."].contains(&segment)
            && !segment.ends_with(':')
            && !segment.chars().any(|c| c == '\\' || c.is_ascii_control())
    })
}

pub(crate) fn filled(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !is_invisible(c))
}

/// A text that says something.
pub(crate) fn words(text: &str) -> bool {
    hollow(text).is_none()
}

/// A version as it can stand in a path: letters, digits, and `. _ + -` after the first.
pub(crate) fn version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._+-".contains(c))
}

pub(crate) fn commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && is_lower_hex(text)
}

pub(crate) fn sha256(text: &str) -> bool {
    text.len() == 64 && is_lower_hex(text)
}

fn is_lower_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_in_expectations_are_valid() {
        assert!(time("2026-11-21T09:30:00Z") && time_or_day("2026-11-21") && day("2026-11-21"));
        assert!(["30m", "72h", "14d"].into_iter().all(span));
        assert!(["0.2%", "180ms", "120 req/s"].into_iter().all(quantity));
    }

    #[test]
    fn percent_has_one_spelling() {
        assert!(["10%", "0%", "0.5%"].into_iter().all(percent));
        for text in ["", "%", "10", "-1%", "+1%", "10 %", ".5%", "5.%", "1.2.3%", "1e3%", "NaN%"] {
            assert!(!percent(text), "{text}");
        }
    }

    #[test]
    fn a_day_is_not_a_time() {
        assert!(!time("2026-11-21") && !day("2026-11-21T09:30:00Z") && !day("2026-02-30"));
    }
}
