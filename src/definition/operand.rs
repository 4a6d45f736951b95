//! A value in a phase definition: literal, or looked up in the effective policy.

use serde::Deserialize;
use serde_json::Value;

/// Prefix of a reference into the effective policy, followed by a JSON pointer.
const POLICY: &str = "policy#";

/// A literal, or `policy#/json/pointer`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Value")]
pub enum Operand {
    /// The value itself.
    Literal(Value),
    /// JSON pointer into the effective policy.
    Policy(String),
}

impl From<Value> for Operand {
    fn from(value: Value) -> Self {
        match value.as_str().and_then(|text| text.strip_prefix(POLICY)) {
            Some(pointer) => Self::Policy(pointer.to_owned()),
            None => Self::Literal(value),
        }
    }
}

impl Operand {
    /// The value under `policy`; a reference to nothing is `null`, which satisfies no predicate.
    pub fn resolve<'a>(&'a self, policy: &'a Value) -> &'a Value {
        match self {
            Self::Literal(value) => value,
            Self::Policy(pointer) => policy.pointer(pointer).unwrap_or(&Value::Null),
        }
    }

    /// Where the value stands in `d3p.yaml`, when it does.
    pub fn policy_pointer(&self) -> Option<&str> {
        match self {
            Self::Literal(_) => None,
            Self::Policy(pointer) => Some(pointer),
        }
    }
}
