//! Which rule a result comes from, and what its message says.

use super::severity::{self, StatedSeverity};
use crate::import::json::{list_of, text_of};
use crate::import::stream::{Part, Passed, Streamed};
use crate::import::{LONGEST, shortened};
use crate::text::json::{Guard, Strict};
use serde::de::{MapAccess, SeqAccess};
use serde_json::Value;
use std::collections::HashMap;

/// Most texts of messages that are kept of one tool.
const MAX_STRINGS: usize = 10_000;

/// What is kept of the description of a rule.
#[derive(Default)]
pub(super) struct Definition {
    pub(super) id: String,
    guid: String,
    /// Other names that results may give it.
    aliases: Vec<String>,
    /// The level of its default configuration.
    pub(super) level: Option<String>,
    pub(super) said: StatedSeverity,
    strings: Vec<(String, String)>,
}

/// The driver or an extension of a tool.
#[derive(Default)]
pub(super) struct Component {
    pub(super) name: Option<String>,
    guid: String,
    versions: [Option<String>; 3],
    rules: Vec<Definition>,
    by_id: HashMap<String, usize>,
    strings: usize,
}

const VERSIONS: [&str; 3] = ["semanticVersion", "version", "dottedQuadFileVersion"];

/// The rules of a run: those of the driver first, then those of the extensions.
#[derive(Default)]
pub(super) struct Rules {
    driver: Component,
    extensions: Vec<Component>,
    /// Levels that the run was told to use: by rule and, where it is known, by invocation.
    overrides: HashMap<String, Vec<(usize, String)>>,
}

/// The rule of a result.
pub(super) struct Rule<'a> {
    /// Its id.
    pub(super) id: String,
    /// Its description in the report; two where the result names two.
    pub(super) definitions: Vec<&'a Definition>,
    /// Why it is not sure which rule that is.
    pub(super) doubt: Option<&'static str>,
}

impl Part for Component {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        guard: Guard,
        members: &mut A,
    ) -> Result<(), A::Error> {
        if name == "rules" {
            return members.next_value_seed(Streamed(&mut Definitions(self), guard));
        }
        let version = VERSIONS.iter().position(|key| *key == name);
        if version.is_none() && name != "name" && name != "guid" {
            return members.next_value_seed(Streamed(&mut Passed, guard));
        }
        let value = members.next_value_seed(Strict(guard))?;
        let text = value.as_str().and_then(shortened);
        match (version, name) {
            (Some(version), _) => self.versions[version] = text,
            (None, "name") => self.name = text,
            _ => self.guid = text.unwrap_or_default(),
        }
        Ok(())
    }
}

struct Definitions<'a>(&'a mut Component);

impl Part for Definitions<'_> {
    fn item<'de, A: SeqAccess<'de>>(
        &mut self,
        guard: Guard,
        items: &mut A,
    ) -> Result<Option<()>, A::Error> {
        let Some(rule) = items.next_element_seed(Strict(guard))? else { return Ok(None) };
        self.0.add(&super::log::without_null(rule));
        Ok(Some(()))
    }
}

impl Component {
    /// Its version, as the most particular member says it.
    pub(super) fn version(&self) -> Option<String> {
        self.versions.iter().flatten().next().cloned()
    }

    fn add(&mut self, rule: &Value) {
        let text = |key: &str| text_of(rule, key).to_owned();
        let deprecated = list_of(rule, "deprecatedIds").iter().filter_map(Value::as_str);
        let strings = rule.get("messageStrings").and_then(Value::as_object);
        let strings = strings.into_iter().flatten().filter_map(|(id, string)| {
            let text = string.get("text")?.as_str()?;
            Some((id.clone(), text[..text.floor_char_boundary(4 * LONGEST)].to_owned()))
        });
        let definition = Definition {
            id: text("id"),
            guid: text("guid"),
            aliases: deprecated.map(str::to_owned).chain([text("name")]).collect(),
            level: rule
                .pointer("/defaultConfiguration/level")
                .map(|level| level.as_str().unwrap_or("(no text)").to_owned()),
            said: severity::said(rule),
            strings: strings.take(MAX_STRINGS.saturating_sub(self.strings)).collect(),
        };
        self.strings += definition.strings.len();
        // The first of an id stands: an index can still name the others.
        if !definition.id.is_empty() {
            self.by_id.entry(definition.id.clone()).or_insert(self.rules.len());
        }
        self.rules.push(definition);
    }

