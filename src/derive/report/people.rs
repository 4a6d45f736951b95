//! What people decided and answered, and what the policy took away.

use super::heading;
use super::text::{NOTHING, at, cell, rows, table};
use crate::decisions::{GO, decisions, rollback_decisions};
use crate::definition::{Derivation, EvidenceDef};
use crate::derive::view::{View, list};
use crate::derive::{goal, returns};
use crate::project::{NOT_FROM_COMMIT, not_from_commit};
use std::fmt::Write as _;

pub(super) fn write(view: &View<'_>, out: &mut String) {
    who(view, out);
    approval(view, out);
    rollback(view, out);
    taken_back(view, out);
    heading(out, "Acceptance");
    let mut accepted = false;
    for evidence in view.evidence() {
        let keys = ["/name", "/result"];
        let scenarios = rows(evidence.value(), "/scenarios", &keys);
        if !scenarios.is_empty() {
            let by = evidence.text_at("/confirmed_by").map_or(NOTHING.to_owned(), cell);
            let role = evidence.text_at("/role").map_or(NOTHING.to_owned(), cell);
            let _ = writeln!(out, "Confirmed by {by}, {role}.\n");
            table(out, &["Scenario", "Result"], &scenarios, "");
            accepted = true;
        }
    }
    if !accepted {
        out.push_str("No scenario was accepted.\n\n");
    }
    questions(view, out);
    heading(out, "Exemptions");
    let exemptions = view.project.exemptions();
    for exemption in &exemptions {
        let _ = writeln!(out, "- {}", cell(exemption));
    }
    out.push_str(if exemptions.is_empty() { "None.\n\n" } else { "\n" });
    let given = not_from_commit(view.project);
    if !given.is_empty() {
        heading(out, "Not from the commit");
        for line in &given {
            let _ = writeln!(out, "- {}", cell(line.trim_start_matches(NOT_FROM_COMMIT)));
        }
        out.push('\n');
    }
}

/// Who asked for the change, approved, deployed and verified it: people in their own words or with their
/// keys, and whoever the ledger says ran the commands.
fn who(view: &View<'_>, out: &mut String) {
    heading(out, "Who did what");
    let row = |what: &str, who: Option<String>, told: String| {
        vec![what.to_owned(), who.unwrap_or_else(|| NOTHING.to_owned()), told]
    };
    let change = view.project.change_record();
    let asked = change.as_ref().map(|own| cell(&own.requested_by));
    let told = change.map_or("the manifest has no change record".to_owned(), |own| {
        format!("change {}, {}: {}", cell(&own.id), cell(&own.kind), cell(&own.reason))
    });
    let mut rows = vec![row("asked for it", asked, told)];
    let mut gave: Vec<String> = decisions(view.project)
        .iter()
        .filter_map(|own| Some(&own.statement.as_ref().ok()?.predicate))
        .filter(|said| said.decision == GO)
        .map(|said| cell(&said.head.person))
        .collect();
    gave.dedup();
    let gave = (!gave.is_empty()).then(|| gave.join(", "));
    rows.push(row("approved it", gave, "as the decisions below say".to_owned()));
    let evidence = view.project.phase.evidence.values();
    let checks = |def: &&EvidenceDef| def.derive == Some(Derivation::Checks);
    let launch = view.project.phase.launch().map(|(_, def)| def);
    for (what, def) in launch
        .map(|def| ("deployed it", def))
        .into_iter()
        .chain(evidence.filter(checks).map(|def| ("verified it", def)))
    {
        let lines = view.ledger();
        let line = lines
            .iter()
            .rev()
            .find(|line| line.entry.digests.iter().any(|file| file.path == def.path));
        let by = line.map(|line| cell(&line.entry.actor.to_string()));
        rows.push(row(
            what,
            by,
            format!("whoever recorded {}, as the ledger claims", cell(&def.path)),
        ));
    }
    table(out, &["What", "Who", "How it is known"], &rows, "");
}

fn approval(view: &View<'_>, out: &mut String) {
    heading(out, "Decisions");
    let signed = view.project.effective().policy.signatures != "off";
    let rows: Vec<Vec<String>> = decisions(view.project)
        .iter()
        .map(|decision| match &decision.statement {
            Ok(statement) => {
                let said = &statement.predicate;
                vec![
                    cell(&said.head.person),
                    cell(&said.decision),
                    cell(&said.head.decided_at),
                    cell(&said.head.not_after),
                    said.covers.len().to_string(),
                ]
            }
            Err(why) => vec![
                NOTHING.to_owned(),
                format!("cannot be read: {}", cell(why)),
                NOTHING.to_owned(),
                NOTHING.to_owned(),
                NOTHING.to_owned(),
            ],
        })
        .collect();
    if !signed && !rows.is_empty() {
        out.push_str("Typed, not signed: nothing here proves who decided.\n\n");
    }
    let columns = ["Who", "What", "When", "Valid until", "Files it covers"];
    table(out, &columns, &rows, "No decision is recorded.");
}

/// What taking the launch back came to, service by service.
fn taken_back(view: &View<'_>, out: &mut String) {
    let report =
        view.project.phase.taken_back(false).and_then(|(kind, _)| view.project.evidence(kind));
    let Some(report) =
        report.filter(|report| view.taken_back().is_some() && !report.file.is_absent())
    else {
        return;
    };
    heading(out, "Rollback");
    let value = report.value();
    let took = value.map_or(NOTHING.to_owned(), |value| at(value, "/duration_seconds"));
    let _ = writeln!(
        out,
        "Each service has to be {}. It took {took} s.\n",
        cell(&goal(view.project).words())
    );
    let wrong = returns(view.project, &report);
    let services = list(value, "/services");
    let row = |(service, (_, _, why)): (&serde_json::Value, (usize, String, Option<String>))| {
        let back = if why.is_none() { "yes" } else { "no" };
        vec![
            at(service, "/name"),
            at(service, "/before"),
            at(service, "/version"),
            at(service, "/status"),
            back.to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = services.zip(wrong).map(row).collect();
    table(
        out,
        &["Service", "Before", "Version", "Status", "Back"],
        &rows,
        "No service is reported.",
    );
}

/// Decisions on taking the launch back; most releases have none.
fn rollback(view: &View<'_>, out: &mut String) {
    let rows: Vec<Vec<String>> = rollback_decisions(view.project)
        .iter()
        .filter(|decision| decision.decided_at().is_some_and(|at| at <= view.moment.until))
        .filter_map(|decision| {
            let said = &decision.statement.as_ref().ok()?.predicate;
            Some(vec![
                cell(&said.head.person),
                said.authority.order.to_string(),
                cell(&said.decision),
                cell(&said.head.decided_at),
                cell(&said.reason),
            ])
        })
        .collect();
    if !rows.is_empty() {
        heading(out, "Rollback decisions");
        let columns = ["Who", "Place in the authority tree", "What", "When", "Why"];
        table(out, &columns, &rows, "");
    }
}

fn questions(view: &View<'_>, out: &mut String) {
    heading(out, "Questions and answers");
    let mut all = Vec::new();
    for evidence in view.evidence() {
        if list(evidence.value(), "/questions").next().is_some() {
            let keys = ["/question", "/answer", "/answered_by", "/answered_at", "/note"];
            all.extend(rows(evidence.value(), "/questions", &keys));
        }
    }
    let columns = ["Question", "Answer", "By", "At", "Note"];
    table(out, &columns, &all, "No question was recorded.");
}
