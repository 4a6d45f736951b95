//! The effective policy: what a project wrote, over what the phase says, with everything else that
//! a verdict depends on, in one canonical text.

use crate::definition::{Hook, Phase, Policy};
use crate::model::{Reason, Sha256Digest};
use serde_json::{Map, Value, json};

/// An effective policy and the text its digest is made of.
#[derive(Clone, Debug)]
pub struct Effective {
    /// Typed view.
    pub policy: Policy,
    /// Merged values, for predicates' references.
    pub values: Value,
    /// What the values rest on: the phase, its schemas, the signers.
    pub basis: Value,
    /// Canonical JSON (RFC 8785, ASCII) of values, phase and schemas.
    pub canonical: String,
    /// SHA-256 of [`Self::canonical`].
    pub digest: Sha256Digest,
}

impl Effective {
    /// Merges `project` (a valid `d3p.yaml`) over the phase's defaults.
    ///
    /// `schemas` are the digests of the schemas that evidence is checked against, `signers` that of
    /// the allowed signers, `roots` the file of who may vouch for the authority of time.
    ///
    /// # Errors
    /// The serde message when the merged values do not fit; valid input never gets there.
    pub fn new(
        project: &Value,
        phase: &Phase,
        schemas: &[(&str, Sha256Digest)],
        signers: Option<Sha256Digest>,
        roots: Option<&Value>,
        canonical: impl Fn(&Value) -> String,
    ) -> Result<Self, Reason> {
        let mut values = phase.defaults.clone();
        merge(&mut values, project);
        let schemas: Map<String, Value> = schemas
            .iter()
            .map(|(name, digest)| ((*name).to_owned(), json!(digest.to_string())))
            .collect();
        let mut whole = json!({
            "phase": { "id": phase.id, "version": phase.version, "sha256": phase.digest.to_string() },
            "policy": values,
            "schemas": schemas,
            "signers": signers.map(|digest| digest.to_string()),
        });
        if let Some(roots) = roots {
            whole["roots"] = roots.clone();
        }
        Self::from_whole(&whole, canonical(&whole))
    }

    /// Reads a frozen policy back.
    ///
    /// # Errors
    /// A sentence when the value is not an effective policy.
    pub fn from_frozen(whole: &Value, text: &str) -> Result<Self, Reason> {
        Self::from_whole(whole, text.to_owned())
    }

    /// Lets the hooks of steps that another step rehearses be run for that one, too; only those whose
    /// command is told where, for others would do it in production.
    pub(crate) fn rehearse(&mut self, phase: &Phase) {
        for (id, step) in &phase.steps {
            let Some(target) = &step.rehearses else { continue };
            let own = &self.policy.hooks;
            if own.iter().any(|(name, hook)| hook.step(name) == id) {
                continue;
            }
            let serving = own.iter().filter(|(name, hook)| hook.step(name) == target);
            let told = serving.filter(|(_, hook)| hook.is_told_where());
            let made: Vec<(String, Hook)> = told
                .map(|(name, hook)| {
                    let name = if name == target { id.clone() } else { format!("{id}-{name}") };
                    (name, Hook { step: Some(id.clone()), ..hook.clone() })
                })
                .collect();
            self.policy.hooks.extend(made);
        }
    }

    /// The PEM of who may vouch for the authority of time, and the file it was read from; `None` where
    /// the policy names no authority.
    pub fn timestamp_roots(&self) -> Option<(&str, Option<&str>)> {
        let roots = self.basis.get("roots")?;
        Some((roots.get("path")?.as_str()?, roots.get("pem").and_then(Value::as_str)))
    }

    fn from_whole(whole: &Value, canonical: String) -> Result<Self, Reason> {
        let values = whole.get("policy").cloned().unwrap_or(Value::Null);
        let policy = Policy::deserialize_from(&values)?;
        let digest = Sha256Digest::of(canonical.as_bytes());
        let mut basis = json!({
            "phase": whole.get("phase"),
            "schemas": whole.get("schemas"),
            "signers": whole.get("signers"),
        });
        if let Some(roots) = whole.get("roots") {
            basis["roots"] = roots.clone();
        }
        Ok(Self { policy, values, basis, canonical, digest })
    }
}

impl Policy {
    fn deserialize_from(values: &Value) -> Result<Self, Reason> {
        serde::Deserialize::deserialize(values)
            .map_err(|error: serde_json::Error| error.to_string().into())
    }
}

/// Lays `over` onto `base`: objects key by key, everything else replaced whole.
pub fn merge(base: &mut Value, over: &Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over.clone(),
    }
}
