//! OSCAL assessment results (NIST): a result for each release, with what it shows of each control and
//! what it does not.
//!
//! Ids are UUIDs of version 5, made of names: the same release has the same ones each time.

mod words;

use crate::decide::{Account, ControlShown, controls, state_of};
use crate::model::{Finding, Level, Piece, Sha256Digest, Stamp, State};
use crate::project::catalogues;
use crate::render::formats::{escaped, uri};
use crate::render::json::{self, AuditView};
use crate::render::{Report, ways};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use words::{NS, line, person, prop, uuid};

/// The edition of OSCAL that this is written in.
const EDITION: &str = "1.1.3";

/// A release as a result, and what of the document it needs.
#[derive(Debug)]
pub struct OscalResult {
    value: Value,
    people: BTreeSet<String>,
    catalogues: BTreeMap<String, Value>,
}

/// The whole document of these results.
pub fn document(results: Vec<OscalResult>, now: Stamp) -> String {
    let mut people = BTreeSet::new();
    let mut resources = BTreeMap::new();
    let mut all = Vec::new();
    for one in results {
        people.extend(one.people);
        resources.extend(one.catalogues);
        all.push(one.value);
    }
    let all = Value::Array(all);
    let plan = uuid(&["plan"]);
    resources.insert(
        plan.clone(),
        json!({
            "uuid": plan,
            "title": "The phase that each release follows, as d3p has it",
            "description": "What is assessed, and how, is the definition of the phase that each result names, with the project's d3p.yaml. Rules and clauses are explained by `d3p explain`.",
            "rlinks": [{ "href": "https://github.com/d3p-dev/d3p/blob/main/docs/traceability.md" }],
        }),
    );
    let mut metadata = json!({
        "title": "d3p assessment results",
        "last-modified": now.to_string(),
        "version": Sha256Digest::of(all.to_string().as_bytes()).to_string(),
        "oscal-version": EDITION,
        "props": [prop("made-by", concat!("d3p ", env!("CARGO_PKG_VERSION")))],
    });
    if !people.is_empty() {
        let party =
            |name: &String| json!({ "uuid": person(name), "type": "person", "name": line(name) });
        metadata["roles"] = json!([{ "id": "decider", "title": "Who decided" }]);
        metadata["parties"] = people.iter().map(party).collect();
    }
    let version = metadata["version"].as_str().unwrap_or_default().to_owned();
    json::pretty(&json!({ "assessment-results": {
        "uuid": uuid(&["document", &version, &now.to_string()]),
        "metadata": metadata,
        "import-ap": { "href": format!("#{plan}") },
        "results": all,
        "back-matter": { "resources": resources.into_values().collect::<Vec<_>>() },
    } }))
}

/// The result of a release that cannot be read: nothing is shown of it.
pub fn unreadable(directory: &str, why: &str, now: Stamp) -> OscalResult {
    let value = json!({
        "uuid": uuid(&["unreadable", directory]),
        "title": line(&format!("{directory}: cannot be read")),
        "description": escaped(why),
        "start": now.to_string(),
        "reviewed-controls": { "control-selections": [{ "include-all": {} }] },
        "remarks": "Nothing of this release could be assessed.",
    });
    OscalResult { value, people: BTreeSet::new(), catalogues: BTreeMap::new() }
}

/// A release, which lies in `directory`, as a result.
pub fn result(directory: &str, report: &Report<'_>, audit: &AuditView) -> OscalResult {
    let (project, assessment) = (report.project, report.assessment);
    let account = Account::of(project, assessment);
    let catalogues = catalogues(&project.phase.folder);
    let own = Own { directory, report, account: &account };
    let shown = controls(&catalogues, project, assessment);
    let mut observations: Vec<Value> =
        own.pieces().map(|(piece, state)| own.piece(piece, state, audit)).collect();
    observations.extend(audit.cannot_exclude.iter().map(|what| own.not_proven(what)));
    let is_risk = |finding: &&&Finding| finding.level == Level::Error;
    let risks = report.findings.iter().filter(is_risk).map(|finding| own.finding(finding));
    let risks: Vec<Value> = risks.collect();
    let others = report.findings.iter().filter(|finding| !is_risk(finding));
    observations.extend(others.map(|finding| own.finding(finding)));
    let mut selections = Vec::new();
    let mut resources = BTreeMap::new();
    for catalogue in &catalogues {
        let id = uuid(&["catalogue", &catalogue.id, &catalogue.version]);
        let ids = catalogue.controls.iter().map(|own| json!({ "control-id": own.id }));
        selections.push(json!({
            "description": escaped(&format!("{}, {}", catalogue.name, catalogue.version)),
            "links": [{ "href": format!("#{id}"), "rel": "reference" }],
            "include-controls": ids.collect::<Vec<_>>(),
        }));
        resources.insert(
            id.clone(),
            json!({
                "uuid": id,
                "title": line(&catalogue.name),
                "props": [prop("edition", &catalogue.version)],
                "rlinks": [{ "href": catalogue.address }],
            }),
        );
    }
    if selections.is_empty() {
        selections.push(json!({ "include-all": {} }));
    }
    let mut value = json!({
        "uuid": own.id("result", ""),
        "title": line(&format!("{} {}", account.project, account.release)),
        "description": escaped(&own.description()),
        "start": account.began.unwrap_or(report.now).to_string(),
        "end": account.ended.unwrap_or(report.now).to_string(),
        "props": own.props(audit),
        "local-definitions": { "components": [own.component()] },
        "reviewed-controls": { "control-selections": selections },
    });
    let people: BTreeSet<String> =
        account.decisions.iter().map(|told| told.person.clone()).collect();
    let lists = [
        ("attestations", own.attestations()),
        ("observations", observations),
        ("risks", risks),
        ("findings", shown.iter().map(|shown| own.control(shown)).collect()),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        value[name] = Value::Array(list);
    }
    value["remarks"] = json!(escaped(&audit.trust));
    OscalResult { value, people, catalogues: resources }
}

