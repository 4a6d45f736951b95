//! Measured quantities with units: `0.2%`, `180ms`, `20/min`.

use std::fmt;

/// Unit of a quantity. Quantities of different dimension are never compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// A bare number, such as a count.
    One,
    /// Percent.
    Percent,
    /// A quotient: 0.05 is 5 %. A bare number is none, for nobody could tell it from percent.
    Ratio,
    /// Microseconds.
    Microseconds,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes: `2m`, as durations are written.
    Minutes,
    /// Hours.
    Hours,
    /// Per second: `120/s` or `120 req/s`.
    PerSecond,
    /// Per minute: `30/min`.
    PerMinute,
    /// Per hour: `30/h`.
    PerHour,
    /// Mebibytes.
    Mebibytes,
    /// Gibibytes.
    Gibibytes,
}

/// What can be compared with what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dimension {
    /// A count.
    Number,
    /// Percent, or a quotient.
    Share,
    /// A length of time.
    Time,
    /// Per second or minute.
    Rate,
    /// Bytes.
    Size,
}

impl Dimension {
    /// The word for it in a phase definition.
    pub fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Share => "share",
            Self::Time => "time",
            Self::Rate => "rate",
            Self::Size => "size",
        }
    }
}

impl Unit {
    /// The first name of each is how it is written; the others are what tools write.
    const NAMES: [(&'static str, Unit); 43] = [
        ("", Unit::One),
        ("%", Unit::Percent),
        ("percent", Unit::Percent),
        ("ratio", Unit::Ratio),
        ("ms", Unit::Milliseconds),
        ("msec", Unit::Milliseconds),
        ("millisecond", Unit::Milliseconds),
        ("milliseconds", Unit::Milliseconds),
        ("s", Unit::Seconds),
        ("sec", Unit::Seconds),
        ("second", Unit::Seconds),
        ("seconds", Unit::Seconds),
        ("min", Unit::Minutes),
        ("m", Unit::Minutes),
        ("mins", Unit::Minutes),
        ("minute", Unit::Minutes),
        ("minutes", Unit::Minutes),
        ("h", Unit::Hours),
        ("hour", Unit::Hours),
        ("hours", Unit::Hours),
        ("us", Unit::Microseconds),
        ("µs", Unit::Microseconds),
        ("μs", Unit::Microseconds),
        ("/s", Unit::PerSecond),
        ("req/s", Unit::PerSecond),
        ("rps", Unit::PerSecond),
        ("/sec", Unit::PerSecond),
        ("/second", Unit::PerSecond),
        ("per second", Unit::PerSecond),
        ("/min", Unit::PerMinute),
        ("/m", Unit::PerMinute),
        ("/minute", Unit::PerMinute),
        ("per min", Unit::PerMinute),
        ("per minute", Unit::PerMinute),
        ("req/min", Unit::PerMinute),
        ("/h", Unit::PerHour),
        ("/hour", Unit::PerHour),
        ("per hour", Unit::PerHour),
        ("req/h", Unit::PerHour),
        ("MiB", Unit::Mebibytes),
        ("MB", Unit::Mebibytes),
        ("GiB", Unit::Gibibytes),
        ("GB", Unit::Gibibytes),
    ];

    /// What it can be compared with.
    pub fn dimension(self) -> Dimension {
        match self {
            Self::One => Dimension::Number,
            Self::Percent | Self::Ratio => Dimension::Share,
            Self::Microseconds
            | Self::Milliseconds
            | Self::Seconds
            | Self::Minutes
            | Self::Hours => Dimension::Time,
            Self::PerSecond | Self::PerMinute | Self::PerHour => Dimension::Rate,
            Self::Mebibytes | Self::Gibibytes => Dimension::Size,
        }
    }

    /// Whether it says a share of something.
    pub fn is_share(self) -> bool {
        self.dimension() == Dimension::Share
    }

    /// How many base units of its dimension it is.
    pub fn scale(self) -> f64 {
        match self {
            Self::One | Self::Percent | Self::Milliseconds | Self::PerMinute | Self::Mebibytes => {
                1.0
            }
            Self::Ratio => 100.0,
            Self::Microseconds => 0.001,
            Self::Seconds => 1000.0,
            Self::Minutes => 60_000.0,
            Self::Hours => 3_600_000.0,
            Self::PerSecond => 60.0,
            Self::PerHour => 1.0 / 60.0,
            Self::Gibibytes => 1024.0,
        }
    }

    /// The most that can be measured, in base units.
    pub(super) fn most(self) -> f64 {
        if self.dimension() == Dimension::Share { 100.0 } else { f64::INFINITY }
    }

    /// Whether it measures time, which is never 0.
    pub(super) fn is_time(self) -> bool {
        self.dimension() == Dimension::Time
    }

    /// The units that are known, for people.
    pub(super) fn known() -> &'static str {
        "%, ratio, us, ms, s, min, h, /s, /min, /h, MiB, GiB, or none for a count"
    }

