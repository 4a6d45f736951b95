//! GL218: configuration-differs.

use super::Context;
use super::support::mend::mend;
use super::support::missing_keys::add_line;
use crate::definition::NativeCheck;
use crate::model::{Advice, Finding, State};
use crate::project::{Evidence, Project};
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
    /// Align the configurations and deploy to staging again. A difference that is meant, such as the
    /// address of a database, stands in `configuration.allowed_differences` of `d3p.yaml`.
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
            let differs = |item: &Value| {
                item.get("staging_sha256") != item.get("production_sha256")
                    && !allowed.contains(item.get("name").unwrap_or(&Value::Null))
            };
            let found: Vec<(usize, &Value)> = list
                .into_iter()
                .flatten()
                .enumerate()
                .filter(|(_, item)| differs(item))
                .map(|(index, item)| (index, item.get("name").unwrap_or(&Value::Null)))
                .collect();
            let meant: Vec<&Value> = allowed.iter().chain(found.iter().map(|own| own.1)).collect();
            for (index, name) in &found {
                let place = evidence.at(format!("{at}/{index}"));
                let message = format!("{name} differs between staging and production");
                out.push(
                    Finding::new(&GL218, evidence.piece(), place, message)
                        .state(State::Failed)
                        .clauses(&evidence.def.clauses)
                        .advise(way_out(context.project, &evidence, &meant)),
                );
            }
        }
    }
}

/// Either they are made alike, or the policy says that the difference is meant.
fn way_out(project: &Project, evidence: &Evidence<'_>, meant: &[&Value]) -> Advice {
    let names: Vec<String> = meant.iter().map(ToString::to_string).collect();
    let line = format!("allowed_differences: [{}]", names.join(", "));
    let again = mend(project, &evidence.piece());
    again
        .what("align them")
        .or(add_line(project, &["configuration"], &line)
            .what_also("where each difference is meant"))
}
