//! What operations need of a release, where a fact says so: tested alerts, dashboards, a restore within its
//! targets, documents that changed, people who were taught (OPS-4c to 4i, OPS-6, DLC-13, D3P-3).

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World};
use crate::facts::unsigned;
use d3p::Exit;
use d3p::testing::bundle::{LIMITS, unpack};
use d3p::testing::cli::demo::{Action, Step, release_script};
use serde_json::{Value, json};
use std::fs;

const READY: [&str; 2] = ["record", "deployment-readiness-checklist"];
const REPORT: &[&str] = &["report"];
const GATE: [&str; 2] = ["gate", "readiness"];
const ALERTS: &str = ".artifacts/deployment/alert-tests.json";

const RULES: &str = "groups:
  - name: shop
    rules:
      - alert: ErrorRateHigh
        expr: rate(errors_total[5m]) / rate(requests_total[5m]) > 0.02
        for: 5m
        labels: { severity: page }
";
const TESTS: &str = "rule_files: [alerts.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - { series: errors_total, values: 0+6x20 }
      - { series: requests_total, values: 0+60x20 }
    alert_rule_test:
      - eval_time: 15m
        alertname: ErrorRateHigh
        exp_alerts: [ { exp_labels: { severity: page } } ]
";
/// What promtool 2.42 says of a file of which everything passed, and of one of which something did not.
const PASSED: &str = "Unit Testing:  monitoring/alerts_test.yml\n  SUCCESS\n\n";
const FAILED: &str = "Unit Testing:  monitoring/alerts_test.yml\n  FAILED:\n    alertname: ErrorRateHigh, time: 15m, \n        exp:[\n            0:\n              Labels:{alertname=\"ErrorRateHigh\", severity=\"page\"}\n              Annotations:{}\n            ], \n        got:[]\n\n\n";
const RECORD: [&str; 6] = [
    "record",
    "alert-tests",
    "--promtool",
    "reports/alerts.txt",
    "--file",
    "rules=monitoring/*.yml",
];

fn passed(said: &Said) -> &Said {
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    said
}

fn refused(said: &Said, why: &str) {
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains(why), "{why}: {}", said.all());
}

fn at(script: &[Step], wanted: &[&str]) -> usize {
    let is = |step: &Step| matches!(&step.action, Action::Run { args, .. } if args == wanted);
    script.iter().rposition(is).unwrap()
}

/// The demo release of a commit with these files besides, about to pass its first gate, under these keys of
/// the policy.
fn ready(files: &[(&str, &str)], policy: &str) -> World {
    let world = World::new();
    for (path, text) in files {
        world.write(path, text);
    }
    let script = release_script();
    world.play(&script[..=at(&script, &READY)]);
    world.write("d3p.yaml", format!("{}{policy}", world.read("d3p.yaml")));
    world
}

fn monitored(rules: &str, tests: &str, report: &str) -> World {
    let files = [("monitoring/alerts.yml", rules), ("monitoring/alerts_test.yml", tests)];
    let world = ready(&files, "facts: { monitoring: true }\n");
    world.write("reports/alerts.txt", report);
    world
}

fn recorded(world: &World, kind: &str, body: &Value) -> Said {
    world.run_with(&["record", kind, "--from", "-"], &body.to_string())
}

/// The facts that demand anything, with the targets of a restore.
const FACTS: &str = "facts: { monitoring: true, users: true, data_persistence: true, runbooks: true, handover: true, migrations: true, flags: true, on_call: true, ticket: true }\nrecovery: { rto: 30m, rpo: 5m }\n";

fn readiness() -> Value {
    json!({
        "dashboards_seen": [{ "dashboard": "errors of the shop by minute", "where": "https://grafana.shop.example/d/7",
            "seen_by": "Ben Costa", "seen_at": "2026-11-20" }],
        "user_access": { "reviewed_by": "Ana Silva", "reviewed_at": "2026-11-20",
            "reviewed": "the nine accounts of the shop against the list of the team", "permission_gaps": [] },
        "feedback": { "tracker": "https://issues.shop.example", "watched_by": "Ana Silva",
            "tried_at": "2026-11-20", "tried_with": "SHOP-77" },
        "migrations": { "tested_by": "Ben Costa", "tested_at": "2026-11-20",
            "tested": "forwards and back on a copy of the orders of last week" },
        "on_call": [{ "name": "Jonas Weber", "notified_at": "2026-11-20", "where": "pager of the shop" }],
    })
}

