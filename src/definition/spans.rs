//! Reads durations and levels out of definitions and policies.

use crate::model::{Assurance, Span};
use indexmap::IndexMap;
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

pub(super) fn levels<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<IndexMap<String, Assurance>, D::Error> {
    let words = IndexMap::<String, String>::deserialize(deserializer)?;
    let level = |(gate, word): (String, String)| {
        let level = Assurance::parse(&word);
        level.map(|level| (gate, level)).ok_or_else(|| serde::de::Error::custom(word))
    };
    words.into_iter().map(level).collect()
}
