//! The grammar of conditions on what is measured, and the three values that judging one has.
//!
//! ```text
//! condition := [metric] op bound | state "for" duration
//! op        := "<" | "<=" | "≤" | ">" | ">=" | "≥"
//! bound     := quantity | "baseline" [ "*" factor | ("+" | "-") percent ]
//! ```
//!
//! `error_rate < 1%`, `latency_p99 < baseline * 1.1`, `> 500ms`, `unhealthy for 2m`. Documents leave
//! the metric out where its column says it. What cannot be judged is inconclusive, and that is
//! decided before anything is compared: no data is never good data.

use super::metric::{Quantity, Unit};
use super::{Span, metric};
use std::fmt;

/// Comparison of a condition.
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

impl ThresholdOp {
    const SIGNS: [(&'static str, Self); 6] = [
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("≤", Self::AtMost),
        ("≥", Self::AtLeast),
        ("<", Self::Below),
        (">", Self::Above),
    ];

    fn sign(self) -> &'static str {
        Self::SIGNS.iter().find(|(_, op)| *op == self).map_or("", |(sign, _)| sign)
    }

    fn holds(self, observed: f64, bound: f64) -> bool {
        match self {
            Self::Below => observed < bound,
            Self::AtMost => observed <= bound,
            Self::Above => observed > bound,
            Self::AtLeast => observed >= bound,
        }
    }

    /// Whether greater values are the worse ones, when the condition says what is healthy.
    pub fn greater_is_worse(self) -> bool {
        matches!(self, Self::Below | Self::AtMost)
    }
}

/// The condition that says when `condition`, which says what is healthy, is broken: `>= 1%` for `< 1%`.
/// `None` where it begins with no comparison.
pub fn turned(condition: &str) -> Option<String> {
    let text = condition.trim();
    let (sign, op) = ThresholdOp::SIGNS.iter().find(|(sign, _)| text.starts_with(sign))?;
    let other = match op {
        ThresholdOp::Below => ThresholdOp::AtLeast,
        ThresholdOp::AtMost => ThresholdOp::Above,
        ThresholdOp::Above => ThresholdOp::AtMost,
        ThresholdOp::AtLeast => ThresholdOp::Below,
    };
    Some(format!("{} {}", other.sign(), text[sign.len()..].trim()))
}

/// What is compared with.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Bound {
    /// A quantity.
    Fixed(Quantity),
    /// What was measured before, times this factor.
    Baseline(f64),
}

/// What a condition tests.
#[derive(Clone, PartialEq, Debug)]
pub enum Test {
    /// A measured value against a bound.
    Compare {
        /// Comparison.
        op: ThresholdOp,
        /// The bound.
        bound: Bound,
    },
    /// A state that has lasted at least this long without a break.
    Lasts(Span),
}

/// A condition on what is measured.
#[derive(Clone, PartialEq, Debug)]
pub struct Condition {
    /// The metric or state that it is about; `None` where its place says it.
    pub subject: Option<String>,
    /// What it tests.
    pub test: Test,
}

/// What judging a condition says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conclusion {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// It cannot be judged, and why.
    Inconclusive(&'static str),
}

/// Why a text is no condition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConditionError(String);

impl fmt::Display for ConditionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn error<T>(message: impl Into<String>) -> Result<T, ConditionError> {
    Err(ConditionError(message.into()))
}

