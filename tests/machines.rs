//! A CI job signs what it records; whoever has no key of it tries to make use of that.
//!
//! Keys are made by openssl, as a user would make them.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod common;

use common::{Said, World};
use d3p::Exit;
use d3p::cli::demo::{Action, Step, release_script, run_script};
use d3p::record::{Attested, EvidenceStatement, envelope_path};
use d3p::sign::{Envelope, MachineSecret, pae};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const ATTESTATIONS: &str = ".artifacts/deployment/attestations";
const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const RECORD: &str = ".artifacts/deployment/records/1-readiness.json";
const STAGING: &str = ".artifacts/deployment/staging-deployment-report.json";
const KEY: &str = ".git/ci.pem";
type Change = fn(&mut Attested);
type Edit = fn(&str) -> String;

const KINDS: [(&str, &[&str]); 3] = [
    ("ed25519", &["-algorithm", "ed25519"]),
    ("P-256", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ("P-384", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
];

fn openssl(world: &World, args: &[&str]) -> String {
    let said = Command::new("openssl").args(args).current_dir(&world.dir).output().unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap()
}

/// A key at `path`; its public half as PEM.
fn make_key(world: &World, path: &str, kind: &[&str]) -> String {
    openssl(world, &[&["genpkey"], kind, &["-out", path]].concat());
    openssl(world, &["pkey", "-in", path, "-pubout"])
}

fn ran(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args == wanted)
}

fn script_until(last: &[&str]) -> Vec<Step> {
    let mut script = run_script(false);
    let end = script.iter().rposition(|step| ran(step, last)).unwrap();
    script.truncate(end + 1);
    script
}

/// The lines of the policy that let a key sign, as a block of text.
fn machine(name: &str, pem: &str) -> String {
    let block: String = pem.lines().map(|line| format!("      {line}\n")).collect();
    format!("machines:\n  - name: {name}\n    key: |\n{block}")
}

/// A release whose readiness is recorded and whose policy lists the key at [`KEY`]; nothing is
/// signed yet.
fn prepared_with(kind: &[&str]) -> World {
    let world = World::new();
    world.play(&script_until(&["record", "deployment-readiness-checklist"]));
    let pem = make_key(&world, KEY, kind);
    world.write("d3p.yaml", world.read("d3p.yaml") + &machine("release-ci", &pem));
    world
}

fn prepared() -> World {
    prepared_with(KINDS[0].1)
}

fn passes(world: &World, args: &[&str]) -> Said {
    let said = world.run(args);
    assert_eq!(said.exit, Exit::Passed, "{args:?}: {}", said.all());
    said
}

/// The same, up to staging, with everything signed.
fn deployed() -> World {
    let world = prepared();
    passes(&world, &["record", "deployment-readiness-checklist", "--sign-key", KEY]);
    passes(&world, &["gate", "readiness", "--sign-key", KEY]);
    passes(&world, &["run", "deploy-staging", "--sign-key", KEY]);
    world
}

fn envelopes(world: &World) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(world.dir.join(ATTESTATIONS)) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Path of the one envelope whose name begins so.
fn envelope(world: &World, stem: &str) -> String {
    let found: Vec<String> =
        envelopes(world).into_iter().filter(|name| name.starts_with(stem)).collect();
    assert_eq!(found.len(), 1, "{stem}: {:?}", envelopes(world));
    format!("{ATTESTATIONS}/{}", found[0])
}

fn secret(world: &World, path: &str) -> MachineSecret {
    MachineSecret::parse(&world.read(path)).unwrap()
}

fn facts(world: &World, through: &str, args: &[&str]) -> Vec<Value> {
    let said = world.json(&[&["verify", "--through", through], args].concat());
    said.json()["audit"]["assurance"].as_array().unwrap().clone()
}

/// `verify` refuses, by this rule, for this reason.
fn refused(world: &World, rule: &str, why: &str) {
    let said = world.json(&["verify", "--through", "readiness"]);
    assert_eq!(said.exit, Exit::Refused, "{rule} {why}: {}", said.all());
    let findings = said.json()["findings"].as_array().unwrap().clone();
    let found = findings.iter().any(|finding| {
        finding["rule"] == rule && finding["message"].as_str().unwrap().contains(why)
    });
    assert!(found, "{rule} {why}: {findings:#?}");
}

#[test]
fn what_is_written_fits_its_schemas() {
    let world = deployed();
    for name in envelopes(&world) {
        let text = world.read(&format!("{ATTESTATIONS}/{name}"));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(d3p::schema::validate("dsse-envelope", &value), Some(Vec::new()), "{name}");
        let payload = Envelope::parse(&text).unwrap().payload;
        let value: Value = serde_json::from_slice(&payload).unwrap();
        let schema =
            if name.starts_with("1-readiness") { "gate-record" } else { "evidence-statement" };
        assert_eq!(d3p::schema::validate(schema, &value), Some(Vec::new()), "{name}");
    }
}

#[test]
fn keys_that_openssl_makes_sign_and_verify() {
    for (name, kind) in KINDS {
        let world = prepared_with(kind);
        let said = passes(&world, &["gate", "readiness", "--sign-key", KEY]);
        let path = envelope(&world, "1-readiness-");
        assert!(said.out.contains(&path), "{name}: {}", said.all());
        let read = Envelope::parse(&world.read(&path)).unwrap();
        assert_eq!(read.payload, world.read(RECORD).as_bytes(), "{name}");
        assert!(read.is_signed_by(&secret(&world, KEY).public()), "{name}");
        // openssl agrees: it knows nothing of DSSE but the bytes that are signed.
        let written: Value = serde_json::from_str(&world.read(&path)).unwrap();
        world.write(".git/pae", pae("application/vnd.in-toto+json", &read.payload));
        world.write(".git/sig.b64", written["signatures"][0]["sig"].as_str().unwrap());
        openssl(&world, &["base64", "-d", "-A", "-in", ".git/sig.b64", "-out", ".git/sig"]);
        openssl(&world, &["pkey", "-in", KEY, "-pubout", "-out", ".git/pub"]);
        let how: &[&str] = match name {
            "ed25519" => &[
                "pkeyutl", "-verify", "-rawin", "-sigfile", ".git/sig", "-in", ".git/pae",
                "-pubin", "-inkey", ".git/pub",
            ],
            "P-384" => {
                &["dgst", "-sha384", "-verify", ".git/pub", "-signature", ".git/sig", ".git/pae"]
            }
            _ => &["dgst", "-sha256", "-verify", ".git/pub", "-signature", ".git/sig", ".git/pae"],
        };
        openssl(&world, how);
        let said = passes(&world, &["verify", "--through", "readiness"]);
        assert!(said.out.contains("its record is signed by release-ci"), "{}", said.all());
    }
}

#[test]
fn a_key_comes_from_a_variable_and_from_openssh_too() {
    let world = prepared();
    let pem = world.read(KEY);
    for value in [pem.clone(), pem.replace('\n', "\\n")] {
        let copy = world.copy();
        copy.only_var("D3P_SIGNING_KEY", Some(&value));
        passes(&copy, &["gate", "readiness"]);
        envelope(&copy, "1-readiness-");
    }
    let copy = world.copy();
    copy.only_var("D3P_SIGNING_KEY_FILE", Some(KEY));
    passes(&copy, &["gate", "readiness"]);
    envelope(&copy, "1-readiness-");
    let args = ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", ".git/id"];
    let made = Command::new("ssh-keygen").args(args).current_dir(&world.dir).status().unwrap();
    assert!(made.success());
    let line = world.read(".git/id.pub");
    let text = world.read("d3p.yaml");
    let start = text.find("machines:").unwrap();
    let own = format!("machines: [{{ name: ssh-ci, key: \"{}\" }}]\n", line.trim());
    world.write("d3p.yaml", text[..start].to_owned() + &own);
    passes(&world, &["gate", "readiness", "--sign-key", ".git/id"]);
    let said = passes(&world, &["verify", "--through", "readiness"]);
    assert!(said.out.contains("signed by ssh-ci"), "{}", said.all());
}

#[test]
fn a_key_that_cannot_sign_is_told_before_anything_is_written() {
    let world = prepared();
    let before = (world.read(LEDGER), envelopes(&world));
    openssl(
        &world,
        &["pkcs8", "-topk8", "-in", KEY, "-out", ".git/locked.pem", "-passout", "pass:x"],
    );
    make_key(&world, ".git/other.pem", KINDS[1].1);
    make_key(
        &world,
        ".git/large.pem",
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    );
    for (path, exit, why) in [
        (".git/locked.pem", Exit::Incomplete, "it is encrypted"),
        (".git/none.pem", Exit::Incomplete, "does not exist"),
        (".git/large.pem", Exit::Incomplete, "machines sign with"),
        ("d3p.yaml", Exit::Incomplete, "no private key in PEM"),
        (".git/other.pem", Exit::Refused, "lists no machine with the key"),
    ] {
        for args in [
            &["gate", "readiness", "--sign-key", path][..],
            &["record", "deployment-readiness-checklist", "--sign-key", path],
            &["run", "deploy-staging", "--sign-key", path],
        ] {
            let said = world.run(args);
            assert_eq!(said.exit, exit, "{args:?}: {}", said.all());
            assert!(said.err.contains(why), "{args:?}: {}", said.all());
        }
    }
    // The lines that it says are the lines that let the key sign.
    let said = world.run(&["gate", "readiness", "--sign-key", ".git/other.pem"]);
    let line = said.err.lines().find_map(|line| line.strip_prefix("help: machines:")).unwrap();
    assert_eq!((world.read(LEDGER), envelopes(&world)), before);
    let text = world.read("d3p.yaml");
    let start = text.find("machines:").unwrap();
    world.write("d3p.yaml", format!("{}machines:{line}\n", &text[..start]));
    passes(&world, &["gate", "readiness", "--sign-key", ".git/other.pem"]);
    world.only_var("D3P_SIGNING_KEY", Some("hunter2"));
    let said = world.run(&["gate", "staging-validation"]);
    assert!(said.exit == Exit::Incomplete && !said.all().contains("hunter2"), "{}", said.all());
}

#[test]
fn runs_and_evidence_are_signed_and_the_facts_are_worth_more() {
    let world = deployed();
    assert_eq!(envelopes(&world).len(), 4, "{:?}", envelopes(&world));
    let gates = facts(&world, "readiness", &[]);
    assert_eq!(gates[0]["facts"], "L1", "{gates:#?}");
    assert_eq!(gates[0]["typed"], 0);
    assert_eq!(gates[0]["record_signed_by"], "release-ci");
    let gates = facts(&world, "staging-validation", &[]);
    assert_eq!(
        (&gates[1]["facts"], &gates[1]["typed"], &gates[1]["files"]),
        (&json!("L1"), &json!(0), &json!(1)),
        "{gates:#?}"
    );
    let said = passes(&world, &["check", "--through", "readiness"]);
    assert!(!said.out.contains("GL909"), "{}", said.all());
    // The policy from a commit that the verifier names.
    let git = |args: &[&str]| {
        let done = Command::new("git")
            .args(["-c", "user.name=T", "-c", "user.email=t@example.com"])
            .args(args)
            .current_dir(&world.dir)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap();
        assert!(done.status.success());
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    };
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "-m", "policy"]);
    let commit = git(&["rev-parse", "HEAD"]);
    let gates = facts(&world, "readiness", &["--policy-commit", &commit]);
    assert_eq!(gates[0]["facts"], "L2", "{gates:#?}");
    passes(&world, &["verify", "--through", "readiness", "--min-facts", "L1"]);
    let said = world.json(&["verify", "--through", "readiness", "--min-facts", "L2"]);
    assert!(said.exit == Exit::Refused && said.has("GL915"), "{}", said.all());
    // One that is recorded without a key takes the level down, and nothing else.
    passes(&world, &["run", "deploy-staging"]);
    let gates = facts(&world, "staging-validation", &[]);
    assert_eq!((&gates[1]["facts"], &gates[1]["typed"]), (&json!("L0"), &json!(1)), "{gates:#?}");
    let said = passes(&world, &["verify", "--through", "readiness"]);
    assert!(!said.out.contains("GL519") && !said.out.contains("GL521"), "{}", said.all());
}

