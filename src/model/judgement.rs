//! What watching came to.

use serde::{Deserialize, Serialize};

/// What watching something came to: a metric, a stage of a rollout. The greater is the worse.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Judgement {
    /// Everything held at every moment.
    Passed,
    /// A moment could not be judged.
    Inconclusive,
    /// A condition did not hold, or a trigger fired.
    Failed,
}

impl Judgement {
    /// The word that files and messages use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Inconclusive => "inconclusive",
            Self::Failed => "failed",
        }
    }
}
