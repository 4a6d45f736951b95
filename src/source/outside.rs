//! A policy from outside the tree, for comparison with the one inside.

use super::project::{effective, policy_changes, roots_value};
use crate::definition::{Change, Direction, Effective, Phase};
use crate::model::{Reason, Sha256Digest};
use crate::project::Project;
use crate::schema;
use crate::sign::{AllowedSigners, SIGNERS_PATH};
use crate::source::PROJECT_FILE;
use crate::source::phase::{embedded, own_digest};
use crate::source::policy::read_policy;
use serde_json::Value;

/// A policy that a verifier brings along.
#[derive(Debug)]
pub struct OutsidePolicy {
    effective: Effective,
    definition: Sha256Digest,
    /// The signers beside it.
    pub signers: Option<AllowedSigners>,
}

impl OutsidePolicy {
    /// What this project's policy, as it governs, changes against this one.
    pub fn compare(&self, project: &Project) -> Vec<Change> {
        let mut found = policy_changes(&self.effective, project.effective());
        // The signers are compared for themselves, and so is the definition: the one in use and the
        // one that gate 1 froze.
        let apart = ["/definition/signers", "/definition/phase"];
        found.retain(|change| !apart.iter().any(|own| change.pointer.starts_with(own)));
        let wanted = self.definition.to_string();
        let frozen = project.effective().basis.pointer("/phase/sha256").and_then(Value::as_str);
        let used = [Some(project.phase.digest.to_string()), frozen.map(str::to_owned)];
        if let Some(other) = used.into_iter().flatten().find(|digest| *digest != wanted) {
            found.push(Change {
                pointer: "/definition".to_owned(),
                was: Some(Value::String(wanted)),
                now: Some(Value::String(other)),
                direction: Direction::Looser,
                directed: false,
            });
        }
        found
    }
}

/// The bytes of a file from outside; `None` when there is no such file, or why it cannot be read.
pub type Reading = Result<Option<Vec<u8>>, Reason>;

/// Reads `d3p.yaml`, its definition and the signers through `read`, for comparison with a project
/// that follows `phase`.
///
/// # Errors
/// A sentence when there is no policy, or it cannot be used.
pub fn outside_policy(
    phase: &Phase,
    read: &mut dyn FnMut(&str) -> Reading,
) -> Result<OutsidePolicy, Reason> {
    let text = |bytes: Vec<u8>, path: &str| {
        String::from_utf8(bytes).map_err(|_| Reason::from(format!("{path} is not UTF-8 there")))
    };
    let bytes = read(PROJECT_FILE)?.ok_or_else(|| format!("it has no {PROJECT_FILE}"))?;
    let policy = text(bytes, PROJECT_FILE)?;
    let first = |message: Option<String>| {
        let why = message.unwrap_or_default();
        format!("{PROJECT_FILE} cannot be used there: {why}")
    };
    let parts = read_policy(&policy)
        .map_err(|broken| first(broken.faults.into_iter().next().map(|(_, message, _)| message)))?;
    let part = parts.into_iter().find(|part| part.phase == phase.id);
    let mut part = part.ok_or_else(|| first(Some(format!("it does not follow {}", phase.id))))?;
    part.keep_declared(phase, schema::policy());
    let value = part.value;
    let signers = match read(SIGNERS_PATH)? {
        Some(bytes) => Some(AllowedSigners::parse(&text(bytes, SIGNERS_PATH)?)),
        None => None,
    };
    let definition = match value.get("definition").and_then(Value::as_str) {
        None => {
            let named = value.get("phase").and_then(Value::as_str).unwrap_or_default();
            embedded(named)
                .map(|phase| phase.digest)
                .map_err(|_| first(Some(format!("this d3p has no phase {named}"))))?
        }
        Some(path) => {
            own_digest(path, &mut |path| read(path)?.map(|bytes| text(bytes, path)).transpose())?
        }
    };
    let digest = signers.as_ref().map(|signers| signers.digest);
    let roots = match value.pointer("/timestamp/roots").and_then(Value::as_str) {
        Some(path) => {
            let pem = read(path)?.map(|bytes| text(bytes, path)).transpose()?;
            Some(roots_value(path, pem.as_deref()))
        }
        None => None,
    };
    let effective = effective(&value, phase, digest, roots.as_ref())?;
    Ok(OutsidePolicy { effective, definition, signers })
}
