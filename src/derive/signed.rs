//! Reading what people sign: one exact text, one reading of it.

use crate::record::{Predicate, STATEMENT_TYPE, Statement};
use crate::text::{Fault, canonical, json};

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
