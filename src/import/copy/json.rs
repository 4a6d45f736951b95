//! JSON, value by value.

use super::{Copy, Mask};
use crate::import::ImportError;
use crate::import::source::{self, Source};
use crate::text::json::Guard;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::cell::RefCell;
use std::fmt;
use std::io::Write;

/// Writes the JSON in `source` to `out`, each value without its secrets: texts, numbers, and the
/// names of members. Gives how many were changed; where none was, the report itself is the better
/// copy.
///
/// # Errors
/// What is no strict JSON, and what cannot be written.
pub fn json(source: &dyn Source, mask: &Mask<'_>, out: &mut dyn Write) -> Result<u64, ImportError> {
    let copy = RefCell::new(Copy::new(mask, out));
    let mut reader = serde_json::Deserializer::from_reader(source::text_of(source)?);
    let seed = Copied { copy: &copy, name: "", guard: Guard::default() };
    let read = seed.deserialize(&mut reader).and_then(|()| reader.end());
    read.map_err(|error| crate::import::json::refused(source, error))?;
    let mut copy = copy.into_inner();
    copy.write("\n")?;
    Ok(copy.masked)
}

/// A value that is read and written at once.
struct Copied<'c, 'a> {
    copy: &'c RefCell<Copy<'a>>,
    /// The member that holds it.
    name: &'c str,
    guard: Guard,
}

impl Copied<'_, '_> {
    fn write<E: serde::de::Error>(&self, text: &str) -> Result<(), E> {
        self.copy.borrow_mut().write(text).map_err(|error| E::custom(error.message))
    }

    fn text<E: serde::de::Error>(&self, value: &str) -> Result<(), E> {
        let kept = self.copy.borrow_mut().kept(self.name, value).into_owned();
        self.write(&serde_json::Value::String(kept).to_string())
    }

    /// A number; one that is a secret becomes a text.
    fn number<E: serde::de::Error>(&self, value: &serde_json::Number) -> Result<(), E> {
        let written = value.to_string();
        let kept = self.copy.borrow_mut().kept(self.name, &written).into_owned();
        match kept == written {
            true => self.write(&written),
            false => self.write(&serde_json::Value::String(kept).to_string()),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Copied<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Copied<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.write("null")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.write(if value { "true" } else { "false" })
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.number(&Guard::unsigned(value)?)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.number(&Guard::signed(value)?)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.number(&Guard::float(value)?)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.text(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let guard = self.guard.inside()?;
        let mut before = "[";
        loop {
            let seed = Next { of: Copied { guard, ..self }, before };
            if access.next_element_seed(seed)?.is_none() {
                break;
            }
            before = ",\n";
        }
        self.write(if before == "[" { "[]" } else { "]" })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let guard = self.guard.inside()?;
        let mut names = std::collections::HashSet::new();
        let mut kept_names = std::collections::HashSet::new();
        self.write("{")?;
        while let Some(name) = access.next_key::<String>()? {
            let mut kept = self.copy.borrow_mut().kept("", &name).into_owned();
            // Two secrets of one shape have one mask, and a name must not come twice.
            while !kept_names.insert(kept.clone()) {
                kept.push('+');
            }
            let between = if names.is_empty() { "" } else { "," };
            self.write(&format!("{between}{}:", serde_json::Value::String(kept)))?;
            access.next_value_seed(Copied { copy: self.copy, name: &name, guard })?;
            if !names.insert(name) {
                return Err(A::Error::custom("duplicate key"));
            }
        }
        self.write("}")
    }
}

/// An item of a list, with what is written before it.
struct Next<'c, 'a> {
    of: Copied<'c, 'a>,
    before: &'static str,
}

impl<'de> DeserializeSeed<'de> for Next<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        self.of.write(self.before)?;
        self.of.deserialize(reader)
    }
}
