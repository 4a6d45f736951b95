//! Staging and production configuration, compared setting by setting and by digest (P11-2.1).

use crate::definition::ReportFormat;
use crate::derive::{Facts, Problem};
use crate::model::{Reason, Sha256Digest};
use crate::text::{json, yaml};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// One entry for each setting of either environment, sorted by name.
pub(super) fn compare(facts: &Facts<'_>) -> Result<Vec<Value>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut sides: BTreeMap<&str, BTreeMap<String, Sha256Digest>> = BTreeMap::new();
    for (import, told) in facts.of(ReportFormat::Configuration) {
        let name = import.name.as_deref().unwrap_or_default();
        let environment = import.environment.as_deref().unwrap_or_default();
        let text = told.text().map_err(|error| error.to_string().into());
        match text.and_then(|text| settings(&import.source, text)) {
            Ok(found) => {
                let side = sides.entry(environment).or_default();
                for (key, value) in found {
                    let key =
                        if key.is_empty() { name.to_owned() } else { format!("{name}/{key}") };
                    side.insert(key, Sha256Digest::of(value.as_bytes()));
                }
            }
            Err(why) => problems.push(Problem::new(&import.source, why.into_text())),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let empty = BTreeMap::new();
    let staging = sides.get("staging").unwrap_or(&empty);
    let production = sides.get("production").unwrap_or(&empty);
    let names: BTreeSet<&String> = staging.keys().chain(production.keys()).collect();
    let entry = |name: &String| {
        let mut entry = Map::from_iter([("name".to_owned(), json!(name))]);
        for (key, side) in [("staging_sha256", staging), ("production_sha256", production)] {
            if let Some(digest) = side.get(name) {
                entry.insert(key.to_owned(), json!(digest.to_string()));
            }
        }
        Value::Object(entry)
    };
    Ok(names.into_iter().map(entry).collect())
}

/// The settings of a configuration file: name → value as text. A file that is neither `.env`,
/// `.json` nor `.yaml` is one setting without a name: its whole text.
///
/// # Errors
/// A sentence when the file is not what its name says.
pub fn settings(path: &str, text: &str) -> Result<BTreeMap<String, String>, Reason> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let parsed = if name.ends_with(".env") || name.starts_with(".env") {
        return dotenv(text);
    } else if name.ends_with(".json") {
        json::parse(text)
    } else if name.ends_with(".yaml") || name.ends_with(".yml") {
        yaml::read(text).map(|(value, _)| value)
    } else {
        return Ok(BTreeMap::from([(String::new(), text.to_owned())]));
    };
    let value = parsed.map_err(|faults| {
        faults.first().map_or("cannot be read".to_owned(), |fault| fault.message.clone())
    })?;
    let mut found = BTreeMap::new();
    leaves(&value, "", &mut found);
    Ok(found)
}

fn leaves(value: &Value, prefix: &str, found: &mut BTreeMap<String, String>) {
    let join =
        |key: &str| if prefix.is_empty() { key.to_owned() } else { format!("{prefix}/{key}") };
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(key, member)| leaves(member, &join(key), found));
        }
        Value::Array(items) if !items.is_empty() => {
            let items = items.iter().enumerate();
            items.for_each(|(index, item)| leaves(item, &join(&index.to_string()), found));
        }
        leaf => {
            found.insert(prefix.to_owned(), leaf.to_string());
        }
    }
}

/// `NAME=value` lines; comments, blank lines and `export ` in front are allowed.
fn dotenv(text: &str) -> Result<BTreeMap<String, String>, Reason> {
    let mut found = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else {
            return Err(format!("line {} is not NAME=value", index + 1).into());
        };
        let value = value.trim();
        let bare = ['"', '\''].iter().find_map(|quote| {
            value.strip_prefix(*quote).and_then(|rest| rest.strip_suffix(*quote))
        });
        let value = bare.unwrap_or(value).to_owned();
        if found.insert(name.trim().to_owned(), value).is_some() {
            return Err(format!("line {} sets {} a second time", index + 1, name.trim()).into());
        }
    }
    Ok(found)
}
