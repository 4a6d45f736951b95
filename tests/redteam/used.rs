//! One approval is for one launch, however the first one ended, and for nothing that is closed.

use crate::*;
use d3p::cli::demo::run_script;
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
    cut_after(&world, |line| line.contains("\"deploy-production: passed\""));
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
    let run = std::fs::read_dir(world.dir.join(".artifacts/deployment/raw/runs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .find(|name| name.starts_with("deploy-production") && name.ends_with(".json"))
        .unwrap();
    let path = format!(".artifacts/deployment/raw/runs/{run}");
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
    cut_after(&world, |line| line.contains("\"deploy-production: began\""));
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
    let world = ran_until(&["record", "deployment-readiness-checklist"]);
    let one = "  deploy-production: { run: [sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\"] }";
    let two = "  deploy-api: { step: deploy-production, shell: \"echo ::service api=healthy {release}\", services: [api] }
  deploy-web: { step: deploy-production, shell: \"(cd .git && test -e up) && echo ::service web=healthy {release}\", services: [web] }";
    world.edit("d3p.yaml", one, two);
    let script = run_script(true);
    let start = script.iter().rposition(|step| is(step, &["gate", "readiness"])).unwrap();
    let end = script.iter().rposition(|step| is(step, &SIGN)).unwrap();
    world.play(&script[start..=end]);
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
    world.write(".git/up", "");
    let said = world.run(&web);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    cut_after(&world, |line| line.contains("\"deploy-web: passed\""));
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
    let ledger = world.read(LEDGER);
    let line = json_line(&world, &ledger);
    world.write(LEDGER, ledger + &line);
    refused(&world.json(&["verify"]), "GL921", "written afterwards");
    // It can be put away again, and another attempt begun.
    let said = world.run(&["archive", "--outcome", "abandoned", "--reason", "copied back"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let said = world.run(&["init", "--release", "v1.4.0"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(kept.run(&CLEARANCE).exit, Exit::Passed);
}

/// A recorded line that names the last one.
fn json_line(world: &World, ledger: &str) -> String {
    format!(
        "{{\"id\":\"00112233445566aa\",\"at\":\"{}\",\"actor\":\"ana\",\"kind\":\"recorded\",\"release\":\"v1.4.0+1\",\"reason\":\"passed\",\"heads\":[\"{}\"]}}\n",
        world.now(),
        sha256(ledger.lines().last().unwrap())
    )
}
