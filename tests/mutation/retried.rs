//! Every file that a release keeps is held, of what passed and of what was tried before.

use super::LEDGER;
use crate::common::World;
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const DEPLOYMENT: &str = ".artifacts/deployment";

fn run(args: &[&str]) -> Step {
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    let action = Action::Run { args, stdin: None, expect: Exit::Passed, tail: 0 };
    Step { title: "again".to_owned(), action }
}

fn is(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args[..] == *wanted)
}

/// A release in which nearly everything was done twice: hooks ran again, evidence was recorded anew,
/// tests were imported twice from different reports.
fn retried() -> World {
    let world = World::new();
    let smoke = |name: &str, more: &str| {
        let report =
            format!("<testsuite name='smoke' tests='1'><testcase name='{more}'/></testsuite>");
        Step {
            title: "a report".to_owned(),
            action: Action::Write(vec![(format!("reports/{name}.xml"), report)]),
        }
    };
    let mut script = Vec::new();
    for step in run_script(true) {
        let twice = [
            &["run", "deploy-staging"][..],
            &["run", "validate-staging"],
            &["record", "uat-confirmation", "--from", "-"],
            &["run", "validate-production"],
            &["record", "retrospective-inputs", "--from", "-"],
        ];
        let again = twice.iter().any(|wanted| is(&step, wanted)).then(|| step.clone());
        if is(&step, &["run", "validate-staging"]) {
            for (name, case) in [("one", "starts"), ("two", "answers")] {
                script.push(smoke(name, case));
                let given = format!("smoke=reports/{name}.xml");
                script.push(run(&["record", "staging-validation-results", "--junit", &given]));
            }
        }
        let gate_2 = is(&step, &["gate", "staging-validation"]);
        script.push(step);
        script.extend(again);
        if gate_2 {
            script.push(run(&["run", "validate-staging", "--reopen"]));
            script.push(run(&["gate", "staging-validation"]));
        }
    }
    let wrong: Vec<String> = world
        .play_freely(&script)
        .iter()
        .zip(&script)
        .filter(|(played, step)| {
            let imported = matches!(&step.action, Action::Run { args, .. } if args.contains(&"--junit".to_owned()));
            // Numbers without a baseline wait for a person, who signed for them before.
            let recorded = played.output.contains("\nrecorded ");
            !played.as_expected && !imported && !recorded
        })
        .map(|(played, step)| format!("{}: {:?}\n{}", step.title, played.exit, played.output))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world
}

/// Every file of the release, by path.
fn files(dir: &Path, below: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(dir.join(below)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{below}/{}", entry.file_name().to_str().unwrap());
        match entry.file_type().unwrap().is_dir() {
            true => files(dir, &path, found),
            false => {
                found.insert(path);
            }
        }
    }
}

/// What is done to a file: its bytes afterwards, or none.
fn changes(path: &str, bytes: &[u8]) -> Vec<(String, Option<Vec<u8>>)> {
    if bytes.is_empty() {
        return vec![("deleted".to_owned(), None), ("filled".to_owned(), Some(b"x".to_vec()))];
    }
    // No line names the last one of the ledger.
    let end = match path == LEDGER {
        true => bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap(),
        false => bytes.len(),
    };
    let flipped = |at: usize| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 1;
        (format!("byte {at} flipped"), Some(bytes))
    };
    let places = BTreeSet::from([0, end / 3, end / 2, end - 1]);
    let mut all = vec![("deleted".to_owned(), None), ("emptied".to_owned(), Some(Vec::new()))];
    all.extend(places.into_iter().map(flipped));
    all
}

/// What of `paths` can be changed in `world` without `verify` refusing with its name.
fn unseen(world: &World, paths: &BTreeSet<String>, verify: &[&str]) -> Vec<String> {
    let honest = world.run(verify);
    assert_eq!(honest.exit, Exit::Passed, "{}", honest.all());
    let mut unseen = Vec::new();
    for path in paths {
        let place = world.dir.join(path);
        let honest = fs::read(&place).unwrap();
        for (what, bytes) in changes(path, &honest) {
            match bytes {
                Some(bytes) => fs::write(&place, bytes).unwrap(),
                None => fs::remove_file(&place).unwrap(),
            }
            let said = world.run(verify);
            let own = path.split_once(".artifacts/deployment/").unwrap().1;
            if said.exit != Exit::Refused || !said.all().contains(own) {
                unseen.push(format!("{path} {what}: {:?}", said.exit));
            }
            fs::write(&place, &honest).unwrap();
        }
    }
    unseen
}

#[test]
fn every_file_of_a_release_with_retries_is_held() {
    let world = retried();
    let mut all = BTreeSet::new();
    files(&world.dir, DEPLOYMENT, &mut all);
    all.retain(|path| !path.ends_with("/lock"));
    // What waivers stood at an earlier pass of a gate: the record that bound the file is itself only
    // kept, and each statement of it lies in the file of today, or is named by the ledger.
    let waivers = |path: &String| {
        path.contains("/records/objects/") && world.read(path).contains("waivers.v1.schema.json")
    };
    all.retain(|path| !waivers(path));
    let tries = all.iter().filter(|path| path.contains("/raw/attempts/")).count();
    let imports = all.iter().filter(|path| path.contains("/raw/imports/")).count();
    assert!(tries >= 7 && imports >= 2 && all.len() > 80, "{all:#?}");
    let missed = unseen(&world, &all, &["verify", "--format", "json"]);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
