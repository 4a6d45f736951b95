//! GL203: other-release.

use super::Context;
use super::support::mend::mend;
use super::support::values::show;
use crate::definition::Derivation;
use crate::model::{Finding, State};
use serde_json::{Value, json};

rule! {
    /// Evidence belongs to another release, commit, attempt or environment.
    ///
    /// ## What it checks
    /// The header's version, full commit and attempt are the manifest's, `kind` is the file's own,
    /// `environment` is the one the phase demands, and services ran the release's version, or
    /// the one that `versions` of the manifest says for them.
    ///
    /// ## Why it matters
    /// Green results of yesterday's commit, or of staging where production was asked for, are the
    /// most common evidence that is genuine and worthless.
    ///
    /// ## How to fix
    /// Produce the evidence again from this release's commit.
    GL203 "other-release" Error since "0.1.0" clauses ["X-2", "P11-1.2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(release) = context.project.release() else { return };
    for evidence in context.readable() {
        let Some(value) = evidence.value() else { continue };
        // After a rollback the release before answers; GL244 knows which.
        let back = evidence.def.derive == Some(Derivation::Rollback);
        let services = value.get("services").and_then(Value::as_array).filter(|_| !back);
        for (index, service) in services.into_iter().flatten().enumerate() {
            let version = service.get("version").unwrap_or(&Value::Null);
            let name = service.get("name").unwrap_or(&Value::Null);
            let wanted = release.version_of(name.as_str().unwrap_or_default());
            if !version.is_null() && *version != json!(wanted) {
                let message = format!("{name} ran {}, this release is {wanted}", show(version));
                let place = evidence.at(format!("/services/{index}/version"));
                out.push(
                    // It was carried out for this release, and came to something else.
                    Finding::new(&GL203, evidence.piece(), place, message)
                        .state(State::Failed)
                        .differs(wanted, show(version))
                        .clauses(&evidence.def.clauses)
                        .advise(mend(context.project, &evidence.piece())),
                );
            }
        }
        let wanted = [
            ("kind", json!(evidence.kind)),
            ("release", json!(release.version)),
            ("commit", json!(release.commit)),
            ("attempt", json!(release.attempt)),
            ("environment", json!(evidence.def.environment)),
        ];
        for (key, wanted) in wanted {
            let found = value.get(key).unwrap_or(&Value::Null);
            // What is not there at all is the schema's to say.
            if found.is_null() || *found == wanted {
                continue;
            }
            let message = format!("`{key}` is {}, this release has {}", show(found), show(&wanted));
            out.push(
                Finding::new(&GL203, evidence.piece(), evidence.at(format!("/{key}")), message)
                    .differs(show(&wanted), show(found))
                    .clauses(&evidence.def.clauses)
                    .advise(mend(context.project, &evidence.piece())),
            );
        }
    }
}
