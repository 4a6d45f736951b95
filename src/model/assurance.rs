//! What something is worth to somebody who trusts nobody.

use std::fmt;

/// How much a verifier may rest on something; the lowest part wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Assurance {
    /// The files agree with each other, and anybody who writes files could have made them.
    #[default]
    L0,
    /// Signed, by somebody whom this tree names.
    L1,
    /// Signed, by somebody whom a policy from outside this tree names.
    L2,
    /// That, with hardware presence (of persons), and at a time that somebody outside knows.
    L3,
}

impl Assurance {
    /// All levels, lowest first.
    pub const ALL: [Self; 4] = [Self::L0, Self::L1, Self::L2, Self::L3];

    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::L0 => "L0",
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::L3 => "L3",
        }
    }

    /// The level of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == text)
    }
}

impl fmt::Display for Assurance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
