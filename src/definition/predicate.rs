//! The closed list of predicates a phase definition may put on a JSON value.
//!
//! There is no expression language: every predicate names what it demands, so that every refusal
//! can say what was expected and what was found.

use crate::definition::Operand;
use crate::model::Reason;
use serde::Deserialize;
use serde_json::Value;

/// One demand on the value at a JSON pointer.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Predicate {
    /// JSON pointer to the value; relative to the item inside [`PredicateOp::Every`].
    pub at: String,
    /// What is demanded.
    pub op: PredicateOp,
    /// JSON pointer to the list of what the number counts: who lets two failures stand lets those two stand.
    pub counted: Option<String>,
}

/// What is demanded of a value.
#[derive(Clone, Debug)]
pub enum PredicateOp {
    /// Equal to the value.
    Equals(Operand),
    /// Equal to one of the values.
    OneOf(Vec<Value>),
    /// A number not below the bound.
    AtLeast(Operand),
    /// A number not above the bound.
    AtMost(Operand),
    /// Equal to the sum of the numbers at the pointers; `*` stands for every item of a list.
    SumOf(Vec<String>),
    /// Equal to the number of items of a list, optionally only those that meet a predicate.
    CountOf(String, Option<Box<Predicate>>),
    /// Equal to the value at another pointer.
    SameAs(String),
    /// A list that has every member of a set; items are compared by the value at `by`.
    Covers(Operand, Option<String>),
    /// A list that has no member outside a set; items are compared by the value at `by`.
    Only(Operand, Option<String>),
    /// A non-empty list of which every item meets the predicate.
    Every(Box<Predicate>),
    /// A list whose items differ in the value at the pointer.
    Unique(String),
    /// The full name of a person: not a role title, not an agent, not `pending`.
    Person,
    /// A list of persons, named at the pointer, each of them another one.
    People(String),
    /// A list with items; or the member at the pointer names the person who found none.
    FilledOr(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    at: String,
    equals: Option<Operand>,
    one_of: Option<Vec<Value>>,
    at_least: Option<Operand>,
    at_most: Option<Operand>,
    sum_of: Option<Vec<String>>,
    count_of: Option<String>,
    #[serde(rename = "where")]
    filter: Option<Box<Predicate>>,
    same_as: Option<String>,
    covers: Option<Operand>,
    by: Option<String>,
    only: Option<Operand>,
    every: Option<Box<Predicate>>,
    unique: Option<String>,
    person: Option<bool>,
    people: Option<String>,
    filled_or: Option<String>,
    counted: Option<String>,
}

impl TryFrom<Raw> for Predicate {
    type Error = Reason;

    fn try_from(raw: Raw) -> Result<Self, Reason> {
        let filter = raw.filter;
        let by = raw.by;
        let mut ops = [
            raw.equals.map(PredicateOp::Equals),
            raw.one_of.map(PredicateOp::OneOf),
            raw.at_least.map(PredicateOp::AtLeast),
            raw.at_most.map(PredicateOp::AtMost),
            raw.sum_of.map(PredicateOp::SumOf),
            raw.count_of.map(|list| PredicateOp::CountOf(list, filter)),
            raw.same_as.map(PredicateOp::SameAs),
            raw.covers.map(|set| PredicateOp::Covers(set, by.clone())),
            raw.only.map(|set| PredicateOp::Only(set, by)),
            raw.every.map(PredicateOp::Every),
            raw.unique.map(PredicateOp::Unique),
            raw.person.filter(|demanded| *demanded).map(|_| PredicateOp::Person),
            raw.people.map(PredicateOp::People),
            raw.filled_or.map(PredicateOp::FilledOr),
        ]
        .into_iter()
        .flatten();
        match (ops.next(), ops.next()) {
            (Some(op), None) => Ok(Self { at: raw.at, op, counted: raw.counted }),
            _ => {
                Err(format!("the predicate at `{}` must have exactly one operation", raw.at).into())
            }
        }
    }
}
