//! One approval is for one launch, however the first one ended, and for nothing that is closed.

use super::*;
use d3p::testing::cli::demo::run_script;
use std::time::Duration;

const REPORT: &str = ".artifacts/deployment/production-deployment-report.json";
const DEPLOY: [&str; 2] = ["run", "deploy-production"];

/// The release that is made of runs and signed, up to the step that runs `d3p` with `last`.
fn ran_until(last: &[&str]) -> World {
    let world = World::new();
    let script = run_script(true);
    let end = script.iter().rposition(|step| is(step, last)).unwrap();
    world.play(&script[..=end]);
    world
}

/// The same up to the approval, with d3p.yaml changed before the first gate freezes it. `WORLD` is
/// the project's directory: a hook runs in another.
fn approved_with(from: &str, to: &str) -> World {
    let world = ran_until(&["record", "deployment-readiness-checklist"]);
    world.edit("d3p.yaml", from, &to.replace("WORLD", world.dir.to_str().unwrap()));
    let script = run_script(true);
    let start = script.iter().rposition(|step| is(step, &["gate", "readiness"])).unwrap();
    let end = script.iter().rposition(|step| is(step, &SIGN)).unwrap();
    world.play(&script[start..=end]);
    world
}

/// A line that says that the launch failed, and names its record.
fn add_failure(world: &World, path: &str, record: &str) {
    add_line(world, EntryKind::Ran, |entry| {
        entry.hook = Some("deploy-production".to_owned());
        entry.outcome = Some(Ending { ended: Ended::Exited, exit_code: Some(1), signal: None });
        entry.digests = vec![FileDigest { path: path.to_owned(), sha256: record.to_owned() }];
    });
}

/// Whether a line says that a launch began, or how it ended.
fn is_launch(line: &str, kind: EntryKind) -> bool {
    is_of(line, kind, "deploy-production")
}

fn is_of(line: &str, kind: EntryKind, hook: &str) -> bool {
    let entry: Entry = serde_json::from_str(line).unwrap();
    entry.kind == kind && entry.hook.as_deref() == Some(hook)
}

/// Path of the record of the launch.
fn record_of_launch(world: &World) -> String {
    let runs = ".artifacts/deployment/raw/runs";
    let name = std::fs::read_dir(world.dir.join(runs))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .find(|name| name.starts_with("deploy-production") && name.ends_with(".json"));
    format!("{runs}/{}", name.unwrap())
}

/// Takes the ledger back to the last line of which `is_last` holds.
fn cut_after(world: &World, is_last: impl Fn(&str) -> bool) {
    let ledger = world.read(LEDGER);
    let lines: Vec<&str> = ledger.lines().collect();
    let last = lines.iter().rposition(|line| is_last(line)).unwrap();
    world.write(LEDGER, lines[..=last].join("\n") + "\n");
}

/// `d3p` is killed when the run is written down, and before its report is.
#[test]
fn a_launch_whose_report_was_never_written() {
    let world = ran_until(&DEPLOY);
    cut_after(&world, |line| is_launch(line, EntryKind::Ran));
    std::fs::remove_file(world.dir.join(REPORT)).unwrap();
    not_cleared(&world, "GL410", "the step");
    let again = world.json(&DEPLOY);
    refused(&again, "GL410", "the hook");
    assert!(again.all().contains("no report says so"), "{}", again.all());
    // A report that somebody types does not make it undone.
    let typed = json!({
        "commands": [{ "argv": ["sh", "scripts/deploy_backend.sh"], "exit_code": 1,
                       "started_at": world.now().to_string(), "finished_at": world.now().to_string() }],
        "services": [{ "name": "api", "version": "v1.4.0", "status": "unhealthy" }],
        "strategy": "canary", "critical_errors": 1, "outcome": "PRODUCTION_DEPLOYED"
    });
    let lying = world.copy();
    lying.run_with(&["record", "production-deployment-report", "--from", "-"], &typed.to_string());
    not_cleared(&lying, "GL410", "a typed report");
    // Nor does one that is only written there, and tells of that very run.
    let forged = world.copy();
    let path = record_of_launch(&world);
    let digest = sha256(&world.read(&path));
    let report = json!({ "status": "failed", "runs": [{ "path": path, "sha256": digest }] });
    forged.write(REPORT, report.to_string());
    not_cleared(&forged, "GL410", "a report that nobody recorded");
    // The way out that is printed.
    let said = world.run(&["record", "production-deployment-report"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    not_cleared(&world, "GL410", "launched");
}

/// `d3p` is killed while the hook runs: nobody knows what became of it, until a person looks.
#[test]
fn a_launch_of_whose_end_nothing_is_known() {
    let world = ran_until(&DEPLOY);
    cut_after(&world, |line| is_launch(line, EntryKind::Began));
    std::fs::remove_file(world.dir.join(REPORT)).unwrap();
    for path in [".artifacts/deployment/raw/runs"] {
        for entry in std::fs::read_dir(world.dir.join(path)).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().contains("deploy-production") {
                std::fs::remove_file(path).unwrap();
            }
        }
    }
    not_cleared(&world, "GL410", "the step");
    let again = world.json(&DEPLOY);
    refused(&again, "GL410", "the hook");
    assert!(again.all().contains("how it ended is not recorded"), "{}", again.all());
    // Somebody looked, and decides anew, over a ledger that says that it began.
    world.pass(Duration::from_secs(60));
    for args in [&["approve", "request", "production"][..], &SIGN] {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Passed, "{args:?}: {}", said.all());
    }
    let said = world.run(&CLEARANCE);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let said = world.run(&DEPLOY);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    not_cleared(&world, "GL410", "launched");
}

