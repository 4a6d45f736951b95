//! From the library's errors to our faults: one cause, one fault, in a sentence of our own.
//!
//! The library says which keyword failed where; what would have been right is looked up in the
//! schema. Its own messages are never passed on: they print whole values and change with versions.

use crate::schema::{SchemaFault, shape::Library, words};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

/// Beyond this many errors a file is not mended fault by fault.
const LIMIT: usize = 1000;

/// How many keys a sentence lists before it becomes a wall.
const LISTED: usize = 16;

/// A fault on its way, with what it takes to see that two have one cause.
struct Draft {
    fault: SchemaFault,
    /// The key that is missing, or that an unknown key was meant to be.
    cures: Vec<String>,
    about: About,
}

#[derive(PartialEq, Eq)]
enum About {
    /// A key that is not there.
    Missing,
    /// None of several keys, of which one must be there.
    Choice,
    /// A key that has no place.
    Unknown,
    /// A value that is not what it must be.
    Value,
    /// How many entries there are, or whether they differ.
    Entries,
}

/// Explains `errors` that the schema of `library` has with `value`; empty exactly when `errors` is.
pub(super) fn explain<'a>(
    library: &Library,
    value: &Value,
    errors: impl Iterator<Item = ValidationError<'a>>,
) -> Vec<SchemaFault> {
    let mut explainer = Explainer { library, value, drafts: Vec::new() };
    let mut any = false;
    for error in errors.take(LIMIT) {
        any = true;
        explainer.add(&error);
    }
    let mut faults = one_per_cause(explainer.drafts);
    if any && faults.is_empty() {
        faults.push(plain("", false, "the file does not match its schema".to_owned()));
    }
    faults.sort_by(|a, b| order(a).cmp(&order(b)));
    faults.dedup();
    faults
}

struct Explainer<'v> {
    library: &'v Library,
    value: &'v Value,
    drafts: Vec<Draft>,
}

