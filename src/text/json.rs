//! Strict JSON: RFC 8259 without anything that two tools read differently.
//!
//! A good text costs one `serde_json` pass. Only a bad one is read again, to say where and what:
//! [`find_faults`]. Duplicate keys and numbers beyond ±2^53 are refused at any depth.

use super::tree::{Inside, Tree};
use super::{Fault, FaultKind, MAX_DEPTH, MAX_FAULTS, clamp, floor, quoted};
use jsonc_parser::ast;
use jsonc_parser::common::Ranged as _;
use jsonc_parser::errors::ParseErrorKind;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

/// Largest magnitude that every JSON tool keeps exactly: 2^53.
const LARGEST: u64 = 1 << 53;

/// Parses one JSON text.
///
/// # Errors
/// Every duplicate key and every number out of range; or the one syntax or nesting fault that
/// keeps the text from being read. Never empty.
pub fn parse(text: &str) -> Result<Value, Vec<Fault>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    Strict::default()
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| find_faults(text, &error))
}

/// Where the values of `text` stand; `None` when it cannot be read at all.
///
/// A tree only places findings: a text with duplicate keys or `NaN` still has one.
pub fn tree(text: &str) -> Option<Tree> {
    if nesting_fault(text).is_some() {
        return None;
    }
    let root = parse_ast(text).ok()??;
    Some(to_tree(text, None, &root))
}

/// Byte range of the value at an RFC 6901 `pointer` (or of its key): see [`Tree::locate`].
///
/// Parses the text each time; take the [`tree`] to locate more than one.
pub fn locate(text: &str, pointer: &str, key: bool) -> Option<Range<usize>> {
    tree(text).map(|tree| tree.locate(pointer, key))
}

/// What every strict reader of JSON refuses, wherever it stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Guard {
    depth: usize,
}

impl Guard {
    /// The guard of what lies within an array or object.
    pub(crate) fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom("nested too deeply"));
        }
        Ok(Self { depth: self.depth + 1 })
    }

    /// A number that every tool keeps exactly.
    pub(crate) fn unsigned<E: serde::de::Error>(value: u64) -> Result<Number, E> {
        if value > LARGEST { Err(out_of_range()) } else { Ok(value.into()) }
    }

    /// The same with a sign.
    pub(crate) fn signed<E: serde::de::Error>(value: i64) -> Result<Number, E> {
        if value.unsigned_abs() > LARGEST { Err(out_of_range()) } else { Ok(value.into()) }
    }

    /// The same with a fraction.
    pub(crate) fn float<E: serde::de::Error>(value: f64) -> Result<Number, E> {
        let number = Number::from_f64(value).filter(|_| is_float_in_range(value));
        number.ok_or_else(out_of_range)
    }
}

/// Builds a [`Value`], refusing what the module refuses.
///
/// Its errors only say that something is wrong; [`find_faults`] says what.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Strict(pub(crate) Guard);

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        Guard::unsigned(value).map(Value::Number)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        Guard::signed(value).map(Value::Number)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Guard::float(value).map(Value::Number)
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let within = Strict(self.0.inside()?);
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(within)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let within = Strict(self.0.inside()?);
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(within)?;
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("duplicate key"));
            }
        }
        Ok(Value::Object(members))
    }
}

fn out_of_range<E: serde::de::Error>() -> E {
    E::custom("number out of range")
}

fn is_float_in_range(value: f64) -> bool {
    // 2^53 is exact as a float; infinity fails the comparison.
    #[allow(clippy::cast_precision_loss)]
    let largest = LARGEST as f64;
    value.abs() <= largest
}

/// The second pass over a text that [`parse`] refused with `error`.
fn find_faults(text: &str, error: &serde_json::Error) -> Vec<Fault> {
    if text.trim().is_empty() {
        return vec![Fault::whole(FaultKind::Empty, "there is no JSON in the file")];
    }
    // The parser of the second pass is recursive: depth first.
    if let Some(fault) = nesting_fault(text) {
        return vec![fault];
    }
    let mut faults = Vec::new();
    match parse_ast(text) {
        Ok(Some(root)) => inspect(text, &root, &mut faults),
        Ok(None) => {}
        Err(fault) => faults.push(fault),
    }
    if faults.is_empty() {
        faults.push(serde_fault(text, error));
    }
    faults
}