#[test]
fn a_whole_release_is_signed_by_the_variable_of_its_job() {
    let world = World::new();
    let script = run_script(false);
    let policy = script.iter().position(|step| matches!(step.action, Action::Write(_))).unwrap();
    world.play(&script[..=policy]);
    let pem = make_key(&world, KEY, KINDS[0].1);
    world.write("d3p.yaml", world.read("d3p.yaml") + &machine("release-ci", &pem));
    world.only_var("D3P_SIGNING_KEY", Some(&world.read(KEY)));
    world.play(&script[policy + 1..]);
    let gates = facts(&world, "stabilization", &[]);
    for gate in &gates {
        assert_eq!(gate["facts"], "L1", "{gates:#?}");
        assert_eq!(gate["record_signed_by"], "release-ci", "{gates:#?}");
    }
    let said = passes(&world, &["verify"]);
    assert!(said.out.contains("that a machine signed what never happened"), "{}", said.all());
    // An archive keeps what was signed, and verifies in place.
    let archived = world.copy();
    passes(&archived, &["archive"]);
    let said = archived.json(&["verify", ".artifacts/releases/v1.4.0+1"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    for gate in said.json()["audit"]["assurance"].as_array().unwrap() {
        assert_eq!(gate["facts"], "L1", "{gate:#}");
    }
    // Each sample has a signature of its own, and none may go.
    let runs: Vec<String> = world
        .read(LEDGER)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| {
            line["reason"].as_str().is_some_and(|why| why.starts_with("health-check: p"))
        })
        .map(|line| {
            let mut files = line["digests"].as_array().unwrap().iter();
            let signed =
                files.find(|file| file["path"].as_str().unwrap().starts_with(ATTESTATIONS));
            signed.unwrap()["path"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(runs.len() > 1, "{runs:?}");
    for path in &runs {
        let text = world.read(path);
        std::fs::remove_file(world.dir.join(path)).unwrap();
        assert!(world.json(&["verify"]).has("GL521"), "{path} is gone");
        world.write(path, text.replacen("\"sig\": \"", "\"sig\": \"AAAA", 1));
        assert!(world.json(&["verify"]).has("GL519"), "{path} is altered");
        world.write(path, text);
    }
    // The key is in nothing that was written or said.
    let body = world.read(KEY).lines().nth(1).unwrap().to_owned();
    assert!(!said.all().contains(&body));
    let found = Command::new("grep")
        .args(["-r", "-l", "-F", &body, ".", "--exclude-dir=.git"])
        .current_dir(&world.dir)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "");
}

#[test]
fn no_hook_sees_the_key() {
    let world = World::new();
    world.play(&script_until(&["record", "deployment-readiness-checklist"]));
    let pem = make_key(&world, KEY, KINDS[0].1);
    world.write("d3p.yaml", world.read("d3p.yaml") + &machine("release-ci", &pem));
    let nosy = "deploy-staging: { shell: \"env; echo done; cat $D3P_SIGNING_KEY_FILE; echo ::service api=healthy v1.4.0; echo ::service web=healthy v1.4.0\" }\n  old:";
    world.edit("d3p.yaml", "deploy-staging:", nosy);
    world.edit("d3p.yaml", "old: {", "old: { step: deploy-staging,");
    let text = world.read("d3p.yaml").replace("  old:", "  #old:");
    world.write("d3p.yaml", text);
    let key = world.read(KEY);
    for (name, value) in [("D3P_SIGNING_KEY", key.as_str()), ("D3P_SIGNING_KEY_FILE", KEY)] {
        let world = world.copy();
        world.only_var(name, Some(value));
        passes(&world, &["gate", "readiness"]);
        let said = passes(&world, &["run", "deploy-staging"]);
        assert!(
            said.out.contains("D3P_RELEASE=v1.4.0") && said.out.contains("done"),
            "{}",
            said.all()
        );
        assert!(
            !said.all().contains("SIGNING") && !said.all().contains("PRIVATE KEY"),
            "{}",
            said.all()
        );
    }
    for list in ["environment", "secrets"] {
        let world = world.copy();
        world.edit("d3p.yaml", &format!("{list}: []"), &format!("{list}: [D3P_SIGNING_KEY]"));
        world.only_var("D3P_SIGNING_KEY", Some(&key));
        let said = world.json(&["check"]);
        assert!(said.has("GL003"), "{}", said.all());
        let said = world.run(&["run", "deploy-staging"]);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        assert!(said.err.contains("no hook may see D3P_SIGNING_KEY"), "{}", said.all());
    }
}

#[test]
fn a_file_that_was_altered_after_it_was_signed() {
    let world = deployed();
    let copy = world.copy();
    copy.edit(RECORD, "\"PASSED\"", "\"PASSED\" ");
    refused(&copy, "GL519", "was altered after it was signed");
    let said = world.json(&["check", "--through", "staging-validation"]);
    assert!(!said.has("GL519"), "{:?}", said.rules());
    world.edit(STAGING, "\"try\": 1", "\"try\": 2");
    let said = world.json(&["check", "--through", "staging-validation"]);
    assert!(said.has("GL519"), "{:?}", said.rules());
    assert_eq!(facts(&world, "staging-validation", &[])[1]["facts"], "L0");
    // The way out needs no key, and no file to be deleted.
    world.run(&["run", "deploy-staging"]);
    let said = world.json(&["check", "--through", "staging-validation"]);
    assert!(!said.has("GL519") && !said.has("GL521"), "{:?}", said.rules());
}

/// An envelope with a payload of the agent's choice, signed by the key at `key`.
fn forge(world: &World, path: &str, payload: &str, key: &str) {
    world.write(path, Envelope::sign(payload.as_bytes(), &secret(world, key)).to_text());
}

#[test]
fn a_signature_by_a_key_that_nobody_listed() {
    let world = deployed();
    make_key(&world, ".git/agent.pem", KINDS[0].1);
    let path = envelope(&world, "1-readiness-");
    forge(&world, &path, &world.read(RECORD), ".git/agent.pem");
    refused(&world, "GL519", "no key of `machines`");
    // The key id is only a hint.
    let own: Value = serde_json::from_str(&world.read(&path)).unwrap();
    let id = secret(&world, KEY).public().key_id();
    world.edit(&path, own["signatures"][0]["keyid"].as_str().unwrap(), &id);
    refused(&world, "GL519", "altered after it was signed");
    assert_eq!(facts(&world, "readiness", &[])[0]["record_signed_by"], Value::Null);
}

fn attested(world: &World, change: impl Fn(&mut Attested), path: &str) -> EvidenceStatement {
    let value: Value = serde_json::from_str(&world.read(path)).unwrap();
    let text = |key: &str| value[key].as_str().unwrap().to_owned();
    let mut said = Attested {
        kind: text("kind"),
        release: text("release"),
        commit: text("commit"),
        attempt: value["attempt"].as_u64().unwrap(),
        environment: text("environment"),
        signed_at: text("finished_at"),
        generated_by: "d3p 0.1.0".to_owned(),
    };
    change(&mut said);
    EvidenceStatement::about(path, d3p::model::Sha256Digest::of(world.read(path).as_bytes()), said)
}

#[test]
fn an_envelope_of_something_else() {
    let world = deployed();
    let path = envelope(&world, "staging-deployment-report-");
    let judged = |world: &World| world.json(&["check", "--through", "staging-validation"]);
    let changes: [(&str, Change); 6] = [
        ("it says release v1.3.9", |said| said.release = "v1.3.9".to_owned()),
        ("it says commit 0000", |said| said.commit = "0".repeat(40)),
        ("it says attempt 7", |said| said.attempt = 7),
        ("it says environment production", |said| said.environment = "production".to_owned()),
        ("it says kind run", |said| said.kind = "run".to_owned()),
        ("signed in the future", |said| said.signed_at = "2036-01-01T00:00:00Z".to_owned()),
    ];
    for (why, change) in changes {
        let copy = world.copy();
        forge(&copy, &path, &attested(&copy, change, STAGING).to_text(), KEY);
        let said = judged(&copy);
        assert!(said.has("GL519") && said.out.contains(why), "{why}: {}", said.out);
    }
    // That of another release, for a file of the same name.
    let copy = world.copy();
    let other = attested(&copy, |said| said.release = "v1.3.9".to_owned(), STAGING).to_text();
    let digest = d3p::model::Sha256Digest::of(copy.read(STAGING).as_bytes()).to_string();
    forge(&copy, &path, &other.replace(&digest, &"0".repeat(64)), KEY);
    let said = judged(&copy);
    assert!(said.has("GL519") && said.out.contains("it signs another"), "{}", said.out);
    // For another file, in the place of this one's.
    let copy = world.copy();
    copy.write(&path, copy.read(&envelope(&copy, "deployment-readiness-checklist-")));
    let said = judged(&copy);
    assert!(said.has("GL519") && said.out.contains("belongs at"), "{}", said.out);
    // A file that nothing declares.
    let copy = world.copy();
    let text = attested(&copy, |_| {}, STAGING).to_text();
    forge(&copy, &path, &text.replace("staging-deployment-report.json", "anything.json"), KEY);
    let said = judged(&copy);
    assert!(said.has("GL519") && said.out.contains("no evidence or run"), "{}", said.out);
}

#[test]
fn an_envelope_that_two_readers_read_differently() {
    let world = deployed();
    let path = envelope(&world, "staging-deployment-report-");
    let honest = attested(&world, |_| {}, STAGING).to_text();
    let twice = honest.replacen("\"attempt\":1,", "\"attempt\":1,\"attempt\":1,", 1);
    let spaced = honest.replacen(':', ": ", 1);
    let more = honest.replacen("{\"_type\"", "{\"Extra\":1,\"_type\"", 1);
    for (payload, why) in [
        (twice.as_str(), "occurs twice"),
        (&spaced, "not canonical"),
        (&more, "unknown field"),
        ("{}", "another type"),
        ("\u{feff}{}", "no strict JSON"),
    ] {
        let copy = world.copy();
        forge(&copy, &path, payload, KEY);
        let said = copy.json(&["check", "--through", "staging-validation"]);
        assert!(said.has("GL519") && said.out.contains(why), "{why}: {}", said.out);
    }
    let edits: [(&str, Edit); 4] = [
        ("occurs twice", |text| text.replacen('{', "{\"payload\": \"e30=\",", 1)),
        ("unknown field", |text| text.replacen('{', "{\"cert\": \"\",", 1)),
        ("is of the type", |text| text.replace("vnd.in-toto+json", "vnd.in-toto")),
        ("no strict JSON", |text| text[..text.len() / 2].to_owned()),
    ];
    for (why, edit) in edits {
        let copy = world.copy();
        copy.write(&path, edit(&copy.read(&path)));
        let said = copy.json(&["check", "--through", "staging-validation"]);
        assert!(said.has("GL519") && said.out.contains(why), "{why}: {}", said.out);
    }
}

#[test]
fn an_envelope_that_is_deleted_or_exchanged() {
    let world = deployed();
    let path = envelope(&world, "1-readiness-");
    let copy = world.copy();
    copy.remove(&path);
    refused(&copy, "GL521", "is gone");
    // Run again, the gate passes and what was lost is history.
    passes(&copy, &["gate", "readiness"]);
    passes(&copy, &["verify", "--through", "readiness"]);
    // Another valid envelope of the same record is not the one that the ledger names.
    let copy = world.copy();
    let text = copy.read(&path);
    copy.write(&path, text.replace("  ", " "));
    refused(&copy, "GL521", "is another one now");
    // All of them, and the evidence that they signed was edited: nothing is better for it.
    let copy = world.copy();
    copy.remove(ATTESTATIONS);
    let said = copy.json(&["check", "--through", "staging-validation"]);
    let gone = said.rules().iter().filter(|(rule, _)| rule == "GL521").count();
    assert_eq!(gone, 4, "{:?}", said.rules());
}

/// A job that computes a gate again, finds it valid and has a key vouches for that.
#[test]
fn a_gate_that_passed_without_a_key_is_signed_later() {
    let world = prepared();
    passes(&world, &["gate", "readiness"]);
    let record = world.read(RECORD);
    let said = passes(&world, &["gate", "readiness", "--sign-key", KEY]);
    let path = envelope(&world, "1-readiness-");
    assert!(said.out.contains(&format!("signed now: {path}")), "{}", said.all());
    assert_eq!(world.read(RECORD), record);
    let ledger = world.read(LEDGER);
    let said = passes(&world, &["gate", "readiness", "--sign-key", KEY]);
    assert!(said.out.contains("nothing written") && world.read(LEDGER) == ledger, "{}", said.all());
    let said = passes(&world, &["verify", "--through", "readiness"]);
    assert!(said.out.contains("its record is signed by release-ci"), "{}", said.all());
    world.remove(&path);
    refused(&world, "GL521", "is gone");
    // One that the job does not find valid is not signed.
    let world = prepared();
    passes(&world, &["gate", "readiness"]);
    world.edit(RECORD, "\"PASSED\"", "\"PASSED\" ");
    passes(&world, &["gate", "readiness", "--sign-key", KEY]);
    assert!(!world.read(RECORD).contains("\"PASSED\" "));
}

#[test]
fn a_key_that_is_taken_out_of_the_policy_counts_no_more() {
    let world = deployed();
    let text = world.read("d3p.yaml");
    let start = text.find("machines:").unwrap();
    world.write("d3p.yaml", &text[..start]);
    let gates = facts(&world, "readiness", &[]);
    assert_eq!((&gates[0]["facts"], &gates[0]["record_signed_by"]), (&json!("L0"), &Value::Null));
    passes(&world, &["verify", "--through", "readiness"]);
    let said = world.run(&["run", "deploy-staging", "--sign-key", KEY]);
    assert_eq!(said.exit, Exit::Refused);
    assert!(said.err.contains("was taken out of d3p.yaml"), "{}", said.all());
    // A key that is added in the change that it should vouch for is a loosening.
    let world = deployed();
    let pem = make_key(&world, ".git/agent.pem", KINDS[0].1);
    let added = machine("agent", &pem).replace("machines:\n", "");
    world.write("d3p.yaml", world.read("d3p.yaml") + &added);
    let said = world.json(&["check"]);
    assert!(said.has("GL004"), "{:?}", said.rules());
    let said = world.run(&["run", "deploy-staging", "--sign-key", ".git/agent.pem"]);
    assert_eq!(said.exit, Exit::Refused);
    assert!(said.err.contains("froze its policy"), "{}", said.all());
}

#[test]
fn evidence_that_was_typed_stays_typed_whoever_signs_it() {
    let world = World::new();
    let script = release_script();
    let at = |wanted: &str| {
        let is = |step: &Step| matches!(&step.action, Action::Run { args, .. } if args.join(" ").starts_with(wanted));
        script.iter().rposition(is).unwrap()
    };
    world.play(&script[..=at("record deployment-readiness-checklist")]);
    let pem = make_key(&world, KEY, KINDS[0].1);
    world.write("d3p.yaml", world.read("d3p.yaml") + &machine("release-ci", &pem));
    world.only_var("D3P_SIGNING_KEY", Some(&world.read(KEY)));
    world.play(&script[at("gate readiness")..=at("record staging-deployment-report")]);
    envelope(&world, "staging-deployment-report-");
    let gates = facts(&world, "staging-validation", &[]);
    assert_eq!((&gates[1]["facts"], &gates[1]["typed"]), (&json!("L0"), &json!(1)), "{gates:#?}");
    // What is a person's is not signed, whatever the job has in its environment.
    world.play(
        &script[at("record staging-deployment-report") + 1..=at("record production-approval")],
    );
    assert!(!envelopes(&world).iter().any(|name| name.contains("approval")));
    let go = ["record", "production-approval", "--by", "Ana Silva", "--decision", "go"];
    let log = ["record", "deployment-communications", "--from", "-"];
    for (args, why) in [(&go[..], "no machine signs it"), (&log, "by itself")] {
        let said = world.run(&[args, &["--sign-key", KEY]].concat());
        assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
        assert!(said.err.contains(why), "{}", said.all());
    }
}

/// A release that becomes another one in its place is a way on, and needs no file to be deleted.
#[test]
fn what_an_earlier_attempt_signed_is_history() {
    let world = deployed();
    for name in ["release-manifest.md", "rollback-plan.md", "deployment-communications.md"] {
        world.edit(&format!(".artifacts/deployment/{name}"), "attempt: 1", "attempt: 2");
    }
    passes(&world, &["record", "deployment-readiness-checklist"]);
    passes(&world, &["gate", "readiness"]);
    let said = world.json(&["check", "--through", "readiness"]);
    assert!(!said.has("GL519") && !said.has("GL521"), "{:?}", said.rules());
    let gates = facts(&world, "readiness", &[]);
    assert_eq!((&gates[0]["facts"], &gates[0]["record_signed_by"]), (&json!("L0"), &Value::Null));
}

#[test]
fn names_of_envelopes_say_what_they_sign() {
    let digest = d3p::model::Sha256Digest::of(b"");
    assert_eq!(
        envelope_path("a/b/1-readiness.json", digest),
        format!("{ATTESTATIONS}/1-readiness-e3b0c44298fc1c14.dsse.json")
    );
    assert!(Path::new(&envelope_path("x", digest)).starts_with(ATTESTATIONS));
}
