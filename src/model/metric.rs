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
    /// Per second: `120/s` or `120 req/s`.
    PerSecond,
    /// Per minute: `30/min`.
    PerMinute,
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
    const NAMES: [(&'static str, Unit); 23] = [
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
        ("us", Unit::Microseconds),
        ("µs", Unit::Microseconds),
        ("μs", Unit::Microseconds),
        ("/s", Unit::PerSecond),
        ("req/s", Unit::PerSecond),
        ("rps", Unit::PerSecond),
        ("/min", Unit::PerMinute),
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
            Self::Microseconds | Self::Milliseconds | Self::Seconds => Dimension::Time,
            Self::PerSecond | Self::PerMinute => Dimension::Rate,
            Self::Mebibytes | Self::Gibibytes => Dimension::Size,
        }
    }

    /// How many base units of its dimension it is.
    pub(super) fn scale(self) -> f64 {
        match self {
            Self::One | Self::Percent | Self::Milliseconds | Self::PerMinute | Self::Mebibytes => {
                1.0
            }
            Self::Ratio => 100.0,
            Self::Microseconds => 0.001,
            Self::Seconds => 1000.0,
            Self::PerSecond => 60.0,
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
    /// Parses `0.2%`, `180 ms`, `41`, `2.1e-05 s`; `None` for anything else, NaN and infinity included.
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
        let (number, unit) = text.split_at(end);
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
    pub(super) fn comparable(self, other: Self) -> Option<(f64, f64)> {
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
