//! The generated pages: rules, traceability, errors, and the reference.

use super::reference;

use d3p::testing::cli::Code;
use d3p::testing::definition::Phase;
use d3p::testing::model::{Level, Rule};
use d3p::testing::rules::RULES;
use d3p::testing::source::{embedded, embedded_phases};
use d3p::testing::text::yaml;
use serde_json::Value;
use similar::TextDiff;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What stands on top of each page.
pub(crate) const NOTE: &str =
    "<!-- Made by `cargo run --example generate`; edit the source instead. -->\n";

/// Every generated page: its path in the repository, and its text.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    vec![
        ("docs/rules.md", rules()),
        ("docs/traceability.md", traceability()),
        ("docs/commands.md", reference::commands()),
        ("docs/policy.md", reference::policy()),
        ("docs/evidence.md", reference::evidence()),
        ("docs/errors.md", errors()),
    ]
}

/// A unified diff from what lies in `root` to what is generated; empty when they are the same.
pub(crate) fn differences(root: &Path) -> String {
    let mut out = String::new();
    for (path, text) in all() {
        let found = fs::read_to_string(root.join(path)).unwrap_or_default();
        if found != text {
            let diff = TextDiff::from_lines(&found, &text);
            let _ = write!(out, "{}", diff.unified_diff().header(path, "generated"));
        }
    }
    out
}

fn errors() -> String {
    let mut out = format!("# Errors\n\n{NOTE}\n");
    out.push_str(
        "Why a command stopped short. With `--format json` every failure, wrong usage as well\n",
    );
    out.push_str(
        "as a refusal, is one object on standard output: `d3p schema error` shows its format.\n",
    );
    out.push_str("The exit code does not depend on the format: 2, and 1 for a refusal.\n\n");
    out.push_str("| Code | Meaning |\n|---|---|\n");
    for code in Code::ALL {
        let _ = writeln!(out, "| `{}` | {} |", code.word(), code.meaning());
    }
    out
}

fn rules() -> String {
    let mut out = format!("# Rules\n\n{NOTE}\n");
    out.push_str("What each code means, why it matters and how to fix it.\n");
    out.push_str("`d3p explain CODE` prints the same page.\n");
    out.push_str("A code is never used again for something else.\n\n");
    out.push_str(
        "| Code | Name | Level | Since | Waivable | Clauses |\n|---|---|---|---|---|---|\n",
    );
    for rule in RULES {
        let waivable = match (rule.waivable, rule.level) {
            (true, _) => "yes",
            (false, Level::Error) => "never",
            _ => "blocks nothing",
        };
        let _ = writeln!(
            out,
            "| [{0}](#{1}) | {2} | {3} | {4} | {waivable} | {5} |",
            rule.code,
            anchor(rule),
            rule.name,
            rule.level,
            rule.since,
            clause_links(rule.clauses)
        );
    }
    for rule in RULES {
        let _ = writeln!(out, "\n## {} {}\n\n{}", rule.code, rule.name, page(rule));
    }
    out
}

