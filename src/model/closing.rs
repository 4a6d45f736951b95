//! As what a release can be closed.

use serde::{Deserialize, Serialize};

/// As what a release was closed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Closing {
    /// All gates were passed.
    Completed,
    /// Another attempt or version takes its place.
    Superseded,
    /// It was given up.
    Abandoned,
    /// It was launched, and taken back: the second exit (DLC-9).
    RolledBack,
    /// It was not gone through: by the facts of its change it needs no deployment (OPS-3).
    Skipped,
}

impl Closing {
    /// The word that files and messages use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Superseded => "superseded",
            Self::Abandoned => "abandoned",
            Self::RolledBack => "rolled-back",
            Self::Skipped => "skipped",
        }
    }
}
