//! What one machine publishes of a release for the others: its ledger, and what people signed.

use super::Signed;
use crate::text::canonical;
use serde::{Deserialize, Serialize};

/// First line of what is published.
const TITLE: &str = "d3p heads";

/// Ledger and decisions, as one machine had them. Whoever reads it believes the signatures, and of
/// the lines that they were written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The release and its attempt.
    pub release: String,
    /// Every line of the ledger.
    pub ledger: String,
    /// The decisions on the launch.
    pub decisions: Vec<Signed>,
}

impl Published {
    /// The text.
    pub fn to_text(&self) -> String {
        format!("{TITLE}\n\n{}\n", canonical::to_canonical(&serde_json::json!(self)))
    }

    /// Reads one; `None` when it is not of d3p.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text.strip_prefix(TITLE)?.trim()).ok()
    }
}
