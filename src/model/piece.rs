//! The things that can be in a state: what a finding is about.

use std::fmt;

/// One thing that a gate, a step or an auditor looks at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Piece {
    /// `d3p.yaml` or the phase definition.
    Policy,
    /// One of the phase's Markdown documents, by id.
    Document(String),
    /// Something another phase hands over, by id.
    Prerequisite(String),
    /// A piece of evidence, by kind.
    Evidence(String),
    /// A gate as a whole, by id.
    Gate(String),
    /// The record of a passed gate, by gate id.
    Record(String),
    /// `records/ledger.jsonl`.
    Ledger,
    /// A file that is none of these, by path.
    File(String),
}

impl Piece {
    /// What kind of thing this is, as reports name it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Document(_) => "document",
            Self::Prerequisite(_) => "prerequisite",
            Self::Evidence(_) => "evidence",
            Self::Gate(_) => "gate",
            Self::Record(_) => "record",
            Self::Ledger => "ledger",
            Self::File(_) => "file",
        }
    }

    /// Its id within its kind.
    pub fn id(&self) -> &str {
        match self {
            Self::Policy => "d3p.yaml",
            Self::Ledger => "ledger",
            Self::Document(id)
            | Self::Prerequisite(id)
            | Self::Evidence(id)
            | Self::Gate(id)
            | Self::Record(id)
            | Self::File(id) => id,
        }
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy | Self::Ledger => f.write_str(self.id()),
            _ => write!(f, "{} {}", self.kind(), self.id()),
        }
    }
}
