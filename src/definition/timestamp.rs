//! The authority outside that says when a line of the ledger was there.

use crate::definition::spans::maybe_span;
use crate::model::Span;
use serde::Deserialize;

/// An authority that makes time stamps of RFC 3161.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct TimestampPolicy {
    /// Its address.
    pub url: String,
    /// A PEM file of the project with the certificates that may vouch for it.
    pub roots: String,
    /// Whether nothing goes on that it has not stamped.
    #[serde(default)]
    pub required: bool,
    /// How long one answer may take.
    #[serde(default, deserialize_with = "maybe_span")]
    pub timeout: Option<Span>,
}

impl TimestampPolicy {
    /// How long one answer may take: 10 seconds unless said.
    pub fn timeout(&self) -> Span {
        self.timeout.unwrap_or(Span::from_seconds(10))
    }
}
