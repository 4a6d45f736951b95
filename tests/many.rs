//! Many releases in one process say what each says by itself, broken ones among them; and the list of
//! what was launched in a period leaves none out.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World, copy_tree};
use d3p::Exit;
use d3p::testing::schema;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

const RECORDS: &str = ".artifacts/deployment/records";
const RESULTS: &str = ".artifacts/deployment/staging-validation-results.json";
const HOSTILE: &str = "=1+1,\"::error::own\" <img src=x onerror=own()>";

fn passed(said: &Said) {
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

/// A release that was given up after a gate refused it.
fn abandoned() -> World {
    let world = World::played_until(&["gate", "readiness"]);
    assert_eq!(world.run(&["gate", "stabilization"]).exit, Exit::Refused);
    passed(&world.run(&[
        "archive",
        "--outcome",
        "abandoned",
        "--reason",
        "v1.4.1 goes out in its place",
    ]));
    world
}

/// A directory with releases of every kind, and such as cannot be read.
fn corpus() -> World {
    let world = World::new();
    let put = |name: &str, from: &World| {
        copy_tree(&from.dir, &world.dir.join(name));
        fs::remove_dir_all(world.dir.join(name).join(".git")).unwrap();
    };
    let played = World::played();
    for name in ["good", "tampered", "policy", "cut", "hostile", "team/nested"] {
        put(name, &played);
    }
    passed(&played.run(&["archive"]));
    put("completed", &played);
    put("given-up", &abandoned());
    put("rolled-back", &crate::exit::closed());
    put("skipped", &crate::facts::skipped());
    put("emergency", &crate::emergency::open());
    let plan = "tampered/d3p/phase-9-deployment-golive/phase9_deployment_plan.md";
    world.write(plan, format!("{}\nOne more line.\n", world.read(plan)));
    world.write("policy/d3p.yaml", "project: [\n");
    let ledger = format!("cut/{RECORDS}/ledger.jsonl");
    let text = world.read(&ledger);
    world.write(&ledger, &text[..text.len() - 40]);
    let results = format!("hostile/{RESULTS}");
    world.write(&results, world.read(&results).replacen("\"passed\"", &format!("{HOSTILE:?}"), 1));
    // Where an archive lies, there is a release, whatever is left of it.
    fs::create_dir_all(world.dir.join("completed/.artifacts/releases/v1.3.9+1")).unwrap();
    world.pass(Duration::from_secs(30 * 86_400));
    world
}

/// A command that reads only, always at the same moment.
fn at_once(world: &World, args: &[&str]) -> Said {
    let now = world.now();
    let said = world.run(args);
    world.at(now);
    said
}

fn json(world: &World, args: &[&str]) -> Value {
    let said = at_once(world, &[args, &["--format", "json"]].concat());
    serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}", said.all()))
}

/// A report without the moment at which it was made.
fn timeless(mut report: Value) -> Value {
    if let Some(members) = report.as_object_mut() {
        members.remove("checked_at");
    }
    report
}

#[test]
fn many_say_what_each_says_by_itself() {
    let world = corpus();
    for command in ["verify", "check", "status"] {
        let all = json(&world, &[command, "-r", "."]);
        let faults = schema::validate("check-reports", &all).unwrap();
        assert!(faults.is_empty(), "{command}: {faults:#?}");
        let releases = all["releases"].as_array().unwrap();
        let mut worst = 0;
        for own in releases {
            let directory = own["directory"].as_str().unwrap();
            let alone: &[&str] = match command {
                "verify" => &["verify", directory, "--format", "json"],
                _ => &["-C", directory, command, "--format", "json"],
            };
            let said = at_once(&world, alone);
            // An archive that has no policy is no project to whoever looks for one above it.
            let lost = directory.ends_with("v1.3.9+1") || directory.ends_with("v1.3.0+1");
            if !(lost && command != "verify") {
                assert_eq!(own["exit"], u64::from(said.exit.code()), "{command} {directory}");
                match own.get("report") {
                    Some(report) => {
                        let alone = timeless(said.json());
                        assert_eq!(timeless(report.clone()), alone, "{command} {directory}");
                    }
                    None => assert_eq!(own["error"], said.json()["error"], "{command} {directory}"),
                }
            }
            worst = worst.max(own["exit"].as_u64().unwrap());
        }
        let names: Vec<&str> =
            releases.iter().map(|own| own["directory"].as_str().unwrap()).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert_eq!(names.len(), 13, "{names:#?}");
        assert_eq!(all["sum"]["releases"], 13, "{command}");
        assert_eq!(worst, 2, "{command}");
        let said = at_once(&world, &[command, "-r", "."]);
        assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
        assert_eq!(at_once(&world, &[command, "-r", "."]).out, said.out, "{command}");
    }
}