/// The fault of the bracket that opens one level too many.
fn nesting_fault(text: &str) -> Option<Fault> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            b'[' | b'{' if !in_string => {
                depth += 1;
                if depth > MAX_DEPTH {
                    let message = format!("values nest deeper than {MAX_DEPTH} levels");
                    return Some(Fault::at(FaultKind::Nesting, at..at + 1, message));
                }
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn parse_ast(text: &str) -> Result<Option<ast::Value<'_>>, Fault> {
    let strict = jsonc_parser::ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        // Read, so that `NaN` is reported as a number out of range, with the others.
        allow_non_finite_numbers: true,
        allow_extended_string_escapes: false,
    };
    jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &strict)
        .map(|parsed| parsed.value)
        .map_err(|error| syntax_fault(text, &error))
}

fn syntax_fault(text: &str, error: &jsonc_parser::errors::ParseError) -> Fault {
    let range = error.range();
    let span = clamp(text, range.start..range.end);
    let line = super::position(text, span.start).line;
    let fault = Fault::at(
        FaultKind::JsonSyntax,
        span,
        format!("{} (line {line})", lower_first(error.kind())),
    );
    match error.kind() {
        ParseErrorKind::CommentsNotAllowed => fault.help("JSON has no comments: remove it"),
        ParseErrorKind::TrailingCommasNotAllowed => fault.help("remove the last comma"),
        ParseErrorKind::MultipleRootJsonValues => fault.help("remove what follows the value"),
        _ => fault,
    }
}

fn lower_first(message: impl fmt::Display) -> String {
    let message = message.to_string();
    let mut rest = message.chars();
    match rest.next() {
        // `NaN` and the like keep their spelling.
        Some(first) if rest.clone().next().is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(rest).collect()
        }
        _ => message,
    }
}

/// What `serde_json` said, for the faults that only it finds, such as a lone surrogate.
fn serde_fault(text: &str, error: &serde_json::Error) -> Fault {
    let line_start = match error.line().checked_sub(2) {
        None => 0,
        Some(skip) => {
            text.match_indices('\n').nth(skip).map_or(text.len(), |(newline, _)| newline + 1)
        }
    };
    let at = floor(text, line_start + error.column().saturating_sub(1));
    let shown = error.to_string();
    let message = shown.split(" at line ").next().unwrap_or(&shown);
    let message = format!("{message} (line {})", error.line().max(1));
    Fault::at(FaultKind::JsonSyntax, clamp(text, at..at + 1), message)
}

/// Collects duplicate keys and numbers out of range. Depth is bounded: the caller checked it.
fn inspect(text: &str, value: &ast::Value<'_>, faults: &mut Vec<Fault>) {
    if faults.len() >= MAX_FAULTS {
        return;
    }
    match value {
        ast::Value::NumberLit(number) if !is_in_range(number.value) => {
            let span = clamp(text, number.start()..number.end());
            let message = format!("{} is beyond what JSON tools agree about", quoted(number.value));
            faults.push(
                Fault::at(FaultKind::NumberRange, span, message)
                    .help("write numbers beyond ±9007199254740992 as strings"),
            );
        }
        ast::Value::Array(array) => {
            array.elements.iter().for_each(|element| inspect(text, element, faults));
        }
        ast::Value::Object(object) => {
            let mut seen = HashSet::new();
            for property in &object.properties {
                if !seen.insert(property.name.as_str()) {
                    let span = clamp(text, property.name.start()..property.name.end());
                    let name = quoted(property.name.as_str());
                    let message = format!("the key {name} occurs twice in this object");
                    faults.push(
                        Fault::at(FaultKind::DuplicateKey, span, message)
                            .help("keep one of the two"),
                    );
                }
                inspect(text, &property.value, faults);
            }
        }
        _ => {}
    }
}

fn is_in_range(number: &str) -> bool {
    match number.parse::<i128>() {
        Ok(integer) => integer.unsigned_abs() <= u128::from(LARGEST),
        Err(_) => number.parse().is_ok_and(is_float_in_range),
    }
}

fn to_tree(text: &str, key: Option<Range<usize>>, value: &ast::Value<'_>) -> Tree {
    let inside = match value {
        ast::Value::Array(array) => {
            Inside::Items(array.elements.iter().map(|item| to_tree(text, None, item)).collect())
        }
        ast::Value::Object(object) => Inside::Members(
            object
                .properties
                .iter()
                .map(|property| {
                    let key = clamp(text, property.name.start()..property.name.end());
                    (property.name.as_str().to_owned(), to_tree(text, Some(key), &property.value))
                })
                .collect(),
        ),
        _ => Inside::Nothing,
    };
    Tree { value: clamp(text, value.start()..value.end()), key, inside }
}

#[cfg(test)]
mod tests;
