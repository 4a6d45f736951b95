//! The short way: what `setup` proposes, what `init` takes over, `doc`, `next`, and an agent that knows
//! nothing but `status --next`. `tests/short/play` plays both releases of a real service.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod adopt;
mod agent;
mod jobs;

use crate::common::{Said, World};
use crate::redteam::git;
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script, signed_script};
use d3p::testing::text::yaml;
use serde_json::{Value, json};

const PLAN: &str = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";

const STRATEGY: &str = "d3p/phase-9-deployment-golive/phase9_roll_back_strategy.md";

const VERIFICATION: &str = "d3p/phase-9-deployment-golive/phase9_post_deployment_verification.md";

const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";

#[track_caller]
fn passes(said: &Said) {
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

/// A repository with scripts, and nothing of `d3p` in it.
fn repository() -> World {
    let world = World::new();
    let script = |usage: &str, body: &str| format!("#!/bin/sh\n# usage: {usage}\n{body}\n");
    world.write("scripts/deploy.sh", script("scripts/deploy.sh ENV VERSION", "true"));
    world.write("scripts/rollback.sh", script("scripts/rollback.sh ENV PREVIOUS", "true"));
    let validate = "pytest --junit-xml=reports/unit.xml\nbandit -f sarif -o reports/scan.sarif";
    world.write("scripts/validate.sh", script("scripts/validate.sh", validate));
    world.write("scripts/notes.txt", "#!/bin/sh\n");
    // What is run is no setting.
    for of in ["staging", "production"] {
        world.write(&format!("tools/seed-{of}.sh"), script("tools/seed", of));
    }
    world.write("config/staging.env", "URL=http://staging\nLIMIT=5\n");
    world.write("config/production.env", "URL=http://production\nLIMIT=5\n");
    world.write("pyproject.toml", "[project]\nname = \"till\"\n");
    git(&world, &["init", "--quiet", "--initial-branch=main"]);
    git(&world, &["add", "--all"]);
    let mei = ["-c", "user.name=Mei Tanaka", "-c", "user.email=mei@shop.example"];
    git(&world, &[&mei[..], &["commit", "--quiet", "--message", "the till"]].concat());
    world
}

fn policy(world: &World) -> Value {
    yaml::parse(&world.read("d3p.yaml")).unwrap()
}

#[test]
fn setup_proposes_what_the_repository_shows_and_says_where_it_comes_from() {
    let world = repository();
    let said = world.run(&["setup", "--person", "Ana Silva, release manager, ana@shop.example"]);
    passes(&said);
    let policy = policy(&world);
    assert_eq!(policy["services"], json!(["till"]));
    let hooks = &policy["hooks"];
    assert_eq!(
        hooks["deploy-production"]["run"],
        json!(["sh", "scripts/deploy.sh", "{env}", "{release}"])
    );
    assert_eq!(
        hooks["rollback"]["run"],
        json!(["sh", "scripts/rollback.sh", "{env}", "{previous}"])
    );
    assert_eq!(
        hooks["validate-staging"]["reports"],
        json!([{ "junit": "reports/unit.xml", "suite": "unit" }, { "sarif": "reports/scan.sarif" }])
    );
    assert_eq!(policy["configuration"]["allowed_differences"], json!(["till/URL"]));
    // Whoever wrote the commit is known, and decides nothing.
    assert_eq!(
        policy["approval"]["persons"],
        json!([
            { "name": "Ana Silva", "role": "release manager", "principals": ["ana@shop.example"] },
            { "name": "Mei Tanaka", "role": "author", "emails": ["mei@shop.example"] },
        ])
    );
    for source in
        ["from scripts/deploy.sh", "from pyproject.toml", "Mei Tanaka wrote the last commit"]
    {
        assert!(said.out.contains(source), "{source}: {}", said.out);
    }
    // What nothing shows is told before a release is begun.
    assert!(said.out.contains("lacks"), "{}", said.out);
}

#[test]
fn setup_keeps_what_is_there_and_takes_no_key_that_is_not_the_persons() {
    let world = repository();
    world.write("home/.ssh/id_ed25519.pub", format!("{KEY} mei@shop.example\n"));
    let home = world.dir.join("home");
    world.vars(&[("HOME", home.to_str().unwrap())]);
    world.write("d3p.yaml", "# ours\nphase: phase-9-deployment-golive\nphase_version: 1\nproject: acme/till\nservices: [api]\nhooks: { deploy-staging: { run: [make, deploy] } } # by hand\n");
    let ana = "Ana Silva, release manager, ana@shop.example";
    passes(&world.run(&["setup", "--person", ana]));
    let text = world.read("d3p.yaml");
    assert!(text.contains("# ours") && text.contains("# by hand"), "{text}");
    let policy = policy(&world);
    assert_eq!(policy["project"], "acme/till");
    assert_eq!(policy["services"], json!(["api"]));
    assert_eq!(policy["hooks"]["deploy-staging"]["run"], json!(["make", "deploy"]));
    assert!(policy["hooks"]["deploy-production"].is_object());
    // The one key of this account is somebody else's.
    assert!(!world.read(".d3p/allowed_signers").contains("ssh-ed25519"));
    passes(&world.run(&["setup", "--person", "Mei Tanaka, author, mei@shop.example"]));
    assert!(
        world
            .read(".d3p/allowed_signers")
            .contains(&format!("mei@shop.example namespaces=\"d3p-approval\" {KEY}"))
    );
    let before = world.read("d3p.yaml");
    passes(&world.run(&["setup"]));
    assert_eq!(world.read("d3p.yaml"), before, "the second time changes nothing");
}

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOSBJeyT8wv42hTG/oirqkPR1DE+bEhqvXUI1QrcVswt";

/// Hooks that say nothing of what the policy asks for are found out before a release is begun; nothing of
/// that is recorded.
#[cfg(unix)]
#[test]
fn setup_rehearses_the_hooks_of_staging_before_a_release_is_begun() {
    let world = repository();
    let mei = ["-c", "user.name=Mei Tanaka", "-c", "user.email=mei@shop.example"];
    let commit = |text: &str| {
        git(&world, &["add", "--all"]);
        git(&world, &[&mei[..], &["commit", "--quiet", "--message", text]].concat());
    };
    passes(&world.run(&["setup"]));
    commit("how we release");
    let said = world.run(&["setup", "--rehearse"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(
        said.out.contains("till: `status` is \"unknown\", the gate wants \"healthy\""),
        "{}",
        said.all()
    );
    assert!(said.out.contains("it wrote no report reports/unit.xml"), "{}", said.all());
    assert_eq!(world.json(&["setup", "--rehearse"]).json()["rehearsed"][0]["good"], false);
    // They tell it now, but nobody committed that: what runs is what the commit has.
    let unit = r#"<testsuite name="unit" tests="1" failures="0"><testcase classname="a" name="b"/></testsuite>"#;
    let scan = r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"bandit","version":"1.7.9"}},"results":[],"invocations":[{"executionSuccessful":true}]}]}"#;
    let validate = format!(
        "#!/bin/sh\n# usage: scripts/validate.sh\n# pytest --junit-xml=reports/unit.xml; bandit -f sarif -o reports/scan.sarif\nmkdir -p reports\necho '{unit}' > reports/unit.xml\necho '{scan}' > reports/scan.sarif\n"
    );
    world.write("scripts/validate.sh", validate);
    let deploy =
        "#!/bin/sh\n# usage: scripts/deploy.sh ENV VERSION\necho \"::service till=healthy $2\"\n";
    world.write("scripts/deploy.sh", deploy);
    assert_eq!(world.run(&["setup", "--rehearse"]).exit, Exit::Refused);
    commit("scripts tell what they did");
    let said = world.run(&["setup", "--rehearse"]);
    passes(&said);
    assert!(said.out.contains("it tells what the policy asks for"), "{}", said.out);
    assert!(!world.dir.join(".artifacts").exists(), "nothing was recorded");
    // What only production could show is not tried.
    let said = world.run(&["run", "deploy-production", "--rehearse"]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.all().contains("neither takes samples nor runs on staging"), "{}", said.all());
}

