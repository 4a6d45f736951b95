//! The waivers of a release, read out of their exact statements.

use crate::derive::signed::read_statement;
use crate::project::Project;
use crate::record::{WAIVERS_PATH, WaiverStatement};
use crate::schema;
use serde_json::Value;

/// One person's statement: its exact text, and what it says when it can be understood.
#[derive(Clone, Debug)]
pub struct Stated {
    /// Its place in `waivers`.
    pub index: usize,
    /// The exact text.
    pub text: String,
    /// The armored signature beside it.
    pub signature: String,
    /// What it says; or why it cannot be understood.
    pub statement: Result<WaiverStatement, String>,
}

/// Every statement, in file order; nothing in a file that is not what its schema says.
pub fn stated(project: &Project) -> Vec<Stated> {
    let Some(value) = project.present(WAIVERS_PATH).and_then(|file| file.value()) else {
        return Vec::new();
    };
    if form_fault(value).is_some() {
        return Vec::new();
    }
    let waivers = value.get("waivers").and_then(Value::as_array);
    let text = |waiver: &Value, key| {
        waiver.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    waivers
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(index, waiver)| {
            let statement = text(waiver, "statement");
            let read = read_statement(&statement);
            Stated { index, signature: text(waiver, "signature"), statement: read, text: statement }
        })
        .collect()
}

/// Why the file as a whole is not one of waivers: where, and what is wrong.
pub fn fault(project: &Project) -> Option<(String, String)> {
    let file = project.present(WAIVERS_PATH)?;
    match file.value() {
        Some(value) => form_fault(value),
        None => {
            let why = file.faults.first().map_or("it is not JSON", |fault| &fault.message);
            Some((String::new(), why.to_owned()))
        }
    }
}

fn form_fault(value: &Value) -> Option<(String, String)> {
    let faults = schema::validate("waivers", value);
    let fault = faults.into_iter().flatten().next()?;
    Some((fault.pointer, fault.message))
}
