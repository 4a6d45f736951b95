//! A second phase joins a project: `d3p.yaml` gets `phases`, with what belongs to each below its id.
//! Whoever wrote the file finds their words again, comments too.

use crate::cli::Failure;
use crate::definition::{Phase, PolicyPart};
use crate::model::{Advice, Location};
use crate::schema;
use crate::source::{PROJECT_FILE, read_policy};
use serde_json::Value;
use std::fmt::Write as _;

/// The keys of `d3p.yaml` that speak of the project and its people, whatever the phase.
fn is_shared(key: &str, joining: &Phase) -> bool {
    let property = |schema: &Value, pointer: &str| schema.pointer(pointer).cloned();
    let said = property(schema::policy(), &format!("/properties/{key}/x-d3p-shared"));
    let known: Value =
        schema::text("phase").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let optional = property(&known, &format!("/properties/defaults/properties/{key}")).is_some();
    said == Some(Value::Bool(true)) && (!optional || joining.defaults.get(key).is_some())
}

/// The text of a `d3p.yaml` that follows `joining` too.
///
/// # Errors
/// A refusal when the file is written so that this cannot be done without a person.
pub(super) fn joined(text: &str, parts: &[PolicyPart], joining: &Phase) -> Result<String, Failure> {
    let mut part = format!("  {}:\n    phase_version: {}\n", joining.id, joining.version);
    if let Some(definition) = joining.own.first() {
        let _ = writeln!(part, "    definition: {definition}");
    }
    let blocks = blocks(text);
    let has = |key: &str| blocks.iter().any(|block| block.key == key);
    let new = match parts {
        [only] if !has("phases") => split(&blocks, &only.phase, joining, &part),
        _ => appended(&blocks, &part),
    };
    // The same words must say the same of each phase that was there, whatever the file looks like.
    let same = read_policy(&new).is_ok_and(|new| {
        new.len() == parts.len() + 1
            && parts
                .iter()
                .all(|old| new.iter().any(|new| new.phase == old.phase && new.value == old.value))
    });
    if same {
        return Ok(new);
    }
    Err(Failure::refused(format!(
        "{PROJECT_FILE} is written so that {} cannot be added by a program",
        joining.id
    ))
    .advise(Advice::edit(
        Location::file(PROJECT_FILE),
        format!("write `phases:` with each phase below it by hand; the new one is {}: {{ phase_version: {} }}", joining.id, joining.version),
    )))
}

/// One key of the file with everything that belongs to it.
#[derive(Debug)]
struct Block<'a> {
    key: &'a str,
    /// Comments and blank lines above the key.
    above: Vec<&'a str>,
    /// The key's lines.
    lines: Vec<&'a str>,
}

/// The file key by key; what comes after the last one is a block without a key.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut out: Vec<Block<'_>> = Vec::new();
    let mut waiting = Vec::new();
    for line in text.split_inclusive('\n') {
        let key = line.split_once(':').map(|(key, _)| key).filter(|key| {
            !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        });
        if let Some(key) = key {
            out.push(Block { key, above: std::mem::take(&mut waiting), lines: vec![line] });
        } else if line.trim().is_empty() || line.starts_with('#') {
            waiting.push(line);
        } else if let Some(last) = out.last_mut() {
            last.lines.append(&mut waiting);
            last.lines.push(line);
        } else {
            waiting.push(line);
        }
    }
    out.push(Block { key: "", above: waiting, lines: Vec::new() });
    out
}

/// A file of one phase, as one of two.
fn split(blocks: &[Block<'_>], phase: &str, joining: &Phase, part: &str) -> String {
    let (mut top, mut own) = (String::new(), String::new());
    for block in blocks {
        let stays = block.key.is_empty() || is_shared(block.key, joining);
        if block.key == "phase" {
            top.extend(block.above.iter().copied());
        } else if stays {
            top.extend(block.above.iter().chain(&block.lines).copied());
        } else {
            own.extend(block.above.iter().chain(&block.lines).map(|line| {
                if line.trim().is_empty() { (*line).to_owned() } else { format!("    {line}") }
            }));
        }
    }
    let top = ended(&top);
    let own = ended(&own);
    format!(
        "{top}\n## What belongs to one phase alone; what all share stands above.\nphases:\n  {phase}:\n{own}{part}"
    )
}

/// A file that names its phases already, with one more.
fn appended(blocks: &[Block<'_>], part: &str) -> String {
    let mut out = String::new();
    for block in blocks {
        out.extend(block.above.iter().chain(&block.lines).copied());
        if block.key == "phases" {
            out = ended(&out);
            out.push_str(part);
        }
    }
    out
}

/// With an end to its last line.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
