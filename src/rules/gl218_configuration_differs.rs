//! GL218: configuration-differs.

use super::Context;
use crate::definition::NativeCheck;
use crate::model::{Finding, State};
use serde_json::Value;

rule! {
    /// Staging did not run with the configuration of production.
    ///
    /// ## What it checks
    /// Each configuration file in the staging report has one digest in both environments, unless
    /// `configuration.allowed_differences` in `d3p.yaml` names it.
    ///
    /// ## Why it matters
    /// What was validated with other settings was not validated.
    ///
    /// ## How to fix
    /// Align the configurations and deploy to staging again.
    /// Or let a person sign that the difference may stand: `d3p waive GL218`.
    GL218 "configuration-differs" Error since "0.1.0" clauses ["P11-2.1"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let values = &context.project.effective().values;
    for evidence in context.readable() {
        for native in &evidence.def.native {
            let NativeCheck::ConfigurationParity { at, allowed } = native else { continue };
            let list =
                evidence.value().and_then(|value| value.pointer(at)).and_then(Value::as_array);
            let allowed = allowed.resolve(values).as_array().map(Vec::as_slice).unwrap_or_default();
            for (index, item) in list.into_iter().flatten().enumerate() {
                let (staging, production) =
                    (item.get("staging_sha256"), item.get("production_sha256"));
                let name = item.get("name").unwrap_or(&Value::Null);
                if staging == production || allowed.contains(name) {
                    continue;
                }
                let message = format!("{name} differs between staging and production");
                out.push(
                    Finding::new(
                        &GL218,
                        evidence.piece(),
                        evidence.at(format!("{at}/{index}")),
                        message,
                    )
                    .state(State::Failed)
                    .clauses(&evidence.def.clauses)
                    .help("align the configurations, deploy to staging again and record that"),
                );
            }
        }
    }
}