/// Two hooks deploy; what failed is tried again, and d3p is killed before both are reported.
#[test]
fn a_launch_by_two_hooks_is_one_launch() {
    let one = "  deploy-production: { run: [sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\"] }";
    // Whether web comes up depends on something outside of the release.
    let outside = tempfile::tempdir().unwrap();
    let up = outside.path().join("up");
    let two = format!(
        "  deploy-api: {{ step: deploy-production, shell: \"echo ::service api=healthy {{release}}\", services: [api] }}
  deploy-web: {{ step: deploy-production, shell: \"test -e {} && echo ::service web=healthy {{release}}\", services: [web] }}",
        up.display()
    );
    let world = approved_with(one, &two);
    let (api, web) = (["run", "deploy-api"], ["run", "deploy-web"]);
    assert_eq!(world.run(&api).exit, Exit::Passed);
    refused(&world.json(&api), "GL410", "api was launched");
    let said = world.run(&CLEARANCE);
    assert_eq!(said.exit, Exit::Passed, "web is due: {}", said.all());
    assert_eq!(world.run(&web).exit, Exit::Refused);
    let failed = world.read(REPORT);
    assert!(failed.contains("\"status\": \"failed\""), "{failed}");
    // The launch as a whole failed, and may be tried again.
    assert_eq!(world.run(&CLEARANCE).exit, Exit::Passed);
    std::fs::write(&up, "").unwrap();
    let said = world.run(&web);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    cut_after(&world, |line| is_of(line, EntryKind::Ran, "deploy-web"));
    world.write(REPORT, failed);
    for args in [&CLEARANCE[..], &api, &web] {
        refused(&world.json(args), "GL410", &args.join(" "));
    }
}

/// A release that was approved, closed, and copied back.
#[test]
fn an_archive_that_is_copied_back() {
    let world = ran_until(&SIGN);
    let kept = world.copy();
    let said = world.run(&["archive", "--outcome", "abandoned", "--reason", "not today"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let archive = world.dir.join(".artifacts/releases/v1.4.0+1/.artifacts/deployment");
    let back = world.dir.join(".artifacts/deployment");
    std::fs::rename(archive, back).unwrap();
    // What lay in the archive beside it goes back, too.
    std::fs::remove_dir_all(world.dir.join(".artifacts/releases")).unwrap();
    not_cleared(&world, "GL921", "the step");
    for args in
        [&DEPLOY[..], &["gate", "staging-validation"], &["approve", "request", "production"]]
    {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Refused, "{args:?}: {}", said.all());
        assert!(said.all().contains("was closed"), "{args:?}: {}", said.all());
    }
    // Lines that it writes itself do not hide that.
    let digest = sha256(&world.read(APPROVAL));
    add_line(&world, EntryKind::Recorded, |entry| {
        entry.digests = vec![FileDigest { path: APPROVAL.to_owned(), sha256: digest }];
    });
    refused(&world.json(&["verify"]), "GL921", "written afterwards");
    // It can be put away again, and another attempt begun.
    let said = world.run(&["archive", "--outcome", "abandoned", "--reason", "copied back"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let said = world.run(&["init", "--release", "v1.4.0"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(kept.run(&CLEARANCE).exit, Exit::Passed);
}

const ARCHIVED: &str = ".artifacts/releases/v1.4.0+1";

/// Somebody objects after the launch was judged, and before its hook runs: a tool is asked for its
/// version in between.
#[test]
fn an_objection_between_the_judgement_and_the_launch() {
    let hook = "  deploy-production: { run: [sh, scripts/deploy_backend.sh,";
    let tool = "  deploy-production: { tools: { clock: [sh, -c, \"test ! -e WORLD/.git/no || cp -r WORLD/.git/no/. WORLD; echo 1\"] }, run: [sh, scripts/deploy_backend.sh,";
    let world = approved_with(hook, tool);
    let objecting = world.copy();
    let mut no = SIGN;
    no[5] = "no-go";
    assert_eq!(objecting.run(&no).exit, Exit::Refused);
    for path in [LEDGER, APPROVAL] {
        world.write(&format!(".git/no/{path}"), objecting.read(path));
    }
    let said = world.run(&DEPLOY);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains("not cleared any more"), "{}", said.all());
    assert!(said.all().contains("GL502"), "{}", said.all());
    assert!(!world.read(LEDGER).lines().any(|line| is_launch(line, EntryKind::Began)));
}

/// A line says that a launch failed of which nobody knows; no run wrote it.
#[test]
fn an_invented_end_of_a_launch() {
    let world = ran_until(&DEPLOY);
    cut_after(&world, |line| is_launch(line, EntryKind::Began));
    std::fs::remove_file(world.dir.join(REPORT)).unwrap();
    let ledger = world.read(LEDGER);
    let began: Value = serde_json::from_str(ledger.lines().last().unwrap()).unwrap();
    let id = &began["id"].as_str().unwrap()[..8];
    let path = format!(".artifacts/deployment/raw/runs/deploy-production-{id}.json");
    add_failure(&world, &path, &"0".repeat(64));
    not_cleared(&world, "GL410", "the step");
    refused(&world.json(&DEPLOY), "GL410", "the hook");
}

/// The record of a launch that succeeded is exchanged, and a line names the other one.
#[test]
fn a_launch_whose_record_was_exchanged() {
    let world = ran_until(&DEPLOY);
    cut_after(&world, |line| is_launch(line, EntryKind::Ran));
    std::fs::remove_file(world.dir.join(REPORT)).unwrap();
    let path = record_of_launch(&world);
    world.edit(&path, "\"exit_code\": 0", "\"exit_code\": 1");
    add_failure(&world, &path, &sha256(&world.read(&path)));
    not_cleared(&world, "GL410", "the step");
    refused(&world.json(&DEPLOY), "GL410", "the hook");
}

/// The line that the launch began is gone, and its log lies there.
#[test]
fn a_launch_whose_lines_were_taken_away() {
    let world = ran_until(&DEPLOY);
    cut_after(&world, |line| line.contains("\"decision\":\"GO\""));
    std::fs::remove_file(world.dir.join(REPORT)).unwrap();
    not_cleared(&world, "GL410", "the step");
}

/// What ended otherwise than by itself may have launched.
#[test]
fn a_launch_that_was_ended_by_a_signal() {
    let one = "  deploy-production: { run: [sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\"] }";
    let world = approved_with(one, "  deploy-production: { shell: \"kill -9 $$\" }");
    assert_eq!(world.run(&DEPLOY).exit, Exit::Refused);
    not_cleared(&world, "GL410", "the step");
    let next = world.run(&["status", "--next"]);
    assert!(next.out.contains("d3p approve sign --as PRINCIPAL"), "{}", next.all());
    assert!(!next.out.contains("d3p run"), "{}", next.all());
}

/// Two clones launched under one approval, and were merged.
#[test]
fn two_launches_that_were_merged() {
    let world = ran_until(&DEPLOY);
    let other = ran_until(&SIGN);
    // The same world, a moment later: other ids, another run.
    other.reseed(5_000_000);
    other.pass(Duration::from_secs(5));
    assert_eq!(other.run(&DEPLOY).exit, Exit::Passed);
    let (ours, theirs) = (world.read(LEDGER), other.read(LEDGER));
    let more: String = theirs
        .lines()
        .filter(|line| !ours.contains(line))
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(more.lines().any(|line| is_launch(line, EntryKind::Ran)), "{more}");
    world.write(LEDGER, ours + &more);
    let runs = ".artifacts/deployment/raw/runs";
    for entry in std::fs::read_dir(other.dir.join(runs)).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            continue;
        }
        let name = entry.file_name().into_string().unwrap();
        std::fs::copy(entry.path(), world.dir.join(runs).join(name)).unwrap();
    }
    assert_eq!(world.run(&["record", "production-deployment-report"]).exit, Exit::Refused);
    refused(&world.json(&["verify"]), "GL410", "twice");
    refused(&world.json(&["gate", "production-launch"]), "GL410", "twice");
}

/// The archive lies there, and a copy of it is made to look as if it had not been closed.
#[test]
fn a_copy_of_an_archive_that_lies_there() {
    let world = ran_until(&SIGN);
    let open = world.copy();
    let said = world.run(&["archive", "--outcome", "abandoned", "--reason", "not today"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let deployment = ".artifacts/deployment";
    let done = Command::new("cp")
        .args(["-r", open.dir.join(deployment).to_str().unwrap(), "."])
        .current_dir(world.dir.join(".artifacts"))
        .status();
    assert!(done.unwrap().success());
    assert!(world.dir.join(ARCHIVED).exists());
    not_cleared(&world, "GL921", "the step");
    let said = world.run(&DEPLOY);
    assert!(said.all().contains("lies closed in"), "{}", said.all());
}

/// An archive with an objection is given another name, so that it seems to be none.
#[test]
fn an_objection_in_an_archive_of_another_name() {
    let world = ran_until(&["approve", "request", "production"]);
    let mut no = SIGN;
    no[5] = "no-go";
    assert_eq!(world.run(&no).exit, Exit::Refused);
    let said = world.run(&["archive", "--outcome", "abandoned", "--reason", "somebody said no"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    for name in ["old", "v1.4.0+1.tmp"] {
        let world = world.copy();
        let to = world.dir.join(".artifacts/releases").join(name);
        std::fs::rename(world.dir.join(ARCHIVED), to).unwrap();
        assert_eq!(world.run(&["init", "--release", "v1.4.0"]).exit, Exit::Passed);
        refused(&world.json(&["approve", "status"]), "GL509", name);
    }
}
