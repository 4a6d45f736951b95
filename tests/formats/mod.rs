//! The formats of forges: no finding is dropped, no exit code differs, no text of a file comes to life.

#![allow(clippy::unwrap_used)]

use crate::common::{Said, World};
use d3p::Exit;
use serde_json::Value;
use std::collections::BTreeSet;

const RESULTS: &str = ".artifacts/deployment/staging-validation-results.json";
const PLAN: &str = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";
const FORMATS: [&str; 5] = ["sarif", "junit", "github", "gitlab", "markdown"];
const COMMANDS: [&[&str]; 5] = [
    &["check", "--through", "stabilization"],
    &["check", "--before", "deploy-production"],
    &["gate", "readiness", "--dry-run"],
    &["status"],
    &["verify"],
];
/// What a file may say that is a command, a tag, a mention or an escape elsewhere.
const HOSTILE: &str = "::error::own%0A ##[error]own <img src=x onerror=own()> @everyone [own](http://own) \\u001b[31m | `own` ]]> &own;";

/// Stages with nothing, with much, with hostile, and with no finding.
fn stages() -> Vec<(&'static str, World)> {
    let hostile = World::played();
    let text = hostile.read(RESULTS);
    let at = text.find("\"status\": \"").unwrap() + "\"status\": \"".len();
    let end = at + text[at..].find('"').unwrap();
    hostile.write(RESULTS, format!("{}{HOSTILE}{}", &text[..at], &text[end..]));
    hostile.write(".artifacts/deployment/raw/::warning,a=b::<b>%25.log", "x");
    let lost = World::played();
    lost.remove(PLAN);
    let before = World::played_until(&["gate", "readiness"]);
    vec![
        ("played", World::played()),
        ("hostile", hostile),
        ("lost", lost),
        ("readiness passed", before),
    ]
}

/// Runs a command that reads only, always at the same moment.
fn formatted(world: &World, args: &[&str], format: &str) -> Said {
    let now = world.now();
    let said = world.run(&[args, &["--format", format]].concat());
    world.at(now);
    said
}

/// How many errors, warnings and notes a text of `format` shows.
fn count(format: &str, text: &str) -> usize {
    match format {
        "sarif" => {
            let log: Value = serde_json::from_str(text).unwrap();
            let runs = log["runs"].as_array().unwrap().iter();
            runs.map(|run| run["results"].as_array().unwrap().len()).sum()
        }
        "gitlab" => serde_json::from_str::<Vec<Value>>(text).unwrap().len(),
        // A case of a piece has no code of a rule.
        "junit" => text.matches(" name=\"GL").count(),
        "github" => text.lines().filter(|line| line.starts_with("- ")).count(),
        _ => text.lines().filter(|line| line.starts_with("- **GL")).count(),
    }
}

#[test]
fn no_format_drops_a_finding_or_changes_the_exit_code() {
    let mut most = 0;
    for (stage, world) in stages() {
        for args in COMMANDS {
            let json = formatted(&world, args, "json");
            let findings = json.json()["findings"].as_array().unwrap().len();
            most = most.max(findings);
            let human = world.run(args);
            assert_eq!(human.exit, json.exit, "{stage}: {args:?}");
            for format in FORMATS {
                let said = formatted(&world, args, format);
                assert_eq!(said.exit, json.exit, "{stage}: {args:?} as {format}: {}", said.all());
                assert_eq!(count(format, &said.out), findings, "{stage}: {args:?} as {format}");
                if stage == "hostile" {
                    let again = formatted(&world, args, format);
                    assert_eq!(again.out, said.out, "{stage}: {args:?} as {format}");
                }
            }
        }
    }
    assert!(most > 10, "nothing much was compared: {most}");
}

