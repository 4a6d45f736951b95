//! Signatures that do not count: altered, of nobody, of something else, gone.

use super::*;

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
    EvidenceStatement::about(
        path,
        d3p::testing::model::Sha256Digest::of(world.read(path).as_bytes()),
        said,
    )
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
    let digest = d3p::testing::model::Sha256Digest::of(copy.read(STAGING).as_bytes()).to_string();
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

#[test]
fn names_of_envelopes_say_what_they_sign() {
    let places = d3p::testing::model::Places::new(".artifacts/deployment", ".artifacts/releases");
    let digest = d3p::testing::model::Sha256Digest::of(b"");
    assert_eq!(
        places.envelope("a/b/1-readiness.json", digest),
        format!("{ATTESTATIONS}/1-readiness-e3b0c44298fc1c14.dsse.json")
    );
    assert!(Path::new(&places.envelope("x", digest)).starts_with(ATTESTATIONS));
}
