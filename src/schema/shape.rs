//! What a schema says about one place in an instance: which keys it knows, what a value must be.
//!
//! Only for explaining faults that a validator found; nothing is validated here. All branches of
//! a schema are taken to apply, because an explanation names what would be accepted somewhere.

use crate::schema::{formats, table, words};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A schema and every embedded schema that it refers to.
#[derive(Debug)]
pub(super) struct Library {
    /// File name and document; the first is the schema itself.
    documents: Vec<(String, Cow<'static, Value>)>,
}

/// A subschema and the document that its references start from.
#[derive(Clone, Copy)]
struct Node<'a> {
    document: &'a Value,
    schema: &'a Map<String, Value>,
}

/// Every subschema that speaks about one place, nearest first.
pub(super) struct Shape<'a> {
    nodes: Vec<Node<'a>>,
}

impl Library {
    /// Collects `root` and what it refers to.
    pub(super) fn new(root: Cow<'static, Value>) -> Self {
        // A schema under the id of an embedded one stands for itself.
        let id = root.get("$id").and_then(Value::as_str).unwrap_or_default();
        let mut library = Self { documents: vec![(file_name(id).to_owned(), root)] };
        let mut next = 0;
        while let Some((_, document)) = library.documents.get(next) {
            let mut wanted = Vec::new();
            references(document, &mut wanted);
            for file in wanted {
                let known = library.documents.iter().any(|(name, _)| *name == file);
                if let Some(document) = embedded(&file).filter(|_| !known) {
                    library.documents.push((file, Cow::Borrowed(document)));
                }
            }
            next += 1;
        }
        library
    }

    /// The schema itself.
    pub(super) fn root(&self) -> &Value {
        &self.documents[0].1
    }

    /// The embedded schemas that it refers to, also by way of others.
    pub(super) fn referred(&self) -> impl Iterator<Item = &Value> {
        self.documents.iter().skip(1).map(|(_, document)| &**document)
    }

    /// What the schema says about the value at `pointer` of an instance.
    pub(super) fn at(&self, pointer: &str) -> Shape<'_> {
        let mut shape = Shape { nodes: Vec::new() };
        shape.push(self, self.root(), self.root());
        for segment in pointer.split('/').skip(1) {
            shape = shape.child(self, &words::unescape(segment));
        }
        shape
    }

    fn resolve<'a>(&'a self, from: &'a Value, reference: &str) -> Option<(&'a Value, &'a Value)> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let document = if file.is_empty() {
            from
        } else {
            let file = file_name(file);
            self.documents.iter().find(|(name, _)| name == file).map(|(_, document)| &**document)?
        };
        Some((document, document.pointer(fragment)?))
    }
}

