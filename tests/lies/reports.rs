//! Reports that say less than they seem to, imported and played to their gate.

use crate::common::{Said, World, in_words};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, signed_script};
use d3p::testing::model::Sha256Digest;
use std::fmt::Write as _;

const CHECKLIST: [&str; 2] = ["record", "deployment-readiness-checklist"];
const SCAN: &str = "reports/scan.sarif";
const RESULTS: &str = ".artifacts/deployment/staging-validation-results.json";
const SMOKE: &str = "reports/smoke.xml";
const GATE_2: [&str; 2] = ["gate", "staging-validation"];
const CONTRACT: &str = "reports/contract.xml";

/// Plays the steps of the signed release from the one that runs `d3p` with `first` to that with `last`.
fn play(world: &World, first: &[&str], last: &[&str]) {
    let script = signed_script();
    let place = |wanted: &[&str]| {
        let is = |action: &Action| matches!(action, Action::Run { args, .. } if args == wanted);
        script.iter().rposition(|step| is(&step.action)).unwrap()
    };
    world.play(&script[place(first)..=place(last)]);
}

/// A suite whose first `skipped` of `total` tests were skipped.
fn suite(name: &str, total: usize, skipped: usize) -> String {
    let mut text = format!("<testsuite name='{name}' tests='{total}' skipped='{skipped}'>");
    for index in 0..total {
        let inner = if index < skipped { "<skipped/>" } else { "" };
        write!(text, "<testcase classname='{name}' name='t{index}'>{inner}</testcase>").unwrap();
    }
    text + "</testsuite>"
}

/// A scan of these results.
fn scan(results: &[String]) -> String {
    format!(
        r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"scan"}}}},"results":[{}]}}]}}"#,
        results.join(",")
    )
}

/// A result of a severity, and what stands in it besides.
fn result(severity: &str, more: &str) -> String {
    format!(
        r#"{{"level":"error","message":{{"text":"m"}},"properties":{{"security-severity":"{severity}"}},{more}}}"#
    )
}

