//! Letting findings stand: the statement that a person signs, and the file of all such statements.

use super::kind::{NoWorse, Waiver, WaiverDecision, WaiverStatement};
use crate::decisions::statement::{Decider, Head};
use crate::model::Stamp;
use crate::project::{Project, Release};
use serde_json::{Value, json};

/// Who lets what stand.
#[derive(Clone, Debug)]
pub struct WaiverRequest<'a> {
    /// Code of the rule.
    pub rule: &'a str,
    /// The file that the findings are at.
    pub path: &'a str,
    /// Only findings at this JSON pointer or below it.
    pub pointer: Option<&'a str>,
    /// What stands at each place, by digest.
    pub seen: Vec<String>,
    /// What was measured there.
    pub no_worse: Vec<NoWorse>,
    /// Why.
    pub reason: &'a str,
    /// When it ends.
    pub until: Stamp,
    /// Who.
    pub decider: Decider<'a>,
}

/// The statement of a waiver signed now.
pub fn waiver_statement(
    project: &Project,
    release: &Release,
    request: &WaiverRequest<'_>,
) -> WaiverStatement {
    let said = Waiver {
        rule: request.rule.to_owned(),
        path: request.path.to_owned(),
        pointer: request.pointer.map(str::to_owned),
        seen: request.seen.clone(),
        no_worse: request.no_worse.clone(),
        reason: request.reason.split_whitespace().collect::<Vec<_>>().join(" "),
        head: Head::new(project, release, &request.decider, request.until),
    };
    WaiverStatement::new(release.subject(), said)
}

/// The text of the file that holds these statements: sorted by rule, place and person, so that two
/// branches that add different ones merge.
pub fn waivers_text(decisions: &[WaiverDecision]) -> String {
    let key = |decision: &&WaiverDecision| {
        let said = decision.said();
        let said = said.map(|said| (&said.rule, &said.path, &said.pointer, &said.head.person));
        (
            said.map(|(a, b, c, d)| (a.clone(), b.clone(), c.clone(), d.clone())),
            decision.text.clone(),
        )
    };
    let mut sorted: Vec<&WaiverDecision> = decisions.iter().collect();
    sorted.sort_by_key(key);
    let waivers: Vec<Value> = sorted.into_iter().map(WaiverDecision::to_value).collect();
    let file = json!({
        "$schema": "https://d3p.dev/schemas/waivers.v1.schema.json",
        "schema_version": 1,
        "waivers": waivers,
    });
    let mut text = serde_json::to_string_pretty(&file).expect("a JSON value");
    text.push('\n');
    text
}
