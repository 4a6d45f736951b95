//! `d3p waive`: who signs, what it refuses, and how a waiver is renewed or dropped.

use super::*;

/// Two persons are wanted; Ana has two keys.
fn two_persons() -> (World, String, String) {
    let world = World::new();
    let script = script("deployment-health-log", &[("0.23%", "5.23%")]);
    let next = until(&world, &script, 0, &["record", "deployment-readiness-checklist"]);
    world.edit("d3p.yaml", "approval: {", "approval: { waiver: { threshold: 2, max_age: 3d }, ");
    world.edit(
        "d3p.yaml",
        "persons: [",
        "persons: [{ name: Mei Tanaka, role: sre-lead, principals: [mei@shop.example] }, ",
    );
    world.edit("d3p.yaml", "[ana@shop.example]", "[ana@shop.example, ana@home.example]");
    let (mei, public) = own_key(&world, "mei");
    let (second, other) = own_key(&world, "second");
    let lines = world.read(SIGNERS)
        + &format!("mei@shop.example namespaces=\"d3p-approval\" {public}\n")
        + &format!("ana@home.example namespaces=\"d3p-approval\" {other}\n");
    world.write(SIGNERS, lines);
    until(&world, &script, next, &BEFORE_GATE_4);
    (world, mei, second)
}

