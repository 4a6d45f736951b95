//! `d3p explain`: a rule, a gate, a clause, a piece of evidence, a prerequisite, a document, a step.

use super::{control_page, explanation, policy_key, prerequisite_page};
use crate::cli::Failure;
use crate::cli::args::ExplainArgs;
use crate::cli::common::{Global, phase_here};
use crate::cli::record::example;
use crate::decide::assess;
use crate::definition::folder::CLAUSES;
use crate::definition::{Before, Phase, Predicate, PredicateOp};
use crate::env::{Env, Exit};
use crate::model::{Advice, Level, Rule};
use crate::project::catalogues;
use crate::render::json;
use crate::rules::{self, RULES};
use crate::source::{embedded, embedded_phases};
use crate::text::yaml;
use serde_json::{Value, json};
use std::fmt::Write as _;

pub(super) fn run(args: &ExplainArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let phase = phase_here(global)?;
    let Some(name) = args.name.as_deref().filter(|_| !args.list) else {
        return list(&phase, global, env);
    };
    let others = || embedded_phases().into_iter().filter_map(|id| embedded(id).ok());
    let found = explain(name, &phase).map(|text| (text, phase.clone()));
    let found = found.or_else(|| others().find_map(|phase| Some((explain(name, &phase)?, phase))));
    let (text, phase) = found.ok_or_else(|| {
        Failure::usage(format!("nothing is called `{name}`"))
            .note("rules are GL001 to GL999; clauses look like P11-1.1, D3P-8, DLC-5, controls like cm-3 and CC8.1")
            .note(format!("gates: {}", phase.gates.keys().cloned().collect::<Vec<_>>().join(", ")))
            .advise(
                Advice::d3p(["status"]).what("see evidence, prerequisites, documents and steps"),
            )
            .advise(Advice::d3p(["explain", "--list"]).what("see everything that has a name"))
            .advise(Advice::d3p(["schema", "d3p"]).what("see the keys of d3p.yaml"))
    })?;
    if global.human() {
        env.out.write_all(text.as_bytes())?;
    } else {
        let here = global.open().ok().filter(|(_, project)| project.phase.id == phase.id);
        let here = here.map(|(_, project)| {
            let assessment = assess(&project, (env.now)());
            (project, assessment)
        });
        let here = here.as_ref().map(|(project, assessment)| (project, assessment));
        let about = explanation::view(name, &phase, here);
        let view = json!({ "name": name, "about": about, "text": text });
        env.out.write_all(json::pretty(&view).as_bytes())?;
    }
    Ok(Exit::Passed)
}

/// Everything that can be explained.
fn list(phase: &Phase, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let names = explanation::names(phase);
    if global.human() {
        for (kind, name, title) in names {
            writeln!(env.out, "{kind:<13} {name:<34} {title}")?;
        }
        return Ok(Exit::Passed);
    }
    let one = |(kind, name, title)| json!({ "kind": kind, "name": name, "title": title });
    let view: Vec<Value> = names.into_iter().map(one).collect();
    env.out.write_all(json::pretty(&json!({ "names": view })).as_bytes())?;
    Ok(Exit::Passed)
}

/// What a piece of evidence must say, in words.
pub(super) fn asked_of(predicate: &Predicate) -> String {
    format!("{} {}", predicate.at, demand(&predicate.op))
}

/// The page of everything that has this name, where something has.
pub(super) fn page(name: &str, phase: &Phase) -> Option<String> {
    explain(name, phase)
}

/// Everything that has this name: a gate and a prerequisite may share one.
fn explain(name: &str, phase: &Phase) -> Option<String> {
    if let Some(rule) = rules::find(name) {
        return Some(rule_page(rule));
    }
    let pages: Vec<String> = [
        gate,
        prerequisite_page::page,
        evidence,
        document,
        step,
        clause,
        control_page::page,
        policy_key::page,
    ]
    .into_iter()
    .filter_map(|page| page(name, phase))
    .collect();
    (!pages.is_empty()).then(|| pages.join("\n"))
}

/// A rule's page, as `docs/rules.md` has it too.
fn rule_page(rule: &Rule) -> String {
    let page: String = rule
        .page
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
        .collect();
    let waivable = match (rule.waivable, rule.level) {
        (true, _) => ", may be waived: d3p waive",
        (false, Level::Error) => ", can never be waived",
        _ => "",
    };
    format!(
        "{} {} ({}, since {}{waivable})\nclauses: {}\n\n{}",
        rule.code,
        rule.name,
        rule.level,
        rule.since,
        rule.clauses.join(", "),
        page.trim_start()
    )
}