/// A script that is not committed yet is proposed, and people are called what they are called.
#[test]
fn setup_sees_what_is_not_committed_yet_and_names_of_all_kinds() {
    let world = repository();
    world.write("scripts/restore.sh", "#!/bin/sh\n# usage: scripts/restore.sh ENV\ntrue\n");
    for person in [
        "Martin King, Jr., release manager, king@shop.example",
        "Suharto, auditor, su@shop.example",
    ] {
        passes(&world.run(&["setup", "--person", person]));
    }
    let policy = policy(&world);
    assert_eq!(policy["hooks"]["rehearse-restore"]["run"][1], "scripts/restore.sh", "{policy:#}");
    let persons = policy["approval"]["persons"].as_array().unwrap();
    let named = |name: &str| persons.iter().find(|own| own["name"] == name).unwrap().clone();
    assert_eq!(named("Martin King, Jr.")["role"], "release manager");
    assert_eq!(named("Suharto")["principals"], json!(["su@shop.example"]));
    // One word that is a role is nobody.
    let said = world.run(&["setup", "--person", "Admin, auditor, admin@shop.example"]);
    assert_ne!(said.exit, Exit::Passed, "{}", said.all());
}

#[test]
fn setup_refuses_what_it_cannot_use_and_writes_nothing() {
    let world = repository();
    for (args, told) in [
        (&["setup", "--person", "team"][..], "--person `team`"),
        (&["setup", "--threshold", "error_rate < 1%"], "--prometheus URL; where there is none"),
        (&["setup", "--without", "quality-audit=none"], "--without"),
        (&["setup", "--without", "lunch=we never have any of it here"], "`lunch`"),
        (&["setup", "--window", "soon"], "--window soon"),
        (
            &["setup", "--person", "Ana Silva, ana@shop.example, nowhere.pub"],
            "no key at nowhere.pub",
        ),
    ] {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Incomplete, "{args:?}: {}", said.all());
        assert!(said.all().contains(told), "{args:?}: {}", said.all());
        assert!(!world.dir.join("d3p.yaml").exists(), "{args:?}");
    }
}

