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
