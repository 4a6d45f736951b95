//! What a piece of evidence is worth, and what a gate says.

use std::fmt;

/// State of one piece of evidence. The order is "worst wins": the greatest state is the answer.
///
/// Silence is not consent: there is no "unknown", and nothing checked is not `Passed`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum State {
    /// Present, valid, current, and it says what the gate asks for.
    Passed,
    /// The policy removed the obligation by name; shown, and never the same as passed.
    Exempt,
    /// A person let what was found stand, by a signed waiver that ends; never the same as passed.
    Waived,
    /// Neither clearly good nor clearly bad: a human decides (DLC-7).
    Review,
    /// Was good once; the clock or its inputs moved on.
    Stale,
    /// Valid evidence of something that failed.
    Failed,
    /// Not there, empty, or the untouched skeleton.
    Missing,
    /// There, but not to be believed: malformed, contradictory, or of another release.
    Invalid,
}

impl State {
    /// The word used in every report.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Exempt => "exempt",
            Self::Waived => "waived",
            Self::Review => "review",
            Self::Stale => "stale",
            Self::Failed => "failed",
            Self::Missing => "missing",
            Self::Invalid => "invalid",
        }
    }

    /// Whether a gate accepts a piece in this state.
    pub const fn satisfies(self) -> bool {
        matches!(self, Self::Passed | Self::Exempt | Self::Waived)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What a gate says. There is no way to set one: it is computed from states each time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// Everything the gate binds satisfies it, and the gates before it are valid.
    Passed,
    /// Nothing is bad, something is unclear: stops and asks a human (DLC-7).
    Review,
    /// At least one thing is missing, stale, failed or invalid.
    Refused,
}

impl Verdict {
    /// The word used in every report.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Review => "review",
            Self::Refused => "refused",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
