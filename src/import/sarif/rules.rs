//! Which rule a result comes from, and what its message says.

use crate::import::json::{list_of, text_of};
use crate::import::{LONGEST, shortened};
use serde_json::Value;
use std::collections::HashMap;

/// The rule of a result.
pub(super) struct Rule<'a> {
    /// Its id.
    pub(super) id: String,
    /// Its description in the report, where it has one.
    pub(super) definition: Option<&'a Value>,
}

/// The driver or an extension of a tool.
struct Component<'a> {
    value: &'a Value,
    rules: &'a [Value],
    by_id: HashMap<&'a str, &'a Value>,
}

/// The rules of a run: those of the driver first, then those of the extensions.
pub(super) struct Rules<'a> {
    components: Vec<Component<'a>>,
}

impl<'a> Rules<'a> {
    pub(super) fn of(run: &'a Value) -> Self {
        let tool = run.get("tool").unwrap_or(&Value::Null);
        let driver = tool.get("driver").unwrap_or(&Value::Null);
        let all = std::iter::once(driver).chain(list_of(tool, "extensions"));
        let components = all
            .map(|value| {
                let rules = list_of(value, "rules");
                let mut by_id = HashMap::new();
                for rule in rules {
                    // The first of an id stands: an index can still name the others.
                    by_id.entry(text_of(rule, "id")).or_insert(rule);
                }
                by_id.remove("");
                Component { value, rules, by_id }
            })
            .collect();
        Self { components }
    }

    /// The rule of `result`: by index where that agrees with the id, else by id.
    pub(super) fn of_result(&self, result: &'a Value) -> Rule<'a> {
        let reference = result.get("rule").unwrap_or(&Value::Null);
        let id = [text_of(result, "ruleId"), text_of(reference, "id")]
            .into_iter()
            .find(|id| !id.trim().is_empty());
        let component = self.component(reference.get("toolComponent"));
        let index = [reference.get("index"), result.get("ruleIndex")]
            .into_iter()
            .find_map(|index| usize::try_from(index?.as_u64()?).ok());
        let by_index = component
            .zip(index)
            .and_then(|(component, index)| component.rules.get(index))
            .filter(|rule| id.is_none_or(|id| is_within(id, text_of(rule, "id"))));
        let definition = by_index.or_else(|| {
            let id = id?;
            let first = component.and_then(|component| component.find(id));
            first.or_else(|| self.components.iter().find_map(|component| component.find(id)))
        });
        let id = id.or_else(|| definition.map(|rule| text_of(rule, "id")));
        let id = id.and_then(shortened).unwrap_or_else(|| "unnamed".to_owned());
        Rule { id, definition }
    }

    /// The component that a reference names; the driver when there is no reference.
    fn component(&self, reference: Option<&Value>) -> Option<&Component<'a>> {
        let Some(reference) = reference else { return self.components.first() };
        if let Some(index) = reference.get("index").and_then(Value::as_u64) {
            return self.components.get(usize::try_from(index).ok()?.checked_add(1)?);
        }
        ["guid", "name"].iter().find_map(|key| {
            let wanted = text_of(reference, key);
            let mut all = self.components.iter();
            all.find(|component| !wanted.is_empty() && text_of(component.value, key) == wanted)
        })
    }
}

impl<'a> Component<'a> {
    /// The rule `id`, or the one that it is a part of: `CA1000/1` belongs to `CA1000`.
    fn find(&self, id: &str) -> Option<&'a Value> {
        let mut id = id;
        // Each step looks at the whole rest of the id; real ids have two parts.
        for _ in 0..8 {
            if let Some(rule) = self.by_id.get(id) {
                return Some(rule);
            }
            id = id.rsplit_once('/')?.0;
        }
        None
    }
}

/// Whether `id` is `rule`, or a part of it.
fn is_within(id: &str, rule: &str) -> bool {
    id.strip_prefix(rule).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a result says, in plain text, with its arguments filled in.
pub(super) fn message(result: &Value, rule: &Rule<'_>) -> String {
    let message = result.get("message").unwrap_or(&Value::Null);
    let named = |key: &str| {
        let id = message.get("id").and_then(Value::as_str)?;
        let strings = rule.definition?.get("messageStrings")?.get(id)?;
        strings.get(key).and_then(Value::as_str)
    };
    let own = |key: &str| message.get(key).and_then(Value::as_str);
    let text = own("text").or_else(|| own("markdown")).or_else(|| named("text"));
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
