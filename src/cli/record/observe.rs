//! Adds what the evidence itself says to what people typed.

use super::Recording;
use crate::cli::Failure;
use crate::derive::observations;
use crate::model::{Advice, Stamp};
use serde_json::{Map, Value};

const KEY: &str = "observations";

impl Recording<'_> {
    /// Puts derived observations into a body that carries them.
    ///
    /// # Errors
    /// A refusal when the body brings its own.
    pub(super) fn observe(
        &self,
        members: &mut Map<String, Value>,
        now: Stamp,
    ) -> Result<(), Failure> {
        if !observations::carries(self.def) {
            return Ok(());
        }
        if members.contains_key(KEY) {
            return Err(Failure::refused(format!(
                "the body carries `{KEY}`, which d3p derives from the evidence"
            ))
            .advise(Advice::answer(format!(
                "remove `{KEY}`; your own go into `actions` and `went_well`"
            ))));
        }
        // The moment that the header will name.
        let own = members.get("finished_at").and_then(Value::as_str);
        let until = own.and_then(|text| Stamp::parse(text).ok()).unwrap_or(now);
        let derived = observations::observations(self.project(), self.release, self.kind, until);
        members.insert(KEY.to_owned(), derived);
        Ok(())
    }
}