    /// How it is written; empty for a bare number.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, unit)| *unit == self).map_or("", |(name, _)| name)
    }
}

/// A finite number with a unit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Quantity {
    /// The number, finite.
    pub value: f64,
    /// Its unit.
    pub unit: Unit,
}

impl Quantity {
    /// Parses `0.2%`, `1,5 %`, `180 ms`, `41`, `2.1e-05 s`; `None` for anything else, NaN and infinity included.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = |text: &str| {
            text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len())
        };
        let sign = usize::from(text.starts_with(['-', '+']));
        let mut end = sign + digits(&text[sign..]);
        // `2.1e-05`, as exporters write small numbers.
        if let Some(rest) = text[end..].strip_prefix(['e', 'E']) {
            let own = usize::from(rest.starts_with(['-', '+']));
            let length = rest[own..].bytes().take_while(u8::is_ascii_digit).count();
            end += if length > 0 { 1 + own + length } else { 0 };
        }
        // `1,5`, as much of the world writes it; `1,500` may be a thousand and a half, or one and a half.
        let mut written = text[..end].to_owned();
        if let Some(rest) = text[end..].strip_prefix(',') {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            if matches!(length, 1 | 2)
                && written.ends_with(|c: char| c.is_ascii_digit())
                && !written.contains(['.', 'e', 'E'])
            {
                written = format!("{written}.{}", &rest[..length]);
                end += 1 + length;
            }
        }
        let (number, unit) = (written.as_str(), &text[end..]);
        let value: f64 = number.parse().ok().filter(|value: &f64| value.is_finite())?;
        let unit = unit.trim();
        let (_, unit) = Unit::NAMES.iter().find(|(name, _)| *name == unit)?;
        Some(Self { value, unit: *unit })
    }

    /// Why no measurement can have given it: a negative value, a latency of nothing.
    pub fn impossible(self) -> Option<&'static str> {
        match self.unit.dimension() {
            _ if self.value < 0.0 => Some("nothing that is measured is negative"),
            Dimension::Time if self.value == 0.0 => Some("nothing takes no time at all"),
            _ => None,
        }
    }

    /// The value in the unit of `other`, or `None` when that has another dimension.
    pub fn of(self, other: Self) -> Option<f64> {
        let (own, _) = self.comparable(other)?;
        Some(own / other.unit.scale())
    }

    /// The value in its dimension's base unit, or `None` when `other` has another dimension.
    pub fn comparable(self, other: Self) -> Option<(f64, f64)> {
        (self.unit.dimension() == other.unit.dimension())
            .then(|| (self.value * self.unit.scale(), other.value * other.unit.scale()))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, self.unit.name())
    }
}

/// Whether a text can be the name of a metric: lower-case letters, digits and `_ . -`.
pub fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    #[test]
    fn quantities_are_read_as_people_write_them() {
        for (text, shown) in [
            ("1,5 %", "1.5%"),
            ("0,25%", "0.25%"),
            ("2m", "2min"),
            ("2 minutes", "2min"),
            ("1 h", "1h"),
            ("30/h", "30/h"),
            ("1 per minute", "1/min"),
            ("120 req/s", "120/s"),
        ] {
            let read = Quantity::parse(text).map(|own| own.to_string());
            assert_eq!(read.as_deref(), Some(shown), "{text}");
        }
        for text in ["1,500 ms", "1,5,5%", "1.5,5%", ",5%", "2 M", "5 per year", "1e3,5%", "1,%"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
