//! What `clauses.yaml` says of each clause is true: its tests exist, a clause without them is not
//! called served, its command can be tried, and its counter-cases depend on the rules that they name.

#![allow(clippy::unwrap_used, reason = "a table that cannot be read must fail loudly")]
#![allow(clippy::print_stderr, reason = "what survives is for whoever runs it")]

use crate::common::WITHOUT;
use crate::docs::pages;
use d3p::testing::rules::RULES;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// In place of a rule: a command refuses by itself.
const COMMAND: &str = "command";

fn tests_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn text<'a>(clause: &'a Value, key: &str) -> &'a str {
    clause[key].as_str().unwrap_or_default()
}

/// Whether a test is a fixture of a rule.
fn is_fixture(test: &str) -> bool {
    test.starts_with("GL")
}

/// Whether there is such a test: a fixture, or a function that is marked as a test in its module.
fn exists(test: &str) -> bool {
    if is_fixture(test) {
        return tests_dir().join("rules").join(test).exists();
    }
    let (module, name) = test.rsplit_once("::").unwrap();
    let path = module.replace("::", "/");
    let files = [format!("{path}.rs"), format!("{path}/mod.rs")];
    files.iter().filter_map(|file| fs::read_to_string(tests_dir().join(file)).ok()).any(|text| {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let head = format!("fn {name}()");
        let at = lines.iter().position(|line| line.starts_with(&head));
        at.is_some_and(|at| {
            let above = lines[..at].iter().rev().take_while(|line| line.starts_with('#'));
            above.into_iter().any(|line| *line == "#[test]")
        })
    })
}

/// What a clause claims that is not so.
fn untrue(clause: &Value) -> Vec<String> {
    let mut out = Vec::new();
    let (honest, refused) = (pages::list(clause, "honest"), pages::refused(clause));
    let counter: Vec<&String> = refused.iter().flat_map(|(_, tests)| tests).collect();
    if text(clause, "missing").is_empty() && (honest.is_empty() || counter.is_empty()) {
        out.push("nothing is missing, and no test shows both cases".to_owned());
    }
    if (honest.is_empty() && counter.is_empty()) != text(clause, "how").is_empty() {
        out.push("`how` goes with tests".to_owned());
    }
    for test in honest.iter().chain(counter.iter().copied()) {
        if !exists(test) {
            out.push(format!("no test {test}"));
        }
    }
    for test in honest.iter().filter(|test| counter.contains(test)) {
        out.push(format!("{test} is said to show both cases"));
    }
    for (rule, tests) in &refused {
        if rule != COMMAND && !RULES.iter().any(|known| known.code == rule) {
            out.push(format!("no rule {rule}"));
        }
        for test in tests.iter().filter(|test| is_fixture(test)) {
            if rule != COMMAND && !test.starts_with(&format!("{rule}/fail")) {
                out.push(format!("{test} shows nothing of {rule}"));
            }
        }
    }
    out.extend(honest.iter().filter(|test| is_fixture(test) && !test.contains("/pass")).cloned());
    out
}

