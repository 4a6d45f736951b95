//! What a closed release consists of: every file of it by digest, named by the line that closes it.

use crate::model::Sha256Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The files of a release when it was closed, all but its ledger, and those that are kept elsewhere.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// Version of this form: 1.
    pub schema_version: u32,
    /// Lower-case SHA-256 by path from the project's root.
    pub files: BTreeMap<String, String>,
}

impl Contents {
    /// Of these files.
    pub fn of(files: impl IntoIterator<Item = (String, Sha256Digest)>) -> Self {
        let files = files.into_iter().map(|(path, digest)| (path, digest.to_string())).collect();
        Self { schema_version: 1, files }
    }
}
