//! Whether a report tells of each service, where it tells of services at all.

use super::content::{Look, Weight};
use crate::model::Location;
use serde_json::Value;
use std::collections::BTreeSet;

impl Look<'_> {
    /// A report that names one service of two has not looked at the other.
    pub(super) fn services(&mut self, services: &[String]) {
        let mut named = BTreeSet::new();
        collect(self.value, &mut named);
        let (told, untold): (Vec<&String>, Vec<&String>) =
            services.iter().partition(|own| named.contains(own.as_str()));
        if told.is_empty() || untold.is_empty() {
            return;
        }
        let words =
            |all: &[&String]| all.iter().map(|own| own.as_str()).collect::<Vec<_>>().join(", ");
        let message = format!("it tells of {}, and nothing of {}", words(&told), words(&untold));
        self.say(Weight::Doubt, Location::file(&self.file.path), message);
    }
}

/// What stands under `service` or `services`, anywhere.
fn collect<'v>(value: &'v Value, out: &mut BTreeSet<&'v str>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if matches!(key.as_str(), "service" | "services") {
                    names(value, out);
                }
                collect(value, out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, out)),
        _ => {}
    }
}

/// A name, a list of names, or what hangs on names.
fn names<'v>(value: &'v Value, out: &mut BTreeSet<&'v str>) {
    match value {
        Value::String(name) => drop(out.insert(name)),
        Value::Array(items) => {
            for item in items {
                match item {
                    Value::Object(members) => {
                        out.extend(members.get("name").and_then(Value::as_str));
                    }
                    other => names(other, out),
                }
            }
        }
        Value::Object(members) => out.extend(members.keys().map(String::as_str)),
        _ => {}
    }
}