fn gate(name: &str, phase: &Phase) -> Option<String> {
    let (id, gate) = phase.gate(name)?;
    let mut out = format!(
        "Gate {}: {} ({id})\nclauses: {}\n\nCriteria\n",
        gate.number,
        gate.title,
        gate.clauses.join(", ")
    );
    for criterion in &gate.criteria {
        let _ = writeln!(out, "  - {criterion}");
    }
    if let Some(after) = &gate.after {
        let _ = writeln!(out, "  - gate {after} passed and still valid");
    }
    let mut list = |title: &str, items: &[String]| {
        if !items.is_empty() {
            let _ = writeln!(out, "\n{title}");
            for item in items {
                let _ = writeln!(out, "  {item}");
            }
        }
    };
    list("Prerequisites it binds", &gate.prerequisites);
    list("Documents it binds", &gate.documents);
    list("Evidence it binds", &gate.evidence);
    let failure = &gate.failure;
    let _ = writeln!(
        out,
        "\nWhen it refuses ({})\n  {}\n  {}",
        failure.error, failure.handling, failure.recovery
    );
    let _ = writeln!(out, "\nRun: d3p gate {id}");
    Some(out)
}

fn demand(op: &PredicateOp) -> String {
    let list =
        |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>().join(" or ");
    let operand = |operand: &crate::definition::Operand| match operand.policy_pointer() {
        Some(pointer) => format!("`{}` of d3p.yaml", pointer.trim_start_matches('/')),
        None => operand.resolve(&Value::Null).to_string(),
    };
    match op {
        PredicateOp::Equals(wanted) => format!("is {}", operand(wanted)),
        PredicateOp::OneOf(values) => format!("is {}", list(values)),
        PredicateOp::AtLeast(bound) => format!("is at least {}", operand(bound)),
        PredicateOp::AtMost(bound) => format!("is at most {}", operand(bound)),
        PredicateOp::SumOf(parts) => format!("is the sum of {}", parts.join(" + ")),
        PredicateOp::CountOf(items, None) => format!("is the number of {items}"),
        PredicateOp::CountOf(items, Some(filter)) => {
            format!("is the number of {items} whose {} {}", filter.at, demand(&filter.op))
        }
        PredicateOp::SameAs(other) => format!("is the same as {other}"),
        PredicateOp::Covers(set, _) => format!("has one for each of {}", operand(set)),
        PredicateOp::Only(set, _) => format!("has nothing but {}", operand(set)),
        PredicateOp::Every(inner) => format!("each: {} {}", inner.at, demand(&inner.op)),
        PredicateOp::Unique(by) => format!("has each {by} once"),
        PredicateOp::Person => "is a person's full name".to_owned(),
        PredicateOp::People(by) => format!("names in each {by} another person"),
        PredicateOp::FilledOr(by) => format!("has entries, or {by} names who found none"),
    }
}

fn evidence(name: &str, phase: &Phase) -> Option<String> {
    let def = phase.evidence.get(name)?;
    let mut out = format!(
        "Evidence {name}: {}\npath: {}\nclauses: {}\n",
        def.title,
        def.path,
        def.clauses.join(", ")
    );
    if let Some((gate, _)) = phase.gate_of_evidence(name) {
        let _ = writeln!(out, "bound by gate {gate}, environment {}", def.environment);
    }
    if let Some(age) = def.max_age {
        let _ = writeln!(out, "not older than {age} when it is judged");
    }
    if !def.after.is_empty() {
        let _ = writeln!(out, "comes after, and cites: {}", def.after.join(", "));
    }
    if !def.require.is_empty() {
        out.push_str("\nWhat it must say\n");
        for predicate in &def.require {
            let _ = writeln!(out, "  {}", asked_of(predicate));
        }
    }
    out.push_str("\nHow to make it\n");
    let how = match (def.computed, example(phase, name)) {
        (true, _) if def.path.ends_with(".md") => "d3p report".to_owned(),
        (true, _) => format!("d3p record {name}"),
        (false, Some(_)) => format!(
            "d3p record {name} --example > .d3p/body.json, fill it in, d3p record {name} --from .d3p/body.json"
        ),
        (false, None) if def.derive.is_some() => format!(
            "d3p run {name}, with a hook of this step in d3p.yaml; or d3p record {name} --junit 'reports/*.xml'"
        ),
        (false, None) if def.template.is_some() => format!("d3p init, then edit {}", def.path),
        (false, None) => format!("d3p record {name} --by \"FULL NAME\" --decision go"),
    };
    let _ = writeln!(out, "  {how}\n  schema: d3p schema {name}");
    Some(out)
}

