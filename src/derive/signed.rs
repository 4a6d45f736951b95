//! Reading what people sign: one exact text, one reading of it.

use crate::model::Stamp;
use crate::record::{Predicate, STATEMENT_TYPE, Statement};
use crate::text::{Fault, canonical, json};
use serde_json::Value;

/// One decision: its exact text, and what it says when it can be understood.
#[derive(Clone, Debug)]
pub struct Decision<P> {
    /// Its place in `decisions`.
    pub index: usize,
    /// The exact text.
    pub text: String,
    /// The armored signature beside it.
    pub signature: Option<String>,
    /// What it says; or why it cannot be understood.
    pub statement: Result<Statement<P>, String>,
}

impl<P: Predicate> Decision<P> {
    /// Reads one.
    pub fn read(index: usize, text: &str, signature: Option<&str>) -> Self {
        let signature = signature.map(str::to_owned);
        Self { index, text: text.to_owned(), signature, statement: read_statement(text) }
    }

    /// When it was made, as it claims.
    pub fn decided_at(&self) -> Option<Stamp> {
        Stamp::parse(self.statement.as_ref().ok()?.predicate.by().at).ok()
    }

    /// The pointer to its statement.
    pub fn pointer(&self) -> String {
        format!("/decisions/{}/statement", self.index)
    }
}

/// Every decision of a file, in its order.
pub fn decisions_of<P: Predicate>(value: Option<&Value>) -> Vec<Decision<P>> {
    let decisions = value.and_then(|value| value.get("decisions")).and_then(Value::as_array);
    let read = |(index, decision): (usize, &Value)| {
        let text = decision.get("statement").and_then(Value::as_str).unwrap_or_default();
        Decision::read(index, text, decision.get("signature").and_then(Value::as_str))
    };
    decisions.into_iter().flatten().enumerate().map(read).collect()
}

/// Reads a statement: canonical ASCII JSON that re-serialises to itself, of exactly this type.
///
/// # Errors
/// A sentence that says why it is none.
pub fn read_statement<P: Predicate>(text: &str) -> Result<Statement<P>, String> {
    let first = |faults: Vec<Fault>| {
        faults.into_iter().next().map_or_else(|| "it is not JSON".to_owned(), |fault| fault.message)
    };
    let value = json::parse(text).map_err(first)?;
    if canonical::to_canonical(&value) != text {
        return Err("it is not canonical JSON: it does not re-serialise to itself".to_owned());
    }
    let faults = crate::schema::validate(P::SCHEMA, &value);
    if let Some(fault) = faults.into_iter().flatten().next() {
        return Err(format!("{} (at {})", fault.message, fault.pointer));
    }
    let statement: Statement<P> =
        serde_json::from_value(value).map_err(|error| error.to_string())?;
    if statement.statement_type != STATEMENT_TYPE || statement.predicate_type != P::TYPE {
        return Err("it is a statement of another type".to_owned());
    }
    Ok(statement)
}
