//! Phase 10, which is a folder and no Rust: from what Phase 9 hands over to `verify`.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World};
use d3p::Exit;
use serde_json::{Value, json};

const PHASE: &str = "phase-10-operations";
const DOCUMENTS: &str = "d3p/phase-10-operations";

/// Where the archive of Phase 9 has the record of its last gate.
const RECORD: &str =
    ".artifacts/releases/v1.4.0+1/.artifacts/deployment/records/4-stabilization.json";

/// A release that went live and was closed.
fn archived() -> World {
    let world = World::played();
    passes(&world, &["archive"]);
    world
}

/// The project of Phase 9 takes up Phase 10 for its release, with every document written.
fn operating(world: &World) {
    world.remove("d3p.yaml");
    let said = world.run(&[
        "init",
        "--phase",
        PHASE,
        "--release",
        "v1.4.0",
        "--service",
        "api",
        "--service",
        "web",
    ]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let manifest = world.read(".artifacts/deployment/release-manifest.md");
    let commit = manifest.lines().find_map(|line| line.strip_prefix("commit: ")).unwrap();
    let attempt = manifest.lines().find_map(|line| line.strip_prefix("attempt: ")).unwrap();
    let (now, commit) = (world.now(), commit.trim_matches('"'));
    let artifact = |name: &str| {
        format!(
            "  - {{ name: shop/{name}, type: container, version: v1.4.0, sha256: {} }}\n",
            "a1".repeat(32)
        )
    };
    world.write(
        ".artifacts/deployment/release-manifest.md",
        format!(
            "---\nschema_version: 1\nkind: release-manifest\nrelease: v1.4.0\ncommit: {commit}\nrepository: demo/shop\nenvironment: production\nattempt: {attempt}\ncreated_at: \"{now}\"\nservices: [api, web]\nartifacts:\n{}{}scope: [gift cards at checkout]\nsign_offs: [{{ name: Mei Tanaka, role: product owner, at: \"{now}\" }}]\nprevious_release: v1.3.2\n---\n# Manifest of the operated release\n\n## What was handed over\n\nAll three files of the launch; both follow-ups are on the board of operations.\n",
            artifact("api"),
            artifact("web")
        ),
    );
    let document = |name: &str, text: &str| {
        let text = format!("---\nrelease: v1.4.0\n---\n{text}");
        world.write(&format!("{DOCUMENTS}/{name}.md"), text);
    };
    document(
        "phase10_operational_runbook",
        "# Operational runbook\n\n## On call\n\n| Role | Name | Reachable at |\n|---|---|---|\n| First line | Jonas Weber | pager of the shop team |\n\n## First actions\n\n| Situation | First action | Owner | Within |\n|---|---|---|---|\n| api answers slowly | add two nodes and look at the queue | Jonas Weber | 15m |\n| web shows errors | go through the error classes of the last hour | Jonas Weber | 15m |\n\n## Routine work\n\nJonas Weber renews the certificates of both services in January.\n\n## Takeover\n\n> Have those who operate the release taken it over, and do they know what is still open?\n\nYes: Jonas Weber has it since the last check-in, and both follow-ups are on his board.\n",
    );
    document(
        "phase10_monitoring_metrics",
        "# Monitoring metrics\n\n## Service level objectives\n\n| Signal | Source | Threshold | Reviewed every |\n|---|---|---|---|\n| error_rate | 5xx answers of the gateway log, hourly | < 0.5% | 7d |\n| latency_p99 | histogram of the gateway log, hourly | < 300ms | 7d |\n\n## Alerts\n\nThe pager rings at an error rate of two percent, and mails at one.\n",
    );
    document(
        "phase10_retrospective_lessons",
        "# Retrospective and lessons\n\n## What went well\n\nBoth services stayed within their objectives on every day.\n\n## What went badly\n\nAn export of the second night was late, and finance waited.\n\n## What was learnt\n\n| Lesson | Seen in | Owner |\n|---|---|---|\n| Jobs want their own hours | the late export of the second night | Mei Tanaka |\n",
    );
    let tracker = "- [ ] Handover of Phase 9 received and complete\n- [ ] Runbook and objectives written down\n- [ ] Period reviewed against its objectives\n";
    document(
        "phase10_improvement_log",
        &format!(
            "# Improvement log\n\n## Improvements\n\n| Improvement | Because of | Owner | Until |\n|---|---|---|---|\n| Start the export an hour earlier | the late export of the second night | Mei Tanaka | 2026-12-18T12:00:00Z |\n\n## Progress tracker\n\n{tracker}"
        ),
    );
}

/// The review of the period, as somebody wrote it.
fn review(world: &World, change: impl Fn(&mut Value)) -> Said {
    let example = world.run(&["record", "service-review", "--example"]);
    assert_eq!(example.exit, Exit::Passed, "{}", example.all());
    let mut body: Value = serde_json::from_str(&example.out).unwrap();
    body["reviewed_by"] = json!("Jonas Weber");
    change(&mut body);
    world.run_with(&["record", "service-review", "--from", "-"], &body.to_string())
}

fn passes(world: &World, args: &[&str]) -> String {
    let said = world.run(args);
    assert_eq!(said.exit, Exit::Passed, "{args:?}: {}", said.all());
    said.all()
}

fn refuses(world: &World, args: &[&str], why: &str) {
    let said = world.run(args);
    assert_eq!(said.exit, Exit::Refused, "{args:?}: {}", said.all());
    assert!(said.all().contains(why), "{args:?}, wanted {why}: {}", said.all());
}

/// Both gates and `verify`.
fn play(world: &World) {
    passes(world, &["gate", "takeover"]);
    passes(world, &["check", "--before", "operate"]);
    refuses(world, &["check", "--before", "improve"], "improvement");
    let said = review(world, |_| ());
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let done = passes(world, &["gate", "improvement"]);
    assert!(done.contains("[PHASE 10 COMPLETE]"), "{done}");
    passes(world, &["verify"]);
}

#[test]
fn phase_10_begins_from_an_archived_phase_9_and_verifies() {
    let world = archived();
    operating(&world);
    play(&world);
    let ledger = world.read(".artifacts/deployment/records/ledger.jsonl");
    assert!(ledger.contains("takeover") && !ledger.contains("stabilization"), "{ledger}");
    let status = passes(&world, &["status"]);
    for absent in ["uat", "launch", "validation", "windows", "Handoff"] {
        assert!(!status.contains(absent), "{absent}: {status}");
    }
    passes(&world, &["archive"]);
    let archive = ".artifacts/releases/v1.4.0+2";
    passes(&world, &["verify", archive]);
    assert!(world.dir.join(".artifacts/releases/v1.4.0+1/d3p.yaml").exists());
    // What was handed over went along, and is looked at there again.
    let record = format!("{archive}/{RECORD}");
    world.edit(&record, "\"PASSED\"", "\"FAILED\"");
    refuses(&world, &["verify", archive], "4-stabilization.json");
}

#[test]
fn what_phase_9_did_not_hand_over_is_not_taken_over() {
    let open = World::played_until(&["gate", "production-launch"]);
    passes(&open, &["archive", "--outcome", "abandoned", "--reason", "not stable"]);
    operating(&open);
    refuses(&open, &["gate", "takeover"], "4-stabilization.json");
    // A report that the last gate did not bind, and a record that no ledger names.
    let played = archived();
    operating(&played);
    let world = played.copy();
    let report = ".artifacts/releases/v1.4.0+1/.artifacts/deployment/DEPLOYMENT-REPORT.md";
    world.write(report, format!("{}\nAll was well.\n", world.read(report)));
    refuses(&world, &["gate", "takeover"], "does not bind it");
    let world = played.copy();
    world.write(RECORD, format!("{} ", world.read(RECORD)));
    refuses(&world, &["gate", "takeover"], "does not name it");
    // Another release has no archive.
    let world = played.copy();
    world.edit(".artifacts/deployment/release-manifest.md", "release: v1.4.0", "release: v1.5.0");
    refuses(&world, &["gate", "takeover"], "4-stabilization.json");
}

/// What somebody makes of a review.
type Lie = fn(&mut Value);

#[test]
fn a_period_that_missed_its_objectives_is_not_reviewed_well() {
    let world = archived();
    operating(&world);
    passes(&world, &["gate", "takeover"]);
    let lies: [(&str, Lie); 4] = [
        ("met", |body| body["services"][0]["objectives"][0]["met"] = json!(false)),
        ("open", |body| body["incidents"][0]["status"] = json!("open")),
        ("owner", |body| body["improvements"][0]["owner"] = json!("Team Platform")),
        ("web", |body| {
            body["services"].as_array_mut().unwrap().pop();
        }),
    ];
    for (word, lie) in lies {
        let said = review(&world, lie);
        assert_eq!(said.exit, Exit::Refused, "{word}: {}", said.all());
        assert!(said.all().contains(word), "{word}: {}", said.all());
        assert_eq!(world.run(&["gate", "improvement"]).exit, Exit::Refused, "{word}");
    }
}
