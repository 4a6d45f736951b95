//! XML as reports use it: elements, attributes and text.
//!
//! A document type declaration is refused as it is met, so that there is neither an external
//! entity nor anything to expand: the only references are the five predefined ones and characters.

use super::ImportError;
use super::source::{self, Checked, Source};
use crate::text::quoted;
use quick_xml::escape::{EscapeError, resolve_predefined_entity};
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event as Raw};
use quick_xml::{Error, XmlVersion, errors::IllFormedError};
use std::borrow::Cow;

/// Deepest nesting of elements that is read. Real reports stay below ten.
const MAX_DEPTH: usize = 100;

/// Most attributes of one element: looking for a second one of the same name is quadratic.
const MAX_ATTRIBUTES: usize = 100;

/// What comes next in a document.
pub(super) enum Event {
    /// An element begins.
    Open(Element),
    /// Characters inside an element.
    Text(String),
    /// A comment, wherever it stands.
    Comment(String),
    /// The element that began last and is still open ends.
    Close,
}

/// The start of an element.
pub(super) struct Element {
    /// Its name, without a namespace prefix.
    pub(super) name: String,
    /// Its name, as written.
    pub(super) full_name: String,
    /// Names, as written, and values.
    pub(super) attributes: Vec<(String, String)>,
}

impl Element {
    /// The value of the attribute `name`.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads one document, event by event.
pub(super) struct Reader<'a> {
    source: &'a dyn Source,
    raw: quick_xml::Reader<Checked<'a>>,
    buffer: Vec<u8>,
    /// Names of the elements that are open.
    open: Vec<String>,
    /// Whether the root element has begun.
    begun: bool,
    /// Where the last event began.
    at: u64,
}

/// Whether nothing in `name` has a meaning of its own in XML.
fn is_name(name: &str) -> bool {
    let part = |c: char| {
        !c.is_whitespace() && !c.is_control() && !['"', '\'', '<', '>', '&', '=', '/'].contains(&c)
    };
    !name.is_empty() && name.chars().all(part)
}

impl<'a> Reader<'a> {
    /// A reader of `source`, with or without a byte order mark.
    pub(super) fn new(source: &'a dyn Source) -> Result<Self, ImportError> {
        let mut raw = quick_xml::Reader::from_reader(source::text_of(source)?);
        // Every element then has a start and an end.
        raw.config_mut().expand_empty_elements = true;
        Ok(Self { source, raw, buffer: Vec::new(), open: Vec::new(), begun: false, at: 0 })
    }

    /// An error at the event that was read last.
    pub(super) fn error(&self, message: impl Into<String>) -> ImportError {
        let position = source::position(self.source, self.at);
        ImportError { position, ..ImportError::new(message) }
    }

