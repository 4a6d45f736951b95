//! Who acts: a person, an agent on a person's behalf, or a job of a build server.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What somebody who acts is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CallerKind {
    /// A human being at a terminal.
    Person,
    /// A program that works on a person's behalf, such as a coding agent.
    Agent,
    /// A job of a build server.
    Job,
}

impl CallerKind {
    /// The word that files and messages use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Agent => "agent",
            Self::Job => "job",
        }
    }
}

/// Who acted, as the machine says: a claim, which no verdict depends on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// What they are.
    pub kind: CallerKind,
    /// The name of their account, or what they call themselves.
    pub name: String,
}

impl Caller {
    /// Reads `KIND:NAME`; anything else is a name, and `kind` what bears it.
    pub fn parse(text: &str, kind: CallerKind) -> Self {
        let kinds = [CallerKind::Person, CallerKind::Agent, CallerKind::Job];
        let named = text.split_once(':').and_then(|(word, name)| {
            let kind = kinds.into_iter().find(|kind| kind.word() == word)?;
            Some((kind, name.trim())).filter(|(_, name)| !name.is_empty())
        });
        let (kind, name) = named.unwrap_or((kind, text.trim()));
        let name: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
        Self { kind, name: if name.is_empty() { "unknown".to_owned() } else { name } }
    }
}

impl fmt::Display for Caller {
    /// `ana`, or `agent helper`: that somebody is a person needs no word.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            CallerKind::Person => f.write_str(&self.name),
            kind => write!(f, "{} {}", kind.word(), self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_named_before_a_colon_and_nothing_else_is_one() {
        let read = |text| Caller::parse(text, CallerKind::Person);
        let agent = Caller { kind: CallerKind::Agent, name: "helper".to_owned() };
        assert_eq!(read("agent:helper"), agent);
        assert_eq!(agent.to_string(), "agent helper");
        assert_eq!(read("ana").to_string(), "ana");
        for other in ["robot:x", "agent:", "Agent:x"] {
            assert_eq!(read(other), Caller { kind: CallerKind::Person, name: other.to_owned() });
        }
        assert_eq!(Caller::parse("", CallerKind::Job).to_string(), "job unknown");
        assert_eq!(read("a\u{7}na").name, "ana");
    }
}
