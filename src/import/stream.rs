//! JSON that is read piece by piece: what is long is handed on item by item, and never held as a
//! whole. Everything is as strict as where it is read at once: names that come twice, numbers out
//! of range and deep nesting are refused, also in what is passed over.

use super::{ImportError, Source, json, source};
use crate::text::json::Guard;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// What takes in one value of a document. What is not asked for is passed over.
pub(super) trait Part {
    /// The value is a list.
    fn list(&mut self) {}

    /// Takes the member `name`, whose value is next in `members`.
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        _name: &str,
        guard: Guard,
        members: &mut A,
    ) -> Result<(), A::Error> {
        members.next_value_seed(Streamed(&mut Passed, guard))
    }

    /// Takes the next of `items`; `None` at their end.
    fn item<'de, A: SeqAccess<'de>>(
        &mut self,
        guard: Guard,
        items: &mut A,
    ) -> Result<Option<()>, A::Error> {
        items.next_element_seed(Streamed(&mut Passed, guard))
    }
}

/// Takes in nothing.
pub(super) struct Passed;

impl Part for Passed {}

/// A value that a part takes in.
pub(super) struct Streamed<'p, P>(pub(super) &'p mut P, pub(super) Guard);

/// Reads the document in `source` into `part`.
pub(super) fn read(source: &dyn Source, part: &mut impl Part) -> Result<(), ImportError> {
    let mut reader = serde_json::Deserializer::from_reader(source::text_of(source)?);
    let read = Streamed(part, Guard::default()).deserialize(&mut reader);
    read.and_then(|()| reader.end()).map_err(|error| json::refused(source, error))
}

impl<'de, P: Part> DeserializeSeed<'de> for Streamed<'_, P> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de, P: Part> Visitor<'de> for Streamed<'_, P> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        Guard::unsigned(value).map(|_| ())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        Guard::signed(value).map(|_| ())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        Guard::float(value).map(|_| ())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let guard = self.1.inside()?;
        self.0.list();
        while self.0.item(guard, &mut items)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let guard = self.1.inside()?;
        let mut names = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            self.0.member(&name, guard, &mut members)?;
            if !names.insert(name) {
                return Err(A::Error::custom("a name comes twice"));
            }
        }
        Ok(())
    }
}
