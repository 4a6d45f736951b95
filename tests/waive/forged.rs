//! What does not count as a waiver, whoever wrote it.

use super::*;

#[test]
fn a_waiver_that_the_agent_writes_itself() {
    let world = waived_sample();
    let text = canonical::to_canonical(&statement(&world));
    let (agent, _) = own_key(&world, "agent");
    for (what, key, namespace) in [
        ("a key that nobody listed", &*agent, "d3p-approval"),
        ("another namespace", ANA, "git"),
        ("another namespace", ANA, "d3p-waiver"),
    ] {
        let signature = signature(&world, key, namespace, &text);
        put(&world, &[(&text, &signature)]);
        worthless(&world, "GL522", what);
    }
    let genuine = signature(&world, ANA, "d3p-approval", &text);
    put(&world, &[(&text, "no signature at all")]);
    worthless(&world, "GL522", "no signature");
    for (what, from, to) in [
        ("a longer end", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"),
        ("another reason", "nightly", "daily"),
        ("another rule", "GL315", "GL316"),
        ("a space", "{\"_type\"", "{ \"_type\""),
        ("a key twice", "\"rule\":", "\"rule\":\"GL316\",\"rule\":"),
    ] {
        assert!(text.contains(from), "{from}");
        put(&world, &[(&text.replacen(from, to, 1), &genuine)]);
        worthless(&world, "GL522", what);
    }
    put(&world, &[(&text, &genuine)]);
    assert_eq!(world.run(&GATE_4).exit, Exit::Passed, "the genuine one");
}

/// What the person really signed, about something else.
#[test]
fn a_waiver_of_something_else() {
    let world = waived_sample();
    for (key, value) in [
        ("release", json!("v1.3.9")),
        ("commit", json!("0".repeat(40))),
        ("attempt", json!(2)),
        ("role", json!("sre-lead")),
        ("person", json!("Mei Tanaka")),
        ("principal", json!("mei@shop.example")),
        ("decidedAt", json!("2027-01-01T00:00:00Z")),
    ] {
        let mut other = statement(&world.copy());
        other["predicate"][key] = value;
        let copy = world.copy();
        put_signed(&copy, &other);
        worthless(&copy, "GL522", key);
    }
    for (key, value) in [
        ("path", json!("*")),
        ("path", json!(".artifacts/deployment/*.md")),
        ("path", json!(RESULTS)),
        ("pointer", json!("/status")),
        ("seen", json!(["0".repeat(64)])),
        ("rule", json!("GL316")),
    ] {
        let mut other = statement(&world);
        other["predicate"][key] = value.clone();
        let copy = world.copy();
        put_signed(&copy, &other);
        worthless(&copy, "GL524", &format!("{key} {value}"));
    }
}

#[test]
fn rules_that_can_never_be_waived() {
    for rule in d3p::testing::rules::RULES {
        let group = &rule.code[..3];
        // A freeze is overridden by people, so the plan that says so may stand; who knows the page to
        // which a step leads, or what was counted, can say that it is enough; and whether words say No,
        // or that nothing is done, is read by a program.
        let may = ["GL133", "GL140", "GL141", "GL144", "GL146", "GL149"].contains(&rule.code);
        let never = ["GL0", "GL1", "GL5", "GL9"].contains(&group) && !may;
        assert!(!rule.waivable || !never, "{}", rule.code);
    }
    // What may be signed is what a rule lets be waived, and nothing else.
    let schema: Value =
        serde_json::from_str(include_str!("../../schemas/waiver-statement.v1.schema.json"))
            .unwrap();
    let listed = &schema["properties"]["predicate"]["properties"]["rule"]["enum"];
    let waivable =
        d3p::testing::rules::RULES.iter().filter(|rule| rule.waivable).map(|rule| rule.code);
    assert_eq!(*listed, json!(waivable.collect::<Vec<_>>()), "the rules that the schema lists");
    let world = waived_sample();
    for rule in ["GL001", "GL401", "GL504", "GL522", "GL901"] {
        let said = waive(&world, &[rule]);
        assert_eq!(said.exit, Exit::Refused, "{rule}: {}", said.all());
        assert!(said.err.contains("can never be waived"), "{}", said.all());
    }
    // Signed all the same.
    for rule in ["GL004", "GL201", "GL311", "GL401", "GL501", "GL901", "GL999"] {
        let mut other = statement(&world);
        other["predicate"]["rule"] = json!(rule);
        let copy = world.copy();
        put_signed(&copy, &other);
        worthless(&copy, "GL522", rule);
    }
    // An approval, the policy and records, whatever the rule.
    for path in [APPROVAL, "d3p.yaml", RECORD_2, LEDGER] {
        let mut other = statement(&world);
        other["predicate"]["path"] = json!(path);
        let copy = world.copy();
        put_signed(&copy, &other);
        if path == "d3p.yaml" {
            worthless(&copy, "GL524", path);
        } else {
            worthless(&copy, "GL522", path);
        }
    }
}

#[test]
fn a_waiver_that_has_ended() {
    let world = waived_sample();
    world.at(Stamp::parse("2026-11-22T00:00:01Z").unwrap());
    worthless(&world, "GL523", "ended");
    // The way out needs no editor: what is over is dropped with the next one.
    let again = world.run(&[
        "waive",
        "GL315",
        "--until",
        "2026-11-23",
        "--reason",
        "still the import",
        "--as",
        "ana@shop.example",
        "--key",
        ANA,
    ]);
    assert_eq!(again.exit, Exit::Passed, "{}", again.all());
    assert!(again.out.contains("dropped: GL315"), "{}", again.out);
    assert_eq!(file(&world)["waivers"].as_array().unwrap().len(), 1);
    let gate = world.run(&GATE_4);
    assert_eq!(gate.exit, Exit::Passed, "{}", gate.all());
    // Longer than the policy lets a waiver hold.
    let world = waived_sample();
    let mut long = statement(&world);
    long["predicate"]["notAfter"] = json!("2030-01-01T00:00:00Z");
    put_signed(&world, &long);
    // It lies in the place of one that the ledger names; had it been the first, it would count.
    assert!(world.json(&["gate", "4", "--dry-run"]).has("GL922"));
    let ledger = world.read(LEDGER);
    world.write(LEDGER, &ledger[..=ledger.trim_end().rfind('\n').unwrap()]);
    assert_eq!(world.run(&["gate", "4", "--dry-run"]).exit, Exit::Passed);
    world.at(Stamp::parse("2026-12-22T00:00:00Z").unwrap());
    worthless(&world, "GL523", "longer than max_age");
}

/// The key ran out; a statement can say that it is of the day before.
#[test]
fn a_waiver_that_is_dated_back_to_when_its_key_was_good() {
    let world = waived_sample();
    let honest = statement(&world);
    world.edit(SIGNERS, "d3p-approval\"", "d3p-approval\",valid-before=\"20261121Z\"");
    let mut dated = honest;
    dated["predicate"]["decidedAt"] = json!("2026-11-20T12:00:00Z");
    put_signed(&world, &dated);
    worthless(&world, "GL522", "dated back");
}

#[test]
fn a_waiver_is_no_approval_and_an_approval_no_waiver() {
    let (world, script, next) = slower_waived();
    until(&world, &script, next, &SIGN);
    assert_eq!(world.run(&CLEARANCE).exit, Exit::Passed);
    let mut approval: Value = serde_json::from_str(&world.read(APPROVAL)).unwrap();
    let go = approval["decisions"][0].clone();
    let waivers = file(&world);
    approval["decisions"] = json!([waivers["waivers"][0]]);
    world.write(APPROVAL, serde_json::to_string_pretty(&approval).unwrap() + "\n");
    refused(&world.json(&CLEARANCE), &["GL503"], "a waiver as approval");
    approval["decisions"] = json!([go]);
    world.write(APPROVAL, serde_json::to_string_pretty(&approval).unwrap() + "\n");
    let text = |key| go[key].as_str().unwrap();
    put(&world, &[(text("statement"), text("signature"))]);
    let said = world.json(&["check"]);
    refused(&said, &["GL522", "GL219"], "an approval as waiver");
}

/// Taking the waivers away never makes anything better, whatever they are worth.
#[test]
fn losing_the_waivers_improves_nothing() {
    let honest = waived_sample();
    let passed = honest.copy();
    assert_eq!(passed.run(&GATE_4).exit, Exit::Passed);
    let forged = honest.copy();
    let text = canonical::to_canonical(&statement(&honest));
    put(&forged, &[(&text, "no signature")]);
    let broken = honest.copy();
    broken.write(WAIVERS, "{");
    let (staged, ..) = slower_waived();
    for (what, world) in [
        ("in force", honest),
        ("used", passed),
        ("forged", forged),
        ("broken", broken),
        ("before launch", staged),
    ] {
        let questions: [&[&str]; 8] = [
            &["gate", "1", "--dry-run"],
            &["gate", "2", "--dry-run"],
            &["gate", "3", "--dry-run"],
            &["gate", "4", "--dry-run"],
            &CLEARANCE,
            &["check"],
            &["verify"],
            &["verify", "--through", "2"],
        ];
        let before: Vec<u8> = questions.iter().map(|args| world.run(args).exit.code()).collect();
        world.remove(WAIVERS);
        for (args, before) in questions.iter().zip(before) {
            let after = world.run(args);
            assert!(after.exit.code() >= before, "{what} {args:?}: {}", after.all());
        }
    }
}
