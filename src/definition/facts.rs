//! What follows from facts: which of its parts a phase leaves out, and whether it is gone through at
//! all (OPS-1, OPS-2, OPS-3). A fact that is not given removes nothing.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// What a fact must be for something to follow from it.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct FactCondition {
    /// Its name, a key of `facts` in `d3p.yaml`.
    pub fact: String,
    /// It is exactly this.
    pub is: Option<Value>,
    /// It is a list with nothing but these.
    pub only: Option<Vec<String>>,
    /// It is a list with this among others.
    pub has: Option<String>,
}

impl FactCondition {
    /// Whether it follows from `facts`; never from a fact that is not given.
    pub fn holds(&self, facts: &Value) -> bool {
        let Some(given) = facts.get(&self.fact).filter(|given| !given.is_null()) else {
            return false;
        };
        let words = || given.as_array().into_iter().flatten().filter_map(Value::as_str);
        let only = |known: &Vec<String>| {
            words().next().is_some() && words().all(|word| known.iter().any(|own| own == word))
        };
        self.is.as_ref().is_none_or(|wanted| wanted == given)
            && self.only.as_ref().is_none_or(only)
            && self.has.as_ref().is_none_or(|wanted| words().any(|word| word == wanted))
    }

    /// The fact as `d3p.yaml` gives it, for people: `facts.handover is false`.
    pub fn told(&self, facts: &Value) -> String {
        told(&self.fact, facts)
    }
}

/// A fact as `d3p.yaml` gives it.
pub fn told(fact: &str, facts: &Value) -> String {
    match facts.get(fact) {
        None | Some(Value::Null) => format!("facts.{fact} is not given"),
        Some(Value::Array(words)) => {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            format!("facts.{fact} is {}", words.join(", "))
        }
        Some(Value::String(word)) => format!("facts.{fact} is {word}"),
        Some(other) => format!("facts.{fact} is {other}"),
    }
}

/// Whether the phase is gone through at all, and what a change is held against.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AppliesDef {
    /// What must be at hand before the phase can be executed, by its name in the protocol.
    pub context: IndexMap<String, ContextDef>,
    /// What needs a deployment; anything else needs none.
    pub deploys: Vec<ReasonDef>,
    /// What needs none although it is among these.
    pub spared: Vec<ReasonDef>,
    /// Under which circumstances the phase is skipped.
    pub skip: Vec<ReasonDef>,
    /// The fact that says what kinds of change this is.
    pub change: Option<String>,
    /// The kinds of files, by patterns of paths; the first that fits counts.
    pub kinds: IndexMap<String, Vec<String>>,
    /// The kind of a file that no pattern fits.
    pub otherwise: Option<String>,
    /// Kinds that a kind of change is allowed to have besides.
    pub implies: IndexMap<String, Vec<String>>,
    /// Files of the release itself, which are no change.
    pub own: Vec<String>,
    /// Kinds that a file is besides, by the fact that denies them where it is false.
    pub besides: IndexMap<String, Vec<String>>,
}

/// Something that must be at hand: prerequisites that are met.
#[derive(Clone, Debug, Deserialize)]
pub struct ContextDef {
    /// What it is, for people.
    pub title: String,
    /// The prerequisites that show it.
    pub prerequisites: Vec<String>,
}

/// Something that follows from facts.
#[derive(Clone, Debug, Deserialize)]
pub struct ReasonDef {
    /// Its name in the protocol.
    pub name: String,
    /// What it says, for people.
    pub title: String,
    /// All that must hold.
    pub when: Vec<FactCondition>,
    /// Where the protocol contradicts itself here, and what was chosen.
    pub note: Option<String>,
}

impl ReasonDef {
    /// Whether it follows from `facts`.
    pub fn holds(&self, facts: &Value) -> bool {
        !self.when.is_empty() && self.when.iter().all(|condition| condition.holds(facts))
    }

    /// The facts that decided.
    pub fn told(&self, facts: &Value) -> String {
        let each = self.when.iter().map(|condition| condition.told(facts));
        each.collect::<Vec<_>>().join(" and ")
    }
}

/// What an emergency may bring after its launch.
#[derive(Clone, Debug, Deserialize)]
pub struct EmergencyDef {
    /// Evidence and prerequisites that a policy may let follow.
    pub may_follow: Vec<String>,
    /// The evidence that reviews the change afterwards.
    pub review: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn condition(value: Value) -> FactCondition {
        serde_json::from_value(value).expect("a condition")
    }

    #[test]
    fn nothing_follows_from_a_fact_that_is_not_given() {
        for wanted in [
            json!({ "fact": "handover", "is": false }),
            json!({ "fact": "change", "only": ["documentation"] }),
            json!({ "fact": "change", "has": "code" }),
        ] {
            let own = condition(wanted);
            assert!(!own.holds(&json!({})), "{own:?}");
            assert!(!own.holds(&json!({ "handover": null, "change": [] })), "{own:?}");
        }
        let own = condition(json!({ "fact": "handover", "is": false }));
        assert!(own.holds(&json!({ "handover": false })));
        assert!(!own.holds(&json!({ "handover": true })));
    }

    #[test]
    fn a_list_has_nothing_else_or_this_among_others() {
        let only = condition(json!({ "fact": "change", "only": ["documentation"] }));
        assert!(only.holds(&json!({ "change": ["documentation"] })));
        assert!(!only.holds(&json!({ "change": ["documentation", "code"] })));
        let has = condition(json!({ "fact": "change", "has": "code" }));
        assert!(has.holds(&json!({ "change": ["documentation", "code"] })));
    }
}