impl Condition {
    /// Parses a condition.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        let text = text.trim();
        let at = |(sign, op)| text.find(sign).map(|at| (at, sign, op));
        // The leftmost sign, and of those at one place the longest, which stands first in the list.
        let found = ThresholdOp::SIGNS.into_iter().filter_map(at).min_by_key(|(at, ..)| *at);
        let Some((at, sign, op)) = found else { return Self::lasting(text) };
        let bound = bound(text[at + sign.len()..].trim())?;
        Ok(Self { subject: subject(text[..at].trim())?, test: Test::Compare { op, bound } })
    }

    fn lasting(text: &str) -> Result<Self, ConditionError> {
        const EXPECTED: &str = "a comparison such as < 1%, <= 250ms or < baseline * 1.1, or a state such as unhealthy for 2m";
        let Some((state, span)) = text.split_once(" for ") else {
            return error(format!("expected {EXPECTED}"));
        };
        match (subject(state.trim())?, Span::parse(span.trim())) {
            (Some(state), Ok(span)) => Ok(Self { subject: Some(state), test: Test::Lasts(span) }),
            (_, Err(why)) => error(why.to_string()),
            _ => error(format!("expected {EXPECTED}")),
        }
    }

    /// Judges what was measured, and what it was before, where that is asked for.
    ///
    /// Without a value, with one that is no finite number, with another kind of unit, or without a
    /// baseline that can be multiplied, nothing is compared.
    pub fn judge(&self, observed: Option<Quantity>, baseline: Option<Quantity>) -> Conclusion {
        let Test::Compare { op, bound } = self.test else {
            return Conclusion::Inconclusive(
                "it is about how long a state lasts, not about a value",
            );
        };
        let Some(observed) = observed else {
            return Conclusion::Inconclusive("nothing was measured");
        };
        if !observed.value.is_finite() {
            return Conclusion::Inconclusive("what was measured is no finite number");
        }
        let bound = match (bound, baseline) {
            (Bound::Fixed(bound), _) => bound,
            (Bound::Baseline(_), None) => {
                return Conclusion::Inconclusive("there is no baseline");
            }
            (Bound::Baseline(factor), Some(before)) => {
                // Nothing grows by a share of nothing; 0 that stayed 0 is no change.
                if before.value == 0.0 && observed.value == 0.0 {
                    return Conclusion::Passed;
                }
                let value = before.value * factor;
                if before.value <= 0.0 || !value.is_finite() {
                    return Conclusion::Inconclusive("the baseline is zero or no positive number");
                }
                Quantity { value, unit: before.unit }
            }
        };
        match observed.comparable(bound) {
            None => Conclusion::Inconclusive("its unit is of another kind"),
            Some((observed, bound)) if op.holds(observed, bound) => Conclusion::Passed,
            Some(_) => Conclusion::Failed,
        }
    }

    /// Judges how long a state has lasted without a break.
    #[cfg_attr(not(test), allow(dead_code, reason = "a rollout's triggers judge by it"))]
    pub fn judge_lasting(&self, lasted: Option<Span>) -> Conclusion {
        match (&self.test, lasted) {
            (Test::Lasts(span), Some(lasted)) if lasted >= *span => Conclusion::Passed,
            (Test::Lasts(_), Some(_)) => Conclusion::Failed,
            (Test::Lasts(_), None) => Conclusion::Inconclusive("nobody knows how long it lasted"),
            _ => Conclusion::Inconclusive("it is about a value, not about how long a state lasts"),
        }
    }

    /// The unit of its bound; `None` for a baseline's or a state's.
    pub fn unit(&self) -> Option<Unit> {
        match self.test {
            Test::Compare { bound: Bound::Fixed(bound), .. } => Some(bound.unit),
            _ => None,
        }
    }

    /// Why it says nothing: no value that can be measured breaks it, or none meets it. `unbounded`
    /// says that a share may exceed the whole, as processors in use do.
    pub fn says_nothing(&self, unbounded: bool) -> Option<&'static str> {
        let Test::Compare { op, bound } = self.test else { return None };
        let Bound::Fixed(bound) = bound else { return None };
        let value = bound.value * bound.unit.scale();
        let most = if unbounded { f64::INFINITY } else { bound.unit.most() };
        // Whether the least and the greatest value that can be measured meet it. A time is never 0.
        let least = op.holds(if bound.unit.is_time() { f64::MIN_POSITIVE } else { 0.0 }, value);
        let greatest = op.holds(most, value);
        match (least, greatest) {
            (true, true) => Some("no value that can be measured breaks it"),
            (false, false) => Some("no value that can be measured meets it"),
            _ => None,
        }
    }
}

fn subject(text: &str) -> Result<Option<String>, ConditionError> {
    if text.is_empty() {
        return Ok(None);
    }
    if metric::is_name(text) {
        return Ok(Some(text.to_owned()));
    }
    error(format!("`{text}` is no metric's name, such as error_rate"))
}

fn bound(text: &str) -> Result<Bound, ConditionError> {
    let Some(rest) = text.strip_prefix("baseline") else {
        let Some(quantity) = Quantity::parse(text) else {
            return error(format!(
                "`{text}` is no number with a unit, such as 1%, 250ms or 20/min; units are {}",
                Unit::known()
            ));
        };
        return Ok(Bound::Fixed(quantity));
    };
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|own| own.is_finite());
    let percent = |text: &str| number(text.trim().strip_suffix('%')?);
    let rest = rest.trim();
    let factor = match rest.split_at_checked(1) {
        None => Some(1.0),
        Some(("*", factor)) => number(factor),
        Some(("+", more)) => percent(more).map(|more| 1.0 + more / 100.0),
        Some(("-", less)) => percent(less).map(|less| 1.0 - less / 100.0),
        Some(_) => None,
    };
    match factor.filter(|factor| *factor > 0.0) {
        Some(factor) => Ok(Bound::Baseline(factor)),
        None => error(format!("`{text}`: expected baseline, baseline * 1.1 or baseline + 10%")),
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blank = if self.subject.is_some() { " " } else { "" };
        f.write_str(self.subject.as_deref().unwrap_or(""))?;
        match &self.test {
            Test::Lasts(span) => write!(f, " for {span}"),
            Test::Compare { op, bound } => {
                write!(f, "{blank}{} ", op.sign())?;
                match bound {
                    Bound::Fixed(quantity) => write!(f, "{quantity}"),
                    Bound::Baseline(factor) => write!(f, "baseline * {factor}"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