#[test]
fn a_skeleton_asks_for_nothing_that_the_policy_says() {
    let world = repository();
    let person = "Ana Silva, release manager, ana@shop.example, +351 21 555 0199";
    passes(&world.run(&["setup", "--person", person]));
    passes(&world.run(&["init", "--release", "v1.0.0", "--window", "2h"]));
    let strategy = world.read(STRATEGY);
    assert!(
        strategy.contains("| 1 | Ana Silva | release manager | +351 21 555 0199 |"),
        "{strategy}"
    );
    let plan = world.read(PLAN);
    assert!(plan.contains("| d3p run deploy-production: `sh scripts/deploy.sh production v1.0.0` | Mei Tanaka | T+0s | 30m |"), "{plan}");
    let doc = world.json(&["doc"]).json();
    let open: Vec<&str> = doc["places"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["address"].as_str().unwrap())
        .collect();
    assert!(open.contains(&"plan.window.low-traffic-reason"), "{open:?}");
    for known in ["plan.window.start", "plan.window.cleared-by", "rollback.authority.name"] {
        assert!(!open.contains(&known), "{known}: {open:?}");
    }
}

#[test]
fn doc_writes_into_the_place_that_is_meant_and_into_no_other() {
    let world = repository();
    passes(&world.run(&["setup"]));
    passes(&world.run(&["init", "--release", "v1.0.0"]));
    passes(&world.run(&[
        "doc",
        "hotfix=a defect of texts alone is mended forward",
        "window.start=now+1h",
        "window.end=now+2h",
        "low-traffic-reason=few | very few order then",
    ]));
    let strategy = world.read(STRATEGY);
    assert!(
        strategy.contains("## Hotfix procedure\n\na defect of texts alone is mended forward\n"),
        "{strategy}"
    );
    let now = world.now();
    let plan = world.read(PLAN);
    let hour = d3p::testing::model::Span::from_seconds(3600);
    assert!(plan.contains("few \\| very few order then"), "{plan}");
    let start = now.plus(hour).to_string();
    assert!(plan.contains(&start[..16]), "{start}: {plan}");
    let before = (world.read(PLAN), world.read(STRATEGY));
    let said = world.run(&["doc", "hotfix=another text for it", "nowhere.at.all=x"]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.all().contains("nothing was written"), "{}", said.all());
    assert_eq!((world.read(PLAN), world.read(STRATEGY)), before);
}

