//! GL262: another-artifact-answers.

use super::Context;
use super::support::runs::made;
use crate::definition::Derivation;
use crate::model::{Finding, State};
use serde_json::Value;

rule! {
    /// What answers after a deployment is not an artifact of the manifest.
    ///
    /// ## What it checks
    /// Where a hook tells the digest of what answers (`::service api=healthy v1.4.0@sha256:DIGEST`), on
    /// staging and in production alike, it is that of the artifact of this name in the manifest, or of one
    /// of the artifacts where none has this name.
    ///
    /// ## Why it matters
    /// What was tested is what is deployed, byte for byte; a tag that was moved in between is another
    /// program under the same name.
    ///
    /// ## How to fix
    /// Deploy by digest, and let the hook ask what runs. If the manifest is wrong, correct it before gate 1.
    GL262 "another-artifact-answers" Error since "0.1.0" clauses ["DLC-2", "P11-2.1", "P11-3.2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let artifacts = manifest.and_then(|own| own.value()?.get("artifacts")?.as_array());
    let artifacts: Vec<(&str, &str)> = artifacts
        .into_iter()
        .flatten()
        .filter_map(|own| Some((own.get("name")?.as_str()?, own.get("sha256")?.as_str()?)))
        .collect();
    let deployed = |made: &super::support::runs::Made<'_>| {
        made.evidence.def.derive == Some(Derivation::Deployment)
    };
    for made in made(context).filter(deployed) {
        let services = made.evidence.value().and_then(|value| value.get("services")?.as_array());
        for (index, service) in services.into_iter().flatten().enumerate() {
            let text = |key: &str| service.get(key).and_then(Value::as_str);
            let name = text("name").unwrap_or("a service");
            if let Some(digest) = text("digest") {
                let named = artifacts.iter().filter(|(own, _)| *own == name);
                let wanted: Vec<&str> = match named.clone().next() {
                    Some(_) => named.map(|(_, sha256)| *sha256).collect(),
                    None => artifacts.iter().map(|(_, sha256)| *sha256).collect(),
                };
                if !wanted.contains(&digest) {
                    let message =
                        format!("{name} answers as {digest}, which is no artifact of the manifest");
                    let place = format!("/services/{index}/digest");
                    let mut finding = made.finding(&GL262, &place, message, State::Failed);
                    if let [only] = wanted[..] {
                        finding = finding.differs(only, digest);
                    }
                    out.push(finding);
                }
            }
        }
    }
}