/// One release.
struct Own<'a> {
    directory: &'a str,
    report: &'a Report<'a>,
    account: &'a Account,
}

impl Own<'_> {
    /// The id of something of this release.
    fn id(&self, kind: &str, name: &str) -> String {
        let Account { project, phase, release, commit, .. } = self.account;
        uuid(&[kind, self.directory, project, phase, release, commit, name])
    }

    fn description(&self) -> String {
        let verdict = self.report.verdict.map_or("none asked for", |verdict| verdict.word());
        format!(
            "Release {} of {}, {}: verdict {verdict}. Computed anew from the files, as `d3p verify` does.",
            self.account.release,
            self.account.project,
            self.account.word()
        )
    }

    fn props(&self, audit: &AuditView) -> Vec<Value> {
        let own = self.account;
        let time = |at: Option<Stamp>| at.map_or(String::new(), |at| at.to_string());
        let rows = [
            ("directory", self.directory.to_owned()),
            ("release", own.release.clone()),
            ("commit", own.commit.clone()),
            ("phase", own.phase.clone()),
            ("phase-sha256", self.report.project.phase.digest.to_string()),
            ("outcome", own.word().to_owned()),
            ("verdict", self.report.verdict.map_or(String::new(), |own| own.word().to_owned())),
            ("launched", time(own.launched)),
            ("rolled-back", time(own.rolled_back)),
            ("judged-at", self.report.now.to_string()),
            ("change-id", own.change.as_ref().map_or(String::new(), |own| own.id.clone())),
            ("change-type", own.change.as_ref().map_or(String::new(), |own| own.kind.clone())),
            ("trust", audit.trust.clone()),
        ];
        rows.iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| prop(name, text))
            .collect()
    }

    /// The release, as what is looked at.
    fn component(&self) -> Value {
        json!({
            "uuid": self.id("component", ""),
            "type": "software",
            "title": line(&format!("{} {}", self.account.project, self.account.release)),
            "description": "The release that is assessed.",
            "status": { "state": if self.account.launched.is_some() { "operational" } else { "under-development" } },
        })
    }

    /// What a person decided, each.
    fn attestations(&self) -> Vec<Value> {
        let one = |told: &crate::decide::DecisionTold| {
            json!({
                "responsible-parties": [{ "role-id": "decider", "party-uuids": [person(&told.person)] }],
                "parts": [{
                    "name": "decision",
                    "ns": NS,
                    "title": line(&told.decision),
                    "prose": escaped(&format!("{} by {}, {}", told.decision, told.person, told.at)),
                }],
            })
        };
        self.account.decisions.iter().map(one).collect()
    }

    /// Everything that has a state, but for what is judged with a gate.
    fn pieces(&self) -> impl Iterator<Item = (&Piece, State)> {
        let states = self.report.assessment.states.keys();
        let told = states.filter(|piece| !matches!(piece, Piece::Record(_)));
        told.filter_map(|piece| Some((piece, state_of(self.report.assessment, piece)?)))
    }

    fn piece(&self, piece: &Piece, state: State, audit: &AuditView) -> Value {
        let project = self.report.project;
        let name = match piece.id() {
            "" => piece.kind().to_owned(),
            id => format!("{} {id}", piece.kind()),
        };
        let mut props = vec![prop("kind", piece.kind()), prop("state", state.word())];
        if let Piece::Gate(id) = piece {
            for own in audit.assurance.iter().filter(|own| own.gate == *id) {
                props.push(prop("approval-assurance", own.approval));
                props.push(prop("facts-assurance", own.facts.facts));
            }
        }
        let mut value = json!({
            "uuid": self.id("observation", &name),
            "title": line(&name),
            "description": escaped(&format!("{name} is {}.", state.word())),
            "props": props,
            "methods": ["EXAMINE"],
            "subjects": [{ "subject-uuid": self.id("component", ""), "type": "component" }],
            "collected": self.report.now.to_string(),
        });
        if let Some(path) = json::path(project, piece).filter(|path| !path.is_empty()) {
            let digest = project.file(path).and_then(|file| file.digest);
            let mut evidence = json!({ "href": uri(path), "description": escaped(path) });
            if let Some(digest) = digest {
                evidence["props"] = json!([prop("sha256", &digest.to_string())]);
            }
            value["relevant-evidence"] = json!([evidence]);
        }
        value
    }

    /// What no file of the release can show.
    fn not_proven(&self, what: &str) -> Value {
        json!({
            "uuid": self.id("not-proven", what),
            "title": "Not proven",
            "description": escaped(what),
            "props": [prop("kind", "not-proven")],
            "methods": ["EXAMINE"],
            "subjects": [{ "subject-uuid": self.id("component", ""), "type": "component" }],
            "collected": self.report.now.to_string(),
        })
    }

    /// What a finding says: an error is a risk, and what does not count is an observation.
    fn finding(&self, finding: &Finding) -> Value {
        let key = finding_key(finding);
        let mut value = json!({
            "uuid": self.id("risk", &key),
            "title": line(&format!("{} {}", finding.rule.code, finding.rule.name)),
            "description": escaped(&format!("{}: {}", finding.location.path, finding.message)),
            "props": [
                prop("rule", finding.rule.code),
                prop("level", finding.level.word()),
                prop("state", finding.effect().map_or("none", State::word)),
            ],
        });
        if finding.level != Level::Error {
            value["methods"] = json!(["EXAMINE"]);
            value["collected"] = json!(self.report.now.to_string());
            if let Some(how) = &finding.waived {
                value["remarks"] = json!(escaped(&format!("waived {how}")));
            }
            return value;
        }
        value["statement"] = json!(escaped(finding.rule.summary()));
        value["status"] =
            json!(if finding.waived.is_some() { "deviation-approved" } else { "open" });
        if let Some(how) = &finding.waived {
            let factor = json!({ "uuid": self.id("waiver", &key), "description": escaped(how) });
            value["mitigating-factors"] = json!([factor]);
            return value;
        }
        let way = |(number, way): (usize, String)| {
            json!({
                "uuid": self.id("way", &format!("{number} {key}")),
                "lifecycle": "recommendation",
                "title": "What to do",
                "description": escaped(&way),
            })
        };
        let ways: Vec<Value> = finding.advice.iter().flat_map(ways).enumerate().map(way).collect();
        if !ways.is_empty() {
            value["remediations"] = Value::Array(ways);
        }
        value
    }

    fn control(&self, shown: &ControlShown<'_>) -> Value {
        let (control, catalogue) = (shown.control, shown.catalogue);
        let (state, reason) = match (shown.is_shown(), shown.failed()) {
            (true, _) => ("satisfied", "pass"),
            (false, true) => ("not-satisfied", "fail"),
            (false, false) => ("not-satisfied", "other"),
        };
        let lacking = shown.pieces.iter().filter(|(_, state)| !state.satisfies()).count();
        let mut words = format!(
            "What this release brings to {} of {}: {} of {} pieces hold.",
            control.id,
            catalogue.name,
            shown.pieces.len() - lacking,
            shown.pieces.len()
        );
        for (piece, state) in shown.pieces.iter().filter(|(_, state)| *state != State::Passed) {
            words.push_str(&format!(" {} {} is {}.", piece.kind(), piece.id(), state.word()));
        }
        let related = shown.pieces.iter().map(|(piece, _)| {
            json!({ "observation-uuid": self.id("observation", &format!("{} {}", piece.kind(), piece.id())) })
        });
        let risks = shown
            .findings
            .iter()
            .filter(|finding| self.is_told(finding))
            .map(|finding| json!({ "risk-uuid": self.id("risk", &finding_key(finding)) }));
        let mut value = json!({
            "uuid": self.id("finding", &format!("{} {}", catalogue.id, control.id)),
            "title": line(&format!("{} {}", control.id, control.title)),
            "description": escaped(&words),
            "props": [prop("catalogue", &catalogue.id), prop("clauses", &control.clauses.join(" "))],
            "target": {
                "type": "objective-id",
                "target-id": control.id,
                "status": { "state": state, "reason": reason },
            },
            "related-observations": related.collect::<Vec<_>>(),
            "remarks": "Of this release alone. A control asks an organisation for more than one release can show.",
        });
        let risks: Vec<Value> = risks.collect();
        if !risks.is_empty() {
            value["related-risks"] = Value::Array(risks);
        }
        value
    }

    /// Whether a finding is one of the report's, which may look at a part of the release alone.
    fn is_told(&self, finding: &Finding) -> bool {
        self.report.findings.iter().any(|own| std::ptr::eq(*own, finding))
    }
}

/// What tells a finding from all others of its release.
fn finding_key(finding: &Finding) -> String {
    let place = finding.resolved.as_ref().map(|(at, _)| format!("{}:{}", at.line, at.column));
    format!(
        "{} {} {:?} {} {}",
        finding.rule.code,
        finding.location.path,
        finding.location.mark,
        place.unwrap_or_default(),
        finding.message
    )
}