fn restore() -> Value {
    json!({ "recovery_seconds": 1200, "data_loss_seconds": 240, "rehearsed_by": "Ben Costa",
        "compared": "rows and checksums of the twelve tables of orders" })
}

fn taught() -> Value {
    json!([{ "topic": "how a stuck payment is released", "taught_by": "Ana Silva",
        "taught_to": ["Ben Costa"], "taught_at": "2026-11-20" }])
}

fn nothing() -> Value {
    let word =
        json!({ "why": "the new call is started and stopped as before", "said_by": "Ana Silva" });
    json!({ "runbooks": word, "architecture": word, "incident-procedures": word })
}

#[test]
fn alert_rules_that_were_tested_are_kept_with_their_digests() {
    let world = monitored(RULES, TESTS, PASSED);
    refused(&world.run(&GATE), "tests of the alert rules does not exist");
    let said = world.run(&RECORD);
    assert!(passed(&said).out.contains("1 alert in 1 file, 1 of them tested"), "{}", said.out);
    let body: Value = serde_json::from_str(&world.read(ALERTS)).unwrap();
    assert_eq!(body["origin"], "imported");
    assert_eq!(body["rules"][0]["file"], "monitoring/alerts.yml");
    assert_eq!(body["tests"], json!({ "total": 1, "passed": 1, "failed": 0 }));
    // Both files are kept: a bundle has what was tested.
    for import in body["imports"].as_array().unwrap() {
        assert!(world.dir.join(import["path"].as_str().unwrap()).exists(), "{import}");
    }
    passed(&recorded(&world, "operations-readiness", &readiness()));
    passed(&world.run(&GATE));
    // What stands in the work tree is not what is released.
    let world = monitored(RULES, TESTS, PASSED);
    world.write("monitoring/alerts.yml", RULES.replace("0.02", "0.9"));
    passed(&world.run(&RECORD));
    let body: Value = serde_json::from_str(&world.read(ALERTS)).unwrap();
    let sha256 = d3p::testing::model::Sha256Digest::of(RULES.as_bytes()).to_string();
    assert_eq!(body["rules"][0]["sha256"], sha256);
}

#[test]
fn alerts_that_failed_or_were_not_tested_do_not_pass() {
    let world = monitored(RULES, TESTS, FAILED);
    let said = world.run(&RECORD);
    assert!(said.all().contains("GL209 `failed` is 1, the gate wants 0"), "{}", said.all());
    passed(&recorded(&world, "operations-readiness", &readiness()));
    refused(&world.run(&GATE), "alert-tests");
    // A file without tests is a success for promtool, and for nobody else.
    let empty = "rule_files: [alerts.yml]\ntests: []\n";
    let world = monitored(RULES, empty, PASSED);
    let said = world.run(&RECORD);
    assert!(said.all().contains("the gate wants at least 1"), "{}", said.all());
    refused(&world.run(&GATE), "alert-tests");
    // Rules that the tests do not name were not tested.
    let elsewhere = TESTS.replace("[alerts.yml]", "[none.yml]");
    let world = monitored(RULES, &elsewhere, PASSED);
    refused(&world.run(&RECORD), "tests none.yml, which is not among the files");
    // Nobody counts the tests of a file that is not there.
    let world = monitored(RULES, TESTS, &PASSED.replace("alerts_test", "other_test"));
    refused(&world.run(&RECORD), "nobody can count its tests");
    // Nothing of it can be typed.
    let world = monitored(RULES, TESTS, PASSED);
    let body = json!({ "rules": [], "rule_tests": [], "alerts": { "total": 1, "tested": 1 },
        "tests": { "total": 1, "passed": 1, "failed": 0 } });
    refused(&recorded(&world, "alert-tests", &body), "GL202");
}

#[test]
fn an_alert_that_no_test_lets_fire_waits_for_a_person() {
    let more =
        format!("{RULES}      - {{ alert: NobodyBuys, expr: 'rate(orders_total[1h]) == 0' }}\n");
    let world = monitored(&more, TESTS, PASSED);
    let said = world.run(&RECORD);
    assert!(
        said.all().contains("no test that ran lets the alert NobodyBuys fire"),
        "{}",
        said.all()
    );
    let quiet = TESTS.replace("[ { exp_labels: { severity: page } } ]", "[]");
    let world = monitored(RULES, &quiet, PASSED);
    let said = world.run(&RECORD);
    assert!(
        said.all().contains("no test that ran lets the alert ErrorRateHigh fire"),
        "{}",
        said.all()
    );
}

