//! Every rule, held to fixtures: one that it must report, and one near miss that it must let pass.
//!
//! A fixture is data (`tests/rules/README.md`); a new rule needs files, no code.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]
#![allow(
    clippy::missing_docs_in_private_items,
    reason = "clippy knows no test without the harness"
)]

mod common;

use common::fixture::{Base, Expect, Fixture, files, steps_until};
use common::template::fill;
use d3p::Exit;
use d3p::testing::model::{Level, Rule, Stamp};
use d3p::testing::rules::{RULES, switch_off};
use d3p::testing::text::yaml;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

fn main() -> ExitCode {
    let args = Arguments::from_args();
    let bases = Arc::new(Bases::default());
    let counter = counter_cases();
    let mut trials = vec![
        Trial::test("every_rule_has_a_folder_and_every_folder_is_a_rule", || {
            every_rule_has_a_folder().map_err(Failed::from)
        }),
        Trial::test("every_rule_has_a_failing_and_a_passing_fixture", || {
            every_rule_has_both().map_err(Failed::from)
        }),
    ];
    for rule in RULES.iter().filter(|rule| directory().join(rule.code).exists()) {
        for path in files(&directory().join(rule.code)) {
            let (bases, name) = (Arc::clone(&bases), name(&path));
            let is_counter_case = counter.contains(&name);
            trials
                .push(Trial::test(name, move || Ok(shows(rule, &path, is_counter_case, &bases)?)));
        }
    }
    libtest_mimic::run(&args, trials).exit_code()
}

fn every_rule_has_a_folder() -> Result<(), String> {
    let rules: BTreeSet<String> = RULES.iter().map(|rule| rule.code.to_owned()).collect();
    let folders: BTreeSet<String> = fs::read_dir(directory())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let lone: Vec<_> = rules.symmetric_difference(&folders).collect();
    lone.is_empty()
        .then_some(())
        .ok_or_else(|| format!("rule or folder without the other: {lone:?}"))
}

fn every_rule_has_both() -> Result<(), String> {
    let mut lacking = Vec::new();
    for rule in RULES.iter().filter(|rule| directory().join(rule.code).exists()) {
        let names: Vec<String> = files(&directory().join(rule.code))
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        for kind in ["fail", "pass"] {
            if !names.iter().any(|name| name.starts_with(kind)) {
                lacking.push(format!("{}: no {kind}*.yaml", rule.code));
            }
        }
        let strangers =
            names.iter().filter(|name| !name.starts_with("fail") && !name.starts_with("pass"));
        lacking
            .extend(strangers.map(|name| format!("{}/{name}: neither fail nor pass", rule.code)));
    }
    lacking.is_empty().then_some(()).ok_or_else(|| format!("{lacking:#?}"))
}

/// The release that fixtures begin with, as it is after each step that one of them begins at: played
/// once, by whoever asks first.
#[derive(Default)]
struct Bases(Mutex<BTreeMap<(bool, usize), Base>>);

impl Bases {
    /// `times` copies of it, after the first `end` steps.
    fn copies(&self, signed: bool, end: usize, times: usize) -> Result<Vec<Base>, String> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.contains_key(&(signed, end)) {
            let before = kept.range((signed, 0)..(signed, end)).next_back();
            let mut base = before.map_or_else(|| Base::new(signed), |(_, base)| base.copy());
            base.play_to(end)?;
            kept.insert((signed, end), base);
        }
        Ok((0..times).map(|_| kept[&(signed, end)].copy()).collect())
    }
}