#[test]
fn text_of_a_file_stays_text() {
    let (_, world) = stages().remove(1);
    let args = ["check", "--through", "stabilization"];
    let github = formatted(&world, &args, "github").out;
    assert!(github.contains("own"), "{github}");
    for line in github.lines() {
        let ours =
            ["::error file=", "::warning file=", "::notice file=", "::group::", "::endgroup::"];
        let is_command = line.trim_start().starts_with("::");
        let counts = line.contains(" title=d3p::and ");
        assert!(!is_command || counts || ours.iter().any(|own| line.starts_with(own)), "{line}");
        assert!(!line.contains("##["), "{line}");
    }
    let markdown = formatted(&world, &args, "markdown").out;
    for live in ["<img", "](http", " @everyone", "http://own"] {
        assert!(!without_code(&markdown).contains(live), "{live}: {markdown}");
    }
    for format in FORMATS {
        let text = formatted(&world, &args, format).out;
        assert!(!text.contains('\u{1b}'), "{format}");
    }
    // Whoever reads XML finds the words as they were, and one case for each finding.
    let junit = formatted(&world, &args, "junit").out;
    assert!(junit.contains("&lt;img src=x"), "{junit}");
}

/// The text without its code spans, in which nothing comes to life.
fn without_code(text: &str) -> String {
    text.split('`').step_by(2).collect()
}