    /// The rule `id`, or the one that it is a part of: `CA1000/1` belongs to `CA1000`.
    fn find(&self, id: &str) -> Option<&Definition> {
        let mut id = id;
        // Each step looks at the whole rest of the id; real ids have two parts.
        for _ in 0..8 {
            if let Some(index) = self.by_id.get(id) {
                return self.rules.get(*index);
            }
            id = id.rsplit_once('/')?.0;
        }
        None
    }
}

impl Rules {
    pub(super) fn driver(&mut self, driver: Component) {
        self.driver = driver;
    }

    pub(super) fn extensions(&mut self, extensions: Vec<Component>) {
        self.extensions = extensions;
    }

    fn components(&self) -> impl Iterator<Item = &Component> {
        std::iter::once(&self.driver).chain(&self.extensions)
    }

    /// Takes in what `invocations` say of the levels of rules.
    pub(super) fn take_overrides(&mut self, invocations: &[Value]) {
        let mut found = Vec::new();
        for (index, invocation) in invocations.iter().enumerate() {
            for item in list_of(invocation, "ruleConfigurationOverrides") {
                let level = item.pointer("/configuration/level").and_then(Value::as_str);
                let rule = self.of_reference(&item["descriptor"], None, None);
                found.extend(level.map(|level| (rule.id, (index, level.to_owned()))));
            }
        }
        for (rule, level) in found {
            self.overrides.entry(rule).or_default().push(level);
        }
    }

    /// Levels that the run was told to use for `rule`: of its invocation, or of all where the result
    /// does not name one.
    pub(super) fn overridden<'s>(&'s self, rule: &Rule<'s>, result: &Value) -> Vec<&'s str> {
        let invocation = result.pointer("/provenance/invocationIndex").and_then(Value::as_u64);
        let ids = rule.definitions.iter().map(|rule| rule.id.as_str()).chain([rule.id.as_str()]);
        let mut levels: Vec<&str> = ids
            .filter_map(|id| self.overrides.get(id))
            .flatten()
            .filter(|(index, _)| invocation.is_none_or(|wanted| wanted == *index as u64))
            .map(|(_, level)| level.as_str())
            .collect();
        // What was told once for each invocation is still one thing where they agree; where the
        // result does not say which, the rule's own level may hold.
        if invocation.is_none() {
            levels.extend(rule.definitions.iter().filter_map(|rule| rule.level.as_deref()));
        }
        levels.dedup();
        levels
    }