#[test]
fn no_clause_claims_more_than_its_tests_show() {
    let clauses = pages::clauses();
    assert!(clauses.len() > 85, "{} clauses", clauses.len());
    let mut wrong = Vec::new();
    for clause in &clauses {
        wrong.extend(untrue(clause).iter().map(|why| format!("{}: {why}", text(clause, "id"))));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_claim_without_tests_is_found() {
    let clause = |text: &str| d3p::testing::text::yaml::parse(text).unwrap();
    let honest = "talk::a_person_answers_on_a_terminal";
    for (said, why) in [
        ("how: it works".to_owned(), "both cases"),
        (format!("how: it works\nhonest: [{honest}]"), "both cases"),
        ("how: it works\nmissing: all\nhonest: [talk::nobody]".to_owned(), "no test"),
        (format!("how: it works\nhonest: [{honest}]\nrefused: {{ command: [{honest}] }}"), "both"),
        (format!("how: a\nhonest: [{honest}]\nrefused: {{ GL999: [cli::x] }}"), "no rule"),
        (format!("how: a\nhonest: [{honest}]\nrefused: {{ GL301: [GL302/fail.yaml] }}"), "GL301"),
        ("missing: all\nhow: it works".to_owned(), "goes with tests"),
    ] {
        let found = untrue(&clause(&said));
        assert!(found.iter().any(|line| line.contains(why)), "{said}: {found:?}");
    }
    let whole = format!("how: a\nhonest: [{honest}]\nrefused: {{ GL301: [GL301/fail.yaml] }}");
    assert_eq!(untrue(&clause(&whole)), Vec::<String>::new());
    assert_eq!(pages::state(&clause(&whole)), "served");
    assert_eq!(pages::state(&clause(&format!("{whole}\nmissing: more"))), "in part");
    assert_eq!(pages::state(&clause("how: it works")), "not yet");
}

#[test]
fn every_clause_shows_a_command_that_can_be_tried() {
    for clause in pages::clauses().iter().filter(|clause| pages::state(clause) != "not yet") {
        let (id, line) = (text(clause, "id"), text(clause, "try"));
        assert!(line.starts_with("d3p "), "{id}: nothing to try");
        let parsed = d3p::testing::cli::command().try_get_matches_from(line.split(' '));
        let shown = |error: &clap::Error| error.kind() == clap::error::ErrorKind::DisplayHelp;
        assert!(parsed.is_ok() || parsed.as_ref().is_err_and(shown), "{id}: {line}: {parsed:?}");
    }
}

/// The fixtures of a rule, and the tests, that are said to depend on it: with the clauses that say so.
fn depend() -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let mut out: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for clause in pages::clauses() {
        for (rule, tests) in pages::refused(&clause) {
            for test in tests {
                let of = out.entry(rule.clone()).or_default().entry(test).or_default();
                of.insert(text(&clause, "id").to_owned());
            }
        }
    }
    out
}

/// Which of the tests that depend on a rule do not notice that it is gone.
fn survivors(rule: &str, tests: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut play = Command::new(std::env::current_exe().unwrap());
    let output = play.env(WITHOUT, rule).arg("--exact").args(tests.keys()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let notices = |test: &str| said.contains(&format!("test {test} ... FAILED"));
    tests
        .iter()
        .filter(|(test, _)| !notices(test))
        .map(|(test, of)| {
            format!("{rule} off: {test} of {}", Vec::from_iter(of.clone()).join(", "))
        })
        .collect()
}

/// Which of so many parts of the rules is looked at: `PART=1/4`; all of them without it.
fn part() -> (usize, usize) {
    let said = std::env::var("PART").unwrap_or_else(|_| "0/1".to_owned());
    let (part, of) = said.split_once('/').expect("PART=1/4");
    let (part, of): (usize, usize) = (part.parse().unwrap(), of.parse().unwrap());
    (part % of, of)
}

/// Switches each rule of a clause off, and sees whether the whole tests among its counter-cases notice;
/// `tests/rules.rs` does it with those that are fixtures.
#[test]
#[ignore = "takes minutes; .ci/run runs a part of it"]
fn every_counter_case_notices_that_its_rule_is_gone() {
    let mut depend = depend();
    depend.values_mut().for_each(|tests| tests.retain(|test, _| !is_fixture(test)));
    let own = depend.remove(COMMAND).map_or(0, |tests| tests.len());
    let (only, (part, of)) = (std::env::var("RULE").ok(), part());
    let rules: Vec<_> = depend
        .iter()
        .filter(|(rule, tests)| !tests.is_empty() && only.as_ref().is_none_or(|only| only == *rule))
        .enumerate()
        .filter(|(at, _)| at % of == part)
        .map(|(_, rule)| rule)
        .collect();
    let tests: usize = rules.iter().map(|(_, tests)| tests.len()).sum();
    let left: Vec<String> = rules.iter().flat_map(|(rule, tests)| survivors(rule, tests)).collect();
    eprintln!(
        "{} rules switched off in turn; {tests} counter-cases, {} survive; {own} are held by commands",
        rules.len(),
        left.len()
    );
    assert!(left.is_empty(), "{left:#?}");
}