impl Explainer<'_> {
    fn add(&mut self, error: &ValidationError<'_>) {
        let pointer = error.instance_path().as_str();
        match error.kind() {
            Kind::Required { property } => {
                self.missing(pointer, property.as_str().unwrap_or_default());
            }
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                unexpected.iter().for_each(|key| self.unknown(pointer, key));
            }
            Kind::PropertyNames { error } => self.name(pointer, error),
            // Compiled schemas report the name's own error, with the object as its place.
            _ if self.is_about_a_name(error) => self.name(pointer, error),
            Kind::AnyOf { context }
            | Kind::OneOfNotValid { context }
            | Kind::OneOfMultipleValid { context } => self.branches(pointer, context),
            Kind::MinItems { limit } | Kind::MinProperties { limit } => {
                self.count(pointer, if *limit > 1 { Some(("at least", *limit)) } else { None });
            }
            Kind::MaxItems { limit } | Kind::MaxProperties { limit } => {
                self.count(pointer, Some(("at most", *limit)));
            }
            Kind::AdditionalItems { limit } => {
                self.count(pointer, u64::try_from(*limit).ok().map(|limit| ("at most", limit)));
            }
            Kind::UniqueItems => self.repeated(pointer),
            Kind::UnevaluatedItems { .. } | Kind::FalseSchema | Kind::Not { .. } => {
                let message = format!("{} has no place here", self.subject(pointer));
                self.push(About::Value, plain(pointer, false, message));
            }
            Kind::Type { .. }
            | Kind::Constant { .. }
            | Kind::Enum { .. }
            | Kind::Format { .. }
            | Kind::Pattern { .. }
            | Kind::Minimum { .. }
            | Kind::Maximum { .. }
            | Kind::ExclusiveMinimum { .. }
            | Kind::ExclusiveMaximum { .. }
            | Kind::MinLength { .. }
            | Kind::MaxLength { .. }
            | Kind::MultipleOf { .. }
            | Kind::Contains
            | Kind::ContentEncoding { .. }
            | Kind::ContentMediaType { .. }
            | Kind::FromUtf8 { .. }
            | Kind::Custom { .. }
            | Kind::BacktrackLimitExceeded { .. }
            | Kind::RegexEngineFailure { .. }
            | Kind::Referencing(_) => self.wrong(pointer),
        }
    }

    fn push(&mut self, about: About, fault: SchemaFault) {
        self.drafts.push(Draft { fault, cures: Vec::new(), about });
    }

    fn missing(&mut self, pointer: &str, key: &str) {
        let place = self.library.at(&words::join_pointer(pointer, key));
        let message = format!(
            "{} is missing{}: it must {}",
            words::quoted(key),
            self.inside(pointer),
            place.demand()
        );
        let help = place.description().map(str::to_owned);
        let fault = SchemaFault { help, ..plain(pointer, self.has_key(pointer), message) };
        self.drafts.push(Draft { fault, cures: vec![key.to_owned()], about: About::Missing });
    }

    fn unknown(&mut self, pointer: &str, key: &str) {
        let place = self.library.at(pointer);
        let keys = place.keys();
        if keys.contains(&key) {
            // The key is known and its value is at fault, or another key of the same subschema.
            return;
        }
        let meant = words::nearest(key, &keys);
        let own = if place.admits_own_keys() { "; keys of your own start with `x-`" } else { "" };
        let help = match meant {
            Some(name) => format!("did you mean `{name}`?"),
            None if keys.is_empty() => format!("no key has a place here{own}"),
            None => {
                let more = (keys.len() > LISTED).then(|| format!("{} more", keys.len() - LISTED));
                let first = keys.iter().take(LISTED).map(|name| words::quoted(name));
                format!("the keys here are {}{own}", words::all_of(first.chain(more)))
            }
        };
        let message = format!("unknown key {}{}", words::quoted(key), self.inside(pointer));
        let fault = SchemaFault {
            help: Some(help),
            becomes: meant.map(Value::from),
            ..plain(&words::join_pointer(pointer, key), true, message)
        };
        let cures = meant.map(str::to_owned).into_iter().collect();
        self.drafts.push(Draft { fault, cures, about: About::Unknown });
    }

    fn name(&mut self, pointer: &str, error: &ValidationError<'_>) {
        let demand = self.library.at(pointer).names(self.library).demand();
        let key = error.instance().as_str().unwrap_or_default();
        let message = format!("the key {} must {demand}", words::quoted(key));
        self.push(About::Value, plain(&words::join_pointer(pointer, key), true, message));
    }

    fn is_about_a_name(&self, error: &ValidationError<'_>) -> bool {
        let place = self.value.pointer(error.instance_path().as_str());
        place.is_some_and(Value::is_object) && error.instance().is_string()
    }

    fn wrong(&mut self, pointer: &str) {
        let value = self.value.pointer(pointer).unwrap_or(&Value::Null);
        let place = self.library.at(pointer);
        let message = format!(
            "{} is {}: it must {}",
            self.subject(pointer),
            words::shown(value),
            place.demand()
        );
        let (help, becomes) = match value {
            Value::String(text) if place.wants_number() && text.parse::<f64>().is_ok() => {
                (Some("remove the quotes".to_owned()), serde_json::from_str(text).ok())
            }
            Value::Number(_) | Value::Bool(_) if place.wants_text() => (
                Some("put it in quotes, so that it is read as text".to_owned()),
                Some(Value::from(value.to_string())),
            ),
            Value::String(text) => {
                let meant = words::nearest(text, &place.options());
                let help = meant.map(|option| format!("did you mean `{option}`?"));
                (help, meant.map(Value::from))
            }
            _ => (None, None),
        };
        let help = help.or_else(|| place.description().map(str::to_owned));
        let fault = SchemaFault { help, becomes, ..plain(pointer, false, message) };
        self.push(About::Value, fault);
    }

    fn count(&mut self, pointer: &str, limit: Option<(&str, u64)>) {
        let subject = self.subject(pointer);
        let message = match limit {
            Some((bound, limit)) => {
                let entries = if limit == 1 { "entry" } else { "entries" };
                format!("{subject} must have {bound} {limit} {entries}")
            }
            None => format!("{subject} must not be empty"),
        };
        let help = self.library.at(pointer).description().map(str::to_owned);
        self.push(About::Entries, SchemaFault { help, ..plain(pointer, false, message) });
    }

    fn repeated(&mut self, pointer: &str) {
        let items = self.value.pointer(pointer).and_then(Value::as_array);
        let items = items.map(Vec::as_slice).unwrap_or_default();
        let twice = (1..items.len()).find(|at| items[..*at].contains(&items[*at]));
        let what = twice.and_then(|at| items.get(at)).map_or("an entry".to_owned(), words::shown);
        let message = format!("{} has {what} twice", self.subject(pointer));
        let at = twice.map_or(pointer.to_owned(), |at| format!("{pointer}/{at}"));
        self.push(About::Entries, plain(&at, false, message));
    }

    /// A choice between keys is said as such; of other branches the one that came closest speaks.
    fn branches(&mut self, pointer: &str, context: &[Vec<ValidationError<'static>>]) {
        let object = self.value.pointer(pointer).filter(|value| value.is_object());
        let mut choices = self.library.at(pointer).choices();
        choices.retain(|choice| object.is_some_and(|object| choice.fails(object)));
        if !choices.is_empty() {
            choices.iter().for_each(|choice| self.choice(pointer, &choice.groups));
            return;
        }
        let closest = context.iter().filter(|errors| !errors.is_empty()).min_by_key(|errors| {
            let depth = |error: &&ValidationError<'_>| error.instance_path().as_str().len();
            let another_type = errors.iter().any(|error| {
                error.instance_path().as_str() == pointer
                    && matches!(error.kind(), Kind::Type { .. } | Kind::Constant { .. })
            });
            let deepest = errors.iter().map(|error| depth(&error)).max().unwrap_or_default();
            (another_type, std::cmp::Reverse(deepest), errors.len())
        });
        match closest {
            Some(errors) => errors.iter().for_each(|error| self.add(error)),
            None => self.wrong(pointer),
        }
    }

    fn choice(&mut self, pointer: &str, groups: &[Vec<String>]) {
        let has = |key: &&String| {
            self.value.pointer(pointer).is_some_and(|object| object.get(key.as_str()).is_some())
        };
        let begun: Vec<&Vec<String>> =
            groups.iter().filter(|group| group.iter().any(|key| has(&key))).collect();
        match begun.as_slice() {
            [] => {
                let one = |group: &Vec<String>| words::all_of(group.iter().map(|key| quote(key)));
                let groups_said = words::any_of(groups.iter().map(one));
                let message = format!("{} must have {groups_said}", self.subject(pointer));
                let fault = plain(pointer, self.has_key(pointer), message);
                self.push(About::Choice, fault);
            }
            [group] => {
                let absent: Vec<&String> = group.iter().filter(|key| !has(key)).collect();
                absent.into_iter().for_each(|key| self.missing(pointer, key));
            }
            several => {
                let present = several.iter().flat_map(|group| group.iter().find(has));
                let keys = words::all_of(present.map(|key| quote(key)));
                let message = format!("{} has {keys}: only one is allowed", self.subject(pointer));
                self.push(About::Entries, plain(pointer, self.has_key(pointer), message));
            }
        }
    }

    /// How a sentence calls the value at `pointer`.
    fn subject(&self, pointer: &str) -> String {
        let Some((parent, last)) = pointer.rsplit_once('/') else {
            return "the file".to_owned();
        };
        match self.value.pointer(parent) {
            Some(Value::Array(_)) => {
                let number = last.parse::<usize>().map_or(1, |index| index + 1);
                format!("entry {number} of {}", self.subject(parent))
            }
            _ => quote(&words::unescape(last)),
        }
    }

    fn inside(&self, pointer: &str) -> String {
        if pointer.is_empty() {
            return String::new();
        }
        format!(" in {}", self.subject(pointer))
    }

    /// Whether the value at `pointer` stands under a key that can be pointed at.
    fn has_key(&self, pointer: &str) -> bool {
        let parent = pointer.rsplit_once('/').and_then(|(parent, _)| self.value.pointer(parent));
        parent.is_some_and(Value::is_object)
    }
}

