//! A person's decision on taking the launch back (D3P-9).

use super::Recording;
use super::body::Body;
use crate::cli::Failure;
use crate::cli::common::{Global, release};
use crate::cli::session::Session;
use crate::collect::{Envelope, compose};
use crate::decisions::{RollbackStatement, rollback_body, rollback_check};
use crate::env::{Env, Exit};
use crate::model::{Finding, Mark, State};
use crate::render::json;
use crate::rules::GL526;
use std::collections::BTreeMap;

/// Records a decision, signed where `signature` is given, beside all that were recorded before.
///
/// Unlike other evidence it waits for nothing: another tree, a gate that bound it, or an earlier
/// decision that is broken are no reasons to keep somebody from deciding in an emergency.
///
/// # Errors
/// A refusal when this decision itself would not count.
pub(in crate::cli) fn decide_rollback(
    session: &Session,
    statement: &RollbackStatement,
    signature: Option<&str>,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let project = &session.project;
    let release = release(project)?;
    let check = rollback_check(project)
        .ok_or_else(|| Failure::incomplete("this phase knows no decision on a rollback"))?;
    let recording = Recording {
        session,
        release: &release,
        kind: check.evidence.kind,
        def: check.evidence.def,
    };
    let now = (env.now)();
    let members = rollback_body(project, statement, signature, now);
    let last = members["decisions"].as_array().map_or(0, |list| list.len().saturating_sub(1));
    let body = Body { origin: "typed", members, ..Body::default() };
    let envelope = Envelope {
        kind: recording.kind,
        def: recording.def,
        origin: body.origin,
        observed_commit: None,
        cites: BTreeMap::new(),
        runs: &[],
        imports: &[],
        recording: recording.next_try(),
        now,
    };
    let value = compose(project, &release, &envelope, &body.members, true);
    let (value, judged) = recording.judge(value, &body, env)?;
    let of_this = |finding: &Finding| {
        let here = format!("/decisions/{last}/");
        finding.rule != &GL526
            || matches!(&finding.location.mark, Mark::Pointer(at) if at.starts_with(&here))
    };
    let unusable = |finding: &&Finding| {
        matches!(finding.state, Some(State::Invalid | State::Missing | State::Stale))
            && of_this(finding)
    };
    let refused: Vec<Finding> = judged.iter().filter(unusable).cloned().collect();
    if !refused.is_empty() {
        return recording.show_refused(&value, &body, &refused, global, env);
    }
    // As with an approval, no command of the policy is started in the name of whoever decides.
    recording.write_json(&json::pretty(&value), &body, now, None, env)?;
    Ok(Exit::Passed)
}
