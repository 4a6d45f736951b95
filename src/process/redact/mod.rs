//! Takes secrets out of a stream, wherever the stream is cut into pieces.
//!
//! Two stages follow each other: [`named`] knows the values of secrets that have a name, [`shapes`]
//! what tokens usually look like. Each decides about a byte only when nothing that may still come
//! can change the decision; so the result never depends on the pieces.

mod file;
mod named;
mod shapes;
mod spelling;
#[cfg(test)]
mod tests;

pub use file::secrets_in;
use named::Named;
use shapes::Shapes;
use std::sync::Arc;

/// Shortest value that is a secret by its name alone, as in `password=…`.
const SHORTEST_ASSIGNED: usize = 8;

/// Replaces secrets by `[redacted:NAME]` and what looks like a token by `[redacted:SHAPE]`.
///
/// A named secret is found as it is and as Base64, percent-encoded, in a JSON string and in a
/// shell's quotes. The result never holds the value of a named secret. The shapes are a net with
/// holes: a token that looks like nothing in particular is not seen. Bytes that are no UTF-8 pass.
#[derive(Debug)]
pub struct Redactor {
    patterns: Arc<(Named, Shapes)>,
    named: named::Stream,
    shapes: shapes::Stream,
}

impl Redactor {
    /// A redactor of `secrets`, each a name and a value.
    ///
    /// Values of fewer than four characters are left out, since they occur everywhere; see
    /// [`Redactor::too_short`].
    pub fn new(secrets: &[(String, String)]) -> Self {
        let named = Named::new(secrets);
        let shapes = Shapes::new(&named);
        Self::of(Arc::new((named, shapes)))
    }

    fn of(patterns: Arc<(Named, Shapes)>) -> Self {
        Self { patterns, named: named::Stream::default(), shapes: shapes::Stream::default() }
    }

    /// A redactor of the same secrets, at the beginning of another stream.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self::of(Arc::clone(&self.patterns))
    }

    /// Names of secrets that are too short to be taken out.
    pub fn too_short(&self) -> &[String] {
        &self.patterns.0.too_short
    }

    /// Takes the next bytes, and gives those that can be told by now: usually whole lines.
    ///
    /// What may be the beginning of a named secret is held back, and the line that is not complete,
    /// as far as 64 KiB.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.advance(bytes, false)
    }

    /// Gives the rest. The next byte begins a new stream, whose count goes on.
    pub fn finish(&mut self) -> Vec<u8> {
        self.advance(&[], true)
    }

    fn advance(&mut self, bytes: &[u8], last: bool) -> Vec<u8> {
        let (named, shapes) = &*self.patterns;
        let between = named.advance(&mut self.named, bytes, last);
        shapes.advance(&mut self.shapes, &between, last)
    }

    /// A text of its own, redacted; neither what is held back nor the count changes.
    pub fn redact_text(&self, text: &str) -> String {
        let mut fresh = Self::of(Arc::clone(&self.patterns));
        let mut bytes = fresh.push(text.as_bytes());
        bytes.extend(fresh.finish());
        // Only whole characters are taken out, so nothing is lost here.
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// A value of its own, which stands under `name` in something structured; `None` where it holds
    /// no secret. A name that says that its value is one makes one of any value that is not short.
    pub fn redact_value(&self, name: &str, value: &str) -> Option<String> {
        let (named, shapes) = &*self.patterns;
        if value.trim().len() >= SHORTEST_ASSIGNED && shapes.is_secret_name(name) {
            let mask = named.mask("assignment");
            return (value != mask).then_some(mask);
        }
        if !named.may_hold(value) && !shapes.may_hold(value) {
            return None;
        }
        Some(self.redact_text(value)).filter(|redacted| redacted != value)
    }

    /// How many places were redacted until now.
    pub fn count(&self) -> u64 {
        self.named.count + self.shapes.count
    }
}
