//! Inputs that an early build got wrong, and the right value of each: what becomes of them in a whole
//! release, or what the importers make of them. Every file of `tests/cases/` is used here.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::import::{junit, prometheus, sarif};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const CHECKLIST: [&str; 2] = ["record", "deployment-readiness-checklist"];
const PLAN: &str = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";

fn place(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(place(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Passed, failed, skipped, and how much is in doubt.
fn counted(path: &str) -> (u64, u64, u64, usize) {
    let report = junit::parse(&text(path)).unwrap();
    let sum = |of: fn(&junit::TestSuite) -> u64| report.suites.iter().map(of).sum();
    (sum(|s| s.passed), sum(|s| s.failed), sum(|s| s.skipped), report.doubts.len())
}

/// Records smoke tests of these reports in a release before gate 1; gives their numbers.
fn imported(files: &[(&str, &str)], args: &[&str]) -> (World, Said) {
    let world = World::played_until(&CHECKLIST);
    world.remove(".artifacts/pre-deployment/smoke-test-results.json");
    for (at, from) in files {
        world.write(at, text(from));
    }
    let said = world.run(&[&["record", "smoke-tests"], args].concat());
    (world, said)
}

fn smoke(world: &World) -> Value {
    serde_json::from_str(&world.read(".artifacts/deployment/smoke-tests.json")).unwrap()
}

/// A whole release up to gate 1, one of whose files is `from`; what its gate says.
fn at_gate_1(path: &str, from: &str) -> Said {
    let world = World::played_until(&CHECKLIST);
    world.write(path, text(from));
    world.run(&CHECKLIST);
    world.json(&["gate", "readiness"])
}

#[test]
fn test_reports() {
    // A suite tells of an error, and no case does.
    let (passed, failed, _, doubts) = counted("junit/j1-suite-error-without-case.xml");
    assert!(failed > 0 || doubts > 0, "{passed} passed");
    let (_, failed, _, doubts) = counted("junit/j4-claims-error-case-clean.xml");
    assert!(failed > 0 || doubts > 0);
    assert_eq!(counted("junit/j5-ignored-and-disabled-elements.xml"), (0, 0, 2, 0));
    // What pytest really writes accuses nobody.
    assert_eq!(counted("junit/j6-pytest9-subtests.xml"), (1, 0, 0, 0));
    // Ant's merged file beside the single ones: one test, or told.
    let one = |file: &str| format!("junit/j10-merged-and-single/{file}");
    let (single, merged) = (one("TEST-a.xml"), one("TESTS-TestSuites.xml"));
    let files = [("reports/TEST-a.xml", &*single), ("reports/TESTS-TestSuites.xml", &*merged)];
    let (world, said) = imported(&files, &["--junit", "smoke=reports/*.xml"]);
    assert_ne!(said.exit, Exit::Incomplete, "{}", said.all());
    world.run(&CHECKLIST);
    let gate = world.json(&["gate", "readiness"]);
    assert_eq!(gate.exit, Exit::Refused, "{}", gate.all());
    assert!(gate.has("GL237"), "{:?}", gate.rules());
    assert!(gate.all().contains("twice"), "{}", gate.all());
}

#[test]
fn secrets_are_masked_after_reading() {
    let file = "redaction/r1-key-markers-swallow-failed-case.xml";
    assert_eq!(counted(file), (2, 1, 0, 0));
    let (world, said) = imported(&[("reports/smoke.xml", file)], &["--junit", "reports/smoke.xml"]);
    assert_ne!(said.exit, Exit::Incomplete, "{}", said.all());
    let tests = smoke(&world)["tests"].clone();
    assert_eq!((tests["total"].as_u64(), tests["failed"].as_u64()), (Some(3), Some(1)), "{tests}");

    let file = "redaction/r6-bearer-at-end-of-cdata.xml";
    let (world, said) = imported(&[("reports/smoke.xml", file)], &["--junit", "reports/smoke.xml"]);
    assert_ne!(said.exit, Exit::Incomplete, "{}", said.all());
    let tests = smoke(&world)["tests"].clone();
    assert_eq!((tests["total"].as_u64(), tests["passed"].as_u64()), (Some(1), Some(1)), "{tests}");
    let raw = world.dir.join(".artifacts/deployment/raw");
    let kept = walkdir::WalkDir::new(raw).into_iter().flatten();
    let kept = kept.filter(|entry| entry.file_type().is_file());
    for entry in kept {
        let text = fs::read_to_string(entry.path()).unwrap();
        assert!(!text.contains("abcdefgh.ijklmnop"), "{}: {text}", entry.path().display());
    }

    // Well-formed before, and after.
    let file = "redaction/r4-password-in-snippet-breaks-json.sarif";
    let scan = sarif::parse(&text(file)).unwrap();
    assert_eq!((scan.found.high, scan.found.total()), (1, 1));
    let mut copy = Vec::new();
    let redactor = d3p::testing::process::Redactor::new(&[]);
    let mask = |name: &str, value: &str| redactor.redact_value(name, value);
    let masked = d3p::testing::import::copy::json(&text(file).as_str(), &mask, &mut copy).unwrap();
    let copy = String::from_utf8(copy).unwrap();
    assert!(masked == 1 && !copy.contains("hunter2"), "{copy}");
    assert_eq!(sarif::parse(&copy).unwrap().found.high, 1);
}

#[test]
fn scans() {
    let read = |path: &str| sarif::parse(&text(path)).unwrap();
    assert_eq!(read("sarif/s2-index-without-matching-id.sarif").found.critical, 1);
    let told = read("sarif/s3-informational-error-notification.sarif");
    assert!(told.failed.is_none() && told.found.total() == 0, "{told:?}");
    assert_eq!(told.doubts.len(), 1, "a person looks at it: {:?}", told.doubts);
    let null = read("sarif/s9-null-members.sarif");
    assert_eq!((null.found.medium, null.found.total()), (1, 1));
}

#[test]
fn expositions() {
    let error = prometheus::parse(&text("prom/p2-openmetrics-without-eof.prom")).unwrap_err();
    assert!(error.to_string().contains("# EOF"), "{error}");
}

#[test]
fn prerequisites() {
    let environment = ".artifacts/environment/validation-suite-report.json";
    let said = at_gate_1(environment, "prereq/p1-env-mostly-skipped.json");
    assert!(said.exit == Exit::Refused && said.has("GL221"), "{:?}", said.rules());
    let rehearsal = ".artifacts/pre-deployment/rollback-rehearsal-log.json";
    let said = at_gate_1(rehearsal, "prereq/p4-rollback-rto-missed.json");
    assert!(said.exit == Exit::Refused && said.has("GL221"), "{:?}", said.rules());
    // In the words of its own protocol, at the other place that it may lie at.
    let world = World::played_until(&CHECKLIST);
    world.remove(rehearsal);
    let other = ".artifacts/pre-deployment/rollback-verification-report.json";
    let mut value: Value =
        serde_json::from_str(&text("prereq/p3-rollback-own-words.json")).unwrap();
    // The clock of a test stands still before that day.
    value["rollback_verification_date"] = "2026-11-20T12:00:00Z".into();
    world.write(other, value.to_string());
    world.run(&CHECKLIST);
    let said = world.json(&["gate", "readiness"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

#[test]
fn documents() {
    let of = |path: &str| at_gate_1(PLAN, path);
    // Numbers before headings hide no section; the window of the case is another day's.
    let said = of("docs/d1-numbered-headings.md");
    assert!(!said.has("GL120") && !said.has("GL122"), "{:?}", said.rules());
    let said = of("docs/d5-answer-no.md");
    assert!(said.exit == Exit::Refused && said.has("GL140"), "{:?}", said.rules());
}

#[test]
fn every_case_is_used() {
    let source = include_str!("cases.rs");
    let walk = walkdir::WalkDir::new(place("")).into_iter().flatten();
    let files = walk.filter(|entry| entry.file_type().is_file());
    let names: BTreeSet<String> =
        files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(names.len() >= 17, "{names:?}");
    let unused: Vec<_> = names.iter().filter(|name| !source.contains(name.as_str())).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
