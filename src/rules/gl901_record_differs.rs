//! GL901: record-differs.

use super::gl311_bound_file_changed as bound_files;
use super::support::advice::restore_file;
use super::{Context, expected_record};
use crate::decisions::Waivers;
use crate::model::{Advice, Finding, Location, Piece, State};
use crate::record::{GateRecordClaims, Line, UsedWaiver};
use crate::schema;
use serde_json::Value;

rule! {
    /// A gate's record is not what the files make.
    ///
    /// ## What it checks
    /// Each gate record is built again from the evidence, the frozen policy, the waivers in force and
    /// the previous record, and compared byte for byte; its ledger line carries its digest. A gate
    /// that is passed with a waiver says so in its level, and no other does.
    ///
    /// ## Why it matters
    /// A stored verdict is a cache, never an authority. One that cannot be reproduced was edited, or
    /// belongs to other files.
    ///
    /// ## How to fix
    /// Before launch: run the gate again. After launch: `d3p doctor --restore`.
    GL901 "record-differs" Error since "0.1.0" clauses ["X-1", "X-2"] waivable false
    [elsewhere]
}

/// Runs once it is known what is let stand.
pub(super) fn check_waived(context: &Context<'_>, waivers: &Waivers, out: &mut Vec<Finding>) {
    let project = context.project;
    for (id, gate) in &project.phase.gates {
        let path = project.places().gate(gate.number, id);
        let Some(file) = project.present(&path) else { continue };
        let Some(record) = file.value() else { continue };
        let message = match why_not(context, id, record, &file.text, waivers) {
            // What changed is named by the rule on bound files.
            Some(_) if bound_files::explains(project, id, record) => continue,
            Some(message) => message,
            None => match project.ledger.last_pass(id) {
                Some(line)
                    if !carries(line, &path, file.digest.map(|digest| digest.to_string())) =>
                {
                    "the ledger's last pass of this gate carries another record".to_owned()
                }
                _ => continue,
            },
        };
        out.push(
            Finding::new(&GL901, Piece::Record(id.clone()), Location::file(&path), message)
                .state(State::Invalid)
                .clauses(&gate.clauses)
                .advise(help(context, id, record)),
        );
    }
}

/// The way out; where the record tells of waivers, the copy of them that was kept, too.
fn help(context: &Context<'_>, gate: &str, record: &Value) -> Advice {
    let project = context.project;
    let path = project
        .phase
        .gates
        .get(gate)
        .map_or(String::new(), |def| project.places().gate(def.number, gate));
    if project.launched_at().is_some() {
        return Advice::restore(&path);
    }
    let again = Advice::d3p(["gate", gate]).what("compute it again");
    let again = again.or(Advice::restore(&path));
    match GateRecordClaims::recorded_waivers(record).is_empty() {
        true => again,
        false => again.or(restore_file(project.places().waivers())),
    }
}

fn why_not(
    context: &Context<'_>,
    gate: &str,
    record: &Value,
    text: &str,
    waivers: &Waivers,
) -> Option<String> {
    let Some(claims) = GateRecordClaims::read(record) else {
        let fault = schema::validate("gate-record", record).into_iter().flatten().next();
        let why = fault.map_or(String::new(), |fault| format!(": {}", fault.message));
        return Some(format!("it does not have the form of a gate record{why}"));
    };
    let Some(release) = context.project.release() else {
        return Some("the manifest no longer says which release this is".to_owned());
    };
    let recorded = GateRecordClaims::recorded_waivers(record);
    let expected = expected_record(context.project, gate, &release, claims, true, waivers)?;
    if expected.to_text() == text {
        return None;
    }
    let one_more = |list: &[UsedWaiver], other: &[UsedWaiver]| {
        list.iter().find(|waiver| !other.contains(waiver)).map(UsedWaiver::words)
    };
    let gone = one_more(&recorded, &expected.waivers)
        .map(|waiver| format!("it was passed with a waiver that is not in force: {waiver}"));
    let new = || {
        one_more(&expected.waivers, &recorded).map(|waiver| {
            format!("it does not tell of a waiver that something stands by: {waiver}")
        })
    };
    let policy = record.pointer("/predicate/policy/digest/sha256").and_then(Value::as_str);
    let digest = context.project.effective().digest.to_string();
    let policy = policy.filter(|named| *named != digest).map(|_| {
        format!("{} is not the policy that it was passed with", context.project.places().policy())
    });
    Some(gone.or_else(new).or(policy).unwrap_or_else(|| {
        "it is not what the files, the policy and the previous record make".to_owned()
    }))
}

fn carries(line: &Line, path: &str, digest: Option<String>) -> bool {
    line.entry
        .record
        .as_ref()
        .is_some_and(|record| record.path == path && Some(&record.sha256) == digest.as_ref())
}
