//! What a person lets stand, as the statement that they sign, and the file of all such statements.

use crate::derive::waiver::Stated;
use crate::model::Stamp;
use crate::project::Release;
use crate::record::{Waiver, WaiverStatement};
use serde_json::json;

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
    /// Why.
    pub reason: &'a str,
    /// When it ends.
    pub until: Stamp,
    /// Full name of the person.
    pub by: &'a str,
    /// What the allowed signers call them.
    pub identity: &'a str,
    /// The role they decide in.
    pub role: Option<&'a str>,
    /// 128 random bits in hexadecimal.
    pub nonce: String,
    /// Now.
    pub now: Stamp,
}

/// The statement of a waiver signed now.
pub fn waiver(release: &Release, request: &WaiverRequest<'_>) -> WaiverStatement {
    let said = Waiver {
        rule: request.rule.to_owned(),
        path: request.path.to_owned(),
        pointer: request.pointer.map(str::to_owned),
        seen: request.seen.clone(),
        reason: request.reason.split_whitespace().collect::<Vec<_>>().join(" "),
        principal: request.by.to_owned(),
        identity: request.identity.to_owned(),
        role: request.role.map(str::to_owned),
        release: release.version.clone(),
        commit: release.commit.clone(),
        attempt: release.attempt,
        nonce: request.nonce.clone(),
        decided_at: request.now.to_string(),
        not_after: request.until.to_string(),
    };
    WaiverStatement::new(release.subject(), said)
}

/// The text of the file that holds these statements: sorted by rule, place and person, so that two
/// branches that add different ones merge.
pub fn waivers_text(statements: &[Stated]) -> String {
    let key = |stated: &&Stated| {
        let said = stated.statement.as_ref().ok().map(|statement| &statement.predicate);
        let said = said.map(|said| (&said.rule, &said.path, &said.pointer, &said.principal));
        (said.map(|(a, b, c, d)| (a.clone(), b.clone(), c.clone(), d.clone())), stated.text.clone())
    };
    let mut sorted: Vec<&Stated> = statements.iter().collect();
    sorted.sort_by_key(key);
    let waivers: Vec<_> = sorted
        .into_iter()
        .map(|stated| json!({ "statement": stated.text, "signature": stated.signature }))
        .collect();
    let file = json!({
        "$schema": "https://d3p.dev/schemas/waivers.v1.schema.json",
        "schema_version": 1,
        "waivers": waivers,
    });
    let mut text = serde_json::to_string_pretty(&file).expect("a JSON value");
    text.push('\n');
    text
}
