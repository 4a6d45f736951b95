//! Advice and failures as programs read them: the whole of what people are told, and no sentence
//! that would have to be taken apart.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{World, argv};
use d3p::Exit;
use d3p::testing::cli::Code;
use d3p::testing::schema;
use serde_json::Value;

/// Stages at which a release is looked at.
fn stages() -> Vec<World> {
    let begun = World::played_until(&["record", "deployment-readiness-checklist"]);
    let readiness = World::played_until(&["gate", "readiness"]);
    let edited = readiness.copy();
    edited.edit("d3p.yaml", "services:", "skew: 5m\nservices:");
    vec![begun, readiness, edited, World::played_until(&["gate", "production-launch"])]
}

/// Every advice in a report, alternatives too.
fn advice_in(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            if members.contains_key("argv") {
                found.push(value.clone());
            }
            members.values().for_each(|member| advice_in(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| advice_in(item, found)),
        _ => {}
    }
}

#[test]
fn what_is_to_be_put_in_is_declared_and_every_command_is_one() {
    for world in stages() {
        let mut found = Vec::new();
        for args in [&["check", "--through", "stabilization"][..], &["status"], &["verify"]] {
            advice_in(&world.json(args).json(), &mut found);
        }
        assert!(!found.is_empty());
        for advice in found {
            let words = argv(&advice);
            let fills = advice["fills"].as_array().unwrap();
            for (at, word) in words.iter().enumerate() {
                let declared = fills.iter().find(|fill| fill["at"] == at);
                let open = word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase());
                assert_eq!(open, declared.is_some(), "{word}: {advice:#}");
                if let Some(fill) = declared {
                    assert_eq!(fill["name"], word.as_str(), "{advice:#}");
                    assert!(!fill["meaning"].as_str().unwrap().is_empty(), "{advice:#}");
                }
                assert!(!word.contains('…') && !word.is_empty(), "{advice:#}");
            }
            // An answer may have a command, by which a person gives it.
            let kind = advice["kind"].as_str().unwrap();
            let command = matches!(kind, "run" | "decide");
            assert!(kind == "answer" || command != words.is_empty(), "{advice:#}");
            assert!(advice["kind"] != "edit" || advice["path"].is_string(), "{advice:#}");
            // A command is the command line's own: with the words put in, clap takes it.
            if words.first().is_some_and(|word| word == "d3p") {
                let filled = words.iter().map(|word| match word.as_str() {
                    "DATE" => "2026-12-01",
                    "DECISION" => "continue",
                    "ANSWER" => "yes",
                    word => word,
                });
                let parsed = d3p::testing::cli::command().try_get_matches_from(filled);
                assert!(parsed.is_ok(), "{}: {advice:#}", parsed.unwrap_err());
            }
        }
    }
}

/// The number of the gate that a command of this program belongs to, as the phase declares it; 0 for
/// what is done at any time.
fn gate_of(words: &[String], phase: &Value) -> u64 {
    let gates = phase["gates"].as_object().unwrap();
    let of_evidence = |kind: &str| {
        let lists =
            |gate: &&Value| gate["evidence"].as_array().unwrap().iter().any(|own| own == kind);
        gates.values().find(lists).map_or(0, |gate| gate["number"].as_u64().unwrap())
    };
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    match word(1) {
        "gate" => gates[word(2)]["number"].as_u64().unwrap(),
        "approve" if word(2) != "status" && word(2) != "show" => of_evidence("production-approval"),
        "record" => of_evidence(word(2)),
        "run" => of_evidence(phase["steps"][word(2)]["produces"].as_str().unwrap_or_default()),
        "report" => of_evidence("deployment-report"),
        "check" if word(2) == "--before" => {
            of_evidence(phase["steps"][word(3)]["produces"].as_str().unwrap())
        }
        "rollback" | "tick" | "archive" => 99,
        _ => 0,
    }
}

/// Whoever follows what is next is never sent ahead: not at the very beginning, and not where anything
/// that was there is gone.
#[test]
fn what_comes_next_belongs_to_the_gate_that_is_open() {
    let phase = d3p::testing::text::yaml::parse(crate::common::PHASE_TEXT).unwrap();
    let looked = |world: &World, what: &str| {
        let said = world.json(&["status", "--next"]).json();
        let gates = said["gates"].as_array().unwrap().iter();
        let open = gates.clone().find(|gate| gate["valid"] == false);
        let open = open.map_or(99, |gate| gate["number"].as_u64().unwrap());
        let next = argv(&said["next"]);
        assert!(gate_of(&next, &phase) <= open, "{what}, gate {open} is open: {:#}", said["next"]);
    };
    let script = d3p::testing::cli::demo::signed_script();
    let world = World::new();
    let stops =
        ["scaffold the release", "tell the stakeholders", "gate 1", "validate staging", "gate 2"];
    let mut played = 0;
    for stop in stops {
        let end = script.iter().position(|step| step.title == stop).unwrap();
        world.play(&script[played..=end]);
        played = end + 1;
        looked(&world, stop);
        let files = walkdir::WalkDir::new(&world.dir).sort_by_file_name().into_iter().flatten();
        let files = files.filter(|entry| entry.file_type().is_file());
        let own = |path: &std::path::Path| {
            ["d3p", ".d3p", ".artifacts"].iter().any(|dir| path.starts_with(dir))
        };
        for entry in files {
            let path = entry.path().strip_prefix(&world.dir).unwrap().to_owned();
            if own(&path) {
                let bytes = std::fs::read(entry.path()).unwrap();
                std::fs::remove_file(entry.path()).unwrap();
                looked(&world, &format!("{stop}, without {}", path.display()));
                std::fs::write(entry.path(), bytes).unwrap();
            }
        }
        let policy = world.read("d3p.yaml");
        if let Some((before, rest)) = policy.split_once("persons: [") {
            let (_, after) = rest.split_once("}] }").unwrap();
            world.write("d3p.yaml", format!("{before}persons: [] }}{after}"));
            looked(&world, &format!("{stop}, with nobody who may approve"));
            world.write("d3p.yaml", policy);
        }
    }
}