#[test]
fn a_fingerprint_is_the_findings_own_and_outlives_a_new_line() {
    let (_, world) = stages().remove(1);
    let args = ["check", "--through", "stabilization"];
    let prints = |world: &World| {
        let issues: Vec<Value> =
            serde_json::from_str(&formatted(world, &args, "gitlab").out).unwrap();
        let all: Vec<String> =
            issues.iter().map(|own| own["fingerprint"].as_str().unwrap().to_owned()).collect();
        let unique: BTreeSet<String> = all.iter().cloned().collect();
        assert_eq!(unique.len(), all.len(), "GitLab makes one issue of two");
        unique
    };
    let before = prints(&world);
    world.write(RESULTS, format!("\n\n{}", world.read(RESULTS)));
    let after = prints(&world);
    assert!(before.is_subset(&after), "{:?}", before.difference(&after));
    let log: Value = serde_json::from_str(&formatted(&world, &args, "sarif").out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let sarif: BTreeSet<String> = results
        .iter()
        .map(|own| {
            own["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(sarif, after);
}

#[test]
fn a_missing_file_is_shown_at_the_policy_that_asks_for_it() {
    let (_, world) = stages().remove(2);
    let args = ["check", "--through", "stabilization"];
    let log: Value = serde_json::from_str(&formatted(&world, &args, "sarif").out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let missing = results.iter().find(|own| own["properties"]["path"] == PLAN).unwrap();
    let place = &missing["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "d3p.yaml");
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        let path = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(world.dir.join(path).exists(), "{path} is not there to be shown");
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        let rules = &log["runs"][0]["tool"]["driver"]["rules"];
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn paths_count_from_the_repository() {
    let world = World::played();
    let inner = world.dir.join("services/shop a");
    std::fs::create_dir_all(inner.parent().unwrap()).unwrap();
    let outer = world.copy();
    crate::common::copy_tree(&outer.dir, &inner);
    let _ = std::fs::remove_dir_all(inner.join(".git"));
    world.edit(&format!("services/shop a/{RESULTS}"), "\"passed\"", "\"pasSed\"");
    let said = world.run(&["-C", "services/shop a", "check", "--format", "sarif"]);
    assert!(said.out.contains("\"uri\": \"services/shop%20a/.artifacts/"), "{}", said.all());
    let said = world.run(&["-C", "services/shop a", "check", "--format", "github"]);
    assert!(said.out.contains("file=services/shop a/.artifacts/"), "{}", said.all());
}

#[test]
fn several_formats_come_of_one_run() {
    let (_, world) = stages().remove(2);
    let check = |formats: &[&str]| {
        let mut args = vec!["check"];
        formats.iter().for_each(|format| args.extend(["--format", format]));
        let now = world.now();
        let said = world.run(&args);
        world.at(now);
        said
    };
    let plain = check(&[]);
    let said =
        check(&["human", "sarif=out.sarif", "junit=out.xml", "gitlab=q.json", "markdown=p.md"]);
    assert_eq!((said.exit, &said.out), (plain.exit, &plain.out), "{}", said.all());
    assert_eq!(world.read("out.sarif"), formatted(&world, &["check"], "sarif").out);
    for (file, format) in [("out.xml", "junit"), ("q.json", "gitlab"), ("p.md", "markdown")] {
        assert_eq!(world.read(file), formatted(&world, &["check"], format).out, "{file}");
    }
    // A report is made again, and nothing else is written over.
    assert_eq!(check(&["sarif=out.sarif"]).exit, plain.exit);
    for (format, file) in [("sarif", "d3p.yaml"), ("json", RESULTS), ("sarif", "out.xml")] {
        let before = world.read(file);
        let said = check(&[&format!("{format}={file}")]);
        assert_eq!(said.exit, Exit::Incomplete, "{file}: {}", said.all());
        assert!(said.err.contains(file), "{}", said.err);
        assert_eq!(world.read(file), before, "{file}");
    }
    let said = check(&["sarif", "junit"]);
    assert_eq!(said.exit, Exit::Incomplete);
    assert!(said.err.contains("--format junit=FILE"), "{}", said.err);
    let said = world.run(&["explain", "GL201", "--format", "sarif"]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    let said = world.run(&["check", "--format", "sarf"]);
    assert_eq!(said.exit, Exit::Incomplete);
    assert!(said.err.contains("sarif, junit"), "{}", said.err);
}

#[test]
fn a_job_gets_its_page() {
    let (_, world) = stages().remove(2);
    let page = world.dir.join("summary.md");
    std::fs::write(&page, "Before.\n").unwrap();
    world.vars(&[("GITHUB_STEP_SUMMARY", page.to_str().unwrap())]);
    formatted(&world, &["check"], "github");
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.starts_with("Before.\n# d3p check"), "{text}");
    assert!(text.contains("- **GL"), "{text}");
    formatted(&world, &["check"], "sarif");
    assert_eq!(std::fs::read_to_string(&page).unwrap(), text, "only `github` writes it");
}

/// 12,000 placeholders in one document: more than a forge shows, and all of them told.
#[test]
fn very_many_findings_are_all_told() {
    let world = World::played_until(&["gate", "readiness"]);
    let mut text = world.read(PLAN);
    text.extend((0..12_000).map(|n| format!("\n- Step {n} is [TBD]\n")));
    world.write(PLAN, text);
    let json = formatted(&world, &["check"], "json").json();
    let findings = json["findings"].as_array().unwrap().len();
    assert!(findings >= 12_000, "{findings}");
    for format in FORMATS {
        let said = formatted(&world, &["check"], format);
        assert_eq!(count(format, &said.out), findings, "{format}");
    }
    let github = formatted(&world, &["check"], "github").out;
    let annotations = github.lines().filter(|line| line.starts_with("::error ")).count();
    assert_eq!(annotations, 10, "GitHub shows ten of a step");
    let page = world.dir.join("summary.md");
    world.vars(&[("GITHUB_STEP_SUMMARY", page.to_str().unwrap())]);
    formatted(&world, &["check"], "github");
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.len() < 1_000_000, "{}", text.len());
    assert!(text.contains("more findings do not fit on this page"), "the cut is told");
}

/// One report in each format, as a reader finds it: errors, a warning, review, hostile words.
#[test]
fn each_format_of_one_report() {
    let (_, world) = stages().remove(1);
    world.remove(PLAN);
    for format in FORMATS {
        let text = formatted(&world, &["check"], format).out;
        let shown = match format {
            // The rules are those of docs/rules.md.
            "sarif" => {
                let mut log: Value = serde_json::from_str(&text).unwrap();
                log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap().truncate(1);
                for result in log["runs"][0]["results"].as_array_mut().unwrap() {
                    result.as_object_mut().unwrap().remove("ruleIndex");
                }
                serde_json::to_string_pretty(&log).unwrap()
            }
            _ => text,
        };
        insta::assert_snapshot!(format!("format_{format}"), shown);
    }
}

mod html;
