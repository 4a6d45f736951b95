//! What applies follows from declared facts, and facts are held against the change; what is skipped is
//! skipped by a decision (OPS-1, OPS-2, OPS-3).

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, signed_script};
use d3p::testing::model::Sha256Digest;
use serde_json::Value;
use std::process::Command;

const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";
const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const BEFORE: &str = ".artifacts/releases/v1.3.0+1/.artifacts/deployment";
const ARCHIVE: &str = ".artifacts/releases/v1.4.0+1";
const READY: [&str; 2] = ["record", "deployment-readiness-checklist"];
const WHY: &str = "only the handbook changes";

fn git(world: &World, args: &[&str]) -> String {
    let names =
        ["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"];
    let mut command = Command::new("git");
    command.current_dir(&world.dir).args(args).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let said = command.envs(names.map(|name| (name, "ben"))).output().unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap().trim_end().to_owned()
}

fn signed() -> World {
    let script = signed_script();
    let is = |step: &Step| matches!(&step.action, Action::Run { args, .. } if *args == READY);
    let end = script.iter().position(is).unwrap();
    let world = World::new();
    world.play(&script[..=end]);
    world
}

/// Lays an archive of the release before, which was launched at the commit of now; the release of now is of
/// a commit that changes `files`, under these facts.
fn changed(world: World, files: &[&str], facts: &str) -> World {
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "everything so far"]);
    let base = git(&world, &["rev-parse", "HEAD"]);
    let report = format!("{BEFORE}/production-deployment-report.json");
    world.write(&report, r#"{"status":"passed","started_at":"2026-11-14T10:00:00Z"}"#);
    let manifest = format!("---\nrelease: v1.3.0\ncommit: {base}\nattempt: 1\n---\n");
    world.write(&format!("{BEFORE}/release-manifest.md"), manifest);
    world.write(&format!("{BEFORE}/production-approval.json"), "{}");
    let policy = r#"{"policy":{"services":["api","web"]}}"#;
    world.write(&format!("{BEFORE}/records/policy.json"), policy);
    let digest = Sha256Digest::of(world.read(&report).as_bytes());
    let line = format!(
        r#"{{"id":"0000000000000001","at":"2026-11-14T10:10:00Z","actor":{{"kind":"person","name":"tester"}},"kind":"recorded","release":"v1.3.0+1","status":"passed","digests":[{{"path":".artifacts/deployment/production-deployment-report.json","sha256":"{digest}"}}],"heads":[]}}"#
    );
    world.write(&format!("{BEFORE}/records/ledger.jsonl"), format!("{line}\n"));
    for path in files {
        world.write(path, "changed\n");
        git(&world, &["add", "--force", path]);
    }
    git(&world, &["commit", "--quiet", "--allow-empty", "-m", "the change"]);
    let said = world.run(&["pin"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    world.write("d3p.yaml", format!("{}facts: {{ {facts} }}\n", world.read("d3p.yaml")));
    world
}

/// A release of which only the handbook changes, as its facts say.
#[cfg(unix)]
pub(crate) fn documentation() -> World {
    unsigned(&["handbook/guide.md"], "change: [documentation], said_by: Ana Silva")
}

pub(crate) fn unsigned(files: &[&str], facts: &str) -> World {
    changed(World::played_until(&READY), files, facts)
}

/// What `applies` answers: each question, and the words in which it says why.
fn answers(world: &World) -> (Value, Said) {
    let said = world.json(&["applies"]);
    (said.json(), said)
}

fn refused(said: &Said, why: &str) {
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains(why), "{why}: {}", said.all());
}

fn passed(said: &Said) {
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

/// What ten changes come to: files, facts, whether it is skipped, whether it is deployed, and what decides.
const CHANGES: [(&[&str], &str, bool, bool, &str); 10] = [
    (&["services/api.py"], "change: [code]", false, true, "hasCodeChanges"),
    (&["infra/main.tf"], "change: [infrastructure]", false, true, "hasInfrastructureChanges"),
    (&["config/api.env"], "change: [configuration]", false, true, "hasConfigurationChanges"),
    (
        &["config/api.env"],
        "change: [configuration], formal_deployment: false, said_by: Ana Silva",
        true,
        false,
        "isConfigurationOnly",
    ),
    (
        &["docs/guide.md"],
        "change: [documentation], said_by: Ana Silva",
        true,
        false,
        "isDocumentationOnly",
    ),
    (
        &["services/api.py", "docs/guide.md"],
        "change: [feature]",
        false,
        true,
        "isNewFeatureRelease",
    ),
    (
        &["services/api.py"],
        "change: [code], environment: development, said_by: Ana Silva",
        true,
        true,
        "isDevelopmentOnly",
    ),
    (
        &["services/api.py"],
        "change: [code], already_deployed: true, said_by: Ana Silva",
        true,
        true,
        "already_deployed",
    ),
    (
        &["services/api.py"],
        "change: [code], emergency_rollback: true, said_by: Ana Silva",
        true,
        true,
        "emergency rollback",
    ),
    // Nothing is said, and so nothing is removed.
    (&["docs/guide.md"], "risk: low", false, true, "facts.change is not given"),
];

#[test]
fn ten_changes_are_answered_by_the_fact_that_decides() {
    let base = World::played_until(&READY);
    for (files, facts, skip, deploys, by) in CHANGES {
        let world = changed(base.copy(), files, facts);
        let (view, said) = answers(&world);
        assert_eq!(said.exit, Exit::Passed, "{facts}: {}", said.all());
        assert_eq!(view["shouldSkipPhase"]["answer"], skip, "{facts}: {view:#}");
        assert_eq!(view["requiresDeployment"]["answer"], deploys, "{facts}: {view:#}");
        let decides = if skip { "shouldSkipPhase" } else { "requiresDeployment" };
        let why = view[decides]["why"].as_str().unwrap();
        assert!(why.contains(by), "{facts}: {why}");
        // Where the protocol contradicts itself, it is said.
        let contradicts = view.to_string().contains("contradicts itself");
        assert_eq!(contradicts, by.contains("onfiguration"), "{facts}: {view:#}");
    }
}

#[test]
fn it_can_be_executed_where_its_context_is_shown() {
    let world = unsigned(&["services/api.py"], "change: [code]");
    let (view, _) = answers(&world);
    // What was handed over is of another commit than the one that was just pinned.
    assert_eq!(view["canExecutePhase"]["answer"], false, "{view:#}");
    let why = view["canExecutePhase"]["why"].as_str().unwrap();
    assert!(why.contains("staging-validation is failed"), "{why}");
    let ready = World::played_until(&READY);
    let (view, _) = answers(&ready);
    assert_eq!(view["canExecutePhase"]["answer"], true, "{view:#}");
    ready.remove(".artifacts/environment/validation-suite-report.json");
    let (view, _) = answers(&ready);
    let why = view["canExecutePhase"]["why"].as_str().unwrap();
    assert!(why.contains("production-environment"), "{why}");
}

#[test]
fn a_fact_is_held_against_the_change() {
    for (files, facts, why) in [
        (
            &["docs/guide.md", "services/api.py"][..],
            "change: [documentation], said_by: Ana Silva",
            "changes code: services/api.py",
        ),
        (
            &["db/migrations/0007_orders.sql"][..],
            "change: [code], migrations: false, said_by: Ana Silva",
            "facts.migrations is false",
        ),
        (
            &["config/flags.yaml"][..],
            "change: [configuration], flags: false, said_by: Ana Silva",
            "facts.flags is false",
        ),
    ] {
        let world = unsigned(files, facts);
        let (view, said) = answers(&world);
        assert_eq!(said.exit, Exit::Refused, "{facts}: {view:#}");
        assert!(view["against"].as_str().unwrap().contains(why), "{facts}: {view:#}");
        refused(&world.run(&["gate", "readiness"]), why);
        let skip = world.run(&["skip", "--as", "Ana Silva", "--reason", WHY]);
        assert_eq!(skip.exit, Exit::Refused, "{}", skip.all());
    }
    // What a path looks like is not what it is, where the project says so.
    let facts =
        "change: [documentation], said_by: Ana Silva, paths: { documentation: [\"handbook/**\"] }";
    let world = unsigned(&["handbook/build.py"], facts);
    let (view, said) = answers(&world);
    assert_eq!(said.exit, Exit::Passed, "{view:#}");
    // Whoever decides sees it, and signs for it.
    let told = "by facts.paths handbook/build.py is documentation (code by its path)";
    assert!(world.run(&["applies"]).out.contains(told));
    passed(&world.run(&["skip", "--as", "Ana Silva", "--reason", WHY]));
    let ledger = world.read(".artifacts/deployment/records/ledger.jsonl");
    assert!(ledger.lines().last().unwrap().contains(told), "{ledger}");
    // What the project says of a path is all that it is.
    let facts = "migrations: false, change: [documentation], said_by: Ana Silva, paths: { documentation: [\"docs/**\"] }";
    let (view, said) = answers(&unsigned(&["docs/migrations/howto.md"], facts));
    assert_eq!(said.exit, Exit::Passed, "{view:#}");
}

#[test]
fn what_a_fact_removes_is_named_with_who_says_so() {
    let facts = "migrations: false, handover: false, said_by: Ana Silva";
    let world = unsigned(&["services/api.py"], facts);
    let status = world.run(&["status"]);
    let line = "train-operations-team does not apply: facts.handover is false (said by Ana Silva)";
    assert!(status.out.contains(line), "{}", status.out);
    assert!(status.out.contains("[-] Database migrations tested"), "{}", status.out);
    assert!(status.out.contains("[ ] Feature flags configured"), "{}", status.out);
    let (view, _) = answers(&world);
    let parts = view["parts"].as_array().unwrap();
    let applies = |id: &str| {
        parts.iter().find(|part| part["id"] == id).map(|part| part["applies"].as_bool().unwrap())
    };
    assert_eq!(applies("migrations-tested"), Some(false));
    assert_eq!(applies("setup-backup-recovery"), Some(true));
    assert!(view["unanswered"].to_string().contains("data_persistence"), "{view:#}");
}

/// A release that was skipped and closed as that.
pub fn skipped() -> World {
    let world = unsigned(&["docs/guide.md"], "change: [documentation], said_by: Ana Silva");
    passed(&world.run(&["skip", "--as", "Ana Silva", "--reason", WHY]));
    passed(&world.run(&["archive", "--outcome", "skipped"]));
    world
}

#[test]
fn what_needs_no_deployment_is_skipped_by_a_decision() {
    let world = unsigned(&["docs/guide.md"], "change: [documentation], said_by: Ana Silva");
    // Silence is never a skip.
    let close = ["archive", "--outcome", "skipped"];
    refused(&world.run(&close), "nobody decided it");
    let nobody = world.run(&["skip", "--as", "Ana Silva", "--reason", "later"]);
    assert_eq!(nobody.exit, Exit::Incomplete, "{}", nobody.all());
    passed(&world.run(&["skip", "--as", "Ana Silva", "--reason", WHY]));
    // It clears no launch.
    let clearance = world.run(&["check", "--before", "deploy-production"]);
    assert_eq!(clearance.exit, Exit::Refused, "{}", clearance.all());
    refused(&world.run(&["archive"]), "is not completed");
    passed(&world.run(&close));
    let said = world.run(&["verify", ARCHIVE]);
    passed(&said);
    assert!(said.out.contains("closed: skipped"), "{}", said.all());
    passed(&world.run(&["verify", ARCHIVE, "--expect", "skipped"]));
    refused(&world.run(&["verify", ARCHIVE, "--expect", "completed"]), "closed as skipped");
    // What it rests on is not edited afterwards.
    let policy = format!("{ARCHIVE}/d3p.yaml");
    world.edit(&policy, "[documentation]", "[code]");
    refused(&world.run(&["verify", ARCHIVE]), "skipped counts for nothing");
}

#[test]
fn a_skip_is_signed_where_decisions_are() {
    let facts = "change: [documentation], said_by: Ana Silva";
    let world = changed(signed(), &["docs/guide.md"], facts);
    let args = ["skip", "--as", "ana@shop.example", "--key", ".git/d3p-demo-key", "--reason", WHY];
    passed(&world.run(&args));
    let line = world.read(LEDGER).lines().last().unwrap().to_owned();
    let forged = world.copy();
    let lines = forged.read(LEDGER);
    let (before, rest) = line.split_once(",\"signature\":\"").unwrap();
    let (_, after) = rest.split_once('"').unwrap();
    forged.write(LEDGER, lines.replace(&line, &format!("{before}{after}")));
    refused(&forged.run(&["archive", "--outcome", "skipped"]), "it is not signed");
    passed(&world.run(&["archive", "--outcome", "skipped"]));
    passed(&world.run(&["verify", ARCHIVE]));
    assert!(world.read(&format!("{ARCHIVE}/{MANIFEST}")).contains("v1.4.0"));
}

#[test]
fn what_was_launched_was_not_skipped() {
    let world = World::played();
    let text = world.read("d3p.yaml");
    world.write(
        "d3p.yaml",
        format!("{text}facts: {{ environment: development, said_by: Ana Silva }}\n"),
    );
    let said = world.run(&["skip", "--as", "Ana Silva", "--reason", WHY]);
    refused(&said, "nothing was skipped");
    refused(&world.run(&["archive", "--outcome", "skipped"]), "nothing was skipped");
}
