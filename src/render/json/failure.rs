//! A failure as JSON: `schemas/error.v1.schema.json`.

use super::{AdviceView, LocationView, pretty};
use serde::Serialize;

/// A failure, in the one shape that programs read.
#[derive(Serialize, Debug)]
pub struct FailureView<'a> {
    /// `E-usage`.
    pub code: &'static str,
    /// What went wrong.
    pub message: String,
    /// What caused it, the nearest cause first.
    pub causes: Vec<String>,
    /// Facts beside it.
    pub notes: &'a [String],
    /// Ways out.
    pub advice: Vec<AdviceView<'a>>,
    /// Places in the project's files.
    pub places: Vec<PlaceView<'a>>,
    /// The ways out in words, for formats of sentences.
    #[serde(skip)]
    pub ways: Vec<String>,
}

/// A place in the project's files that keeps a command from going on.
#[derive(Serialize, Debug)]
pub struct PlaceView<'a> {
    /// The rule that found it.
    pub rule: &'static str,
    /// What is wrong there.
    pub message: &'a str,
    /// Where.
    pub location: LocationView<'a>,
    /// What mends it.
    pub advice: Option<AdviceView<'a>>,
    /// The same in words.
    #[serde(skip)]
    pub ways: Vec<String>,
}

/// Renders a failure: `schemas/error.v1.schema.json`.
pub fn failure(failure: &FailureView<'_>) -> String {
    #[derive(Serialize)]
    struct Error<'a, 'b> {
        error: &'b FailureView<'a>,
    }
    pretty(&Error { error: failure })
}
