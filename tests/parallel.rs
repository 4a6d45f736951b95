//! One CI job for each service, in parallel: their runs are merged by git, and make one report.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;
use std::path::Path;
use std::process::Command;

const REPORT: &str = ".artifacts/deployment/staging-deployment-report.json";
/// `READY` is a file outside of every project: a hook runs in a tree of its own.
const HOOKS: &str = r#"hooks:
  deploy-api: { step: deploy-staging, services: [api], shell: "echo ::service api=healthy v1.4.0" }
  deploy-web: { step: deploy-staging, services: [web], shell: "test -e READY || exit 4; echo ::service web=healthy v1.4.0" }
configuration:
  files: [{ name: shop, staging: config/staging.env, production: config/production.env }]
  allowed_differences: [shop/DATABASE_URL]
"#;

fn git(dir: &Path, args: &[&str]) {
    let output = Command::new("git")
        .current_dir(dir)
        .args(["-c", "user.name=tester", "-c", "user.email=tester@example.invalid"])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {}: {said}", args.join(" "));
}

fn commit(world: &World, message: &str) {
    git(&world.dir, &["add", "--all"]);
    git(&world.dir, &["commit", "--quiet", "-m", message]);
}

/// A job's own clone, at the same time, with randomness of its own.
fn job(world: &World, seed: u64) -> World {
    let job = World::new();
    job.at(world.now());
    job.reseed(seed);
    git(&world.dir, &["clone", "--quiet", world.dir.to_str().unwrap(), job.dir.to_str().unwrap()]);
    job
}

fn exit(world: &World, args: &[&str], wanted: Exit) -> String {
    let said = world.run(args);
    assert_eq!(said.exit, wanted, "{args:?}: {}", said.all());
    said.all()
}

#[test]
fn runs_of_parallel_jobs_make_one_report() {
    let main = World::played_until(&["record", "deployment-readiness-checklist"]);
    let policy = main.read("d3p.yaml");
    let ready = main.dir.with_file_name("ready");
    let hooks = HOOKS.replace("READY", ready.to_str().unwrap());
    main.write("d3p.yaml", format!("{policy}{hooks}"));
    exit(&main, &["gate", "readiness"], Exit::Passed);
    commit(&main, "gate 1");
    let (api, web) = (job(&main, 3_000_000), job(&main, 7_000_000));
    let said = exit(&api, &["run", "deploy-api"], Exit::Passed);
    assert!(said.contains("is compiled when these have run too: deploy-web"), "{said}");
    exit(&web, &["run", "deploy-web"], Exit::Refused);
    std::fs::write(&ready, "").unwrap();
    exit(&web, &["run", "deploy-web"], Exit::Passed);
    for (job, name) in [(&api, "api"), (&web, "web")] {
        git(&job.dir, &["switch", "--quiet", "-c", name]);
        commit(job, name);
        git(&main.dir, &["fetch", "--quiet", job.dir.to_str().unwrap(), name]);
        git(&main.dir, &["merge", "--quiet", "--no-edit", "FETCH_HEAD"]);
    }
    main.at(web.now());
    exit(&main, &["record", "staging-deployment-report"], Exit::Passed);
    let report: serde_json::Value = serde_json::from_str(&main.read(REPORT)).unwrap();
    let names = |key: &str, field: &str| -> Vec<String> {
        let list = report[key].as_array().unwrap();
        list.iter().map(|item| item[field].to_string()).collect()
    };
    assert_eq!(names("services", "name"), ["\"api\"", "\"web\""]);
    assert_eq!(names("commands", "hook"), ["\"deploy-api\"", "\"deploy-web\""]);
    assert_eq!(names("commands", "attempt"), ["1", "2"]);
    // Nothing of either job was lost: three runs, each in the ledger.
    let ledger = main.read(".artifacts/deployment/records/ledger.jsonl");
    assert_eq!(ledger.matches("\"kind\":\"ran\"").count(), 3, "{ledger}");
    exit(&main, &["verify", "--through", "readiness"], Exit::Passed);
    let check = main.json(&["check", "--through", "staging-validation", REPORT]);
    let errors: Vec<_> = check.rules().into_iter().filter(|(_, path)| path == REPORT).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn a_hook_answers_for_its_own_services_only() {
    let main = World::played_until(&["record", "deployment-readiness-checklist"]);
    let policy = main.read("d3p.yaml");
    let lie = HOOKS
        .replace("echo ::service api=healthy", "echo ::service web=healthy")
        .replace("test -e READY || exit 4; ", "");
    main.write("d3p.yaml", format!("{policy}{lie}"));
    exit(&main, &["gate", "readiness"], Exit::Passed);
    exit(&main, &["run", "deploy-api"], Exit::Passed);
    let said = main.run(&["run", "deploy-web"]);
    assert_ne!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.all().contains("api"), "{}", said.all());
}
