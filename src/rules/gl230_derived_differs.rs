//! GL230: derived-differs.

use super::Context;
use super::support::runs::made;
use crate::derive::derive;
use crate::model::{Finding, State};

rule! {
    /// Evidence says something else than the runs and reports that it was made of.
    ///
    /// ## What it checks
    /// Everything that d3p makes of runs and imported reports (commands, services, suites, counts,
    /// findings, changes against the baseline) is made again from the raw files and compared, and so is
    /// `origin`. A raw file that cannot be read makes nothing.
    ///
    /// ## Why it matters
    /// A number that was edited after it was counted is a lie, whatever the status beside it says.
    ///
    /// ## How to fix
    /// Run the hook again, or record the evidence again from its reports.
    GL230 "derived-differs" Error since "0.1.0" clauses ["X-1", "P11-2.2", "DLC-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for made in made(context) {
        let claims = made.evidence.text_at("/origin");
        if made.facts.is_empty() {
            if matches!(claims, Some("ran" | "imported")) {
                let message = "claims to come from runs or reports, and names none that is there";
                out.push(made.finding(&GL230, "/origin", message, State::Invalid));
            }
            continue;
        }
        let lists = |key: &str| {
            let value = made.evidence.value().and_then(|value| value.get(key));
            value.and_then(serde_json::Value::as_array).map_or(0, Vec::len)
        };
        if lists("runs") != made.facts.runs.len() || lists("imports") != made.facts.imports.len() {
            let message = "names runs or reports that are not there or cannot be read";
            out.push(made.finding(&GL230, "", message, State::Invalid));
            continue;
        }
        if claims == Some("ran") && made.facts.origin() != "ran" {
            let message = "claims that its reports were written by runs; one of them was not";
            out.push(made.finding(&GL230, "/origin", message, State::Invalid));
        }
        match derive(context.project, made.evidence.def, &made.facts) {
            Ok(derived) => {
                for (key, value) in &derived.members {
                    let found = made.evidence.value().and_then(|body| body.get(key));
                    if found != Some(value) {
                        let message = format!("`{key}` is not what its runs and reports make");
                        let place = if found.is_some() { format!("/{key}") } else { String::new() };
                        out.push(made.finding(&GL230, &place, message, State::Invalid));
                    }
                }
            }
            Err(problems) => {
                for problem in problems {
                    out.push(made.finding(&GL230, "", problem.message, State::Invalid));
                }
            }
        }
    }
}