#[test]
fn the_worst_decides_and_nothing_is_no_release() {
    let world = corpus();
    passed(&world.run(&[
        "verify",
        "-r",
        "good",
        "team",
        "rolled-back",
        "skipped/.artifacts/releases/v1.4.0+1",
    ]));
    assert_eq!(world.run(&["verify", "-r", "good", "tampered"]).exit, Exit::Refused);
    let said = world.run(&["verify", "-r", "good/d3p"]);
    assert_eq!(said.exit, Exit::Incomplete);
    assert!(said.err.contains("no release lies below good/d3p"), "{}", said.all());
    let said = world.run(&["verify", "-r", "good", "--commit", "3f2c"]);
    assert!(said.err.contains("--commit is about one release"), "{}", said.all());
    let said = world.run(&["verify", "good", "tampered"]);
    assert!(said.err.contains("verify takes one directory; -r takes many"), "{}", said.all());
    // A directory that is named twice, and once as what lies above it, is one.
    let said = world.run(&["verify", "-r", "good", "./good/", "good"]);
    assert!(said.out.ends_with("1 release: 1 passed; 1 open, 1 launched\n"), "{}", said.out);
}

#[test]
fn every_format_has_every_finding() {
    let world = corpus();
    let all = json(&world, &["verify", "-r", "."]);
    let releases = all["releases"].as_array().unwrap();
    let findings = |own: &Value| own["report"]["findings"].as_array().map_or(0, Vec::len);
    let judged: usize = releases.iter().map(findings).sum();
    let troubles: usize = releases
        .iter()
        .filter_map(|own| Some(own.get("error")?["places"].as_array()?.len().max(1)))
        .sum();
    assert!(judged > 10 && troubles > 2, "{judged} {troubles}");
    let names = ["sarif", "junit", "gitlab", "markdown"];
    let files: Vec<String> = names
        .iter()
        .flat_map(|name| ["--format".to_owned(), format!("{name}=all.{name}")])
        .collect();
    let mut args = vec!["verify", "-r", ".", "--format", "github"];
    args.extend(files.iter().map(String::as_str));
    let said = at_once(&world, &args);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    let lines = said.out.lines().filter(|line| line.starts_with("- "));
    assert_eq!(lines.count(), judged + troubles, "{}", said.out);
    assert!(said.out.lines().filter(|line| line.starts_with("::error file=")).count() == 9);
    let parsed = |name: &str| serde_json::from_str::<Value>(&world.read(name)).unwrap();
    let sarif = parsed("all.sarif");
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), judged + troubles);
    let gitlab = parsed("all.gitlab");
    let issues = gitlab.as_array().unwrap();
    assert_eq!(issues.len(), judged + troubles);
    let prints: std::collections::BTreeSet<&str> =
        issues.iter().map(|own| own["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(prints.len(), issues.len(), "fingerprints that are equal would be one issue");
    let markdown = world.read("all.markdown");
    let items = markdown.lines().filter(|line| line.starts_with("- **")).count();
    assert_eq!(items, judged + troubles, "{markdown}");
    let junit = world.read("all.junit");
    let cases = junit.matches(" name=\"GL").count() + junit.matches(" name=\"E-").count();
    assert_eq!(cases, judged + troubles, "{junit}");
    // A report replaces one of its own kind, and nothing else.
    assert_eq!(at_once(&world, &args).out, said.out);
    world.write("all.sarif", "kept\n");
    assert!(world.run(&args).all().contains("all.sarif"));
    assert_eq!(world.read("all.sarif"), "kept\n");
}

/// The rows of a table of RFC 4180.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut out = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let row = out.last_mut().unwrap();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                row.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => out.push(vec![String::new()]),
            c => row.last_mut().unwrap().push(c),
        }
    }
    assert_eq!(out.pop().unwrap(), [""]);
    out
}