/// Whether a fixture shows what it says. The counter-case of a clause must not once its rule is
/// switched off.
fn shows(
    rule: &'static Rule,
    path: &Path,
    is_counter_case: bool,
    bases: &Bases,
) -> Result<(), String> {
    let fixture = Fixture::read(path)?;
    let end = steps_until(&fixture.until, fixture.signed)?;
    let tries = [&[][..], &[rule.code.to_owned()]];
    let tries = &tries[..1 + usize::from(is_counter_case)];
    for (base, off) in bases.copies(fixture.signed, end, tries.len())?.into_iter().zip(tries) {
        switch_off(off.iter().cloned());
        let held = held(rule, path, &fixture, base);
        switch_off([]);
        match held {
            // With the rule it was held: whatever differs now is the rule's doing.
            Err(_) if !off.is_empty() => {}
            Err(why) => return Err(format!("{}\n    {why}", fixture.why)),
            Ok(()) if off.is_empty() => {}
            Ok(()) => return Err("nothing is missed without its rule".to_owned()),
        }
    }
    Ok(())
}

/// The fixtures that `clauses.yaml` names as what is refused by a rule of theirs.
fn counter_cases() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for phase in ["phase-9-deployment-golive", "phase-10-operations"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(phase);
        let clauses = yaml::parse(&fs::read_to_string(path.join("clauses.yaml")).unwrap()).unwrap();
        for clause in clauses.as_array().unwrap() {
            for (rule, tests) in clause["refused"].as_object().into_iter().flatten() {
                let tests = tests.as_array().unwrap().iter().filter_map(Value::as_str);
                found.extend(tests.filter(|test| test.starts_with(rule)).map(str::to_owned));
            }
        }
    }
    found
}

fn name(path: &Path) -> String {
    path.strip_prefix(directory()).unwrap_or(path).display().to_string()
}

