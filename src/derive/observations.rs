//! What the evidence itself says for the retrospective, beside the actions that people name
//! (P11-4.3).

use crate::definition::NativeCheck;
use crate::derive::report::{self, Durations, incidents, length};
use crate::derive::view::{Moment, View, list};
use crate::model::Stamp;
use crate::project::{Evidence, Project, Release};
use crate::record::{EntryKind, Line};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Whether a piece of evidence carries observations.
pub fn carries(evidence: &crate::definition::EvidenceDef) -> bool {
    evidence.native.iter().any(|native| matches!(native, NativeCheck::Observations {}))
}

/// The observations of a release up to `until`, for evidence of this kind: a list of topics and
/// sentences, in a fixed order.
pub fn observations(project: &Project, release: &Release, kind: &str, until: Stamp) -> Value {
    let report = report::report_def(project).and_then(|(kind, _)| project.evidence(kind));
    // Optional evidence counts when the report counted it.
    let cited = report.filter(|report| report.value().is_some()).map(|report| {
        let cites: Vec<_> = report.cites().collect();
        cites.into_iter().map(|(_, path, _)| path.to_owned()).collect()
    });
    let gate = project.phase.gate_of_evidence(kind).map(|(gate, _)| gate);
    let view = View::new(project, release, gate, Moment { until, optional: cited });
    let mut all = Vec::new();
    duration(&view, &mut all);
    attempts(&view, &mut all);
    gates(&view, &mut all);
    tests(&view, &mut all);
    for (at, what) in incidents(&view) {
        all.push(("incident", format!("{at}: {what}")));
    }
    questions(&view, &mut all);
    all.extend(project.exemptions().into_iter().map(|text| ("exemption", text)));
    all.into_iter().map(|(topic, text)| json!({ "topic": topic, "text": text })).collect()
}

type Found = Vec<(&'static str, String)>;

fn duration(view: &View<'_>, out: &mut Found) {
    let durations = Durations::of(view);
    if let (Some((planned, _)), Some(actual)) = (durations.planned, durations.actual) {
        let share = durations.share().unwrap_or_default();
        let text = format!(
            "the deployment took {} of {} planned ({share:.1} %)",
            length(actual),
            length(planned)
        );
        out.push(("duration", text));
    }
}

fn attempts(view: &View<'_>, out: &mut Found) {
    // Each decision records the approval again: that is no failure.
    let approval = |evidence: &Evidence<'_>| {
        evidence.def.native.iter().any(|native| matches!(native, NativeCheck::Approval { .. }))
    };
    for evidence in view.whole_files().filter(|evidence| !approval(evidence)) {
        let tries = view.tries(&evidence);
        if tries > 1 {
            let status = evidence.text_at("/status").unwrap_or("done");
            out.push(("attempts", format!("{}: {status} on attempt {tries}", evidence.kind)));
        }
    }
}

fn gates(view: &View<'_>, out: &mut Found) {
    let ledger = view.ledger();
    for id in view.project.phase.gates.keys() {
        let of = |kind: EntryKind| {
            let own = move |line: &&&Line| {
                line.entry.kind == kind && line.entry.gate.as_deref() == Some(id.as_str())
            };
            ledger.iter().filter(own)
        };
        let refused = of(EntryKind::GateRefused).count();
        if refused > 0 {
            let codes: BTreeSet<&str> = of(EntryKind::GateRefused)
                .flat_map(|line| line.entry.rules.iter().map(String::as_str))
                .collect();
            let codes: Vec<&str> = codes.into_iter().collect();
            let text = format!("gate {id} was refused {}: {}", times(refused), codes.join(" "));
            out.push(("gate-refused", text));
        }
        let passed = of(EntryKind::GatePassed).count();
        if passed > 1 {
            out.push(("gate-reopened", format!("gate {id} was passed {}", times(passed))));
        }
    }
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn tests(view: &View<'_>, out: &mut Found) {
    for evidence in view.evidence() {
        for suite in list(evidence.value(), "/suites") {
            let name = suite.get("name").and_then(Value::as_str).unwrap_or_default();
            for word in ["failed", "skipped", "flaky"] {
                let count = suite.get(word).and_then(Value::as_u64).unwrap_or_default();
                if count > 0 {
                    out.push(("tests", format!("suite {name}: {count} {word}")));
                }
            }
        }
    }
}

fn questions(view: &View<'_>, out: &mut Found) {
    for evidence in view.evidence() {
        for question in list(evidence.value(), "/questions") {
            let text = |key: &str| question.get(key).and_then(Value::as_str).unwrap_or_default();
            if text("answer") != "yes" {
                let said =
                    format!("{}: {} by {}", text("question"), text("answer"), text("answered_by"));
                out.push(("question", said));
            }
        }
    }
}