#[test]
fn a_population_leaves_no_launch_out() {
    let world = corpus();
    // Names that would be formulas or columns to a spreadsheet.
    let manifest = "emergency/.artifacts/deployment/release-manifest.md";
    let reason = "reason: '=HYPERLINK(1), \"orders\" are lost'";
    world.edit(manifest, "reason: orders are lost at checkout", reason);
    let all = json(&world, &["population", "-r", "."]);
    let faults = schema::validate("population", &all).unwrap();
    assert!(faults.is_empty(), "{faults:#?}");
    let status = json(&world, &["status", "-r", "."]);
    assert_eq!(all["sum"], status["sum"], "two lists, one count");
    let releases = all["releases"].as_array().unwrap();
    let by: BTreeMap<&str, &Value> =
        releases.iter().map(|own| (own["directory"].as_str().unwrap(), own)).collect();
    let archived = |name: &str| by[&*format!("{name}/.artifacts/releases/v1.4.0+1")];
    for (name, outcome) in [
        ("completed", "completed"),
        ("given-up", "abandoned"),
        ("rolled-back", "rolled-back"),
        ("skipped", "skipped"),
    ] {
        assert_eq!(archived(name)["outcome"], outcome, "{:#}", archived(name));
    }
    assert!(archived("rolled-back")["rolled_back"].is_string());
    assert_eq!(archived("given-up")["refusals"], 2);
    assert_eq!(archived("given-up")["launched"], Value::Null);
    assert_eq!(archived("completed")["decisions"][0]["decision"], "GO");
    let emergency = by["emergency"];
    assert_eq!(emergency["emergency"], true);
    assert_eq!(emergency["change"]["id"], "CHG-7");
    let missing = emergency["missing"].as_array().unwrap();
    assert!(missing.iter().any(|own| own["id"] == "uat-confirmation"), "{missing:#?}");
    assert!(by["policy"]["error"].is_string());
    let csv = at_once(&world, &["population", "-r", ".", "--format", "csv"]).out;
    let table = rows(&csv);
    assert_eq!(table.len(), releases.len() + 1);
    assert!(table.iter().all(|row| row.len() == table[0].len()), "{csv}");
    let reason = table[0].iter().position(|name| name == "change_reason").unwrap();
    let row = table.iter().find(|row| row[0] == "emergency").unwrap();
    assert_eq!(row[reason], "'=HYPERLINK(1), \"orders\" are lost", "{csv}");
}

#[test]
fn a_release_belongs_to_the_period_of_its_launch() {
    let world = corpus();
    let listed = |args: &[&str]| -> Vec<String> {
        let all = json(&world, &[&["population", "-r", "completed", "given-up"], args].concat());
        let releases = all["releases"].as_array().unwrap().iter();
        let names = releases.filter(|own| own.get("error").is_none());
        names.map(|own| own["directory"].as_str().unwrap().to_owned()).collect()
    };
    let day = json(&world, &["population", "-r", "completed"])["releases"][1]["launched"].clone();
    let day = day.as_str().unwrap()[..10].to_owned();
    assert_eq!(listed(&[]).len(), 2);
    let all = ["completed/.artifacts/releases/v1.4.0+1", "given-up/.artifacts/releases/v1.4.0+1"];
    assert_eq!(listed(&["--from", &day, "--to", &day]), all);
    assert_eq!(listed(&["--from", "2030-01-01"]), Vec::<String>::new());
    assert_eq!(listed(&["--to", "2026-01-01"]), Vec::<String>::new());
    let said = world.run(&["population", "-r", "good", "--from", "yesterday"]);
    assert_eq!(said.exit, Exit::Incomplete);
    assert!(said.err.contains("2026-11-21"), "{}", said.all());
    let said =
        world.run(&["population", "-r", "good", "--from", "2026-12-01", "--to", "2026-11-01"]);
    assert!(said.err.contains("--to lies before --from"), "{}", said.all());
}

#[test]
fn a_table_is_of_lists_alone_and_status_says_how_large_a_release_is() {
    let world = World::played();
    let said = world.run(&["verify", "--format", "csv"]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    let disk = json(&world, &["status"])["disk"].clone();
    let size = |path: &Path| fs::metadata(path).unwrap().len();
    assert!(disk["bytes"].as_u64().unwrap() > size(&world.dir.join(RESULTS)));
    assert!(world.run(&["status"]).out.contains("On disk: "));
}
