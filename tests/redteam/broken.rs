//! Files that are made to hang, crash or deceive whoever looks, whatever they are worth.

use super::*;
use std::fs;

const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";
const RELEASES: &str = ".artifacts/releases";

/// Commands that anybody runs on a tree that somebody else wrote.
const LOOKING: [&[&str]; 4] =
    [&["status"], &["approve", "status"], &["check", "--before", "deploy-production"], &["verify"]];

fn answered(world: &World, what: &str) {
    for args in LOOKING {
        let said = world.run(args);
        let told = args.contains(&"status") || said.exit != Exit::Passed;
        assert!(told && !said.all().is_empty(), "{what}: {args:?}: {}", said.all());
    }
}

#[test]
fn archives_that_are_no_directory() {
    let world = signed_until(&SIGN);
    let releases = world.dir.join(RELEASES);
    for to in ["/tmp", "nowhere", "releases"] {
        std::os::unix::fs::symlink(to, &releases).unwrap();
        let said = world.json(&CLEARANCE);
        refused(&said, "GL509", to);
        assert_eq!(
            world.run(&["archive", "--outcome", "abandoned", "--reason", "errors"]).exit,
            Exit::Refused
        );
        fs::remove_file(&releases).unwrap();
    }
}

#[test]
fn versions_and_commits_that_are_none() {
    let world = signed_until(&SIGN);
    let honest = world.read(MANIFEST);
    for version in ["v1:4", "v1//4", "/v1", "a\\b", "..", "é"] {
        world.write(
            MANIFEST,
            honest.replace("release: \"v1.4.0\"", &format!("release: {version:?}")),
        );
        answered(&world, version);
    }
    let commit = git(&world, &["rev-parse", "HEAD"]);
    world.write(MANIFEST, honest.replacen(&commit, &format!("a{}", "é".repeat(19)), 1));
    let said = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "name": "git+demo/shop@v1.4.0", "digest": { "gitCommit": "a".repeat(40) } }],
        "predicateType": "https://d3p.dev/predicates/waiver/v1",
        "predicate": {
            "rule": "GL301", "path": ".artifacts/deployment/uat-confirmation.json",
            "seen": ["0".repeat(64)], "reason": "because it is fine", "person": "Ana Silva",
            "principal": "ana@shop.example", "release": "v1.4.0", "commit": "a".repeat(40),
            "attempt": 1, "environment": "production", "policy": { "sha256": "0".repeat(64) },
            "ledgerHeads": [], "nonce": "0".repeat(32), "decidedAt": "2026-11-21T08:00:00Z",
            "notAfter": "2026-11-23T08:00:00Z"
        }
    });
    let file = json!({
        "$schema": "https://d3p.dev/schemas/waivers.v1.schema.json", "schema_version": 1,
        "waivers": [{ "statement": canonical::to_canonical(&said), "signature": "x" }]
    });
    world.write(".artifacts/deployment/records/waivers.json", file.to_string());
    answered(&world, "a waiver of another commit than one that is none");
}

/// More lines than anybody reads: the first ones are told of, the rest is counted.
#[test]
fn a_ledger_of_nonsense() {
    let world = signed_until(&SIGN);
    world.write(LEDGER, world.read(LEDGER) + &"{}\n".repeat(5000));
    let said = world.json(&["verify", "--through", "readiness"]);
    refused(&said, "GL903", "nonsense");
    assert!(said.rules().len() < 100, "{:?}", said.rules());
    assert!(said.all().contains("4980 more lines"), "{}", said.all());
}

/// A command of the policy is not started in the name of whoever decides, even where the definition
/// announces decisions.
#[test]
fn notify_and_whoever_decides() {
    let world = signed_until(&["record", "deployment-readiness-checklist"]);
    let title = "    title: Production approval\n";
    let own = format!("{title}    announce: \"it is decided\"\n");
    let definition = crate::common::PHASE_TEXT.replacen(title, &own, 1);
    assert_ne!(definition, crate::common::PHASE_TEXT);
    world.write(".d3p/own.yaml", definition);
    let policy = world.read("d3p.yaml");
    let told = world.dir.join(".git/told");
    let shell = format!("cat >> {0}; echo $* >> {0}", told.display());
    let notify = format!("notify: {{ run: [sh, -c, {shell:?}, sh] }}\n");
    world.write("d3p.yaml", format!("definition: .d3p/own.yaml\n{policy}{notify}"));
    let script = signed_script();
    let start = script.iter().rposition(|step| is(step, &["gate", "readiness"])).unwrap();
    let ask = ["approve", "request", "production"];
    let end = script.iter().position(|step| is(step, &ask)).unwrap();
    world.play(&script[start..=end]);
    let told = || world.read(".git/told");
    assert!(!told().is_empty());
    let before = told();
    let said = world.run(&SIGN);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let log = world.read(".artifacts/deployment/deployment-communications.md");
    assert!(log.contains("it is decided"), "{log}");
    assert_eq!(told(), before);
}