#[test]
fn people_and_programs_are_told_the_same() {
    for world in stages() {
        for args in [&["check", "--through", "stabilization"][..], &["verify"]] {
            let findings = world.json(args).json()["findings"].as_array().unwrap().clone();
            let text = world.run(&[args, &["-v"]].concat()).out;
            for finding in findings.iter().filter(|finding| finding["waived"].is_null()) {
                let message = finding["message"].as_str().unwrap();
                assert!(text.contains(message), "{message} is not in:\n{text}");
                let mut ways = Vec::new();
                advice_in(&finding["advice"], &mut ways);
                assert!(!ways.is_empty() || finding["level"] != "error", "{finding:#}");
                for way in ways {
                    for told in argv(&way).iter().chain([&text_of(&way, "what")]) {
                        assert!(text.contains(&**told), "{told} is not in:\n{text}");
                    }
                }
                for related in finding["related"].as_array().unwrap() {
                    let path = related["location"]["path"].as_str().unwrap();
                    assert!(text.contains(path), "{path} is not in:\n{text}");
                    assert!(text.contains(&text_of(related, "message")), "{related}");
                }
            }
        }
    }
}

fn text_of(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap().to_owned()
}

#[test]
fn after_the_last_step_nothing_is_left_to_do() {
    let world = World::played();
    let next = world.next();
    assert_eq!(next["kind"], "done", "{next:#}");
    assert!(argv(&next).is_empty());
    let others = next["alternatives"].as_array().unwrap();
    let commands: Vec<String> = others.iter().map(|way| argv(way).join(" ")).collect();
    assert_eq!(commands, ["d3p verify", "d3p archive", "d3p init --release VERSION"]);
    // And it is not so before.
    assert_ne!(World::played_until(&["gate", "production-launch"]).next()["kind"], "done");
}

#[test]
fn every_failure_has_one_shape_and_a_code() {
    let empty = World::new();
    let world = World::played_until(&["gate", "readiness"]);
    let broken = world.copy();
    broken.edit("d3p.yaml", "services:", "servces:");
    let cases: &[(&World, &[&str], &str, Exit)] = &[
        (&world, &["no-such-command"], "E-usage", Exit::Incomplete),
        (&world, &["check", "--trough", "1"], "E-usage", Exit::Incomplete),
        (&world, &["check", "--before", "no-such-step"], "E-usage", Exit::Incomplete),
        (&world, &["gate", "9"], "E-usage", Exit::Incomplete),
        (&world, &["record", "no-such-kind"], "E-usage", Exit::Incomplete),
        (&world, &["report"], "E-refused", Exit::Refused),
        (&world, &["verify", "no-such-directory"], "E-io", Exit::Incomplete),
        (&broken, &["check"], "E-policy", Exit::Incomplete),
        (&empty, &["status"], "E-project", Exit::Incomplete),
    ];
    for (world, args, code, exit) in cases {
        let said = world.json(args);
        assert_eq!(said.exit, *exit, "{args:?}: {}", said.all());
        assert_eq!(world.run(args).exit, *exit, "{args:?}: the format changes no exit code");
        let error = said.json();
        let faults = schema::validate("error", &error).unwrap();
        assert!(faults.is_empty(), "{args:?}: {faults:#?}\n{error:#}");
        assert_eq!(error["error"]["code"], *code, "{args:?}: {error:#}");
    }
    let nearest = world.json(&["check", "--trough", "1"]).json()["error"].to_string();
    assert!(nearest.contains("--through"), "clap's tip is kept: {nearest}");
    // Help is no failure, and the codes of the schema are those of the program.
    assert_eq!(world.json(&["--help"]).exit, Exit::Passed);
    let known: Value = serde_json::from_str(schema::text("error").unwrap()).unwrap();
    let listed = known["properties"]["error"]["properties"]["code"]["enum"].clone();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.word()).collect();
    assert_eq!(listed, Value::from(codes));
}