fn quote(key: &str) -> String {
    words::quoted(key)
}

fn plain(pointer: &str, on_key: bool, message: String) -> SchemaFault {
    SchemaFault { pointer: pointer.to_owned(), on_key, message, help: None, becomes: None }
}

/// Drops what another fault already explains.
fn one_per_cause(drafts: Vec<Draft>) -> Vec<SchemaFault> {
    let mut kept: Vec<SchemaFault> = Vec::new();
    for draft in &drafts {
        let told = match draft.about {
            // A key that was only misspelt is not missing as well.
            About::Missing => drafts.iter().any(|other| {
                beside(other, draft) && other.cures.iter().any(|key| draft.cures.contains(key))
            }),
            // Whoever wrote an unknown key meant to choose it.
            About::Choice => drafts.iter().any(|other| beside(other, draft)),
            // The first sentence about a value says all that it must be.
            About::Value => kept.iter().any(|fault| fault.pointer == draft.fault.pointer),
            About::Unknown | About::Entries => false,
        };
        if !told && !kept.contains(&draft.fault) {
            kept.push(draft.fault.clone());
        }
    }
    kept
}

/// Whether `unknown` is an unknown key in the very object that lacks one.
fn beside(unknown: &Draft, lacking: &Draft) -> bool {
    let object = unknown.fault.pointer.rsplit_once('/').map(|(object, _)| object);
    unknown.about == About::Unknown && object == Some(lacking.fault.pointer.as_str())
}

/// Pointer first, with list entries in the order of their numbers.
fn order(fault: &SchemaFault) -> (Vec<(usize, &str)>, bool, &str) {
    let number = |segment: &str| segment.parse().unwrap_or(usize::MAX);
    let segments = fault.pointer.split('/').map(|segment| (number(segment), segment)).collect();
    (segments, fault.on_key, &fault.message)
}