/// The release whose validation of staging is imported, up to gate 2; `lie` changes the reports before.
fn validated(lie: impl Fn(&World)) -> World {
    let world = World::new();
    let script = signed_script();
    let is = |action: &Action| matches!(action, Action::Run { args, .. } if args[..] == CHECKLIST);
    let end = script.iter().rposition(|step| is(&step.action)).unwrap();
    world.play(&script[..=end]);
    let sha256 = Sha256Digest::of(world.read("baseline/v1.3.0.json").as_bytes());
    let pin = format!(
        "suites: [smoke, contract], \
         baseline: {{ release: v1.3.0, path: baseline/v1.3.0.json, sha256: {sha256} }}"
    );
    world.edit("d3p.yaml", "suites: [smoke, contract]", &pin);
    let staging = ["record", "staging-deployment-report", "--from", "-"];
    play(&world, &["gate", "readiness"], &staging);
    world.write(SMOKE, suite("smoke", 12, 0));
    world.write(CONTRACT, suite("contract", 41, 0));
    world.write(SCAN, scan(&[]));
    let metric = |name: &str, value| format!(r#"{{"name":"{name}","unit":"ms","value":{value}}}"#);
    let metrics = [metric("latency_p50", 45), metric("latency_p99", 181)].join(",");
    world.write("reports/performance.json", format!(r#"{{"metrics":[{metrics}]}}"#));
    lie(&world);
    import(&world);
    let uat = ["record", "uat-confirmation", "--from", "-"];
    play(&world, &uat, &uat);
    world
}

fn import(world: &World) {
    let said = world.run(&[
        "record",
        "staging-validation-results",
        "--junit",
        "smoke=reports/smoke.xml",
        "--junit",
        "contract=reports/contract.xml",
        "--sarif",
        SCAN,
        "--performance",
        "reports/performance.json",
    ]);
    assert_ne!(said.exit, Exit::Incomplete, "{}", said.all());
}

/// What gate 2 says of it.
fn told(lie: impl Fn(&World)) -> Said {
    validated(lie).json(&GATE_2)
}

/// Tells the lie: `rule`, and nothing else, must refuse it.
#[track_caller]
fn refused(rule: &str, lie: impl Fn(&World)) -> Said {
    let said = told(lie);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let others: Vec<_> = said.rules().into_iter().filter(|(own, _)| own != rule).collect();
    assert!(said.has(rule) && others.is_empty(), "{:?}", said.rules());
    said
}

#[test]
fn the_same_reports_without_a_lie_pass() {
    let said = told(|_| {});
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

#[test]
fn five_hundred_of_504_tests_skipped() {
    refused("GL242", |world| world.write(CONTRACT, suite("contract", 504, 500)));
}

#[test]
fn two_criticals_suppressed_in_the_file() {
    let hidden = result("9.8", r#""suppressions":[{"kind":"inSource"}]"#);
    refused("GL241", |world| world.write(SCAN, scan(&[hidden.clone(), hidden.clone()])));
}

#[test]
fn one_file_as_both_suites() {
    refused("GL237", |world| world.write(CONTRACT, world.read(SMOKE)));
}

/// Reports that were kept from another release, and copied into place.
#[test]
fn reports_of_another_release() {
    let measured = "reports/performance.json";
    let named = |world: &World, name: &str| {
        let text = world.read(measured);
        world.write(measured, text.replacen('{', &format!(r#"{{"release":"{name}","#), 1));
    };
    refused("GL237", |world| named(world, "v0.1.0"));
    let own = told(|world| named(world, "1.4.0"));
    assert_eq!(own.exit, Exit::Passed, "{}", own.all());
    let scanned = |id: &str| {
        let more = format!(r#""versionControlProvenance":[{{"revisionId":"{id}"}}],"results""#);
        scan(&[]).replacen(r#""results""#, &more, 1)
    };
    refused("GL237", |world| world.write(SCAN, scanned(&"0".repeat(40))));
    // What is no full id may be the name of a branch.
    let branch = told(|world| world.write(SCAN, scanned("main")));
    assert_eq!(branch.exit, Exit::Passed, "{}", branch.all());
}

/// Reports that say themselves that they are of another time. Without an offset a time may be that of
/// any place, and a clock that was never set says nothing.
#[test]
fn reports_of_another_time() {
    let tested = |world: &World, time: &str| {
        let stamped = format!("<testsuite timestamp='{time}' ");
        let text = suite("contract", 41, 0).replacen("<testsuite ", &stamped, 1);
        world.write(CONTRACT, text);
    };
    let scanned = |world: &World, time: &str| {
        let times = format!(
            r#""invocations":[{{"executionSuccessful":true,"endTimeUtc":"{time}"}}],"results""#
        );
        world.write(SCAN, scan(&[]).replacen(r#""results""#, &times, 1));
    };
    let today = |world: &World, hour: &str| format!("{}{hour}", &world.now().to_string()[..11]);
    refused("GL237", |world| tested(world, "2024-03-01T10:00:00"));
    refused("GL237", |world| scanned(world, "2024-03-01T10:00:00Z"));
    for time in ["0001-01-01T00:00:00", "1970-01-01T00:00:00Z"] {
        let own = told(|world| tested(world, time));
        assert_eq!(own.exit, Exit::Passed, "{time}: {}", own.all());
    }
    // Hours before the deployment, if it were the time of London.
    let local = told(|world| tested(world, &today(world, "00:30:00")));
    assert_eq!(local.exit, Exit::Passed, "{}", local.all());
}

#[test]
fn a_report_that_is_none_beside_a_scan() {
    let said = told(|world| world.write(SCAN, "{\"version\":\"2.1.0\",\"runs\":[]}"));
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
}

/// To mend all of them at once is seldom what a team can do: the gate says how many there were before,
/// and how a person lets them stand.
#[test]
fn four_hundred_old_findings() {
    let old: Vec<String> =
        (0..400).map(|_| result("7.5", r#""baselineState":"unchanged""#)).collect();
    let said = refused("GL209", |world| world.write(SCAN, scan(&old)));
    let report = said.json();
    let finding = &report["findings"][0];
    let message = finding["message"].as_str().unwrap();
    assert!(message.contains("400 of them are unchanged"), "{message}");
    let advice = in_words(&finding["advice"]);
    assert!(advice.contains("d3p waive GL209"), "{advice}");
}

/// Whoever lets two findings stand has seen those two, and no other two.
#[test]
fn as_many_findings_as_were_let_stand_and_other_ones() {
    let found = |rule: &str, path: &str| {
        let place = format!(
            r#""ruleId":"{rule}","locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"{path}"}}}}}}]"#
        );
        result("7.5", &place)
    };
    let old = [found("SQLI", "api/orders.py"), found("XSS", "web/cart.js")];
    let other = [found("SQLI", "api/orders.py"), found("RCE", "api/upload.py")];
    let turned = [old[1].clone(), old[0].clone()];
    let mut failing = suite("smoke", 12, 0).replace("t5'", "shows &lt;title&gt; [fill: TODO]'");
    let fail = |text: &mut String, name: &str| {
        *text = text.replace(
            &format!("name='{name}'></testcase>"),
            &format!("name='{name}'><failure message='no'/></testcase>"),
        );
    };
    fail(&mut failing, "t3");
    // What tests are called is no text that somebody left to be filled in.
    fail(&mut failing, "shows &lt;title&gt; [fill: TODO]");
    let mut another = failing.clone();
    fail(&mut another, "t4");
    another = another.replace("name='t3'><failure message='no'/>", "name='t3'>");
    for (path, seen, same, new, name) in [
        (SCAN, scan(&old), scan(&turned), scan(&other), "XSS web/cart.js"),
        (SMOKE, failing.clone(), failing, another, "smoke/smoke/t3"),
    ] {
        let world = validated(|world| world.write(path, &seen));
        let said = world.run(&GATE_2);
        assert!(said.exit == Exit::Refused && said.all().contains(name), "{}", said.all());
        let until = ["--until", "2026-11-23", "--reason", "the import of orders is not reached"];
        let who = ["--as", "ana@shop.example", "--key", ".git/d3p-demo-key"];
        let waive = [&["waive", "GL209", "--path", RESULTS][..], &until, &who].concat();
        let said = world.run_reading_once(&waive);
        assert!(said.exit == Exit::Passed && said.out.contains(name), "{}", said.all());
        let dry = [&GATE_2[..], &["--dry-run"]].concat();
        for (report, stands) in [(&seen, true), (&same, true), (&new, false), (&same, true)] {
            world.write(path, report);
            import(&world);
            let said = world.json(&dry);
            assert_eq!(said.exit == Exit::Passed, stands, "{path}: {}", said.all());
            assert!(stands || said.has("GL209"), "{:?}", said.rules());
        }
    }
}

#[test]
fn an_old_report_imported_as_smoke_tests() {
    let world = World::played_until(&CHECKLIST);
    world.remove(".artifacts/pre-deployment/smoke-test-results.json");
    world.write("reports/old.xml", suite("smoke", 12, 0));
    let said = world.run(&["record", "smoke-tests", "--junit", "reports/old.xml"]);
    assert_ne!(said.exit, Exit::Incomplete, "{}", said.all());
    world.run(&CHECKLIST);
    let said = world.json(&["gate", "readiness"]);
    assert!(said.exit == Exit::Refused && said.has("GL240"), "{:?}", said.rules());
}
