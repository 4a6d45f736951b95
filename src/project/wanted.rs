//! What files of a release must be, as records say it.

use crate::model::{Places, Sha256Digest};
use crate::record::GateRecordClaims;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a file must be.
pub(super) struct Wanted {
    pub(super) digest: Sha256Digest,
    /// Whether nothing else may lie there; else it is judged as what it says.
    pub(super) strict: bool,
    pub(super) named_by: String,
}

/// What the record of a gate at `path` bound: history once production was deployed.
pub(super) fn bound(
    places: &Places,
    record: &Value,
    path: &str,
    launched: bool,
    wanted: &mut BTreeMap<String, Wanted>,
) {
    let Some(claims) = GateRecordClaims::read(record) else { return };
    let named_by = path.to_owned();
    let mut want = |path: &str, digest: Sha256Digest, strict: bool| {
        let named_by = named_by.clone();
        match strict {
            true => {
                wanted.insert(path.to_owned(), Wanted { digest, strict, named_by });
            }
            // What was recorded since counts.
            false => {
                let entry = wanted.entry(path.to_owned());
                entry.or_insert(Wanted { digest, strict, named_by });
            }
        }
    };
    let records = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    for (uri, sha256) in GateRecordClaims::recorded_inputs(record) {
        let Some(digest) = Sha256Digest::parse(sha256) else { continue };
        let log = claims.logs.iter().find(|log| log.path == uri);
        if uri.contains('#') || uri.starts_with(records) {
            continue;
        }
        let object = log.map_or(digest, |log| log.object);
        if uri.starts_with(places.raw()) {
            want(uri, digest, true);
            continue;
        }
        want(&places.object(object), object, true);
        if log.is_none() {
            want(uri, digest, launched);
        }
    }
}

/// The policy that the first gate froze.
pub(super) fn frozen(
    places: &Places,
    record: &Value,
    path: &str,
    wanted: &mut BTreeMap<String, Wanted>,
) {
    let policy = record.pointer("/predicate/policy/digest/sha256").and_then(Value::as_str);
    if let Some(digest) = policy.and_then(Sha256Digest::parse) {
        let named_by = path.to_owned();
        wanted.insert(places.policy().to_owned(), Wanted { digest, strict: true, named_by });
    }
}

/// What those who decided on the launch had before them: once it was launched no gate makes it again.
pub(super) fn covered(file: &Value, wanted: &mut BTreeMap<String, Wanted>) {
    let decisions = file.get("decisions").and_then(Value::as_array).into_iter().flatten();
    let read = decisions.filter_map(|own| serde_json::from_str(own["statement"].as_str()?).ok());
    let mut said: Vec<Value> = read.collect();
    // What a later one had before it counts.
    let at = |own: &Value| own["predicate"]["decidedAt"].as_str().unwrap_or_default().to_owned();
    said.sort_by_key(|own| std::cmp::Reverse(at(own)));
    for own in &said {
        let predicate = &own["predicate"];
        let covers = predicate["covers"].as_array().into_iter().flatten();
        for own in covers {
            let (Some(path), Some(sha256)) = (own["path"].as_str(), own["sha256"].as_str()) else {
                continue;
            };
            let Some(digest) = Sha256Digest::parse(sha256) else { continue };
            let named_by =
                format!("the decision of {}", predicate["person"].as_str().unwrap_or("?"));
            let entry = wanted.entry(path.to_owned());
            entry.or_insert(Wanted { digest, strict: false, named_by });
        }
    }
}
