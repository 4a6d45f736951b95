//! Reads durations out of definitions and policies.

use crate::model::Span;
use serde::{Deserialize, Deserializer};

pub(super) fn span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
    let text = String::deserialize(deserializer)?;
    Span::parse(&text).map_err(serde::de::Error::custom)
}

pub(super) fn maybe_span<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Span>, D::Error> {
    span(deserializer).map(Some)
}
