//! SARIF 2.1.0 (OASIS), within the limits of GitHub's code scanning.

use super::many::{Sum, Trouble};
use super::{Beside, Row, rows};
use crate::model::{Finding, Rule};
use crate::render::{Report, clean, json};
use crate::rules::RULES;
use serde_json::{Map, Value, json};

/// What a log begins with, as it is written here.
pub(super) const OPENING: &str =
    "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\"";

/// How many results GitHub reads of one run; what is more stands in a further run.
const RESULTS: usize = 25_000;
/// How many tags GitHub reads of a rule.
const TAGS: usize = 20;

/// The whole log.
pub(super) fn log(report: &Report<'_>, beside: &Beside<'_>) -> String {
    let rows = rows(report, beside.prefix);
    let mut chunks: Vec<&[Row<'_>]> = rows.chunks(RESULTS).collect();
    if chunks.is_empty() {
        chunks.push(&[]);
    }
    let runs = chunks.iter().enumerate();
    let runs: Vec<Value> = runs.map(|(index, rows)| run(report, beside, index, rows)).collect();
    json::pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": runs,
    }))
}

fn run(report: &Report<'_>, beside: &Beside<'_>, index: usize, rows: &[Row<'_>]) -> Value {
    let command = report.command.replace(' ', "-");
    let category = match index {
        0 => format!("d3p/{command}/"),
        more => format!("d3p/{command}/{}/", more + 1),
    };
    let results: Vec<Value> = rows.iter().map(result).collect();
    json!({
        "tool": tool(),
        "automationDetails": { "id": category },
        "columnKind": "unicodeCodePoints",
        "invocations": [{
            "executionSuccessful": true,
            "endTimeUtc": report.now.to_string(),
        }],
        "results": results,
        "properties": properties(report, beside),
    })
}

fn tool() -> Value {
    let rules: Vec<Value> = RULES.iter().map(|rule| descriptor(rule)).collect();
    json!({ "driver": {
        "name": "d3p",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": "https://github.com/d3p-dev/d3p",
        "rules": rules,
    } })
}

/// How a log of many releases begins: one run, whose rules are listed once.
pub(super) fn opening_of_many(command: &str) -> String {
    let category = format!("d3p/{}/", command.replace(' ', "-"));
    format!(
        "{OPENING},\n  \"version\": \"2.1.0\",\n  \"runs\": [{{\n\"tool\": {},\n\"automationDetails\": {},\n\"columnKind\": \"unicodeCodePoints\",\n\"results\": [\n",
        tool(),
        json!({ "id": category })
    )
}

/// How it ends.
pub(super) fn closing_of_many(before: &str, command: &str, now: &str, sum: &Sum) -> String {
    let invocation = json!([{ "executionSuccessful": sum.broken == 0, "endTimeUtc": now }]);
    let properties = json!({ "command": command, "sum": sum });
    format!("{before}],\n\"invocations\": {invocation},\n\"properties\": {properties}\n}}]\n}}\n")
}

/// The result of what could not be judged.
pub(super) fn trouble(own: &Trouble) -> Value {
    json!({
        "ruleId": own.rule,
        "level": "error",
        "message": { "text": own.message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&own.path) },
            "region": { "startLine": own.line },
        } }],
        "partialFingerprints": { "primaryLocationLineHash": own.fingerprint },
    })
}

fn descriptor(rule: &Rule) -> Value {
    let tags: Vec<&str> = rule.clauses.iter().take(TAGS).copied().collect();
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.summary() },
        "fullDescription": { "text": rule.summary() },
        "help": { "text": rule.page.trim(), "markdown": rule.page.trim() },
        "helpUri": format!("https://github.com/d3p-dev/d3p/blob/main/{}", rule.docs()),
        "defaultConfiguration": { "level": rule.level.word() },
        "properties": { "tags": tags },
    })
}

/// One result.
pub(super) fn result(row: &Row<'_>) -> Value {
    let finding = row.finding;
    let mut region = Map::new();
    if let Some(position) = row.position {
        region.insert("startLine".to_owned(), json!(position.line));
        region.insert("startColumn".to_owned(), json!(position.column));
    } else {
        region.insert("startLine".to_owned(), json!(1));
    }
    let mut value = json!({
        "ruleId": finding.rule.code,
        "ruleIndex": RULES.iter().position(|rule| *rule == finding.rule),
        "level": finding.level.word(),
        "message": { "text": row.sentences.join("\n") },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&row.path) },
            "region": region,
        } }],
        "partialFingerprints": { "primaryLocationLineHash": row.fingerprint },
        "properties": {
            "path": finding.location.path,
            "pointer": super::pointer(finding),
            "state": finding.effect().map(|state| state.word()),
            "clauses": finding.all_clauses(),
        },
    });
    if let Some(members) = value.as_object_mut() {
        let related = related(finding);
        if !related.is_empty() {
            members.insert("relatedLocations".to_owned(), Value::Array(related));
        }
        if let Some(how) = &finding.waived {
            let accepted = json!([{
                "kind": "external", "status": "accepted", "justification": clean(how),
            }]);
            members.insert("suppressions".to_owned(), accepted);
        }
    }
    value
}

fn related(finding: &Finding) -> Vec<Value> {
    let one = |(index, related): (usize, &crate::model::Related)| {
        let line = related.resolved.as_ref().map_or(1, |(position, _)| position.line);
        json!({
            "id": index,
            "message": { "text": clean(&related.message) },
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&related.location.path) },
                "region": { "startLine": line },
            },
        })
    };
    finding.related.iter().enumerate().map(one).collect()
}

fn properties(report: &Report<'_>, beside: &Beside<'_>) -> Value {
    let release = report.project.release();
    let gates = report.assessment.gates.iter();
    let gates: Map<String, Value> =
        gates.map(|gate| (gate.id.clone(), json!(gate.verdict.word()))).collect();
    json!({
        "command": report.command,
        "release": release.as_ref().map(|release| release.version.clone()),
        "commit": release.map(|release| release.commit),
        "verdict": report.verdict.map(|verdict| verdict.word()),
        "gates": gates,
        "not_due": report.not_due,
        "audit": beside.audit,
    })
}

/// A path as a relative reference of RFC 3986.
pub(in crate::render) fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match plain(byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
