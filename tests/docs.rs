//! The generated pages are current, and clauses, rules, phase, commands and tests agree.

#![allow(clippy::unwrap_used)]

#[path = "../examples/generate/pages.rs"]
pub(crate) mod pages;
#[path = "../examples/generate/reference.rs"]
mod reference;

use d3p::testing::rules::RULES;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn ids() -> Vec<String> {
    pages::clauses().iter().map(|clause| clause["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn generated_files_are_current() {
    let differences = pages::differences(root());
    assert!(differences.is_empty(), "cargo run --example generate\n{differences}");
}

#[test]
fn a_generated_file_that_differs_is_found() {
    let elsewhere = tempfile::tempdir().unwrap();
    let (path, text) = pages::all().remove(0);
    fs::create_dir_all(elsewhere.path().join(path).parent().unwrap()).unwrap();
    fs::write(elsewhere.path().join(path), text.replacen("GL301", "GL999", 1)).unwrap();
    let differences = pages::differences(elsewhere.path());
    assert!(differences.contains("--- docs/rules.md"), "{differences}");
    assert!(differences.contains("GL999"), "{differences}");
}

/// Every `clauses` list of a phase definition, wherever it stands.
fn clauses_of(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                if key == "clauses" {
                    let named = member.as_array().unwrap().iter();
                    found.extend(named.map(|id| id.as_str().unwrap().to_owned()));
                }
                clauses_of(member, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| clauses_of(item, found)),
        _ => {}
    }
}

#[test]
fn every_clause_that_is_named_exists() {
    let known: BTreeSet<String> = ids().into_iter().collect();
    assert_eq!(known.len(), ids().len(), "a clause is listed twice");
    for rule in RULES {
        for clause in rule.clauses {
            assert!(known.contains(*clause), "{} names {clause}", rule.code);
        }
    }
    let mut named = BTreeSet::new();
    for phase in pages::phases() {
        clauses_of(
            &d3p::testing::text::yaml::parse(phase.folder.text("phase.yaml").unwrap()).unwrap(),
            &mut named,
        );
    }
    assert!(!named.is_empty());
    let unknown: Vec<_> = named.difference(&known).collect();
    assert!(unknown.is_empty(), "phase.yaml names {unknown:?}");
}

#[test]
fn every_rule_has_a_whole_page_and_its_code_in_its_file_name() {
    for rule in RULES {
        for heading in ["## What it checks", "## Why it matters", "## How to fix"] {
            assert!(rule.page.contains(heading), "{}: no {heading}", rule.code);
        }
        assert!(!rule.summary().is_empty(), "{}", rule.code);
        assert!(!rule.clauses.is_empty(), "{} serves no clause", rule.code);
        let name = rule.name.replace('-', "_");
        let path = format!("src/rules/{}_{name}.rs", rule.code.to_lowercase());
        assert!(root().join(&path).exists(), "{path}");
    }
}

/// The pages that people write or read: of the root, and of the book.
fn pages_for_people() -> Vec<String> {
    let mut pages: Vec<_> = ["README", "ARCHITECTURE", "CONTRIBUTING", "SECURITY"]
        .iter()
        .map(|name| format!("{name}.md"))
        .collect();
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            pages.push(format!("docs/{name}"));
        }
    }
    pages.sort();
    pages
}

#[test]
fn pages_name_only_commands_that_exist() {
    let command = d3p::testing::cli::command();
    for name in pages_for_people() {
        let text = fs::read_to_string(root().join(&name)).unwrap();
        for line in text.lines().map(str::trim) {
            let Some(rest) = line.strip_prefix("$ d3p ").or(line.strip_prefix("- run: d3p "))
            else {
                continue;
            };
            let word = rest.split(' ').next().unwrap();
            let known = word.starts_with('-') || command.find_subcommand(word).is_some();
            assert!(known, "{name}: {line}");
        }
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    let link = regex::Regex::new(r"\]\(([^)#:\s]+)(#[^)\s]*)?\)").unwrap();
    let mut followed = 0;
    for name in pages_for_people() {
        let text = fs::read_to_string(root().join(&name)).unwrap();
        let folder = Path::new(&name).parent().unwrap();
        for found in link.captures_iter(&text) {
            let to = root().join(folder).join(&found[1]);
            assert!(to.exists(), "{name} links to {}", &found[1]);
            followed += 1;
        }
    }
    assert!(followed > 100, "{followed} links were found");
}

#[test]
fn the_book_has_every_page_and_the_readme_is_a_quick_start() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    for name in pages_for_people() {
        let page = name.strip_prefix("docs/").filter(|page| *page != "SUMMARY.md");
        assert!(page.is_none_or(|page| summary.contains(&format!("({page})"))), "{name}");
    }
    let lines = fs::read_to_string(root().join("README.md")).unwrap().lines().count();
    assert!(lines <= 200, "README.md has {lines} lines; the reference belongs into docs/");
}