impl<'a> Shape<'a> {
    /// Adds `schema` and everything that it applies to the same place.
    fn push(&mut self, library: &'a Library, document: &'a Value, schema: &'a Value) {
        let Value::Object(schema) = schema else { return };
        if self.nodes.iter().any(|node| std::ptr::eq(node.schema, schema)) {
            return;
        }
        self.nodes.push(Node { document, schema });
        if let Some(Value::String(reference)) = schema.get("$ref")
            && let Some((document, target)) = library.resolve(document, reference)
        {
            self.push(library, document, target);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for branch in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
                self.push(library, document, branch);
            }
        }
        for keyword in ["then", "else"] {
            if let Some(branch) = schema.get(keyword) {
                self.push(library, document, branch);
            }
        }
    }

    fn child(&self, library: &'a Library, segment: &str) -> Self {
        let mut child = Self { nodes: Vec::new() };
        for node in &self.nodes {
            let named = node.schema.get("properties").and_then(|all| all.get(segment));
            let other = || node.schema.get("additionalProperties");
            let item = || segment.parse::<usize>().ok().and_then(|_| node.schema.get("items"));
            if let Some(schema) = named.or_else(other).or_else(item) {
                child.push(library, node.document, schema);
            }
        }
        child
    }

    /// What the schema says about the names of keys here.
    pub(super) fn names(&self, library: &'a Library) -> Self {
        let mut names = Self { nodes: Vec::new() };
        for node in &self.nodes {
            if let Some(schema) = node.schema.get("propertyNames") {
                names.push(library, node.document, schema);
            }
        }
        names
    }

    fn get(&self, keyword: &str) -> Option<&'a Value> {
        self.nodes.iter().find_map(|node| node.schema.get(keyword))
    }

    fn text(&self, keyword: &str) -> Option<&'a str> {
        self.get(keyword).and_then(Value::as_str)
    }

    /// The description nearest to the place.
    pub(super) fn description(&self) -> Option<&'a str> {
        self.text("description")
    }

    /// Every key that the schema names here.
    pub(super) fn keys(&self) -> Vec<&'a str> {
        let mut keys: Vec<&str> = Vec::new();
        let properties = self.nodes.iter().filter_map(|node| node.schema.get("properties"));
        for key in properties.filter_map(Value::as_object).flat_map(Map::keys) {
            if !keys.contains(&key.as_str()) {
                keys.push(key);
            }
        }
        keys
    }

    /// Whether keys of one's own, `x-…`, have a place here.
    pub(super) fn admits_own_keys(&self) -> bool {
        self.nodes.iter().any(|node| {
            node.schema.get("patternProperties").is_some_and(|own| own.get("^x-").is_some())
        })
    }

    /// The choices between keys here.
    pub(super) fn choices(&self) -> Vec<Choice> {
        let mut choices = Vec::new();
        for node in &self.nodes {
            choices.extend(Choice::of(node.schema, None));
            let dependent = node.schema.get("dependentSchemas").and_then(Value::as_object);
            for (key, schema) in dependent.into_iter().flatten() {
                choices.extend(schema.as_object().and_then(|schema| Choice::of(schema, Some(key))));
            }
        }
        choices
    }

    /// The values of an `enum` here that are texts.
    pub(super) fn options(&self) -> Vec<&'a str> {
        let options = self.get("enum").and_then(Value::as_array);
        options.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Whether a text is wanted here that a number or boolean becomes by mere quotes.
    pub(super) fn wants_text(&self) -> bool {
        // A number in quotes may well be a version or a text, and never a time or a digest.
        let format = self.get("format").and_then(Value::as_str);
        if format
            .is_some_and(|format| !["d3p-version", "d3p-filled", "d3p-words"].contains(&format))
        {
            return false;
        }
        let types = self.types();
        types.contains(&"string") && !types.contains(&"number") && !types.contains(&"integer")
            || !self.options().is_empty()
            || self.get("const").is_some_and(Value::is_string)
    }

    /// Whether a number is wanted here, and no text would do.
    pub(super) fn wants_number(&self) -> bool {
        let types = self.types();
        !types.contains(&"string") && (types.contains(&"number") || types.contains(&"integer"))
    }

    fn types(&self) -> Vec<&'a str> {
        let mut types = Vec::new();
        for value in self.nodes.iter().filter_map(|node| node.schema.get("type")) {
            match value {
                Value::Array(several) => types.extend(several.iter().filter_map(Value::as_str)),
                one => types.extend(one.as_str()),
            }
        }
        types
    }

    /// What a value here must be, as the end of a sentence: "be `passed` or `failed`".
    pub(super) fn demand(&self) -> String {
        let types = self.types();
        let demand = self.demand_without_null(&types);
        if types.contains(&"null") && types.len() > 1 { demand + ", or null" } else { demand }
    }

    fn demand_without_null(&self, types: &[&str]) -> String {
        if let Some(value) = self.get("const") {
            return format!("be {}", words::shown(value));
        }
        if let Some(options) = self.get("enum").and_then(Value::as_array) {
            return format!("be {}", words::any_of(options.iter().map(words::shown)));
        }
        if let Some(expected) = self.text("format").and_then(formats::expected) {
            return format!("be {expected}");
        }
        if let Some(expected) = self.text("x-d3p-expected") {
            return format!("be {expected}");
        }
        let kinds = types.iter().filter(|kind| **kind != "null");
        let required = self.get("required").and_then(Value::as_array).filter(|all| !all.is_empty());
        match (types.first(), required) {
            (Some(&"object"), Some(keys)) => {
                format!("have {}", words::all_of(keys.iter().map(words::shown)))
            }
            (Some(&"array"), _) if self.get("minItems").is_some() => {
                "be a list with at least one entry".to_owned()
            }
            (None, _) => "be as its schema says".to_owned(),
            _ => format!("be {}{}", words::any_of(kinds.map(|kind| noun(kind))), self.limits()),
        }
    }

    fn limits(&self) -> String {
        match (self.get("minimum"), self.get("maximum")) {
            (Some(least), Some(most)) => format!(" from {least} to {most}"),
            (Some(least), None) => format!(", {least} or more"),
            (None, Some(most)) => format!(", {most} or less"),
            (None, None) => String::new(),
        }
    }
}

/// What a JSON type is called.
fn noun(kind: &str) -> String {
    let noun = match kind {
        "object" => "an object",
        "array" => "a list",
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        other => other,
    };
    noun.to_owned()
}

/// A choice between groups of keys: a `oneOf` or `anyOf` whose branches only require keys.
pub(super) struct Choice {
    /// The key with which the choice has to be made; `None` when always.
    when: Option<String>,
    /// Whether one group excludes the others.
    exclusive: bool,
    /// The groups; of one of them every key must be there.
    pub(super) groups: Vec<Vec<String>>,
}

impl Choice {
    fn of(schema: &Map<String, Value>, when: Option<&String>) -> Option<Self> {
        let exclusive = schema.contains_key("oneOf");
        let branches = schema.get(if exclusive { "oneOf" } else { "anyOf" })?.as_array()?;
        let groups = branches.iter().map(only_required).collect::<Option<Vec<_>>>()?;
        Some(Self { when: when.cloned(), exclusive, groups })
    }

    /// Whether `object` has not made this choice, or has made it twice.
    pub(super) fn fails(&self, object: &Value) -> bool {
        let has = |key: &String| object.get(key).is_some();
        let made = self.groups.iter().filter(|group| group.iter().all(has)).count();
        self.when.as_ref().is_none_or(has) && (made == 0 || self.exclusive && made > 1)
    }
}

/// The keys that a branch requires, where it does nothing else.
fn only_required(branch: &Value) -> Option<Vec<String>> {
    let branch = branch.as_object().filter(|branch| branch.len() == 1)?;
    let keys = branch.get("required")?.as_array()?.iter();
    keys.map(|key| key.as_str().map(str::to_owned)).collect()
}

/// The files that `document` refers to.
fn references(document: &Value, into: &mut Vec<String>) {
    match document {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let file = file_name(reference.split('#').next().unwrap_or_default());
                if !file.is_empty() && !into.iter().any(|known| known == file) {
                    into.push(file.to_owned());
                }
            }
            members.values().for_each(|member| references(member, into));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, into)),
        _ => {}
    }
}

fn file_name(uri: &str) -> &str {
    uri.rsplit('/').next().unwrap_or(uri)
}

fn embedded(file: &str) -> Option<&'static Value> {
    table::document(file.strip_suffix(".v1.schema.json")?)
}