#[test]
fn the_junit_report_of_promtool_counts_as_well() {
    // As promtool 3 writes it with --junit.
    let report = r#"<testsuites><testsuite name="monitoring/alerts_test.yml" tests="1" failures="0" errors="0" skipped="0" timestamp=""><testcase name="errors fire"></testcase></testsuite></testsuites>"#;
    let junit = |world: &World| {
        world.run(&[
            "record",
            "alert-tests",
            "--junit",
            "reports/alerts.txt",
            "--file",
            "rules=monitoring/*.yml",
        ])
    };
    let world = monitored(RULES, TESTS, report);
    passed(&junit(&world));
    let failed = report.replace("failures=\"0\"", "failures=\"1\"").replace(
        "</testcase>",
        "<failure>    alertname: ErrorRateHigh, time: 15m, got:[]</failure></testcase>",
    );
    let world = monitored(RULES, TESTS, &failed);
    let said = junit(&world);
    assert!(said.all().contains("`failed` is 1, the gate wants 0"), "{}", said.all());
}

#[test]
fn a_hook_tests_the_alerts_with_the_tool_itself() {
    let hook = "hooks: { test-alerts: { shell: \"mkdir -p reports; promtool test rules monitoring/alerts_test.yml > reports/alerts.txt 2>&1\", reports: [{ promtool: reports/alerts.txt }, { file: 'monitoring/*.yml', part: rules }] } }\n";
    let policy = format!("facts: {{ monitoring: true }}\n{hook}");
    for (tests, exit, of) in [
        (TESTS.to_owned(), Exit::Passed, "ran"),
        (TESTS.replace("0+6x20", "0+0x20"), Exit::Refused, "ran"),
    ] {
        let files = [("monitoring/alerts.yml", RULES), ("monitoring/alerts_test.yml", &tests)];
        let world = ready(&files, &policy);
        let said = world.run(&["run", "test-alerts"]);
        assert_eq!(said.exit, exit, "{}", said.all());
        let body: Value = serde_json::from_str(&world.read(ALERTS)).unwrap();
        assert_eq!(body["origin"], of, "{body:#}");
        assert_eq!(body["tests"]["failed"], u64::from(exit == Exit::Refused), "{body:#}");
    }
}

#[test]
fn a_restore_within_its_targets_passes() {
    let world = ready(&[], "facts: { data_persistence: true }\nrecovery: { rto: 20m, rpo: 4m }\n");
    passed(&recorded(&world, "restore-rehearsal", &restore()));
    passed(&world.run(&GATE));
}

#[test]
fn a_restore_is_judged_by_its_targets() {
    let world = ready(&[], "facts: { data_persistence: true }\nrecovery: { rto: 30m, rpo: 5m }\n");
    refused(&world.run(&GATE), "rehearsal of a restore does not exist");
    for (key, value, why) in [
        ("recovery_seconds", 1801, "`recovery_seconds` is 1801, the gate wants at most \"30m\""),
        ("data_loss_seconds", 301, "`data_loss_seconds` is 301, the gate wants at most \"5m\""),
    ] {
        let mut late = restore();
        late[key] = json!(value);
        let said = recorded(&world, "restore-rehearsal", &late);
        assert!(said.all().contains(why), "{}", said.all());
        refused(&world.run(&GATE), why);
    }
    // Without targets of its own a project has those of the phase.
    let world = ready(&[], "facts: { data_persistence: true }\n");
    let mut late = restore();
    late["recovery_seconds"] = json!(5 * 3600);
    let said = recorded(&world, "restore-rehearsal", &late);
    assert!(said.all().contains("the gate wants at most \"4h\""), "{}", said.all());
}

#[test]
fn a_hook_restores_and_the_time_is_measured() {
    let hook = |says: &str| {
        format!(
            "facts: {{ data_persistence: true }}\nrecovery: {{ rto: 30m, rpo: 5m }}\nhooks: {{ rehearse-restore: {{ shell: \"{says}\" }} }}\n"
        )
    };
    let seen = "echo '::observation twelve tables of orders have the rows of the backup'";
    let world = ready(&[], &hook(&format!("echo ::metric data_loss=90s; {seen}")));
    passed(&world.run(&["run", "rehearse-restore"]));
    let path = ".artifacts/deployment/restore-rehearsal.json";
    let body: Value = serde_json::from_str(&world.read(path)).unwrap();
    assert_eq!((&body["data_loss_seconds"], &body["origin"]), (&json!(90), &json!("ran")));
    passed(&world.run(&GATE));
    let world = ready(&[], &hook(&format!("echo ::metric data_loss=600s; {seen}")));
    let said = world.run(&["run", "rehearse-restore"]);
    assert!(said.all().contains("the gate wants at most \"5m\""), "{}", said.all());
    let world = ready(&[], &hook(seen));
    refused(&world.run(&["run", "rehearse-restore"]), "no hook says how much was lost");
}

