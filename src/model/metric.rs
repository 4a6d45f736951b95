//! Measured quantities with units, and thresholds on them: `0.2%`, `180ms`, `< 1%`.

use std::fmt;

/// Unit of a quantity. Quantities of different dimension are never compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// A bare number, such as a count.
    One,
    /// Percent.
    Percent,
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
#[derive(PartialEq, Eq)]
enum Dimension {
    Number,
    Share,
    Time,
    Rate,
    Size,
}

impl Unit {
    const NAMES: [(&'static str, Unit); 12] = [
        ("", Unit::One),
        ("%", Unit::Percent),
        ("ms", Unit::Milliseconds),
        ("s", Unit::Seconds),
        ("/s", Unit::PerSecond),
        ("req/s", Unit::PerSecond),
        ("rps", Unit::PerSecond),
        ("/min", Unit::PerMinute),
        ("MiB", Unit::Mebibytes),
        ("MB", Unit::Mebibytes),
        ("GiB", Unit::Gibibytes),
        ("GB", Unit::Gibibytes),
    ];

    fn dimension(self) -> Dimension {
        match self {
            Self::One => Dimension::Number,
            Self::Percent => Dimension::Share,
            Self::Milliseconds | Self::Seconds => Dimension::Time,
            Self::PerSecond | Self::PerMinute => Dimension::Rate,
            Self::Mebibytes | Self::Gibibytes => Dimension::Size,
        }
    }

    fn scale(self) -> f64 {
        match self {
            Self::One | Self::Percent | Self::Milliseconds | Self::PerMinute | Self::Mebibytes => {
                1.0
            }
            Self::Seconds => 1000.0,
            Self::PerSecond => 60.0,
            Self::Gibibytes => 1024.0,
        }
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
    /// Parses `0.2%`, `180 ms`, `41`; `None` for anything else, NaN and infinity included.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text
            .char_indices()
            .find(|(at, c)| !(c.is_ascii_digit() || *c == '.' || (*at == 0 && *c == '-')))
            .map_or(text.len(), |(at, _)| at);
        let (number, unit) = text.split_at(end);
        let value: f64 = number.parse().ok().filter(|value: &f64| value.is_finite())?;
        let unit = unit.trim();
        let (_, unit) = Unit::NAMES.iter().find(|(name, _)| *name == unit)?;
        Some(Self { value, unit: *unit })
    }

    /// The value in its dimension's base unit, or `None` when `other` has another dimension.
    fn comparable(self, other: Self) -> Option<(f64, f64)> {
        (self.unit.dimension() == other.unit.dimension())
            .then(|| (self.value * self.unit.scale(), other.value * other.unit.scale()))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, self.unit.name())
    }
}

/// Comparison of a threshold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ThresholdOp {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// A condition on a quantity: `< 1%`, `<= 250 ms`, `>= 120 req/s`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Threshold {
    /// Comparison.
    pub op: ThresholdOp,
    /// The bound.
    pub bound: Quantity,
}

impl Threshold {
    /// Parses an operator and a quantity; `≤` and `≥` are read too.
    pub fn parse(text: &str) -> Option<Self> {
        const OPS: [(&str, ThresholdOp); 6] = [
            ("<=", ThresholdOp::AtMost),
            (">=", ThresholdOp::AtLeast),
            ("≤", ThresholdOp::AtMost),
            ("≥", ThresholdOp::AtLeast),
            ("<", ThresholdOp::Below),
            (">", ThresholdOp::Above),
        ];
        let text = text.trim();
        let (op, rest) =
            OPS.iter().find_map(|(sign, op)| text.strip_prefix(sign).map(|rest| (*op, rest)))?;
        Some(Self { op, bound: Quantity::parse(rest)? })
    }

    /// Whether `observed` meets the threshold; `None` when the units cannot be compared.
    pub fn admits(&self, observed: Quantity) -> Option<bool> {
        let (observed, bound) = observed.comparable(self.bound)?;
        Some(match self.op {
            ThresholdOp::Below => observed < bound,
            ThresholdOp::AtMost => observed <= bound,
            ThresholdOp::Above => observed > bound,
            ThresholdOp::AtLeast => observed >= bound,
        })
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let op = match self.op {
            ThresholdOp::Below => "<",
            ThresholdOp::AtMost => "<=",
            ThresholdOp::Above => ">",
            ThresholdOp::AtLeast => ">=",
        };
        write!(f, "{op} {}", self.bound)
    }
}
