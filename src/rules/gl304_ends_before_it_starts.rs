//! GL304: ends-before-it-starts.

use super::Context;
use super::support::mend::mend;
use crate::model::{Finding, Stamp};
use serde_json::Value;

rule! {
    /// Something ends before it starts.
    ///
    /// ## What it checks
    /// `finished_at` is not before `started_at`, in the header and in each command, and commands
    /// lie within the time of their evidence.
    ///
    /// ## Why it matters
    /// Times that cannot have happened were typed, not measured.
    ///
    /// ## How to fix
    /// Record what really happened, in the order it happened.
    GL304 "ends-before-it-starts" Error since "0.1.0" clauses ["X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for evidence in context.readable() {
        let Some(value) = evidence.value() else { continue };
        let times = |item: &Value| {
            let stamp = |key: &str| Stamp::parse(item.get(key)?.as_str()?).ok();
            Some((stamp("started_at")?, stamp("finished_at")?))
        };
        let whole = times(value);
        let mut wrong: Vec<(String, String)> = Vec::new();
        if let Some((start, end)) = whole.filter(|(start, end)| end < start) {
            wrong.push((
                "/finished_at".to_owned(),
                format!("ends {end}, before it starts ({start})"),
            ));
        }
        let commands = value.get("commands").and_then(Value::as_array);
        for (index, command) in commands.into_iter().flatten().enumerate() {
            let Some((start, end)) = times(command) else { continue };
            let outside = whole.is_some_and(|(first, last)| start < first || last < end);
            if end < start || outside {
                let message = format!("the command ran {start} to {end}, which cannot be");
                wrong.push((format!("/commands/{index}/finished_at"), message));
            }
        }
        for (pointer, message) in wrong {
            out.push(
                Finding::new(&GL304, evidence.piece(), evidence.at(pointer), message)
                    .advise(mend(context.project, &evidence.piece())),
            );
        }
    }
}
