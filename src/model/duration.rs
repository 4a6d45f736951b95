//! Lengths of time as policy writes them: `90s`, `30m`, `72h`, `14d`, `1h30m`.

use std::fmt;

/// A length of time in whole seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span(u64);

/// Why a text is not a [`Span`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SpanError;

impl fmt::Display for SpanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a duration such as 90s, 30m, 72h, 14d or 1h30m")
    }
}

const UNITS: [(u8, u64); 4] = [(b'd', 86_400), (b'h', 3_600), (b'm', 60), (b's', 1)];

impl Span {
    /// A span of `seconds`.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// The length in seconds.
    pub const fn seconds(self) -> u64 {
        self.0
    }

    /// Parses one or more `number unit` pairs, units falling from `d` to `s`, each at most once.
    ///
    /// # Errors
    /// [`SpanError`] for anything else, zero included: a window of no length is no window.
    pub fn parse(text: &str) -> Result<Self, SpanError> {
        let mut total: u64 = 0;
        let mut units = UNITS.iter();
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let number: u64 = std::str::from_utf8(&rest[..digits])
                .ok()
                .and_then(|digits| digits.parse().ok())
                .ok_or(SpanError)?;
            let unit = rest.get(digits).ok_or(SpanError)?;
            let (_, seconds) = units.find(|(name, _)| name == unit).ok_or(SpanError)?;
            total = number
                .checked_mul(*seconds)
                .and_then(|part| total.checked_add(part))
                .ok_or(SpanError)?;
            rest = &rest[digits + 1..];
        }
        if total == 0 { Err(SpanError) } else { Ok(Self(total)) }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        if rest == 0 {
            return f.write_str("0s");
        }
        for (name, seconds) in UNITS {
            let count = rest / seconds;
            if count > 0 {
                write!(f, "{count}{}", char::from(name))?;
                rest %= seconds;
            }
        }
        Ok(())
    }
}