/// A rule's page, one heading deeper than `d3p explain` shows it.
fn page(rule: &Rule) -> String {
    let lines = rule.page.lines().map(|line| {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if line.starts_with("## ") { format!("#{line}") } else { line.to_owned() }
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn anchor(rule: &Rule) -> String {
    format!("{}-{}", rule.code.to_lowercase(), rule.name)
}

fn clause_links(clauses: &[&str]) -> String {
    let link = |id: &&str| format!("[{id}](traceability.md#{})", clause_anchor(id));
    clauses.iter().map(link).collect::<Vec<_>>().join(", ")
}

fn clause_anchor(id: &str) -> String {
    id.to_lowercase().replace('.', "")
}

/// The clauses of the protocols, as `clauses.yaml` lists them.
pub(crate) fn clauses() -> Vec<Value> {
    let texts = phases().into_iter().map(|phase| {
        let text = phase.folder.text("clauses.yaml").expect("a shipped phase has clauses");
        yaml::parse(text).expect("clauses.yaml can be read")
    });
    texts.flat_map(|list| list.as_array().cloned().expect("clauses.yaml is a list")).collect()
}

/// The shipped phases, the one that a release begins with first.
pub(crate) fn phases() -> Vec<Phase> {
    let shipped = embedded_phases().into_iter().map(|id| embedded(id).expect("it can be used"));
    let mut phases: Vec<Phase> = shipped.map(|own| Phase::clone(&own)).collect();
    phases.sort_by_key(|phase| phase.follows.is_some());
    phases
}

fn text<'a>(clause: &'a Value, key: &str) -> &'a str {
    clause[key].as_str().unwrap_or_default()
}

/// A list of a clause, which may be absent.
pub(crate) fn list(clause: &Value, key: &str) -> Vec<String> {
    let items = clause[key].as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// How far a clause is served: by what its tests show, and never by what is said of it.
pub(crate) fn state(clause: &Value) -> &'static str {
    let (honest, refused) = (!list(clause, "honest").is_empty(), !refused(clause).is_empty());
    match (honest, refused, text(clause, "missing").is_empty()) {
        (true, true, true) => "served",
        (false, false, _) => "not yet",
        _ => "in part",
    }
}

/// The tests of a clause that show a counter-case refused, by the rule that refuses it.
pub(crate) fn refused(clause: &Value) -> Vec<(String, Vec<String>)> {
    let rules = clause["refused"].as_object().into_iter().flatten();
    rules.map(|(rule, _)| (rule.clone(), list(&clause["refused"], rule))).collect()
}

fn traceability() -> String {
    let phases = phases();
    let clauses = clauses();
    let mut out = format!("# Traceability\n\n{NOTE}\n");
    out.push_str("Each clause of the protocols, in our own words, and what serves it.\n");
    out.push_str("Served is a clause of which one test shows that what it asks for passes, and another that its counter-case is refused, and of which nothing is missing.\n");
    out.push_str("In part is what has only some of that; what is missing is said.\n");
    out.push_str("`tests/clauses.rs` holds the table to the tests: it switches each rule off in turn, and the tests that are listed below it must notice.\n\n");
    out.push_str("| Clause | Protocol | State |\n|---|---|---|\n");
    for clause in &clauses {
        let id = text(clause, "id");
        let state = state(clause);
        let protocol = text(clause, "protocol");
        let _ = writeln!(out, "| [{id}](#{}) | {protocol} | {state} |", clause_anchor(id));
    }
    let mut protocol = "";
    for clause in &clauses {
        if text(clause, "protocol") != protocol {
            protocol = text(clause, "protocol");
            let _ = writeln!(out, "\n## {protocol}");
        }
        let describes = |phase: &&Phase| {
            let known = phase.folder.clauses().unwrap_or_default();
            known.iter().any(|id| id == text(clause, "id"))
        };
        let phase = phases.iter().find(describes).expect("a phase brought the clause");
        section(clause, phase, &mut out);
    }
    out.push_str("\n## Controls\n\n");
    out.push_str("Controls of other catalogues to which releases bring evidence, by the clauses that serve them (`controls.yaml` beside the phase).\n");
    out.push_str("No release shows the whole of a control: an organisation has to do more.\n");
    for phase in &phases {
        for catalogue in catalogues(phase) {
            let own = |key| text(&catalogue, key);
            let _ = writeln!(
                out,
                "\n### {}\n\n{}: <{}>\n",
                own("name"),
                own("version"),
                own("address")
            );
            out.push_str("| Control | Title | Refers to | Clauses |\n|---|---|---|---|\n");
            for control in catalogue["controls"].as_array().into_iter().flatten() {
                let clauses = list(control, "clauses");
                let clauses: Vec<&str> = clauses.iter().map(String::as_str).collect();
                let refers = list(control, "refers_to").join(", ");
                let _ = writeln!(
                    out,
                    "| `{}` | {} | {refers} | {} |",
                    text(control, "id"),
                    text(control, "title"),
                    clause_links(&clauses).replace("traceability.md", "")
                );
            }
        }
    }
    out
}

/// What a phase's `controls.yaml` says, where it has one.
fn catalogues(phase: &Phase) -> Vec<Value> {
    let text = phase.folder.text("controls.yaml");
    let read = text.map(|text| yaml::parse(text).expect("controls.yaml can be read"));
    read.and_then(|all| all.as_array().cloned()).unwrap_or_default()
}

fn controls(phase: &Phase) -> Vec<Value> {
    let all = catalogues(phase);
    all.iter().flat_map(|own| own["controls"].as_array().cloned().unwrap_or_default()).collect()
}

fn section(clause: &Value, phase: &Phase, out: &mut String) {
    let id = text(clause, "id");
    let _ = writeln!(out, "\n### {id}\n\n{}\n", text(clause, "text"));
    for (title, key) in [("Here", "how"), ("Missing", "missing")] {
        if !text(clause, key).is_empty() {
            let _ = writeln!(out, "{title}: {}\n", text(clause, key));
        }
    }
    let mut item = |title: &str, items: Vec<String>| {
        if !items.is_empty() {
            let _ = writeln!(out, "- {title}: {}", items.join(", "));
        }
    };
    let rules = RULES.iter().filter(|rule| rule.clauses.contains(&id));
    let link = |rule: &&Rule| format!("[{} {}](rules.md#{})", rule.code, rule.name, anchor(rule));
    item("rules", rules.map(link).collect());
    for (title, ids) in phase_entries(phase, id) {
        item(title, ids.into_iter().map(|id| format!("`{id}`")).collect());
    }
    let schemas = phase.evidence.iter().filter(|(_, def)| has(&def.clauses, id));
    let own: Vec<&str> = phase.folder.schemas().map(|(kind, _)| kind).collect();
    let schema = |kind: &String| match own.contains(&kind.as_str()) {
        true => format!("[{kind}](../templates/{}/schemas/{kind}.v1.schema.json)", phase.id),
        false => format!("[{kind}](../schemas/{kind}.v1.schema.json)"),
    };
    let controls =
        controls(phase).into_iter().filter(|own| list(own, "clauses").contains(&id.to_owned()));
    item("controls", controls.map(|own| format!("[{0}](#controls)", text(&own, "id"))).collect());
    item("schemas", schemas.map(|(kind, _)| schema(kind)).collect());
    if !text(clause, "try").is_empty() {
        item("try", vec![format!("`{}`", text(clause, "try"))]);
    }
    let quoted = |names: Vec<String>| names.into_iter().map(|name| format!("`{name}`")).collect();
    item("passes", quoted(list(clause, "honest")));
    for (rule, tests) in refused(clause) {
        let by = if rule == "command" { "a command".to_owned() } else { rule };
        item(&format!("refused by {by}"), quoted(tests));
    }
}

fn has(clauses: &[String], id: &str) -> bool {
    clauses.iter().any(|clause| clause == id)
}

/// What the phase definition holds for a clause, by kind.
pub(crate) fn phase_entries(phase: &Phase, id: &str) -> Vec<(&'static str, Vec<String>)> {
    macro_rules! entries {
        ($table:expr) => {
            $table
                .iter()
                .filter(|(_, def)| has(&def.clauses, id))
                .map(|(name, _)| name.clone())
                .collect()
        };
    }
    let sections = phase.documents.iter().flat_map(|(document, def)| {
        let serving = def.sections.iter().filter(|section| has(&section.clauses, id));
        serving.map(move |section| format!("{document}/{}", section.id))
    });
    let checkpoints = phase.checkpoints.iter().filter(|checkpoint| has(&checkpoint.clauses, id));
    vec![
        ("gates", entries!(phase.gates)),
        ("steps", entries!(phase.steps)),
        ("prerequisites", entries!(phase.prerequisites)),
        ("evidence", entries!(phase.evidence)),
        ("documents", entries!(phase.documents)),
        ("sections", sections.collect()),
        ("checkpoints", checkpoints.map(|checkpoint| checkpoint.id.clone()).collect()),
    ]
}
