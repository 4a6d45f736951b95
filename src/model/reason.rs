//! Why what somebody wrote is not taken.

use std::fmt;
use std::ops::Deref;

/// Why something cannot be read, or does not count: one clause for people, without a full stop, that
/// can stand after a colon.
///
/// It is a value that becomes part of a finding or of a `cli::Failure`, which bring code, place and
/// advice; nothing is decided by its words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason(String);

impl Reason {
    /// The clause, to be kept.
    pub fn into_text(self) -> String {
        self.0
    }
}

impl Deref for Reason {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Reason {}

impl From<String> for Reason {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Reason {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}
