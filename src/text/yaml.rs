//! Strict YAML: the plain subset that people mean when they write front matter and policy.
//!
//! One document of mappings with string keys, sequences and scalars. Anchors, aliases, merge keys,
//! tags and directives are refused, because a reader cannot see what they stand for. A plain
//! scalar becomes a number only where its text is exactly how the number prints: `1.10`, `012` and
//! `1e3` stay strings, so that a version is never rounded. `yes` and dates are strings.

use super::tree::{Inside, Tree};
use super::{Fault, FaultKind, MAX_DEPTH, MAX_FAULTS, clamp, quoted};
use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, StructureStyle};
use serde_json::{Map, Number, Value};
use std::ops::Range;

/// Most values, keys included, in one text.
const MAX_NODES: usize = 100_000;

/// Parses one YAML document.
///
/// # Errors
/// All faults that do not keep the rest from being read, and the first that does. Never empty.
pub fn parse(text: &str) -> Result<Value, Vec<Fault>> {
    read(text).map(|(value, _)| value)
}

/// Byte range of the value at an RFC 6901 `pointer` (or of its key): see [`Tree::locate`].
///
/// `None` when the text has faults. Parses each time; [`read`] once to locate more than one.
pub fn locate(text: &str, pointer: &str, key: bool) -> Option<Range<usize>> {
    read(text).ok().map(|(_, tree)| tree.locate(pointer, key))
}

/// Parses one YAML document and keeps where its values stand.
///
/// # Errors
/// As [`parse`].
pub fn read(text: &str) -> Result<(Value, Tree), Vec<Fault>> {
    let mut builder = Builder { text, stack: Vec::new(), root: None, faults: Vec::new(), nodes: 0 };
    for event in Parser::new_from_str_with_options(text, options()) {
        let step = match event {
            Ok((event, span)) => builder.take(&event, &span),
            Err(error) => Err(builder.scan_fault(&error)),
        };
        if let Err(fault) = step {
            builder.faults.push(fault);
            break;
        }
        if builder.faults.len() >= MAX_FAULTS {
            break;
        }
    }
    match builder.root {
        Some((value, tree)) if builder.faults.is_empty() => Ok((value, tree)),
        None if builder.faults.is_empty() => {
            Err(vec![Fault::whole(FaultKind::Empty, "there is no YAML in it")])
        }
        _ => Err(builder.faults),
    }
}

fn options() -> Options {
    granit_parser::options! {
        emit_unresolved_aliases: true,
        disallow_directives: true,
        emit_anchor_events: true,
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH
    }
}

/// Builds value and tree from events; an explicit stack in place of recursion.
struct Builder<'t> {
    text: &'t str,
    stack: Vec<Frame>,
    root: Option<(Value, Tree)>,
    faults: Vec<Fault>,
    nodes: usize,
}

/// A collection that is not closed yet.
struct Frame {
    start: usize,
    flow: bool,
    body: Body,
}

enum Body {
    Sequence { values: Vec<Value>, trees: Vec<Tree> },
    Mapping { members: Map<String, Value>, trees: Vec<(String, Tree)>, key: Option<Key> },
}

/// A key that waits for its value; the name is `None` when the key was refused.
struct Key {
    name: Option<String>,
    range: Range<usize>,
}

