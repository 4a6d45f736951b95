//! Lengths of time as policy writes them: `90s`, `30m`, `72h`, `14d`, `1h30m`; people also write `1 h` and
//! `10 minutes`.

use std::fmt;

/// A length of time in whole seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span(u64);

/// Why a text is not a [`Span`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SpanError;

impl fmt::Display for SpanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "expected a duration in whole seconds (s), minutes (m, min), hours (h) or days (d), \
             such as 90s, 30m, 10 minutes, 72h, 14d or 1h30m",
        )
    }
}

/// How each unit is called, the name that is written first, and how many seconds it is.
const UNITS: [(&[&str], u64); 4] = [
    (&["d", "day", "days"], 86_400),
    (&["h", "hr", "hrs", "hour", "hours"], 3_600),
    (&["m", "min", "mins", "minute", "minutes"], 60),
    (&["s", "sec", "secs", "second", "seconds"], 1),
];

impl Span {
    /// A span of `seconds`.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// The length in seconds.
    pub const fn seconds(self) -> u64 {
        self.0
    }

    /// Parses one or more `number unit` pairs, units falling from days to seconds, each at most once.
    ///
    /// # Errors
    /// [`SpanError`] for anything else, zero included: a window of no length is no window.
    pub fn parse(text: &str) -> Result<Self, SpanError> {
        let mut total: u64 = 0;
        let mut units = UNITS.iter();
        let mut rest = text;
        while !rest.is_empty() {
            let (digits, after) = leading(rest, |c| c.is_ascii_digit());
            let number: u64 = digits.parse().map_err(|_| SpanError)?;
            let after = after.strip_prefix([' ', '\u{a0}']).unwrap_or(after);
            let (unit, after) = leading(after, |c| c.is_ascii_alphabetic());
            let (_, seconds) = units.find(|(names, _)| names.contains(&unit)).ok_or(SpanError)?;
            total = number
                .checked_mul(*seconds)
                .and_then(|part| total.checked_add(part))
                .ok_or(SpanError)?;
            // A blank stands between two pairs, and at no end.
            let next = after.strip_prefix(' ').filter(|next| !next.is_empty());
            rest = next.unwrap_or(after);
        }
        if total == 0 { Err(SpanError) } else { Ok(Self(total)) }
    }
}

/// What `text` begins with that is `of` a kind, and the rest.
fn leading(text: &str, of: fn(&char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c: char| !of(&c)).unwrap_or(text.len()))
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        if rest == 0 {
            return f.write_str("0s");
        }
        for (names, seconds) in UNITS {
            let count = rest / seconds;
            if count > 0 {
                write!(f, "{count}{}", names[0])?;
                rest %= seconds;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("90s", 90),
            ("1h30m", 5400),
            ("1 h", 3600),
            ("10 minutes", 600),
            ("1 hour 30 minutes", 5400),
            ("1h 30min", 5400),
            ("2 days", 172_800),
        ] {
            assert_eq!(Span::parse(text).map(Span::seconds), Ok(seconds), "{text}");
        }
        for text in
            ["", "10", "1.5h", "30m1h", "1h1h", "h", "-1h", "1 M", "10 parsecs", "0m", "1h ", " 1h"]
        {
            assert!(Span::parse(text).is_err(), "{text}");
        }
    }
}
