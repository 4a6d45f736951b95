//! What a waiver does for gates, approvals, records and reports.

use super::*;

#[test]
fn a_waived_finding_stands_and_everything_says_so() {
    let world = bad_sample();
    refused(&world.json(&GATE_4), &["GL315"], "not waived yet");
    let said = waive(&world, &["GL315"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains("error_rate was 5.23%"), "{}", said.out);
    assert!(said.err.contains("+ ssh-keygen -Y sign -n d3p-approval"), "{}", said.err);
    let gate = world.run(&GATE_4);
    assert_eq!(gate.exit, Exit::Passed, "{}", gate.all());
    assert_eq!(level(&world, RECORD_4), "D3P_GATE_4_STABILIZATION_WITH_WAIVER");
    let record: Value = serde_json::from_str(&world.read(RECORD_4)).unwrap();
    let faults = schema::validate("gate-record", &record).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    let digest = Sha256Digest::of(canonical::to_canonical(&statement(&world)).as_bytes());
    let extension = &record["predicate"]["https://d3p.dev/extensions/gate/v1"];
    assert_eq!(extension["waivers"][0]["statements"], json!([digest.to_string()]));
    let ledger = world.read(LEDGER);
    assert!(ledger.contains(&format!("\"statement\":\"{digest}\"")), "{ledger}");
    // On top of every report, for people and for programs.
    let line = format!(
        "\nwaived: GL315 at {HEALTH} until 2026-11-22T00:00:00Z by Ana Silva: the nightly import runs until Monday\n"
    );
    for args in [&["verify"][..], &["status"], &["check"], &GATE_4, &["waive", "--list"]] {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Passed, "{args:?} {}", said.all());
        assert!(said.out.contains(&line), "{args:?} {}", said.out);
        let said = world.json(args);
        let report = said.json();
        let faults = schema::validate("check-report", &report).unwrap();
        assert!(faults.is_empty(), "{args:?} {faults:?}");
        assert_eq!(report["waivers"][0]["state"], "in-force", "{args:?}");
    }
    let verify = world.json(&["verify"]).json();
    let finding = verify["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "GL315");
    assert_eq!(finding.unwrap()["level"], "warning");
    assert_eq!(finding.unwrap()["state"], "waived");
    assert!(finding.unwrap()["waived"].as_str().unwrap().contains("by Ana Silva"));
    // A completed release never ages, and neither does what it was let stand by.
    world.at(Stamp::parse("2031-01-01T00:00:00Z").unwrap());
    let later = world.run(&["verify"]);
    assert_eq!(later.exit, Exit::Passed, "{}", later.all());
    let archived = world.run(&["archive"]);
    assert_eq!(archived.exit, Exit::Passed, "{}", archived.all());
    let said = world.run(&["verify", ".artifacts/releases/v1.4.0+1"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains(&line), "{}", said.out);
}

/// Evidence goes on to say what happened; the gates before and after it keep their plain levels.
#[test]
fn a_gate_before_the_launch_with_waivers() {
    let (world, script, next) = slower_waived();
    assert_eq!(level(&world, RECORD_2), "D3P_GATE_2_STAGING_VALIDATION_WITH_WAIVER");
    let results: Value = serde_json::from_str(&world.read(RESULTS)).unwrap();
    assert_eq!(results["status"], "failed");
    let show = world.run(&["approve", "show"]);
    assert!(show.out.contains("  - waived: GL219 at"), "{}", show.out);
    assert!(crate::recommended::told(&world).starts_with("Recommendation: none. "), "{}", show.out);
    let end = until(&world, &script, next, &["verify"]);
    assert_eq!(end, script.len());
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    for (path, plain) in
        [("1-readiness", "D3P_GATE_1_READINESS"), ("4-stabilization", "D3P_GATE_4_STABILIZATION")]
    {
        let path = format!(".artifacts/deployment/records/{path}.json");
        assert_eq!(level(&world, &path), plain);
    }
    let report = world.read(".artifacts/deployment/DEPLOYMENT-REPORT.md");
    assert!(report.contains("Passed with waivers:\n\n- Gate 2: GL219 at"), "{report}");
    // What an approver took over stands in what they signed.
    let approval: Value = serde_json::from_str(&world.read(APPROVAL)).unwrap();
    let go = approval["decisions"][0]["statement"].as_str().unwrap();
    assert!(go.contains("waived: GL219 at"), "{go}");
}

/// A number that is measured anew is let stand where it is no worse, and whatever else is not.
#[test]
fn what_is_measured_anew_and_no_worse_is_let_stand() {
    let (base, ..) = slower();
    let said = waive(&base, &["GL219"]);
    assert!(said.out.contains("where it is no worse than this"), "{}", said.all());
    for (change, observed, stands) in [
        ("40.0", "252", true),
        ("50.0", "270", true),
        ("50.6", "271", false),
        ("900.0", "1800", false),
    ] {
        let world = base.copy();
        world.edit(RESULTS, "50.0", change);
        world.edit(RESULTS, "270", observed);
        let gate = world.json(&["gate", "2", "--dry-run"]);
        assert_eq!(gate.exit == Exit::Passed, stands, "{observed}: {}", gate.all());
        assert_eq!(gate.has("GL219") && gate.exit != Exit::Passed, !stands, "{}", gate.all());
    }
    // A number of something else, however small, is another matter.
    let world = base.copy();
    world.edit(RESULTS, "\"metric\": \"latency_p99\"", "\"metric\": \"latency_p95\"");
    refused(&world.json(&["gate", "2", "--dry-run"]), &["GL219"], "another metric");
}

/// Whoever types which tests failed lets these stand, and no others.
#[test]
fn what_somebody_typed_is_let_stand_by_name() {
    let world = World::new();
    let failed = [
        ("\"passed\": 12, \"failed\": 0", "\"passed\": 11, \"failed\": 1"),
        (
            "\"passed\": 53, \"failed\": 0",
            "\"failing\": [\"smoke/pays\"], \"passed\": 52, \"failed\": 1",
        ),
    ];
    let script = script("staging-validation-results", &failed);
    until(&world, &script, 0, &["record", "uat-confirmation", "--from", "-"]);
    let said = waive(&world, &["GL209", "--path", RESULTS]);
    assert!(said.exit == Exit::Passed && said.out.contains("smoke/pays"), "{}", said.all());
    assert_eq!(world.json(&["gate", "2", "--dry-run"]).exit, Exit::Passed);
    world.edit(RESULTS, "smoke/pays", "smoke/signs in");
    refused(&world.json(&["gate", "2", "--dry-run"]), &["GL209"], "another test");
}

#[test]
fn what_nobody_saw_is_not_waived() {
    // Another sample, worse than the one that was seen.
    let world = waived_sample();
    let more = r#"{"metrics": {"error_rate": "70%", "latency_p99": "181ms", "cpu": "40%"}, "observation": "checkout is down"}"#;
    world.run_with(&["record", "deployment-health-log", "--from", "-"], more);
    refused(&world.json(&["check", "--through", "4"]), &["GL315"], "another sample");
    // The one that was seen, edited.
    let world = waived_sample();
    world.edit(HEALTH, "5.23%", "9.99%");
    worthless(&world, "GL524", "an edited sample");
    // The same place in evidence, another value.
    let (world, ..) = slower();
    waive(&world, &["GL219"]);
    assert_eq!(world.json(&["gate", "2", "--dry-run"]).exit, Exit::Passed);
    world.edit(RESULTS, "50.0", "900.0");
    world.edit(RESULTS, "270", "1800");
    refused(&world.json(&["gate", "2", "--dry-run"]), &["GL219"], "another value");
    // A file that is gone was seen by nobody.
    let world = waived_sample();
    world.remove(HEALTH);
    refused(&world.json(&GATE_4), &["GL201"], "no log");
}

#[test]
fn a_waiver_after_the_go_supersedes_it_unless_it_is_for_later() {
    let (world, script, next) = slower_waived();
    let end = until(&world, &script, next, &SIGN);
    assert_eq!(world.run(&CLEARANCE).exit, Exit::Passed);
    let waivers = file(&world);
    let with = |path: &str, rule: &str| {
        let mut one = statement(&world);
        one["predicate"]["path"] = json!(path);
        one["predicate"]["rule"] = json!(rule);
        let text = canonical::to_canonical(&one);
        let mut all: Vec<(String, String)> = waivers["waivers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                let text = |key: &str| one[key].as_str().unwrap().to_owned();
                (text("statement"), text("signature"))
            })
            .collect();
        all.push((text.clone(), signature(&world, ANA, "d3p-approval", &text)));
        let all: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        put(&world, &all);
    };
    for path in [
        ".artifacts/deployment/release-manifest.md",
        "d3p/phase-8-readiness/phase8_go_nogo_decision.md",
        "d3p/phase-9-deployment-golive/phase9_go_live_monitoring.md",
        ".artifacts/deployment/rollback-plan.md",
    ] {
        with(path, "GL301");
        refused(&world.json(&CLEARANCE), &["GL504"], path);
    }
    // One for what is judged after the launch changes nothing before it.
    with(HEALTH, "GL315");
    let said = world.run(&CLEARANCE);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    for gate in ["1", "2"] {
        let said = world.run(&["gate", gate]);
        assert!(said.out.contains("still valid"), "{}", said.all());
    }
    // What led to the launch is history afterwards.
    world.write(WAIVERS, serde_json::to_string_pretty(&waivers).unwrap());
    until(&world, &script, end, &["gate", "production-launch"]);
    let said = waive(&world, &["GL219", "--path", RESULTS]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.err.contains("history"), "{}", said.err);
    let said = world.run(&["waive", "GL219", "--remove"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.err.contains("history"), "{}", said.err);
    // Dated after the launch, it never was in force for it.
    let mut late = statement(&world);
    late["predicate"]["rule"] = json!("GL301");
    late["predicate"]["decidedAt"] = json!("2026-11-21T09:00:00Z");
    world.at(Stamp::parse("2026-11-21T11:00:00Z").unwrap());
    late["predicate"]["decidedAt"] = json!("2026-11-21T10:30:00Z");
    put_signed(&world, &late);
    refused(&world.json(&["check"]), &["GL522", "GL219"], "late");
}

#[test]
fn a_gate_that_was_passed_with_a_waiver_stands_and_falls_with_it() {
    let world = waived_sample();
    assert_eq!(world.run(&GATE_4).exit, Exit::Passed);
    let kept = world.read(WAIVERS);
    world.remove(WAIVERS);
    let said = world.json(&["verify"]);
    refused(&said, &["GL315", "GL901"], "removed");
    let findings = said.json()["findings"].as_array().unwrap().clone();
    let record = findings.iter().find(|finding| finding["rule"] == "GL901").unwrap();
    assert!(record["advice"].to_string().contains("--restore"), "{record:#}");
    let status = world.json(&["status"]).json();
    assert_eq!(status["gates"][3]["valid"], false);
    world.run(&["doctor", "--restore"]);
    assert_eq!(world.read(WAIVERS), kept);
    assert_eq!(world.run(&["verify"]).exit, Exit::Passed);
    // Signers that the auditor kept, who do not know the key.
    let (_, public) = own_key(&world, "kept");
    world.write("../signers", format!("ana@shop.example namespaces=\"d3p-approval\" {public}\n"));
    let outside = world.dir.parent().unwrap().join("signers");
    let said = world.json(&["verify", "--trust-root", outside.to_str().unwrap()]);
    refused(&said, &["GL315", "GL522", "GL901", "GL512"], "the signers that the auditor kept");
    // A record that does not tell of it.
    let record = world.read(RECORD_4);
    world.edit(RECORD_4, "STABILIZATION_WITH_WAIVER", "STABILIZATION");
    refused(&world.json(&["verify"]), &["GL901"], "a plain level");
    let mut plain: Value = serde_json::from_str(&record).unwrap();
    let predicate = &mut plain["predicate"];
    predicate["verifiedLevels"] = json!(["D3P_GATE_4_STABILIZATION"]);
    let extension = predicate["https://d3p.dev/extensions/gate/v1"].as_object_mut().unwrap();
    extension.shift_remove("waivers");
    let inputs = predicate["inputAttestations"].as_array_mut().unwrap();
    inputs.retain(|input| !input["uri"].as_str().unwrap().contains("waivers.json"));
    let text = serde_json::to_string_pretty(&plain).unwrap() + "\n";
    let (old, new) = (Sha256Digest::of(record.as_bytes()), Sha256Digest::of(text.as_bytes()));
    world.write(RECORD_4, &text);
    world.edit(LEDGER, &old.to_string(), &new.to_string());
    let said = world.json(&["verify"]);
    refused(&said, &["GL901"], "rewritten together with the ledger");
    assert!(said.out.contains("does not tell of a waiver"), "{}", said.out);
    // And one that tells of a waiver that nobody signed.
    let honest = World::new();
    honest.play(&signed_script());
    let record = ".artifacts/deployment/records/4-stabilization.json";
    honest.edit(record, "D3P_GATE_4_STABILIZATION", "D3P_GATE_4_STABILIZATION_WITH_WAIVER");
    refused(&honest.json(&["verify"]), &["GL901"], "a waiver that is not there");
}
