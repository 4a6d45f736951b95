//! Phase 10, which is a folder and no Rust: from what Phase 9 hands over to `verify`.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::source::Root;
use d3p::testing::write::Lock;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

const PHASE: &str = "phase-10-operations";
const BEFORE: &str = "phase-9-deployment-golive";
const EVIDENCE: &str = ".artifacts/operations";
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
    let said = world.run(&["init", "--phase", PHASE, "--release", "v1.4.0"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let manifest = world.read(".artifacts/operations/release-manifest.md");
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
        ".artifacts/operations/release-manifest.md",
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
    review_in(world, &[], change)
}

fn review_in(world: &World, phase: &[&str], change: impl Fn(&mut Value)) -> Said {
    let with = |args: &[&'static str]| [args, phase].concat();
    let example = world.run(&with(&["record", "service-review", "--example"]));
    assert_eq!(example.exit, Exit::Passed, "{}", example.all());
    let mut body: Value = serde_json::from_str(&example.out).unwrap();
    body["reviewed_by"] = json!("Jonas Weber");
    change(&mut body);
    world.run_with(&with(&["record", "service-review", "--from", "-"]), &body.to_string())
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
    let ledger = world.read(".artifacts/operations/records/ledger.jsonl");
    assert!(ledger.contains("takeover") && !ledger.contains("stabilization"), "{ledger}");
    let status = passes(&world, &["status"]);
    for absent in ["uat", "launch", "validation", "windows", "Handoff"] {
        assert!(!status.contains(absent), "{absent}: {status}");
    }
    passes(&world, &["archive"]);
    let archive = ".artifacts/operated/v1.4.0+1";
    passes(&world, &["verify", archive]);
    assert!(world.dir.join(".artifacts/releases/v1.4.0+1/d3p.yaml").exists());
    // What was handed over went along, and is looked at there again.
    let record = format!("{archive}/{RECORD}");
    world.edit(&record, "\"PASSED\"", "\"FAILED\"");
    refuses(&world, &["verify", archive], "4-stabilization.json");
}

#[test]
fn what_phase_9_did_not_hand_over_is_not_taken_over() {
    // One that is not finished, open or given up, is not even begun.
    let begin = ["init", "--phase", PHASE, "--release", "v1.4.0"];
    let open = World::played_until(&["gate", "production-launch"]);
    let policy = open.read("d3p.yaml");
    refuses(&open, &begin, "4-stabilization.json");
    refuses(&open, &begin, "d3p status --phase phase-9-deployment-golive --next");
    passes(&open, &["archive", "--outcome", "abandoned", "--reason", "not stable"]);
    refuses(&open, &begin, "4-stabilization.json");
    assert_eq!(open.read("d3p.yaml"), policy, "nothing was written");
    assert!(!open.dir.join(EVIDENCE).exists());
    // Nor is another release, or one whose hand-over was changed.
    let finished = archived();
    refuses(&finished, &["init", "--phase", PHASE, "--release", "v1.5.0"], "4-stabilization.json");
    let changed = ".artifacts/releases/v1.4.0+1/.artifacts/deployment/retrospective-inputs.json";
    finished.write(changed, format!("{} ", finished.read(changed)));
    refuses(&finished, &begin, "does not bind it");
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
    world.edit(".artifacts/operations/release-manifest.md", "release: v1.4.0", "release: v1.5.0");
    refuses(&world, &["gate", "takeover"], "4-stabilization.json");
}

/// Another repository, of those who operate what others launch.
fn elsewhere() -> World {
    let world = World::new();
    world.write("README.md", "Operations\n");
    git(&world, &["init", "--quiet"]);
    git(&world, &["add", "--all"]);
    git(&world, &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "begin"]);
    world
}

#[test]
fn what_was_handed_over_as_one_file_is_taken_over_in_another_repository() {
    let world = World::played();
    let file = world.dir.with_file_name("handed.tar.gz");
    let file = file.to_str().unwrap();
    passes(&world, &["handoff", "phase-10", file]);
    passes(&world, &["verify", file]);
    let other = elsewhere();
    other.at(world.now());
    let begin = ["init", "--phase", PHASE, "--from", file];
    refuses(&other, &[&begin[..], &["--release", "v1.5.0"]].concat(), "v1.4.0 was handed over");
    let said = passes(&other, &begin);
    assert!(said.contains("taken over: v1.4.0+1"), "{said}");
    assert!(!said.contains("created  .artifacts/releases"), "{said}");
    let policy = other.read("d3p.yaml");
    assert!(policy.contains("api") && policy.contains("web"), "its services: {policy}");
    operating(&other);
    play(&other);
    passes(&other, &["archive"]);
    // What lies there already is kept where it is the same, and never overwritten.
    let again = elsewhere();
    again.at(world.now());
    let report = ".artifacts/releases/v1.4.0+1/.artifacts/deployment/DEPLOYMENT-REPORT.md";
    again.write(report, "# Another report\n");
    refuses(&again, &begin, "is not that of the bundle");
    assert!(!again.dir.join("d3p.yaml").exists(), "nothing was written");
}

#[test]
fn what_is_handed_over_is_a_completed_release_as_it_was_packed() {
    let open = World::played_until(&["gate", "production-launch"]);
    let file = open.dir.with_file_name("open.tar.gz");
    let file = file.to_str().unwrap();
    passes(&open, &["handoff", "phase-10", file]);
    let other = elsewhere();
    other.at(open.now());
    let begin = ["init", "--phase", PHASE, "--from", file];
    refuses(&other, &begin, "gate stabilization is not passed");
    // What another consumer is given is no release.
    let played = World::played();
    let part = played.dir.with_file_name("part.tar.gz");
    let part = part.to_str().unwrap();
    passes(&played, &["handoff", "protocol-5", part]);
    assert_ne!(other.run(&["init", "--phase", PHASE, "--from", part]).exit, Exit::Passed);
    // One in which a file was exchanged.
    played.write(
        ".artifacts/deployment/retrospective-inputs.json",
        played.read(".artifacts/deployment/retrospective-inputs.json").replacen('{', "{ ", 1),
    );
    let lie = played.dir.with_file_name("lie.tar.gz");
    let lie = lie.to_str().unwrap();
    passes(&played, &["bundle", "create", lie]);
    other.at(played.now());
    refuses(&other, &["init", "--phase", PHASE, "--from", lie], "hands over no completed release");
    // A phase that follows none takes nothing over.
    let said = other.run(&["init", "--release", "v1.4.0", "--from", file]);
    assert!(said.all().contains("takes over nothing"), "{}", said.all());
    assert!(!other.dir.join("d3p.yaml").exists(), "nothing was written");
}

/// What somebody makes of a review.
type Lie = fn(&mut Value);

#[test]
fn a_period_that_missed_its_objectives_is_not_reviewed_well() {
    let world = archived();
    operating(&world);
    passes(&world, &["gate", "takeover"]);
    let lies: [(&str, Lie); 4] = [
        ("GL209 api: `met`", |body| body["services"][0]["objectives"][0]["met"] = json!(false)),
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

#[test]
fn what_operations_write_down_is_judged_as_theirs() {
    let base = archived();
    operating(&base);
    let runbook = format!("{DOCUMENTS}/phase10_operational_runbook.md");
    let improvements = format!("{DOCUMENTS}/phase10_improvement_log.md");
    let lessons = format!("{DOCUMENTS}/phase10_retrospective_lessons.md");
    // Nobody is on call, and those who operate it did not take it over.
    let world = base.copy();
    world.edit(&runbook, "| First line | Jonas Weber |", "| First line | the shop team |");
    refuses(&world, &["gate", "takeover"], "GL124");
    let world = base.copy();
    world.edit(&runbook, "Yes: Jonas Weber has it", "No: Jonas Weber does not have it");
    refuses(&world, &["gate", "takeover"], "GL140");
    // A lesson that nobody takes up, an improvement without a date, a tick ahead of its evidence.
    passes(&base, &["gate", "takeover"]);
    let ahead = ("- [ ] Period reviewed", "- [x] Period reviewed");
    let world = base.copy();
    world.edit(&improvements, ahead.0, ahead.1);
    refuses(&world, &["check", "--through", "improvement"], "GL129");
    assert_eq!(review(&base, |_| ()).exit, Exit::Passed);
    for (path, from, to, why) in [
        (
            &lessons,
            "late export of the second night | Mei Tanaka",
            "late export | somebody",
            "GL124",
        ),
        (&improvements, "2026-12-18T12:00:00Z", "soon", "GL124"),
    ] {
        let world = base.copy();
        world.edit(path, from, to);
        refuses(&world, &["gate", "improvement"], why);
    }
    passes(&base, &["gate", "improvement"]);
}

/// Every file below `dir`, by path.
fn files(world: &World, dir: &str) -> BTreeMap<String, String> {
    let listed = d3p::testing::source::list_files(&Root::open(&world.dir).unwrap(), dir).files;
    listed.into_iter().map(|path| (path.clone(), world.read(&path))).collect()
}

/// Adds the phase to each command.
fn in_phase<'a>(phase: &'a str, args: &[&'a str]) -> Vec<&'a str> {
    args.iter().copied().chain(["--phase", phase]).collect()
}

#[test]
fn the_next_version_of_phase_9_is_open_while_phase_10_is_played() {
    let world = archived();
    passes(&world, &["init", "--release", "v1.5.0"]);
    let written = world.read("d3p.yaml");
    operating(&world);
    // The file follows both now, and says of Phase 9 what it said.
    let policy = world.read("d3p.yaml");
    assert!(policy.contains("\nphases:\n  phase-9-deployment-golive:\n"), "{policy}");
    assert!(policy.contains("\n  phase-10-operations:\n    phase_version: 1\n"), "{policy}");
    let part = |text: &str| {
        let parts = d3p::testing::source::read_policy(text).unwrap();
        parts.into_iter().find(|part| part.phase == BEFORE).unwrap().value
    };
    assert_eq!(part(&policy), part(&written));
    // Which one is meant has to be said.
    for args in [&["status"][..], &["gate", "1"], &["check"], &["verify"], &["report"]] {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Incomplete, "{args:?}: {}", said.all());
        for phase in [PHASE, BEFORE] {
            assert!(said.err.contains(phase), "{args:?}: {}", said.err);
        }
    }
    let said = world.json(&["status"]).json();
    assert_eq!(said["error"]["code"], json!("E-usage"), "{said}");
    let said = world.run(&["status", "--phase", "phase-8"]);
    assert_eq!(said.exit, Exit::Incomplete);
    assert!(said.err.contains("phase-9-deployment-golive, phase-10-operations"), "{}", said.err);
    // What is to be done next can be done as it is printed.
    let next = world.run(&in_phase(BEFORE, &["status", "--next"]));
    assert!(next.out.contains("--phase phase-9-deployment-golive"), "{}", next.all());
    // Both gates of Phase 10, while somebody writes in Phase 9, and leaves nothing there.
    let theirs = files(&world, ".artifacts/deployment");
    let root = Root::open(&world.dir).unwrap();
    let held = Lock::of_phase(&root, BEFORE, Duration::ZERO).unwrap();
    assert!(Lock::of_phase(&root, BEFORE, Duration::ZERO).is_err(), "it is held");
    let said = |args: &[&str]| passes(&world, &in_phase(PHASE, args));
    said(&["gate", "takeover"]);
    assert_eq!(review_in(&world, &["--phase", PHASE], |_| ()).exit, Exit::Passed);
    said(&["gate", "improvement"]);
    said(&["verify"]);
    drop(held);
    assert_eq!(files(&world, ".artifacts/deployment"), theirs);
    // And the other way round.
    let ours = files(&world, EVIDENCE);
    passes(&world, &in_phase(BEFORE, &["announce", "v1.5.0 is being prepared"]));
    assert_ne!(files(&world, ".artifacts/deployment"), theirs);
    assert_eq!(files(&world, EVIDENCE), ours);
    said(&["verify"]);
    // Once one is closed, the other is meant.
    said(&["archive"]);
    let status = passes(&world, &["status"]);
    assert!(status.contains("v1.5.0"), "{status}");
    let next = world.run(&["status", "--next"]);
    assert!(!next.out.contains("--phase"), "{}", next.all());
    for archive in [".artifacts/releases/v1.4.0+1", ".artifacts/operated/v1.4.0+1"] {
        passes(&world, &["verify", archive]);
    }
}

#[test]
fn the_doctor_of_one_phase_brings_back_nothing_of_the_other() {
    let world = archived();
    passes(&world, &["init", "--release", "v1.5.0"]);
    operating(&world);
    passes(&world, &in_phase(PHASE, &["gate", "takeover"]));
    passes(&world, &in_phase(BEFORE, &["announce", "v1.5.0 is being prepared"]));
    let ledgers = [BEFORE, PHASE].map(|phase| {
        let dir = if phase == PHASE { EVIDENCE } else { ".artifacts/deployment" };
        let path = format!("{dir}/records/ledger.jsonl");
        (phase, path.clone(), world.read(&path))
    });
    git(&world, &["add", "--all"]);
    git(&world, &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "now"]);
    ledgers.iter().for_each(|(_, path, _)| world.remove(path));
    // Which one is meant has to be said.
    assert_eq!(world.json(&["doctor"]).json()["error"]["code"], "E-usage");
    for (phase, path, was) in &ledgers {
        let said = world.json(&in_phase(phase, &["doctor"]));
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        let report = said.json();
        assert_eq!(d3p::testing::schema::validate("doctor-report", &report).unwrap(), Vec::new());
        let damaged = report["damaged"].as_array().unwrap();
        assert_eq!(damaged.len(), 1, "{report:#}");
        assert_eq!(&damaged[0]["path"], path);
        let words = crate::common::argv(&damaged[0]["advice"]);
        assert_eq!(words, ["d3p", "doctor", "--restore", "--phase", phase]);
        let args: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        let said = world.json(&args);
        assert_eq!(
            d3p::testing::schema::validate("doctor-report", &said.json()).unwrap(),
            Vec::new()
        );
        assert_eq!(said.json()["restored"][0]["path"], json!(path));
        assert_eq!(world.read(path), *was);
    }
}

fn git(world: &World, args: &[&str]) {
    let mut git = std::process::Command::new("git");
    let git = git.current_dir(&world.dir).args(args).env("GIT_CONFIG_GLOBAL", "/dev/null");
    assert!(git.status().unwrap().success(), "{args:?}");
}

#[test]
fn two_phases_never_share_a_place() {
    let world = archived();
    let copy = |world: &World, places: &str| {
        let text = crate::common::PHASE_TEXT
            .replacen("id: phase-9-deployment-golive", "id: our-phase", 1)
            .replacen(
                "places: { evidence: .artifacts/deployment, archives: .artifacts/releases }",
                &format!("places: {places}"),
                1,
            );
        world.write("own/phase.yaml", text);
    };
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(BEFORE);
    for skeleton in std::fs::read_dir(shipped).unwrap().map(|entry| entry.unwrap()) {
        let name = skeleton.file_name().into_string().unwrap();
        if name.ends_with(".tera") {
            world.write(&format!("own/{name}"), std::fs::read(skeleton.path()).unwrap());
        }
    }
    let own = ["init", "--phase", "own/phase.yaml", "--release", "v2.0.0"];
    copy(&world, "{ evidence: .artifacts/deployment, archives: .artifacts/own }");
    let said = world.run(&own);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.err.contains("would both write .artifacts/deployment"), "{}", said.err);
    // Evidence of one within the directory of the other.
    copy(&world, "{ evidence: .artifacts/own, archives: .artifacts/own-closed }");
    let said = world.run(&own);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.err.contains("would both write"), "{}", said.err);
}

#[test]
fn what_stands_in_the_wrong_place_of_a_policy_of_two_phases_is_told() {
    let world = archived();
    operating(&world);
    let good = world.read("d3p.yaml");
    let lines: [(&str, String, &str); 4] = [
        // A key that only one of them has, among what they share.
        ("uat:", format!("uat: {{ required: true }}\n{good}"), "nothing that `uat` decides"),
        ("phase:", format!("phase: {PHASE}\n{good}"), "names several phases"),
        (
            "    services",
            good.replace("    phase_version: 1\n", "    phase_version: 1\n    services: [api]\n"),
            "stands at the top too",
        ),
        ("    hoks:", format!("{good}    hoks: {{}}\n"), "did you mean `hooks`"),
    ];
    for (place, text, words) in lines {
        let line = text.lines().position(|line| line.starts_with(place)).unwrap() + 1;
        world.write("d3p.yaml", &text);
        let said = world.run(&["status"]);
        assert_eq!(said.exit, Exit::Incomplete, "{place}: {}", said.all());
        assert!(said.err.contains(words), "{place}: {}", said.err);
        assert!(said.err.contains(&format!("d3p.yaml:{line}:")), "{place} {line}: {}", said.err);
    }
}