#[test]
fn dashboards_access_and_feedback_are_shown_where_facts_ask_for_them() {
    let board = [("monitoring/dashboard.json", "{ \"title\": \"shop\" }\n")];
    let world = ready(&board, "facts: { monitoring: true, users: true }\n");
    let mut body = readiness();
    body.as_object_mut().unwrap().remove("dashboards_seen");
    refused(&recorded(&world, "operations-readiness", &body), "does not show the dashboards");
    // The definition by its digest is as good as somebody's word.
    let args = [
        "record",
        "operations-readiness",
        "--file",
        "dashboards=monitoring/dashboard.json",
        "--from",
        "-",
    ];
    passed(&world.run_with(&args, &body.to_string()));
    let path = ".artifacts/deployment/operations-readiness.json";
    let kept: Value = serde_json::from_str(&world.read(path)).unwrap();
    assert_eq!(kept["files"]["dashboards"][0]["file"], "monitoring/dashboard.json");
    for (part, why) in [
        ("user_access", "does not show a review of who has access, and facts.users is true"),
        ("feedback", "does not show where feedback goes"),
    ] {
        let mut less = readiness();
        less.as_object_mut().unwrap().remove(part);
        refused(&recorded(&world, "operations-readiness", &less), why);
    }
    for (pointer, value, rule) in [
        ("/user_access/reviewed_by", json!("the team"), "GL213"),
        ("/dashboards_seen/0/seen_at", json!("2026-01-02"), "GL301"),
        ("/dashboards_seen/0/dashboard", json!("n/a"), "GL202"),
    ] {
        let mut hollow = readiness();
        *hollow.pointer_mut(pointer).unwrap() = value;
        refused(&recorded(&world, "operations-readiness", &hollow), rule);
    }
    // Of files that are shown nothing can be edited afterwards.
    world.edit(path, "monitoring/dashboard.json", "monitoring/dashboards.json");
    refused(&world.run(&["check", "--through", "readiness"]), "GL230");
}

#[test]
fn documents_changed_or_somebody_says_that_there_is_nothing_to_change() {
    let files = [("docs/runbook.md", "Restart the shop with care.\n")];
    let (world, rest) = launched(&files, "facts: { runbooks: true, handover: true }\n");
    let mut body = handover();
    body["nothing_to_change"].as_object_mut().unwrap().remove("runbooks");
    let args =
        ["record", "operations-handover", "--file", "runbooks=docs/runbook.md", "--from", "-"];
    passed(&world.run_with(&args, &body.to_string()));
    world.play(&rest);
    passed(&world.run(&["verify"]));
}

fn handover() -> Value {
    json!({ "nothing_to_change": nothing(), "knowledge_transfer": taught(), "ticket": {
        "link": "https://tickets.shop.example/SHOP-12", "status": "in production since v1.4.0",
        "updated_by": "Mei Tanaka", "updated_at": "2026-11-21" } })
}

#[test]
fn documents_are_shown_one_by_one() {
    let (world, _) = launched(&[], "facts: { runbooks: true, handover: true }\n");
    let body = handover();
    refused(
        &world.run(&["check", "--through", "stabilization"]),
        "handover to operations does not exist",
    );
    for (part, why) in [
        ("/nothing_to_change/runbooks", "does not show the runbooks"),
        ("/nothing_to_change/incident-procedures", "does not show the incident procedures"),
        ("/knowledge_transfer", "does not show what people were taught"),
    ] {
        let mut less = body.clone();
        let (parent, key) = part.rsplit_once('/').unwrap();
        less.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
        refused(&recorded(&world, "operations-handover", &less), why);
    }
}

#[test]
fn who_taught_is_a_person() {
    let world = World::played_until(&READY);
    let mut body = handover();
    body["knowledge_transfer"][0]["taught_to"] = json!(["operations team"]);
    refused(&recorded(&world, "operations-handover", &body), "GL213");
    passed(&recorded(&world, "operations-handover", &handover()));
}

