//! Whether a scan was carried out as a whole: what a run says of itself beside its results.

use super::log::{Outline, Run};
use super::place;
use crate::import::Doubts;
use crate::import::ToldTime;
use crate::import::json::{list_of, text_of};
use crate::import::shortened;
use crate::text::quoted;
use serde_json::Value;

/// Why the run does not count as a scan that was carried out.
pub(super) fn failure(run: &Run, invocations: &[Value]) -> Option<String> {
    if run.invocations.as_ref().is_some_and(|invocations| !invocations.is_array()) {
        return Some("what it says of its invocations is not a list".to_owned());
    }
    let converted = run.conversion.as_ref().and_then(|own| own.get("invocation"));
    if let Some(invocation) = invocations.iter().chain(converted).find(|own| broke_off(own)) {
        let said = ["exitCodeDescription", "exitSignalName", "processStartFailureMessage"]
            .iter()
            .find_map(|key| shortened(text_of(invocation, key)))
            .or_else(|| errors(invocation).find_map(|error| notified(error, run)));
        return Some(said.unwrap_or_else(|| "it says that it was not successful".to_owned()));
    }
    // By the standard, a scan that found nothing has an empty array.
    let elsewhere = run.references.as_ref().and_then(|files| files.get("results"));
    let counted = |file: &Value| file.get("itemCount").is_none_or(|count| *count != 0);
    let holds = match elsewhere.and_then(Value::as_array) {
        Some(files) => files.iter().any(counted),
        None => elsewhere.is_some(),
    };
    match run.has_results {
        _ if holds => Some("its results are in another file, which is not read".to_owned()),
        true => None,
        false if elsewhere.is_some() => {
            Some("its results are in another file, which is not read".to_owned())
        }
        false => Some("it has no results, not even an empty list of them".to_owned()),
    }
}

/// Whether an invocation says in any way that it did not come to its end.
fn broke_off(invocation: &Value) -> bool {
    // Only `true` says that it was successful; a text such as "false" does not.
    let unsuccessful = invocation.get("executionSuccessful").is_some_and(|own| *own != true);
    let killed = invocation.get("exitSignalNumber").is_some_and(|number| *number != 0);
    let said = |key| !text_of(invocation, key).trim().is_empty();
    unsuccessful || killed || said("exitSignalName") || said("processStartFailureMessage")
}

/// Results that stand beside the runs, which nobody reads.
pub(super) fn beside(outline: &Outline) -> Option<String> {
    let parts = outline.beside.as_ref()?;
    let holds = |part: &Value| !list_of(part, "results").is_empty();
    let any = parts.as_array().is_none_or(|parts| parts.iter().any(holds));
    any.then(|| "results stand beside its runs, in inlineExternalProperties".to_owned())
}

/// Rules that were switched off for this run.
pub(super) fn switched_off(name: &str, invocations: &[Value], doubts: &mut Doubts) {
    let overrides = invocations.iter().flat_map(|own| list_of(own, "ruleConfigurationOverrides"));
    for item in overrides.filter(|own| own.pointer("/configuration/enabled") == Some(&false.into()))
    {
        let rule = shortened(text_of(&item["descriptor"], "id"));
        let rule =
            rule.map_or_else(|| "a rule".to_owned(), |id| format!("the rule {}", quoted(&id)));
        doubts.count(format!("{name} was told to leave out {rule}, in {{n}}"));
    }
}

/// The commits that a run says it scanned, where it gives full ids.
pub(super) fn revisions(run: &Run) -> impl Iterator<Item = String> + '_ {
    let all = run.provenance.as_ref().and_then(Value::as_array).into_iter().flatten();
    let ids = all.map(|own| text_of(own, "revisionId").to_lowercase());
    let full = |id: &String| {
        matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    ids.filter(full)
}

/// The latest time that the invocations of a run tell of.
pub(super) fn told_time(invocations: &[Value]) -> Option<ToldTime> {
    let times = invocations
        .iter()
        .flat_map(|own| ["startTimeUtc", "endTimeUtc"].map(|key| text_of(own, key)));
    times.map(ToldTime::read).fold(None, ToldTime::later)
}

/// What an invocation tells of that is an error.
pub(super) fn errors(invocation: &Value) -> impl Iterator<Item = &Value> {
    ["toolExecutionNotifications", "toolConfigurationNotifications"]
        .into_iter()
        .flat_map(|key| list_of(invocation, key))
        .filter(|notification| text_of(notification, "level") == "error")
}

/// What a notification says, and of which file.
pub(super) fn notified(notification: &Value, run: &Run) -> Option<String> {
    let said = shortened(text_of(&notification["message"], "text"))?;
    let said = said.trim_end_matches('.').replace(char::is_control, " ");
    Some(match place(notification, run).0 {
        Some(path) => format!("{said} ({path})"),
        None => said,
    })
}

/// What the totals that a tool such as bandit adds say: how many issues it found, and how many lines
/// it was told to pass over.
pub(super) fn totals(run: &Run) -> (u64, u64) {
    let totals = run.properties.as_ref().and_then(|own| own.pointer("/metrics/_totals"));
    let number = |key: &str| totals.and_then(|own| own.get(key)?.as_u64()).unwrap_or_default();
    let severities = ["UNDEFINED", "LOW", "MEDIUM", "HIGH"];
    let found = severities.iter().map(|word| number(&format!("SEVERITY.{word}")));
    (found.fold(0, u64::saturating_add), number("nosec").saturating_add(number("skipped_tests")))
}