#[test]
fn as_many_persons_as_the_policy_wants_sign_the_same_words() {
    let (world, mei, second) = two_persons();
    let said = waive(&world, &["GL315"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.out.contains("1 of 2 persons"), "{}", said.out);
    worthless(&world, "GL525", "one of two");
    let first = file(&world);
    for again in [ANA, &second] {
        let name = if again == ANA { "ana@shop.example" } else { "ana@home.example" };
        let said = world.run(&["waive", "GL315", "--as", name, "--key", again]);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        assert!(said.err.contains("signed this waiver already"), "{}", said.all());
    }
    assert_eq!(file(&world), first);
    // Put side by side by hand, two keys are one person.
    let mut own = statement(&world);
    own["predicate"]["principal"] = json!("ana@home.example");
    let text = canonical::to_canonical(&own);
    let other = signature(&world, &second, "d3p-approval", &text);
    let one = |key: &str| first["waivers"][0][key].as_str().unwrap();
    put(&world, &[(one("statement"), one("signature")), (&text, &other)]);
    worthless(&world, "GL525", "one person, two keys");
    // Other words are another waiver.
    put(&world, &[(one("statement"), one("signature"))]);
    let words = ["waive", "GL315", "--until", "2026-11-22", "--reason", "something else"];
    let said = world.run(&[&words[..], &["--as", "mei@shop.example", "--key", &mei]].concat());
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    worthless(&world, "GL525", "other words");
    assert!(
        world
            .run(&["waive", "GL315", "--as", "mei@shop.example", "--key", &mei])
            .err
            .contains("say which")
    );
    put(&world, &[(one("statement"), one("signature"))]);
    let said = world.run(&["waive", "GL315", "--as", "mei@shop.example", "--key", &mei]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let gate = world.run(&GATE_4);
    assert_eq!(gate.exit, Exit::Passed, "{}", gate.all());
    assert!(gate.out.contains("by Ana Silva, Mei Tanaka: the nightly"), "{}", gate.out);
    let verify = world.run(&["verify"]);
    assert_eq!(verify.exit, Exit::Passed, "{}", verify.all());
    // One more signature after the gate changes nothing of it.
    let said = world.run(&[
        "waive",
        "GL315",
        "--as",
        "mei@shop.example",
        "--key",
        &mei,
        "--until",
        "2026-11-22",
        "--reason",
        "the nightly import runs until Monday",
    ]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert_eq!(world.run(&["verify"]).exit, Exit::Passed);
}

#[test]
fn what_the_command_refuses() {
    let world = bad_sample();
    let before = world.read(LEDGER);
    let ana = ["--as", "ana@shop.example", "--key", ANA];
    let tail = |until: &'static str, reason: &'static str| ["--until", until, "--reason", reason];
    let cases: &[(&[&str], &str)] = &[
        (&["GL999"], "there is no rule"),
        (&["GL401"], "can never be waived"),
        (&["GL316"], "finds nothing"),
        (&["GL315", "--path", "*"], "finds nothing in *"),
        (&["GL315", "--pointer", "/status"], "finds nothing"),
    ];
    for (args, why) in cases {
        let said = world
            .run(&[&["waive"][..], args, &tail("2026-11-22", "a load test ran"), &ana].concat());
        assert_ne!(said.exit, Exit::Passed, "{args:?} {}", said.all());
        assert!(said.err.contains(why), "{args:?} {}", said.all());
    }
    for (until, reason, why) in [
        ("2027-06-01", "a load test ran", "the latest possible: --until 2026-12-21T09:00"),
        ("2026-11-21", "a load test ran", "is over"),
        ("next week", "a load test ran", "not a day"),
        ("2026-11-22", " ", "in words of your own"),
        ("2026-11-22", "TBD", "own words"),
    ] {
        let said = world.run(&[&["waive", "GL315"][..], &tail(until, reason), &ana].concat());
        assert_ne!(said.exit, Exit::Passed, "{until} {reason} {}", said.all());
        assert!(said.err.contains(why), "{until} {reason} {}", said.all());
    }
    let (agent, _) = own_key(&world, "agent");
    let other = ["--as", "ana@shop.example", "--key", &agent];
    let said = world.run(
        &[&["waive", "GL315"][..], &tail("2026-11-22", "the load test was running"), &other]
            .concat(),
    );
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.err.contains("would not count"), "{}", said.all());
    // Nothing is touched in vain: what would not count is known before ssh-keygen is asked.
    assert!(!said.all().contains("+ ssh-keygen"), "{}", said.all());
    let pope = [&ana[..], &["--role", "pope"]].concat();
    let said = world.run(
        &[&["waive", "GL315"][..], &tail("2026-11-22", "the load test was running"), &pope]
            .concat(),
    );
    assert!(said.err.contains("leave --role out"), "{}", said.all());
    assert!(!said.all().contains("+ ssh-keygen"), "{}", said.all());
    let nobody = ["--as", "max@shop.example", "--key", &agent];
    let said = world.run(
        &[&["waive", "GL315"][..], &tail("2026-11-22", "the load test was running"), &nobody]
            .concat(),
    );
    assert!(said.err.contains("may not decide in this project yet"), "{}", said.all());
    assert_eq!(world.read(LEDGER), before);
    assert!(!world.dir.join(WAIVERS).exists());
    let typed = World::played_until(&["gate", "production-launch"]);
    let said = typed.run(
        &[&["waive", "GL315"][..], &tail("2026-11-22", "the load test was running"), &ana].concat(),
    );
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.err.contains("a waiver is signed"), "{}", said.all());
}

#[test]
fn several_places_are_listed() {
    let world = World::new();
    let script = script("deployment-health-log", &[("0.23%", "5.23%"), ("0.20%", "2.20%")]);
    until(&world, &script, 0, &BEFORE_GATE_4);
    let said = waive(&world, &["GL315"]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    let listed = said.err.matches(&format!("--path {HEALTH}: error_rate was")).count();
    assert_eq!(listed, 2, "{}", said.err);
    let said = waive(&world, &["GL315", "--path", HEALTH]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(world.run(&GATE_4).exit, Exit::Passed);
}

#[test]
fn waivers_are_renewed_listed_and_dropped_without_an_editor() {
    let world = waived_sample();
    let longer = [
        "waive",
        "GL315",
        "--until",
        "2026-11-24",
        "--reason",
        "one day more",
        "--as",
        "ana@shop.example",
        "--key",
        ANA,
    ];
    let said = world.run(&longer);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(file(&world)["waivers"].as_array().unwrap().len(), 1);
    assert!(said.out.contains("which this one replaces"), "{}", said.out);
    let shorter = waive(&world, &["GL315"]);
    assert_eq!(shorter.exit, Exit::Refused, "{}", shorter.all());
    assert!(shorter.err.contains("it is waived already"), "{}", shorter.all());
    let said = world.run(&["waive", "GL316", "--remove"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let said = world.json(&["waive", "GL315", "--remove"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(said.json()["waivers"], json!([]));
    refused(&world.json(&GATE_4), &["GL315"], "dropped");
    let list = world.run(&["waive", "--list"]);
    assert!(list.out.contains("no waivers"), "{}", list.out);
    assert!(world.json(&["check"]).rules().iter().all(|(code, _)| !code.starts_with("GL5")));
    // What is not one of ours goes, too; what cannot be read at all is not written over.
    let mut other = statement(&waived_sample());
    other["predicate"]["commit"] = json!("0".repeat(40));
    put_signed(&world, &other);
    let said = world.run(&["waive", "--remove"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(file(&world)["waivers"], json!([]));
    for broken in ["{", "{}", "", "<<<<<<< ours\n{}\n"] {
        world.write(WAIVERS, broken);
        let said = world.json(&["check"]);
        refused(&said, &["GL522", "GL315"], broken);
        let said = waive(&world, &["GL315"]);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        assert!(said.err.contains("d3p doctor --restore"), "{}", said.all());
        assert_eq!(world.read(WAIVERS), broken);
    }
}

/// Four eyes: who wrote the release lets nothing of it stand, and somebody else may.
#[test]
fn who_wrote_the_release_does_not_waive() {
    let worse = "\"observed\": 270, \"change_percent\": 50.0";
    let script = script(
        "staging-validation-results",
        &[("\"observed\": 189, \"change_percent\": 5.0", worse)],
    );
    let world = World::new();
    let next = until(&world, &script, 0, &["record", "deployment-readiness-checklist"]);
    world.edit(
        "d3p.yaml",
        "persons: [",
        "persons: [{ name: Mei Tanaka, role: sre-lead, principals: [mei@shop.example] }, ",
    );
    let (mei, public) = own_key(&world, "mei");
    let line = format!("mei@shop.example namespaces=\"d3p-approval\" {public}\n");
    world.write(SIGNERS, world.read(SIGNERS) + &line);
    let again = world.run(&["record", "deployment-readiness-checklist"]);
    assert_eq!(again.exit, Exit::Passed, "{}", again.all());
    let next = until(&world, &script, next, &["gate", "readiness"]);
    world.wrote("A. S. <ana@shop.example>");
    until(&world, &script, next, &["record", "uat-confirmation", "--from", "-"]);
    let own = waive(&world, &["GL219", "--path", RESULTS]);
    assert_eq!(own.exit, Exit::Refused, "{}", own.all());
    assert!(own.err.contains("Ana Silva waives what A. S. <ana@shop.example> wrote"));
    assert!(!own.all().contains("+ ssh-keygen"), "a wasted touch: {}", own.all());
    let words = ["--until", "2026-11-22", "--reason", "the nightly import runs until Monday"];
    let who = ["--as", "mei@shop.example", "--key", &mei];
    let said = world.run(&[&["waive", "GL219", "--path", RESULTS], &words[..], &who[..]].concat());
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let value = said.out.lines().find(|line| line.starts_with("what stands there: ")).unwrap();
    assert!(value.contains("\"baseline\":180") && value.contains("\"observed\":"), "{value}");
    // Signed all the same, past the command.
    let mut forged = statement(&world);
    forged["predicate"]["person"] = json!("Ana Silva");
    forged["predicate"]["principal"] = json!("ana@shop.example");
    forged["predicate"]["role"] = json!("release manager");
    put_signed(&world, &forged);
    let check = world.json(&["check", "--through", "staging-validation"]);
    refused(&check, &["GL219", "GL522"], "an author's waiver");
}
