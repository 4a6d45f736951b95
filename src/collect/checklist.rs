//! The readiness checklist: made by looking at the prerequisite files (P11-1.1), never of claims.

use crate::model::Stamp;
use crate::project::Project;
use crate::rules::prerequisite_status;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The checklist's body, the files it rests on, and a line per prerequisite for people.
pub fn checklist(
    project: &Project,
    now: Stamp,
) -> (Map<String, Value>, BTreeMap<String, String>, Vec<String>) {
    let mut items = Vec::new();
    let mut cites = BTreeMap::new();
    let mut lines = Vec::new();
    let gates = project.phase.gates.values();
    for id in gates.flat_map(|gate| &gate.prerequisites) {
        if project.prerequisite_exemption(id).is_some() {
            continue;
        }
        let Some(status) = prerequisite_status(project, id, now) else { continue };
        let mut item = json!({
            "id": id,
            "path": status.path,
            "sha256": status.digest.map(|digest| digest.to_string()),
            "dated": status.readable_date(),
            "max_age_seconds": status.max_age.seconds(),
            "status": status.word,
        });
        if let (Some(reason), Some(item)) = (&status.reason, item.as_object_mut()) {
            item.insert("reason".to_owned(), json!(reason));
        }
        if let Some(digest) = status.digest {
            cites.insert(status.path.clone(), digest.to_string());
        }
        let why = status.reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
        lines.push(format!("{:<8} {id:<20} {}{why}", status.word, status.path));
        items.push(item);
    }
    let met = items.iter().filter(|item| item.get("status") == Some(&json!("met"))).count();
    let mut body = Map::new();
    body.insert("summary".to_owned(), json!({ "total": items.len(), "met": met }));
    body.insert("prerequisites".to_owned(), Value::Array(items));
    (body, cites, lines)
}
