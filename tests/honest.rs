//! Honest teams with days that do not go as planned: what they do is refused nowhere.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::files::replace_everywhere;
use crate::common::{Said, World};
use crate::redteam::{
    ANA, CLEARANCE, LEDGER, SIGN, SIGNERS, git, go_on, is, own_key, prepared, sha256,
};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script, signed_script};

#[track_caller]
fn passes(said: &Said) {
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

/// The steps after the one that runs `d3p` with `args`.
fn after(script: &[Step], args: &[&str]) -> Vec<Step> {
    let at = script.iter().position(|step| is(step, args)).unwrap();
    script[at + 1..].to_vec()
}

/// The same steps for another version.
fn of_version(script: &[Step], version: &str) -> Vec<Step> {
    let other = |text: &str| text.replace("{{ release }}", version).replace("v1.4.0", version);
    let mut out = script.to_vec();
    out.retain(|step| !matches!(step.action, Action::Key { .. }));
    for step in &mut out {
        match &mut step.action {
            Action::Write(files) => files.iter_mut().for_each(|(_, text)| *text = other(text)),
            Action::Run { args, stdin, .. } => {
                args.iter_mut().for_each(|word| *word = other(word));
                *stdin = stdin.as_deref().map(other);
            }
            _ => {}
        }
    }
    out
}

/// The release before is hours old, somebody found a fault, and the fix goes out through all gates, held
/// against what was measured then.
#[test]
fn a_hotfix() {
    let script = signed_script();
    let world = World::new();
    world.play(&script);
    passes(&world.run(&["archive"]));
    let root = git(&world, &["rev-list", "--max-parents=0", "HEAD"]);
    world.write("services/api/main.sh", "#!/bin/sh\necho api, and charges once\n");
    git(&world, &["add", "services"]);
    let ben = "user.name=Ben Kaya";
    git(&world, &["-c", ben, "-c", "user.email=ben@shop.example", "commit", "-qm", "charge once"]);
    let fix = git(&world, &["rev-parse", "HEAD"]);
    let script = of_version(&script, "v1.4.1");
    let writes = |step: &Step| matches!(step.action, Action::Write(_));
    let filled = script.iter().position(writes).unwrap();
    world.play(&script[..=filled]);
    replace_everywhere(&world.dir, &root, &fix);
    let archived =
        ".artifacts/releases/v1.4.0+1/.artifacts/deployment/staging-validation-results.json";
    let sha256 = sha256(&world.read(archived));
    let pinned = format!(
        "suites: [smoke, contract], baseline: {{ release: v1.4.0, path: {archived}, sha256: {sha256} }}"
    );
    world.edit("d3p.yaml", "suites: [smoke, contract]", &pinned);
    world.edit(
        "d3p.yaml",
        "persons: [",
        "persons: [{ name: Ben Kaya, role: developer, emails: [ben@shop.example] }, ",
    );
    let manifest = ".artifacts/deployment/release-manifest.md";
    world.edit(manifest, "previous_release: \"v1.3.0\"", "previous_release: \"v1.4.0\"");
    world.play(&script[filled + 1..]);
    let said = world.json(&["verify"]);
    passes(&said);
    for rule in ["GL243", "GL530", "GL531", "GL008"] {
        assert!(!said.has(rule), "{rule}: {}", said.all());
    }
    // It was Ben who wrote it, and git was asked since v1.4.0.
    let told = world.read(LEDGER);
    assert!(told.contains("Ben Kaya <ben@shop.example>"), "{told}");
}

/// Three may approve and one has to; who usually does is away.
#[test]
fn an_approver_on_holiday() {
    let persons = "principals: [ana@shop.example] }, { name: Mei Tanaka, role: sre lead, principals: [mei@shop.example] }, { name: Jonas Weber, role: developer, principals: [jonas@shop.example] }";
    let world = prepared(&[("principals: [ana@shop.example] }", persons)], &[]);
    let (mei, public) = own_key(&world, "mei");
    let (_, jonas) = own_key(&world, "jonas");
    let signers = world.read(SIGNERS);
    world.write(
        SIGNERS,
        format!(
            "{signers}mei@shop.example namespaces=\"d3p-approval\" {public}\njonas@shop.example namespaces=\"d3p-approval\" {jonas}\n"
        ),
    );
    go_on(&world);
    // Whoever is asked is told that any of them will do.
    let status = world.run(&["approve", "status"]);
    for who in ["ana@shop.example", "mei@shop.example", "jonas@shop.example"] {
        assert!(status.all().contains(who), "{}", status.all());
    }
    passes(&world.run(&[
        "approve",
        "sign",
        "--as",
        "mei@shop.example",
        "--decision",
        "go",
        "--key",
        &mei,
    ]));
    passes(&world.run(&CLEARANCE));
    // Who is away stands nowhere in the way, not at the launch and not afterwards.
    world.play(&after(&signed_script(), &SIGN));
    passes(&world.run(&["verify"]));
    // Nobody's key is used by somebody else meanwhile.
    assert!(!world.read(".artifacts/deployment/production-approval.json").contains(ANA));
}

/// A runner that dies now and then: the first try of each hook fails. Each attempt is kept and shown, and
/// the release goes on.
#[test]
fn a_flaky_runner() {
    let script = run_script(false);
    let writes = |step: &Step| matches!(step.action, Action::Write(_));
    let filled = script.iter().position(writes).unwrap();
    let world = World::new();
    world.play(&script[..=filled]);
    let mark = world.dir.with_file_name("flaky");
    let deploy = "sh scripts/deploy_backend.sh --env {env} --release {release}";
    let declared = "deploy-staging: { run: [sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\"] }";
    let once = |hook: &str, line: &str| {
        let mark = format!("{}-{hook}", mark.display());
        format!(
            "shell: \"if [ ! -e {mark} ]; then touch {mark}; echo the runner went away; exit 137; fi; {line}\""
        )
    };
    let dies = format!("deploy-staging: {{ {} }}", once("deploy", deploy));
    world.edit("d3p.yaml", declared, &dies);
    world.edit(
        "d3p.yaml",
        "run: [sh, scripts/validate.sh]",
        &once("validate", "sh scripts/validate.sh"),
    );
    let mut tries = 0;
    for step in &script[filled + 1..] {
        if matches!(&step.action, Action::Run { args, .. } if args[..1] == ["run"]) {
            let Action::Run { args, .. } = &step.action else { unreachable!() };
            let words: Vec<&str> = args.iter().map(String::as_str).collect();
            if words[1].ends_with("-staging") {
                assert_eq!(world.run(&words).exit, Exit::Refused, "{words:?}");
                tries += 1;
            }
        }
        if step.title == "not cleared without a decision" {
            let shown = world.run(&["approve", "show"]).out;
            for hook in ["deploy-staging", "validate-staging"] {
                let line = format!("hook {hook} was run 2 times: failed (exit 137), passed");
                assert!(shown.contains(&line), "{shown}");
            }
        }
        world.play(std::slice::from_ref(step));
    }
    assert_eq!(tries, 2);
    passes(&world.run(&["verify"]));
}

/// Both environments may read one file, and two files may have one name: neither is a contradiction that
/// shows when the deployment has run.
#[test]
fn configuration_that_is_shared_or_named_alike() {
    let script = run_script(false);
    let writes = |step: &Step| matches!(step.action, Action::Write(_));
    let filled = script.iter().position(writes).unwrap();
    let world = World::new();
    world.play(&script[..=filled]);
    let own = "{ name: shop, staging: config/staging.env, production: config/production.env }";
    let more = "{ name: flags, staging: config/flags.env, production: config/flags.env }, \
                { name: api, staging: config/staging/app.env, production: config/production/app.env }";
    world.edit("d3p.yaml", own, &format!("{own}, {more}"));
    for path in ["config/flags.env", "config/staging/app.env", "config/production/app.env"] {
        world.write(path, "GIFT_CARDS=on\n");
    }
    git(&world, &["add", "config"]);
    let who = ["-c", "user.name=Ben Kaya", "-c", "user.email=ben@shop.example"];
    git(&world, &[&who[..], &["commit", "-qm", "flags and settings of the api"]].concat());
    let pinned = world.run(&["pin"]);
    passes(&pinned);
    let old = git(&world, &["rev-parse", "HEAD~1"]);
    let new = git(&world, &["rev-parse", "HEAD"]);
    replace_everywhere(&world.dir, &old, &new);
    world.play(&script[filled + 1..]);
    passes(&world.run(&["verify"]));
    let report: serde_json::Value = serde_json::from_str(
        &world.read(".artifacts/deployment/production-deployment-report.json"),
    )
    .unwrap();
    assert_eq!(report["status"], "passed", "{report:#}");
}