fn document(name: &str, phase: &Phase) -> Option<String> {
    let def = phase.documents.get(name)?;
    let mut out = format!(
        "Document {name}: {}\npath: {}\nclauses: {}\n\nSections, in this order\n",
        def.title,
        def.path,
        def.clauses.join(", ")
    );
    for section in &def.sections {
        let what = match (&section.table, &section.prompt) {
            (Some(table), _) => format!(
                "table | {} |",
                table.columns.keys().cloned().collect::<Vec<_>>().join(" | ")
            ),
            (None, Some(prompt)) => format!("answer: {prompt}"),
            _ if section.checklist.is_some() => "a checklist for each service".to_owned(),
            _ if section.tracker.is_some() => {
                "the progress tracker; ticks must be backed by evidence".to_owned()
            }
            _ => "text".to_owned(),
        };
        let _ = writeln!(out, "  {}: {what}", section.title);
    }
    Some(out)
}

fn step(name: &str, phase: &Phase) -> Option<String> {
    let def = phase.steps.get(name)?;
    let mut out = format!(
        "Step {name}: {}\nclauses: {}\n\nWhat must hold before it\n",
        def.title,
        def.clauses.join(", ")
    );
    for before in &def.before {
        let line = match before {
            Before::Gate(gate) => format!("gate {gate} is passed and still valid"),
            Before::Approval(decision) => format!("the {decision} decision is in force"),
            Before::Decision(decision) => {
                format!("the {decision} decision is made, where decisions are signed")
            }
            Before::Window(_) => "no denied window is open".to_owned(),
            Before::Document(id) => format!("document {id} is complete"),
            Before::Evidence(kind) => format!("evidence {kind} is passed"),
            Before::Questions(_) => "no question is open or answered no".to_owned(),
            Before::Stage(_) => {
                "the stage of the rollout before has passed, or was decided upon".to_owned()
            }
        };
        let _ = writeln!(out, "  - {line}");
    }
    if phase.launches(def) {
        out.push_str("  - people were told, in words of their own (GL405)\n");
    }
    let _ = writeln!(out, "\nAsk: d3p check --before {name}");
    Some(out)
}

fn clause(name: &str, phase: &Phase) -> Option<String> {
    let all = yaml::parse(phase.folder.text(CLAUSES)?).ok()?;
    let is_it = |item: &&Value| item["id"].as_str().is_some_and(|id| id.eq_ignore_ascii_case(name));
    let found = all.as_array()?.iter().find(is_it)?;
    let text = |key: &str| found[key].as_str().unwrap_or_default();
    let id = text("id");
    let mut out = format!("Clause {id} ({})\n\n{}\n", text("protocol"), text("text"));
    for (title, key) in [("Here", "how"), ("Missing", "missing"), ("Try", "try")] {
        if !text(key).is_empty() {
            let _ = writeln!(out, "\n{title}: {}", text(key));
        }
    }
    let mut list = |title: &str, items: Vec<String>| {
        if !items.is_empty() {
            let _ = writeln!(out, "\n{title}: {}", items.join(", "));
        }
    };
    let has = |clauses: &[String]| clauses.iter().any(|clause| clause == id);
    let catalogues = catalogues(&phase.folder);
    let controls = catalogues.iter().flat_map(|own| &own.controls);
    list("controls", controls.filter(|own| has(&own.clauses)).map(|own| own.id.clone()).collect());
    let rules = RULES.iter().filter(|rule| rule.clauses.contains(&id));
    list("rules", rules.map(|rule| format!("{} {}", rule.code, rule.name)).collect());
    list(
        "gates",
        phase.gates.iter().filter(|(_, def)| has(&def.clauses)).map(|(id, _)| id.clone()).collect(),
    );
    list(
        "evidence",
        phase
            .evidence
            .iter()
            .filter(|(_, def)| has(&def.clauses))
            .map(|(id, _)| id.clone())
            .collect(),
    );
    list(
        "documents",
        phase
            .documents
            .iter()
            .filter(|(_, def)| has(&def.clauses))
            .map(|(id, _)| id.clone())
            .collect(),
    );
    list(
        "prerequisites",
        phase
            .prerequisites
            .iter()
            .filter(|(_, def)| has(&def.clauses))
            .map(|(id, _)| id.clone())
            .collect(),
    );
    list(
        "steps",
        phase.steps.iter().filter(|(_, def)| has(&def.clauses)).map(|(id, _)| id.clone()).collect(),
    );
    Some(out)
}