    /// The rule of `result`.
    pub(super) fn of_result(&self, result: &Value) -> Rule<'_> {
        let reference = result.get("rule").unwrap_or(&Value::Null);
        let id = result.get("ruleId").and_then(Value::as_str);
        let index = result.get("ruleIndex").and_then(Value::as_u64);
        self.of_reference(reference, id.filter(|id| !id.trim().is_empty()), index)
    }

    /// The rule that a reference, an id and an index name: by index or guid where that agrees with
    /// the id, else by id.
    fn of_reference(&self, reference: &Value, id: Option<&str>, index: Option<u64>) -> Rule<'_> {
        let id = id.or_else(|| Some(text_of(reference, "id")).filter(|id| !id.trim().is_empty()));
        let index = reference.get("index").and_then(Value::as_u64).or(index);
        let guid = Some(text_of(reference, "guid")).filter(|guid| !guid.is_empty());
        let component = self.component(reference.get("toolComponent"));
        let by_index = index.and_then(|index| usize::try_from(index).ok());
        let by_index = component.zip(by_index).and_then(|(own, index)| own.rules.get(index));
        let by_guid = || {
            let guid = guid?;
            self.components().flat_map(|own| &own.rules).find(|rule| rule.guid == guid)
        };
        let named = by_index.or_else(by_guid);
        let by_id = || {
            let id = id?;
            let first = component.and_then(|component| component.find(id));
            first.or_else(|| self.components().find_map(|component| component.find(id)))
        };
        let agrees = |rule: &&Definition| id.is_none_or(|id| rule.is_called(id));
        let (definitions, doubt) = match (named.filter(agrees), by_id(), named) {
            (Some(rule), ..) | (None, Some(rule), None) => (vec![rule], None),
            (None, Some(rule), Some(other)) => {
                (vec![rule, other], Some("a result names two rules, and the graver one was taken"))
            }
            (None, None, Some(other)) => (
                vec![other],
                Some("a result names a rule by an index that has another id, and it was taken"),
            ),
            (None, None, None) if index.is_some() || guid.is_some() => {
                (vec![], Some("a result names a rule that the report does not describe"))
            }
            (None, None, None) => (vec![], None),
        };
        let id = id.or_else(|| definitions.first().map(|rule| rule.id.as_str()));
        let id = id.and_then(shortened).unwrap_or_else(|| "unnamed".to_owned());
        Rule { id, definitions, doubt }
    }

    /// The component that a reference names; the driver when there is no reference.
    fn component(&self, reference: Option<&Value>) -> Option<&Component> {
        let Some(reference) = reference else { return Some(&self.driver) };
        if let Some(index) = reference.get("index").and_then(Value::as_u64) {
            return self.extensions.get(usize::try_from(index).ok()?);
        }
        let (guid, name) = (text_of(reference, "guid"), text_of(reference, "name"));
        let by = |is: &dyn Fn(&&Component) -> bool| self.components().find(is);
        by(&|own| !guid.is_empty() && own.guid == guid)
            .or_else(|| by(&|own| !name.is_empty() && own.name.as_deref() == Some(name)))
    }
}

impl Definition {
    /// Whether `id` is this rule, or a part of it, or another name of it.
    fn is_called(&self, id: &str) -> bool {
        let within = |rest: &str| rest.is_empty() || rest.starts_with('/');
        id.strip_prefix(self.id.as_str()).is_some_and(within)
            || self.aliases.iter().any(|alias| alias == id)
    }
}

impl Rule<'_> {
    /// The graver of two descriptions counts.
    pub(super) fn said(&self) -> impl Iterator<Item = &StatedSeverity> {
        self.definitions.iter().map(|rule| &rule.said)
    }

    /// The gravest level that its descriptions configure.
    pub(super) fn levels(&self) -> impl Iterator<Item = &str> {
        self.definitions.iter().filter_map(|rule| rule.level.as_deref())
    }
}

/// What a result says, in plain text, with its arguments filled in.
pub(super) fn message(result: &Value, rule: &Rule<'_>) -> String {
    let message = result.get("message").unwrap_or(&Value::Null);
    let own = |key: &str| message.get(key).and_then(Value::as_str);
    let named = || {
        let id = message.get("id")?.as_str()?;
        let mut strings = rule.definitions.iter().flat_map(|rule| &rule.strings);
        strings.find(|(known, _)| known == id).map(|(_, text)| text.as_str())
    };
    let text = own("text").or_else(|| own("markdown")).or_else(named);
    filled(text.unwrap_or_default(), list_of(message, "arguments"))
}

/// `text` with `{0}`, `{1}` … replaced; cut before arguments can make it grow.
fn filled(text: &str, arguments: &[Value]) -> String {
    let mut out = String::new();
    let mut rest = text.trim_start();
    while let Some(at) = rest.find('{') {
        if out.len() > 4 * LONGEST {
            break;
        }
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // Few digits fit between the braces; to look further would be quadratic.
        let end = rest.bytes().take(8).position(|byte| byte == b'}');
        let placeholder = end.and_then(|end| {
            let argument = arguments.get(rest[1..end].parse::<usize>().ok()?)?.as_str()?;
            Some((end, argument))
        });
        let (end, shown) = placeholder.unwrap_or((0, "{"));
        out.push_str(&shown[..shown.floor_char_boundary(4 * LONGEST)]);
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    shortened(&out).unwrap_or_default()
}