/// Whether a fixture shows what it says; `Err` says why not.
fn held(rule: &Rule, path: &Path, fixture: &Fixture, mut base: Base) -> Result<(), String> {
    let named_pass =
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("pass"));
    if named_pass != fixture.is_pass() {
        return Err("fail*.yaml expects something, pass*.yaml does not".to_owned());
    }
    if fixture.edits.is_empty() && fixture.at.is_none() && fixture.command.is_none() {
        return Err("an untouched release shows nothing".to_owned());
    }
    for edit in &fixture.edits {
        base.apply(edit)?;
    }
    let moment = match &fixture.at {
        Some(at) => base.moment(at)?,
        None => base.moment("${now + 1s}")?,
    };
    let gate = base.next_gate();
    let through = gate.as_deref().unwrap_or("stabilization");
    let command =
        fixture.command.clone().unwrap_or_else(|| words(&["check", "--through", through]));
    let report = run(&base, &command, moment)?;
    let place =
        fixture.expect.as_ref().map(|expect| fill(&base.world, &expect.path)).transpose()?;
    reported(rule, fixture, place.as_deref().unwrap_or_default(), &report)?;

    let judge = fixture.judge.clone().unwrap_or_else(|| match &gate {
        Some(gate) => words(&["gate", gate, "--dry-run"]),
        None => words(&["verify"]),
    });
    let verdict = run(&base, &judge, moment)?;
    let is_error =
        |code: &String| RULES.iter().any(|rule| rule.code == code && rule.level == Level::Error);
    // A finding of an error's rule may itself be a warning: then the report is not refused.
    let expected = fixture.expect.as_ref();
    let told = expected.is_some_and(|expect| expect.exit == Some(0) && expect.state.is_none());
    // One of a warning's rule may be an error: the report says so by its exit.
    let refuses = expected.is_some_and(|expect| expect.exit == Some(1));
    let blocks = (rule.level == Level::Error || refuses) && expected.is_some() && !told
        || fixture.also.iter().any(is_error);
    match (blocks, verdict.exit) {
        (true, Exit::Passed) => Err(format!("{judge:?} passes all the same")),
        (false, Exit::Refused | Exit::Incomplete) => {
            Err(format!("{judge:?} is refused: {}", short(&verdict.value)))
        }
        _ => Ok(()),
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

struct Outcome {
    exit: Exit,
    value: Value,
}

fn run(base: &Base, command: &[String], moment: Stamp) -> Result<Outcome, String> {
    base.world.look_next_at(moment);
    let filled: Result<Vec<String>, String> =
        command.iter().map(|word| fill(&base.world, word)).collect();
    let filled = filled?;
    let args: Vec<&str> = filled.iter().map(String::as_str).collect();
    let said = base.world.json(&args);
    let value = serde_json::from_str(&said.out).map_err(|_| format!("no JSON: {}", said.all()))?;
    Ok(Outcome { exit: said.exit, value })
}

/// Findings of a report, or the places of a failure.
fn findings(report: &Value) -> Vec<Value> {
    let list = report.get("findings").or_else(|| report.pointer("/error/places"));
    list.and_then(Value::as_array).cloned().unwrap_or_default()
}

fn short(report: &Value) -> String {
    let lines: Vec<String> = findings(report)
        .iter()
        .map(|finding| {
            let text = |pointer| finding.pointer(pointer).and_then(Value::as_str).unwrap_or("-");
            let path = if text("/path") == "-" { text("/location/path") } else { text("/path") };
            let place = finding.get("location").unwrap_or(finding);
            let (line, column) = (&place["line"], &place["column"]);
            format!("{} {path}:{line}:{column}: {}", text("/rule"), text("/message"))
        })
        .collect();
    let more = lines.len().saturating_sub(6);
    let error = report.pointer("/error/message").and_then(Value::as_str).unwrap_or_default();
    format!(
        "{error}\n      {}\n      (and {more} more)",
        lines[..lines.len().min(6)].join("\n      ")
    )
}

fn reported(rule: &Rule, fixture: &Fixture, path: &str, report: &Outcome) -> Result<(), String> {
    let findings = findings(&report.value);
    let is_own = |finding: &&Value| finding["rule"] == rule.code;
    let own: Vec<&Value> = findings.iter().filter(is_own).collect();
    if let Some(expect) = &fixture.expect {
        let wanted = expect.count.unwrap_or(1);
        if own.len() != wanted {
            let found = short(&report.value);
            return Err(format!(
                "{} is reported {} times, not {wanted}: {found}",
                rule.code,
                own.len()
            ));
        }
        if !own.iter().any(|finding| fits(expect, path, finding)) {
            return Err(format!("not as expected: {}", short(&report.value)));
        }
        let exit = expect.exit.unwrap_or(u8::from(rule.level == Level::Error));
        if report.exit.code() != exit && fixture.also.is_empty() && fixture.waits.is_empty() {
            return Err(format!("exit {}, not {exit}", report.exit.code()));
        }
    } else if !own.is_empty() {
        return Err(format!("reported all the same: {}", short(&report.value)));
    }
    let others: BTreeSet<&str> = findings
        .iter()
        .filter(|finding| !is_own(finding))
        .filter_map(|finding| finding["rule"].as_str())
        .collect();
    let wanted = fixture.also.iter().chain(&fixture.waits);
    let wanted: BTreeSet<&str> = wanted.map(String::as_str).collect();
    if others != wanted {
        let found = short(&report.value);
        return Err(format!("other rules: {others:?}, expected {wanted:?}: {found}"));
    }
    Ok(())
}

fn fits(expect: &Expect, path: &str, finding: &Value) -> bool {
    let place = finding.get("location").unwrap_or(finding);
    let text = |value: &Value, wanted: &Option<String>| {
        wanted.as_ref().is_none_or(|wanted| value.as_str() == Some(wanted))
    };
    let number = |value: &Value, wanted: Option<u64>| wanted.is_none() || value.as_u64() == wanted;
    place["path"].as_str() == Some(path)
        && number(&place["line"], expect.line)
        && number(&place["column"], expect.column)
        && text(&place["pointer"], &expect.pointer)
        && text(&finding["state"], &expect.state)
        && expect.message.as_ref().is_none_or(|part| {
            finding["message"].as_str().is_some_and(|message| message.contains(part))
        })
}
