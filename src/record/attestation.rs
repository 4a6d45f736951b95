//! What machines sign besides gate records: an in-toto Statement about one file of evidence or one
//! run; and where envelopes lie.
//!
//! An envelope is named after what it signs, bytes included. So recording anew never overwrites one,
//! and two branches that git merges never conflict over one.

use crate::model::{Reason, Sha256Digest};
use crate::record::STATEMENT_TYPE;
use crate::text::{canonical, json};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Predicate type of what a machine says about evidence.
pub const EVIDENCE_PREDICATE: &str = "https://d3p.dev/predicates/evidence/v1";

/// A machine's statement about one file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceStatement {
    /// [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    statement_type: String,
    /// The file: its path as name.
    subject: Vec<Subject>,
    /// [`EVIDENCE_PREDICATE`].
    #[serde(rename = "predicateType")]
    predicate_type: String,
    /// What is said of it.
    pub predicate: Attested,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    name: String,
    digest: SubjectDigest,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectDigest {
    sha256: String,
}

/// What a machine says of a file that `d3p` wrote on it. All but the time stands in the file, too,
/// and is compared.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Attested {
    /// Kind of evidence, or `run`.
    pub kind: String,
    /// Release version.
    pub release: String,
    /// Full commit id.
    pub commit: String,
    /// Attempt, from 1.
    pub attempt: u64,
    /// The environment that it is about.
    pub environment: String,
    /// When, by the machine's clock (a claim).
    pub signed_at: String,
    /// Version of d3p that wrote and signed it.
    pub generated_by: String,
}

impl EvidenceStatement {
    /// A statement about the file at `path`.
    pub fn about(path: &str, digest: Sha256Digest, predicate: Attested) -> Self {
        let digest = SubjectDigest { sha256: digest.to_string() };
        Self {
            statement_type: STATEMENT_TYPE.to_owned(),
            subject: vec![Subject { name: path.to_owned(), digest }],
            predicate_type: EVIDENCE_PREDICATE.to_owned(),
            predicate,
        }
    }

    /// The payload: canonical ASCII JSON on one line, without a line feed.
    pub fn to_text(&self) -> String {
        canonical::to_canonical(&json!(self))
    }

    /// Reads a payload back.
    ///
    /// # Errors
    /// A sentence when it is another statement, or one that could be read in two ways.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let value = json::parse(text).map_err(|faults| {
            faults.into_iter().next().map_or_else(String::new, |fault| fault.message)
        })?;
        let read: Self = serde_json::from_value(value).map_err(|error| error.to_string())?;
        if read.statement_type != STATEMENT_TYPE || read.predicate_type != EVIDENCE_PREDICATE {
            return Err("it is a statement of another type".into());
        }
        if read.to_text() != text {
            return Err("it is not canonical JSON".into());
        }
        if read.subject.len() != 1 {
            return Err("it is not about one file".into());
        }
        Ok(read)
    }

    /// Path of the file that it is about.
    pub fn path(&self) -> &str {
        self.subject.first().map_or("", |subject| &subject.name)
    }

    /// Digest of that file, as written.
    pub fn sha256(&self) -> &str {
        self.subject.first().map_or("", |subject| &subject.digest.sha256)
    }
}
