//! How severe a result is.

use super::Severity;
use super::rules::{Rule, Rules};
use crate::import::json::text_of;
use crate::text::quoted;
use serde_json::Value;

/// What the properties of a result or a rule say.
#[derive(Clone, Default)]
pub(super) struct StatedSeverity {
    /// `security-severity`, on GitHub's scale.
    score: Option<Severity>,
    /// A `severity` in a word, which some scanners add; it only ever raises.
    word: Option<Severity>,
    /// What was said, and is neither a score nor a word.
    unknown: Option<String>,
}

/// What `holder` says in its properties.
pub(super) fn said(holder: &Value) -> StatedSeverity {
    let properties = holder.get("properties").unwrap_or(&Value::Null);
    let mut said =
        StatedSeverity { word: word(text_of(properties, "severity")), ..StatedSeverity::default() };
    let Some(score) = properties.get("security-severity") else { return said };
    let text = match score {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    said.score = word(&text);
    match text.parse::<f64>().ok().filter(|score| score.is_finite()) {
        Some(9.0..) => said.score = Some(Severity::Critical),
        Some(7.0..) => said.score = Some(Severity::High),
        Some(4.0..) => said.score = Some(Severity::Medium),
        Some(score) if score > 0.0 => said.score = Some(Severity::Low),
        // The scale begins at 0, which is no severity at all.
        Some(0.0) => {}
        _ if text.is_empty() || said.score.is_some() => {}
        _ => said.unknown = Some(quoted(&text)),
    }
    said
}

/// A severity in a word.
fn word(word: &str) -> Option<Severity> {
    Some(match word.to_ascii_lowercase().as_str() {
        "critical" | "blocker" => Severity::Critical,
        "high" | "important" | "major" => Severity::High,
        "medium" | "moderate" => Severity::Medium,
        "low" | "minor" => Severity::Low,
        _ => return None,
    })
}

/// A level of the standard; `Err` for another word, with how severe it is taken for.
fn level(level: &str) -> Result<Option<Severity>, Severity> {
    match level {
        "error" => Ok(Some(Severity::High)),
        "warning" => Ok(Some(Severity::Medium)),
        "note" => Ok(Some(Severity::Low)),
        "none" => Ok(None),
        other => Err(word(other).unwrap_or(Severity::High)),
    }
}

/// How severe a result is, `None` for one of level `none`, which is no problem by its own account;
/// and what is not sure about that.
pub(super) fn of_result<'r>(
    result: &Value,
    rule: &Rule<'r>,
    rules: &'r Rules,
) -> (Option<Severity>, Vec<String>) {
    let own = said(result);
    let all = || std::iter::once(&own).chain(rule.said());
    let mut doubts: Vec<String> = all()
        .filter_map(|said| said.unknown.as_ref())
        .map(|unknown| format!("security-severity is {unknown}, which is no score, in {{n}}"))
        .collect();
    let written = result.get("level").map(|level| level.as_str().unwrap_or("(no text)"));
    let score = all().filter_map(|said| said.score).max();
    let levels = match written {
        Some(level) => vec![level],
        None => {
            let told = rules.overridden(rule, result);
            if told.is_empty() { rule.levels().collect() } else { told }
        }
    };
    // By the standard, nothing said is a warning.
    let mut by_level = if levels.is_empty() { Some(Severity::Medium) } else { None };
    for said in levels {
        let severity = level(said).unwrap_or_else(|taken| {
            doubts.push(format!("the level {} is not SARIF's, in {{n}}", quoted(said)));
            Some(taken)
        });
        by_level = by_level.max(severity);
    }
    // Whoever gives the severity themselves needs no rule.
    let sure = own.score.is_some() || written.is_some() && rule.definitions.is_empty();
    doubts.extend(rule.doubt.filter(|_| !sure).map(|doubt| format!("{doubt}, in {{n}}")));
    let words = all().filter_map(|said| said.word).max();
    let severity = score.or(by_level);
    (severity.map(|severity| severity.max(words.unwrap_or(severity))), doubts)
}