/// What a gate was passed with is judged again, and the author is told; nothing was bound after the text
/// that is there already.
#[test]
fn doc_says_which_gate_was_passed_with_what_it_writes() {
    let world = World::played_until(&["gate", "readiness"]);
    let said = world.run(&["doc", "rollback.hotfix=a defect of texts alone is mended forward"]);
    passes(&said);
    let told = format!("gate readiness was passed with {STRATEGY}, and judges it again");
    assert!(said.out.contains(&told), "{}", said.all());
    passes(&world.run(&["gate", "readiness"]));
    let said = world.run(&["doc", "rollback.hotfix=a defect of texts alone is mended forward"]);
    passes(&said);
    assert!(!said.out.contains("judges it again"), "{}", said.all());
}

/// After the launch what a gate bound is history, and what no gate has bound yet is not.
#[test]
fn doc_writes_nothing_into_what_led_to_a_launch() {
    let world = World::played_until(&["record", "production-deployment-report", "--from", "-"]);
    let before = world.read(STRATEGY);
    let said = world.run(&["doc", "rollback.hotfix=another text that nobody decided about"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let told = format!("gate readiness bound {STRATEGY}, and production was deployed");
    assert!(said.all().contains(&told), "{}", said.all());
    assert!(said.all().contains("nothing was written"), "{}", said.all());
    assert_eq!(world.read(STRATEGY), before);
    passes(
        &world.run(&[
            "doc",
            "verification.prompt-manual=the list of orders, looked at by Mei Tanaka",
        ]),
    );
}

/// A completed release, signed, that is still open; and a change after it.
fn completed() -> World {
    let world = World::new();
    world.play(&signed_script());
    world.write("services/api/main.sh", "#!/bin/sh\necho api, and charges once\n");
    git(&world, &["add", "services"]);
    let ben = ["-c", "user.name=Ben Kaya", "-c", "user.email=ben@shop.example"];
    git(&world, &[&ben[..], &["commit", "-qm", "charge once"]].concat());
    world
}

#[test]
fn init_closes_what_is_completed_and_takes_it_over() {
    let world = completed();
    let said = world.run(&["init", "--release", "v1.5.0", "--window", "2h"]);
    passes(&said);
    assert!(said.out.contains("archived v1.4.0+1 as completed"), "{}", said.out);
    let plan = world.read(PLAN);
    assert!(plan.contains("release: \"v1.5.0\"") && !plan.contains("v1.4.0"), "{plan}");
    // What is about this release alone is asked for anew, with what it was.
    assert!(plan.contains("[fill: say it anew for v1.5.0; it was: "), "{plan}");
    let start = world.now().to_string();
    assert!(plan.contains(&format!("| {}", &start[..16])), "{plan}");
    let verification = world.read(VERIFICATION);
    assert!(
        !verification.contains("[x]") && !verification.contains("agent, for"),
        "{verification}"
    );
    let manifest = world.read(MANIFEST);
    assert!(manifest.contains("previous_release: \"v1.4.0\""), "{manifest}");
    // The way back that people wrote, and which the policy does not say.
    let back = world.read(".artifacts/deployment/rollback-plan.md");
    assert!(!back.contains("[fill:") && back.contains("release: \"v1.5.0\""), "{back}");
    let of_last = ".artifacts/releases/v1.4.0+1/.artifacts/deployment/rollback-plan.md";
    let written =
        |text: &str| text.lines().find(|own| own.starts_with("finished_at:")).unwrap().to_owned();
    assert_ne!(written(&back), written(&world.read(of_last)));
    passes(&world.run(&["check", ".artifacts/deployment/rollback-plan.md"]));
    assert!(manifest.contains("charge once") && !manifest.contains("initial"), "{manifest}");
    let archived =
        ".artifacts/releases/v1.4.0+1/.artifacts/deployment/staging-validation-results.json";
    let baseline = &policy(&world)["validation"]["baseline"];
    assert_eq!((&baseline["release"], &baseline["path"]), (&json!("v1.4.0"), &json!(archived)));
    assert_eq!(baseline["sha256"], crate::redteam::sha256(&world.read(archived)));
}

#[test]
fn init_closes_nothing_that_is_not_completed() {
    let world = World::played_until(&["gate", "production-launch"]);
    let said = world.run(&["init", "--release", "v1.5.0"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains("release v1.4.0 attempt 1 is open"), "{}", said.all());
    assert!(!world.dir.join(".artifacts/releases").exists());
}

/// A release with hooks and a signed approval, its documents filled in.
fn with_hooks() -> World {
    let world = World::new();
    let script = run_script(true);
    let is_fill = |step: &Step| matches!(step.action, Action::Write(_));
    let filled = script.iter().position(is_fill).unwrap();
    world.play(&script[..=filled]);
    world
}

const KEY_FILE: &str = ".git/d3p-demo-key";

#[cfg(unix)]
#[test]
fn next_goes_on_until_a_person_is_needed_and_begins_no_launch_unasked() {
    let world = with_hooks();
    passes(&world.run(&["record", "deployment-readiness-checklist"]));
    passes(&world.record_example("deployment-communications"));
    let said = world.run(&["next"]);
    assert!(said.out.contains("$ d3p gate readiness"), "{}", said.out);
    for _ in 0..3 {
        passes(&world.record_example("uat-confirmation"));
        if world.run(&["next"]).out.contains("approve sign") {
            break;
        }
    }
    passes(&world.run(&[
        "approve",
        "sign",
        "--as",
        "ana@shop.example",
        "--decision",
        "go",
        "--key",
        KEY_FILE,
    ]));
    let said = world.run(&["next"]);
    assert!(said.out.contains("next: d3p run deploy-production"), "{}", said.all());
    let ledger = world.read(".artifacts/deployment/records/ledger.jsonl");
    assert!(!ledger.contains("deploy-production\""), "{ledger}");
    let said = world.run(&["next", "--launch"]);
    assert!(said.out.contains("PHASE 3 COMPLETE"), "{}", said.all());
}

/// What failed by its own words is not simply done again: what is wrong with it comes first.
#[cfg(unix)]
#[test]
fn a_rehearsal_that_tells_nothing_is_mended_before_it_is_repeated() {
    let world = with_hooks();
    world.remove(".artifacts/pre-deployment/rollback-rehearsal-log.json");
    let policy = world.read("d3p.yaml");
    let own = policy.lines().map(|line| match line.trim_start().starts_with("rollback:") {
        true => "  rollback: { run: [echo, \"::service api=healthy v1.3.0\", \"{env}\"] }",
        false => line,
    });
    world.write("d3p.yaml", own.collect::<Vec<_>>().join("\n") + "\n");
    assert_eq!(world.run(&["run", "rehearse-rollback"]).exit, Exit::Refused);
    let next = world.run(&["status", "--next"]).out;
    assert!(next.contains("let the hook print ::service NAME=healthy VERSION"), "{next}");
}

#[cfg(unix)]
#[test]
fn next_ends_with_what_a_command_refuses() {
    let world = with_hooks();
    world.edit("d3p.yaml", "run: [sh, scripts/validate.sh]", "run: [\"false\"]");
    passes(&world.record_example("deployment-communications"));
    let said = world.run(&["next"]);
    assert!(!said.out.contains("d3p gate staging-validation"), "{}", said.all());
    assert!(said.out.contains("$ d3p run validate-staging"), "{}", said.all());
    let times = said.out.matches("$ d3p run validate-staging").count();
    assert_eq!(times, 1, "{}", said.all());
}

#[test]
fn fmt_aligns_what_no_gate_binds() {
    let world = repository();
    passes(&world.run(&["setup", "--person", "Ana Silva, release manager, ana@shop.example"]));
    passes(&world.run(&["init", "--release", "v1.0.0", "--window", "2h"]));
    let words =
        |text: &str| text.split([' ', '|', '-', '\n']).map(str::to_owned).collect::<String>();
    let before = world.read(PLAN);
    let said = world.run(&["fmt", "--dry-run"]);
    assert!(said.out.contains(&format!("would align {PLAN}")), "{}", said.all());
    assert_eq!(world.read(PLAN), before);
    passes(&world.run(&["fmt"]));
    let after = world.read(PLAN);
    assert_ne!(after, before);
    assert_eq!(words(&after), words(&before));
    assert_eq!(world.run(&["fmt"]).out, "every table is aligned\n");
    // A gate was passed with every byte of what it binds.
    let world = World::played_until(&["gate", "readiness"]);
    let before = world.read(PLAN);
    let said = world.run(&["fmt"]);
    passes(&said);
    assert!(
        said.out.contains(&format!("kept {PLAN}: gate readiness was passed with it")),
        "{}",
        said.all()
    );
    assert_eq!(world.read(PLAN), before);
    let gates = world.json(&["status"]).json()["gates"].clone();
    assert_eq!(gates[0]["valid"], true, "{gates}");
}

#[test]
fn a_path_is_judged_by_what_it_must_be_now() {
    let world = World::played_until(&["gate", "readiness"]);
    // Its boxes are ticked after the launch.
    let said = world.run(&["check", VERIFICATION]);
    passes(&said);
    assert!(said.out.contains("not due yet: "), "{}", said.all());
    let said = world.run(&["check", "--through", "stabilization", VERIFICATION]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    // What is wrong with it is told whenever it is asked for.
    world.edit(VERIFICATION, "# ", "# [fill: a title] ");
    assert_eq!(world.run(&["check", VERIFICATION]).exit, Exit::Refused);
}

#[test]
fn explain_is_data_with_what_is_waited_for() {
    let world = World::played_until(&["gate", "readiness"]);
    let kind = "staging-validation-results";
    let said = world.json(&["explain", kind]).json();
    let own = &said["about"][0];
    let states = |list: &Value| -> Vec<String> {
        let list = list.as_array().unwrap().iter();
        list.map(|own| {
            format!("{} {}", own["id"].as_str().unwrap(), own["state"].as_str().unwrap())
        })
        .collect()
    };
    assert!(states(&own["waits_for"]).contains(&"readiness passed".to_owned()), "{own:#}");
    assert!(
        states(&own["waits_for"]).contains(&"staging-deployment-report missing".to_owned()),
        "{own:#}"
    );
    assert!(states(&own["unlocks"]).contains(&"staging-validation open".to_owned()), "{own:#}");
    assert_eq!(own["schema"], json!(["d3p", "schema", kind]));
    let said = world.json(&["explain", "production-approval"]).json();
    assert_eq!(said["about"][0]["who"]["actor"], "approver");
    let said = world.json(&["explain", "plan"]).json();
    assert!(said["about"][0]["template"].as_str().unwrap().contains("[fill: "), "{said:#}");
    let said = world.json(&["explain", "uat-confirmation"]).json();
    assert!(said["about"][0]["example"].is_object(), "{said:#}");
    // Everything that is listed is explained, and nothing else is.
    let names = world.json(&["explain", "--list"]).json()["names"].as_array().unwrap().clone();
    for own in names.iter().step_by(9) {
        passes(&world.run(&["explain", own["name"].as_str().unwrap()]));
    }
    assert_eq!(world.run(&["explain", "lunch"]).exit, Exit::Incomplete);
    let status = world.run(&["status"]).out;
    assert!(status.contains("waits for staging-deployment-report"), "{status}");
}

#[cfg(unix)]
#[test]
fn what_several_runs_measure_is_their_median() {
    let world = with_hooks();
    let again = "sh scripts/validate.sh; for n in 3 1; do sed s/189/19$n/ reports/performance.json > reports/performance-$n.json; done";
    let run = format!("run: [sh, -c, \"{again}\"]");
    world.edit("d3p.yaml", "run: [sh, scripts/validate.sh]", &run);
    world.edit(
        "d3p.yaml",
        "performance: reports/performance.json",
        "performance: \"reports/performance*.json\"",
    );
    passes(&world.record_example("deployment-communications"));
    world.run(&["next"]);
    let results = world.read(".artifacts/deployment/staging-validation-results.json");
    let results: Value = serde_json::from_str(&results).unwrap();
    let own = &results["performance"][1];
    assert_eq!((&own["metric"], &own["observed"]), (&json!("latency_p99"), &json!(191.0)), "{own}");
    assert_eq!(own["runs"], json!([189.0, 191.0, 193.0]));
}