    /// The next event; `None` after the root element and all that may follow it.
    pub(super) fn next(&mut self) -> Result<Option<Event>, ImportError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        loop {
            buffer.clear();
            self.at = self.raw.buffer_position();
            let raw = match self.raw.read_event_into(&mut buffer) {
                Ok(raw) => raw,
                Err(error) => {
                    self.at = self.raw.error_position();
                    return Err(self.syntax(&error));
                }
            };
            if matches!(raw, Raw::Eof) {
                return self.end();
            }
            if let Some(event) = self.event(raw)? {
                self.buffer = buffer;
                return Ok(Some(event));
            }
        }
    }

    fn event(&mut self, raw: Raw<'_>) -> Result<Option<Event>, ImportError> {
        let text = match raw {
            Raw::Decl(declaration) => {
                self.declaration(&declaration)?;
                return Ok(None);
            }
            Raw::DocType(_) => return Err(self.declares_entities()),
            Raw::PI(_) | Raw::Eof => return Ok(None),
            Raw::Comment(text) => return Ok(Some(Event::Comment(text.into_inner().into_owned()))),
            Raw::Start(start) | Raw::Empty(start) => {
                return Ok(Some(Event::Open(self.element(&start)?)));
            }
            Raw::End(_) => {
                self.open.pop();
                return Ok(Some(Event::Close));
            }
            Raw::Text(text) => text.into_inner(),
            Raw::CData(text) => text.into_inner(),
            Raw::GeneralRef(reference) => Cow::Owned(self.reference(&reference)?),
        };
        Ok(self.characters(&text)?.then(|| Event::Text(text.into_owned())))
    }

    fn end(&self) -> Result<Option<Event>, ImportError> {
        match self.open.last() {
            Some(name) => {
                let message = format!("the report ends inside of {}", quoted(name));
                Err(self.error(message).help("it was cut off: let the tool write it again"))
            }
            None if !self.begun => Err(ImportError::new("there is no XML in the report")),
            None => Ok(None),
        }
    }

    fn declaration(&self, declaration: &BytesDecl<'_>) -> Result<(), ImportError> {
        if self.at != 0 {
            return Err(self.error("an XML declaration has its place at the start only"));
        }
        let encoding = match declaration.encoding() {
            None => return Ok(()),
            Some(Ok(encoding)) => encoding.into_owned(),
            Some(Err(_)) => return Err(self.error("the XML declaration is malformed")),
        };
        // What is ASCII is UTF-8 too.
        if ["utf-8", "utf8", "us-ascii", "ascii"].contains(&encoding.to_ascii_lowercase().as_str())
        {
            return Ok(());
        }
        let message = format!("the report says that its encoding is {}", quoted(&encoding));
        Err(self.error(message).help("only UTF-8 is read: let the tool write that"))
    }

    fn declares_entities(&self) -> ImportError {
        self.error("the report has a document type declaration, which could declare entities")
            .help("no test runner needs one, and it is never read: remove the `<!DOCTYPE …>`")
    }

    fn element(&mut self, start: &BytesStart<'_>) -> Result<Element, ImportError> {
        if self.open.is_empty() && self.begun {
            return Err(self.error("a second root element follows the first"));
        }
        if self.open.len() == MAX_DEPTH {
            return Err(self.error(format!("elements nest deeper than {MAX_DEPTH} levels")));
        }
        self.begun = true;
        let name = start.local_name().into_inner().to_owned();
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return Err(self.error("a tag has no name; a bare `<` is written `&lt;`"));
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.syntax(&Error::from(error)))?;
            if attributes.len() == MAX_ATTRIBUTES {
                return Err(self.error(format!("more than {MAX_ATTRIBUTES} attributes")));
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| self.syntax(&error))?;
            attributes.push((attribute.key.into_inner().to_owned(), value.into_owned()));
        }
        let full_name = start.name().into_inner().to_owned();
        // The library takes whatever stands there, and a copy with such a name would be another text.
        let odd =
            attributes.iter().map(|(key, _)| key).chain([&full_name]).find(|own| !is_name(own));
        if let Some(odd) = odd {
            return Err(self.error(format!("{} is no name that XML allows", quoted(odd))));
        }
        self.open.push(name.clone());
        Ok(Element { name, full_name, attributes })
    }

    /// Whether `text` stands inside of the root; outside only blanks may.
    fn characters(&self, text: &str) -> Result<bool, ImportError> {
        if !self.open.is_empty() {
            return Ok(true);
        }
        if text.trim().is_empty() {
            return Ok(false);
        }
        let place = if self.begun { "after" } else { "before" };
        Err(self.error(format!("there is text {place} the root element: this is no XML")))
    }

    fn reference(&self, reference: &BytesRef<'_>) -> Result<String, ImportError> {
        match reference.resolve_char_ref() {
            Ok(Some(c)) => Ok(c.to_string()),
            Ok(None) => resolve_predefined_entity(reference)
                .map(str::to_owned)
                .ok_or_else(|| self.unknown_entity(reference)),
            Err(error) => Err(self.syntax(&error)),
        }
    }

    fn unknown_entity(&self, name: &str) -> ImportError {
        let message = format!("the entity {} is not one of XML's own five", quoted(name));
        self.error(message).help("those are &lt; &gt; &amp; &apos; &quot;")
    }

    /// What the library found, in our words: its own may quote the whole report.
    fn syntax(&self, error: &Error) -> ImportError {
        match error {
            Error::Io(error) => source::unreadable(error),
            Error::Syntax(error) => self.error(error.to_string()),
            Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                let (expected, found) = (quoted(expected), quoted(found));
                self.error(format!("{expected} is open, and {found} is closed"))
            }
            Error::IllFormed(IllFormedError::UnmatchedEndTag(name)) => {
                self.error(format!("{} is closed, and was not open", quoted(name)))
            }
            Error::IllFormed(IllFormedError::UnclosedReference) => {
                self.error("a reference has no `;`").help("a bare `&` is written `&amp;`")
            }
            Error::InvalidAttr(_) => self.error("the attributes of an element are malformed"),
            Error::Escape(EscapeError::UnrecognizedEntity(_, name)) => self.unknown_entity(name),
            Error::Escape(_) => self.error("a reference is malformed, or names no character"),
            _ => self.error("the XML is malformed"),
        }
    }
}
