//! Points in time, under one strict textual form.

use crate::model::Span;
use jiff::Timestamp;
use std::fmt;

/// An instant. Its one accepted text is RFC 3339 **with offset**: `2026-11-21T09:30:00Z`,
/// `2026-11-21T10:30:00.250+01:00`.
///
/// People may leave out the seconds: `2026-11-21T09:30Z` is the beginning of that minute.
///
/// Else stricter than RFC 3339 on purpose: no space or lower-case `t`, no leap second, no missing
/// offset, so that every tool reading the file agrees about the instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Stamp(Timestamp);

/// Why a text is not a [`Stamp`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StampError;

impl fmt::Display for StampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a time with offset such as 2026-11-21T09:30:00Z")
    }
}

impl Stamp {
    /// Parses the strict form.
    ///
    /// # Errors
    /// [`StampError`] when the text has any other form or names no real instant.
    pub fn parse(text: &str) -> Result<Self, StampError> {
        let full = match text.as_bytes().get(16) {
            Some(b'Z' | b'+' | b'-') => text.split_at_checked(16),
            _ => None,
        };
        let full = full.map(|(minute, offset)| format!("{minute}:00{offset}"));
        let text = full.as_deref().unwrap_or(text);
        if !Self::has_strict_form(text.as_bytes()) {
            return Err(StampError);
        }
        text.parse().map(Self).map_err(|_| StampError)
    }

    /// Parses a day (`2026-11-21`, counted from 00:00 UTC) or the strict form.
    ///
    /// Sibling protocols date their files by day; such a day counts from its first second, the
    /// reading that makes the file oldest.
    ///
    /// # Errors
    /// [`StampError`] when the text is neither.
    pub fn parse_or_day(text: &str) -> Result<Self, StampError> {
        if text.len() == 10 {
            return Self::parse(&format!("{text}T00:00:00Z"));
        }
        Self::parse(text)
    }

    /// The first moment at which a text for [`Self::parse_or_day`] can have been written: a day has
    /// begun once it has begun anywhere on earth (UTC+14), a time when it has come.
    ///
    /// # Errors
    /// [`StampError`] when the text is neither.
    pub fn begins(text: &str) -> Result<Self, StampError> {
        if text.len() == 10 {
            return Self::parse(&format!("{text}T00:00:00+14:00"));
        }
        Self::parse(text)
    }

    /// The time of a header `Date` of HTTP (RFC 9110): `Sun, 06 Nov 1994 08:49:37 GMT`.
    pub(crate) fn of_http(text: &str) -> Option<Self> {
        let read = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text);
        read.ok().map(Self)
    }

    fn has_strict_form(text: &[u8]) -> bool {
        const FORM: &[u8; 19] = b"0000-00-00T00:00:00";
        let (Some(head), Some(mut tail)) = (text.get(..19), text.get(19..)) else {
            return false;
        };
        let shaped = |text: &[u8], form: &[u8]| {
            text.len() == form.len()
                && text.iter().zip(form).all(|(byte, form)| match form {
                    b'0' => byte.is_ascii_digit(),
                    _ => byte == form,
                })
        };
        if !shaped(head, FORM) || &head[17..19] == b"60" {
            return false;
        }
        if let [b'.', fraction @ ..] = tail {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 || digits > 9 {
                return false;
            }
            tail = &fraction[digits..];
        }
        tail == b"Z" || shaped(tail, b"+00:00") || shaped(tail, b"-00:00")
    }

    /// Wraps an instant of the clock.
    pub fn from_timestamp(timestamp: Timestamp) -> Self {
        Self(timestamp)
    }

    /// The instant.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }

    /// The instant with everything below a millisecond dropped, as d3p writes it.
    pub fn to_millis(self) -> Self {
        let millis = self.0.as_millisecond();
        Timestamp::from_millisecond(millis).map_or(self, Self)
    }

    /// Milliseconds from `earlier` to `self`; negative when `earlier` is later.
    pub fn millis_since(self, earlier: Self) -> i64 {
        self.0.as_millisecond() - earlier.0.as_millisecond()
    }

    /// `self` less so many milliseconds, saturating at the beginning of time.
    pub fn minus_millis(self, millis: i64) -> Self {
        self.0
            .checked_sub(jiff::SignedDuration::from_millis(millis))
            .map_or(Self(Timestamp::MIN), Self)
    }

    /// The beginning of the minute that it lies in.
    pub fn to_minute(self) -> Self {
        let millis = self.0.as_millisecond();
        self.minus_millis(millis.rem_euclid(60_000))
    }

    /// `self` plus `span`, saturating at the end of time.
    pub fn plus(self, span: Span) -> Self {
        let seconds = i64::try_from(span.seconds()).unwrap_or(i64::MAX);
        self.0
            .checked_add(jiff::SignedDuration::from_secs(seconds))
            .map_or(Self(Timestamp::MAX), Self)
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Stamp;

    #[test]
    fn a_minute_begins_at_its_first_second() {
        for text in ["2026-11-30T23:03Z", "2026-12-01T00:03+01:00"] {
            assert_eq!(Stamp::parse(text), Stamp::parse("2026-11-30T23:03:00Z"), "{text}");
        }
        for text in ["2026-11-30T23Z", "2026-11-30T23:03", "2026-11-30 23:03Z", "2026-11-30T23:0é"]
        {
            assert!(Stamp::parse(text).is_err(), "{text}");
        }
    }
}