#[test]
fn what_is_as_it_was_is_no_change() {
    let world = unsigned(&["docs/runbook.md"], "change: [documentation, code]");
    let shown = |file: &str| {
        let file = format!("runbooks={file}");
        world.run(&["record", "operations-handover", "--file", &file])
    };
    refused(&shown("scripts/validate.sh"), "scripts/validate.sh is as it was at v1.3.0+1");
    passed(&shown("docs/runbook.md"));
    refused(&shown("docs/none.md"), "no file of the project matches");
}

/// The demo release until its report is due, and the rest of its story.
fn launched(files: &[(&str, &str)], policy: &str) -> (World, Vec<Step>) {
    let world = ready(files, policy);
    let script = release_script();
    let (begin, end) = (at(&script, &READY) + 1, at(&script, REPORT));
    world.play(&script[begin..end]);
    (world, script[end..].to_vec())
}

#[test]
fn a_release_to_which_everything_applies_verifies() {
    let files = [
        ("monitoring/alerts.yml", RULES),
        ("monitoring/alerts_test.yml", TESTS),
        ("docs/architecture.md", "One shop, one database.\n"),
        ("config/flags.json", "{ \"gift_cards\": true }\n"),
        ("monitoring/dashboard.json", "{ \"title\": \"shop\" }\n"),
        ("docs/runbook.md", "Restart the shop with care.\n"),
    ];
    let world = ready(&files, FACTS);
    world.write("reports/alerts.txt", PASSED);
    passed(&world.run(&RECORD));
    let shown = |flags: &str| {
        let board = "dashboards=monitoring/dashboard.json";
        let args =
            ["record", "operations-readiness", "--file", flags, "--file", board, "--from", "-"];
        world.run_with(&args, &readiness().to_string())
    };
    refused(
        &recorded(&world, "operations-readiness", &readiness()),
        "does not show the feature flags",
    );
    passed(&shown("flags=config/flags.json"));
    passed(&recorded(&world, "restore-rehearsal", &restore()));
    let applies = world.json(&["applies"]).json();
    let parts = applies["parts"].as_array().unwrap();
    for kind in ["alert-tests", "operations-readiness", "restore-rehearsal", "operations-handover"]
    {
        let part = parts.iter().find(|part| part["id"] == kind).unwrap();
        assert_eq!(part["applies"], true, "{part}");
    }
    let script = release_script();
    let (begin, end) = (at(&script, &READY) + 1, at(&script, REPORT));
    world.play(&script[begin..end]);
    let mut body = handover();
    body["nothing_to_change"].as_object_mut().unwrap().remove("runbooks");
    let args =
        ["record", "operations-handover", "--file", "runbooks=docs/runbook.md", "--from", "-"];
    passed(&world.run_with(&args, &body.to_string()));
    world.play(&script[end..]);
    passed(&world.run(&["verify"]));
    // The checklist in its groups stands in the report, too.
    let report = world.read(".artifacts/deployment/DEPLOYMENT-REPORT.md");
    for line in [
        "### Pre-Deployment",
        "- [x] Database migrations tested (if applicable)",
        "### Communication",
    ] {
        assert!(report.contains(line), "{line}: {report}");
    }
    // Who takes it has runbooks and dashboards by their files.
    let bundle = world.dir.with_file_name("whole.tar.gz");
    passed(&world.run(&["bundle", "create", bundle.to_str().unwrap()]));
    let members = unpack(&mut fs::read(&bundle).unwrap().as_slice(), &LIMITS).unwrap().members;
    for name in ["alerts.yml", "flags.json", "runbook.md", "dashboard.json"] {
        let kept = members.keys().any(|path| path.ends_with(&format!("-{name}")));
        assert!(kept, "{name}: {:?}", members.keys());
    }
    // What a fact demanded is missed for ever.
    world.remove(".artifacts/deployment/restore-rehearsal.json");
    assert_eq!(world.run(&["verify"]).exit, Exit::Refused);
}

#[test]
fn nothing_of_it_is_asked_for_where_no_fact_says_so() {
    let world = World::played_until(&READY);
    passed(&world.run(&GATE));
    let applies = world.run(&["applies"]);
    let told = "evidence restore-rehearsal: does not apply, facts.data_persistence is not given";
    assert!(applies.out.contains(told), "{}", applies.out);
}