impl Builder<'_> {
    /// Takes one event; an error ends the reading.
    fn take(&mut self, event: &Event<'_>, span: &granit_parser::Span) -> Result<(), Fault> {
        let range = self.range(span);
        self.count(event, &range)?;
        if event.tag().is_some() {
            let tag = span.tag_span().map_or(range.clone(), |tag| self.range(&tag));
            let message = format!("the tag {} is not read", quoted(&self.text[tag.clone()]));
            self.fault(FaultKind::YamlTag, tag, message, "remove the tag; quote what is a string");
        }
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                let message = "a second YAML document starts here";
                return Err(Fault::at(FaultKind::YamlSyntax, range, message)
                    .help("keep one document in the file"));
            }
            Event::Anchor(..) => self.alias(range),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.alias(range.clone());
                // Stands in for the value or key that is not known.
                self.complete(Value::String(String::new()), leaf(range));
            }
            Event::Scalar(value, style, ..) => self.scalar(value, *style, range),
            Event::SequenceStart(style, ..) => {
                let body = Body::Sequence { values: Vec::new(), trees: Vec::new() };
                self.open(*style, range, body)?;
            }
            Event::MappingStart(style, ..) => {
                let body = Body::Mapping { members: Map::new(), trees: Vec::new(), key: None };
                self.open(*style, range, body)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            _ => {}
        }
        Ok(())
    }

    fn count(&mut self, event: &Event<'_>, range: &Range<usize>) -> Result<(), Fault> {
        self.nodes += usize::from(event.is_node());
        if self.nodes > MAX_NODES {
            let message = format!("there are more than {MAX_NODES} values in it");
            return Err(Fault::at(FaultKind::TooLarge, range.clone(), message));
        }
        Ok(())
    }

    fn alias(&mut self, range: Range<usize>) {
        let message = format!(
            "anchors and aliases such as {} are not read",
            quoted(&self.text[range.clone()])
        );
        self.fault(FaultKind::YamlAlias, range, message, "write the value where it is used");
    }

    fn open(&mut self, style: StructureStyle, at: Range<usize>, body: Body) -> Result<(), Fault> {
        if self.stack.len() == MAX_DEPTH {
            return Err(nesting_fault(at));
        }
        let flow = style == StructureStyle::Flow;
        self.stack.push(Frame { start: at.start, flow, body });
        Ok(())
    }

    fn close(&mut self, end: usize) {
        let Some(frame) = self.stack.pop() else { return };
        let (value, inside, last) = match frame.body {
            Body::Sequence { values, trees } => {
                let last = trees.last().map(|tree| tree.value.end);
                (Value::Array(values), Inside::Items(trees), last)
            }
            Body::Mapping { members, trees, .. } => {
                let last = trees.last().map(|(_, tree)| tree.value.end);
                (Value::Object(members), Inside::Members(trees), last)
            }
        };
        // A block collection ends where the next token starts, far below its last line.
        let end = if frame.flow { end } else { last.unwrap_or(frame.start) };
        let value_range = frame.start..end.max(frame.start);
        self.complete(value, Tree { value: value_range, key: None, inside });
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, range: Range<usize>) {
        let range = trim_end(self.text, range);
        let plain = style == ScalarStyle::Plain;
        if plain && self.expects_key() && text == "<<" {
            self.fault(
                FaultKind::YamlAlias,
                range.clone(),
                "merge keys are not read",
                "write the merged keys out",
            );
        }
        let value = if plain { self.resolve(text, &range) } else { Value::String(text.to_owned()) };
        self.complete(value, leaf(range));
    }

    /// What a plain scalar means.
    fn resolve(&mut self, text: &str, range: &Range<usize>) -> Value {
        match text {
            "true" => return Value::Bool(true),
            "false" => return Value::Bool(false),
            "" | "~" | "null" => return Value::Null,
            _ => {}
        }
        let bare = text.trim_start_matches(['-', '+']);
        if [".nan", ".inf"].iter().any(|word| bare.eq_ignore_ascii_case(word)) {
            self.fault(
                FaultKind::NumberRange,
                range.clone(),
                format!("{} is no number that can be compared", quoted(text)),
                "write a finite number, or quote it when it is text",
            );
        }
        number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number)
    }

    fn expects_key(&self) -> bool {
        let body = self.stack.last().map(|frame| &frame.body);
        matches!(body, Some(Body::Mapping { key: None, .. }))
    }

    /// Hands a finished node to the collection around it, as key, value or item.
    fn complete(&mut self, value: Value, mut tree: Tree) {
        if self.expects_key() {
            let key = self.key(value, tree.value);
            if let Some(Frame { body: Body::Mapping { key: slot, .. }, .. }) = self.stack.last_mut()
            {
                *slot = Some(key);
            }
            return;
        }
        match self.stack.last_mut().map(|frame| &mut frame.body) {
            None => self.root = Some((value, tree)),
            Some(Body::Sequence { values, trees }) => {
                values.push(value);
                trees.push(tree);
            }
            Some(Body::Mapping { members, trees, key }) => {
                let Some(Key { name: Some(name), range }) = key.take() else { return };
                if tree.value.is_empty() {
                    // An omitted value has no place of its own.
                    tree.value = range.clone();
                }
                tree.key = Some(range);
                trees.push((name.clone(), tree));
                members.insert(name, value);
            }
        }
    }

    fn key(&mut self, value: Value, range: Range<usize>) -> Key {
        let Value::String(name) = value else {
            self.fault(
                FaultKind::YamlSyntax,
                range.clone(),
                "this key is not a string",
                "put the key in quotes",
            );
            return Key { name: None, range };
        };
        let seen = match self.stack.last().map(|frame| &frame.body) {
            Some(Body::Mapping { members, .. }) => members.contains_key(&name),
            _ => false,
        };
        if seen {
            let message = format!("the key {} occurs twice in this mapping", quoted(&name));
            self.fault(FaultKind::DuplicateKey, range.clone(), message, "keep one of the two");
            return Key { name: None, range };
        }
        Key { name: Some(name), range }
    }

    fn fault(
        &mut self,
        kind: FaultKind,
        span: Range<usize>,
        message: impl Into<String>,
        help: &str,
    ) {
        self.faults.push(Fault::at(kind, span, message).help(help));
    }

    fn scan_fault(&self, error: &ScanError) -> Fault {
        let at = offset(self.text, *error.marker());
        let span = clamp(self.text, at..at + 1);
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => nesting_fault(span),
            kind => {
                let line = super::position(self.text, at).line;
                Fault::at(FaultKind::YamlSyntax, span, format!("{kind} (line {line})"))
            }
        }
    }

    fn range(&self, span: &granit_parser::Span) -> Range<usize> {
        clamp(self.text, offset(self.text, span.start)..offset(self.text, span.end))
    }
}

fn leaf(value: Range<usize>) -> Tree {
    Tree { value, key: None, inside: Inside::Nothing }
}

fn nesting_fault(span: Range<usize>) -> Fault {
    Fault::at(FaultKind::Nesting, span, format!("values nest deeper than {MAX_DEPTH} levels"))
}

fn offset(text: &str, marker: granit_parser::Marker) -> usize {
    // A string input always has byte offsets; counting is for a parser that forgot one.
    marker.byte_offset().unwrap_or_else(|| {
        text.char_indices().nth(marker.index()).map_or(text.len(), |(byte, _)| byte)
    })
}

fn trim_end(text: &str, range: Range<usize>) -> Range<usize> {
    range.start..range.start + text[range].trim_end().len()
}

/// The number that `text` spells, where printing it gives `text` again.
fn number(text: &str) -> Option<Number> {
    const LARGEST: u64 = 1 << 53;
    let number = match text.parse::<i64>() {
        Ok(integer) => Some(integer).filter(|n| n.unsigned_abs() <= LARGEST).map(Number::from),
        Err(_) if text.contains('.') => text.parse().ok().and_then(Number::from_f64),
        Err(_) => None,
    };
    number.filter(|number| number.to_string() == text)
}

#[cfg(test)]
mod tests;
