//! What is lost and where a copy of it lies comes back by what is printed, and never by anything else.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{World, argv, in_words};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, signed_script};
use serde_json::Value;
use std::process::Command;

const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const REPORT: &str = ".artifacts/deployment/production-deployment-report.json";
const PLAN: &str = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";
const LAUNCHED: &[&str] = &["record", "production-deployment-report", "--from", "-"];

fn git(world: &World, args: &[&str]) -> String {
    let said = Command::new("git")
        .current_dir(&world.dir)
        .args(args)
        .envs([
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_AUTHOR_NAME", "a"),
            ("GIT_AUTHOR_EMAIL", "a@b"),
            ("GIT_COMMITTER_NAME", "a"),
            ("GIT_COMMITTER_EMAIL", "a@b"),
        ])
        .output()
        .unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8_lossy(&said.stdout).into_owned()
}

fn commit(world: &World) {
    git(world, &["add", "--all"]);
    git(world, &["commit", "--quiet", "-m", "evidence"]);
}

/// Does what `status --next` says first, which must be the restore.
#[track_caller]
fn restored_by_next(world: &World) {
    let next = world.next();
    assert_eq!(argv(&next).join(" "), "d3p doctor --restore", "{}", in_words(&next));
    let said = world.run(&["doctor", "--restore"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.all().contains("restored"), "{}", said.all());
}

#[test]
fn what_was_bound_comes_back_from_its_copy() {
    let world = World::played_until(LAUNCHED);
    for path in [PLAN, ".artifacts/deployment/deployment-readiness-checklist.json"] {
        let was = world.read(path);
        for now in [None, Some(""), Some("\0"), Some("<<<<<<< HEAD\nyours\n=======\n")] {
            match now {
                None => world.remove(path),
                Some(text) => world.write(path, text),
            }
            restored_by_next(&world);
            assert_eq!(world.read(path), was, "{path}: {now:?}");
        }
    }
    // What lay in its place is kept, and asking once more changes nothing.
    let kept = std::fs::read_dir(world.dir.join(".d3p/replaced")).unwrap().count();
    assert!(kept >= 2, "{kept}");
    let said = world.run(&["doctor"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains("everything is as it was recorded"), "{}", said.out);
}

/// A branch that is not merged is nobody's matter; its lines come over by a merge, or by the restore.
#[test]
fn a_branch_that_is_not_merged_is_no_damage() {
    let world = World::played_until(&["gate", "readiness"]);
    // What the release before had in the same place is none of this one's.
    let own = world.read(LEDGER);
    world.write(LEDGER, own.replace("v1.4.0+1", "v1.3.0+1"));
    commit(&world);
    world.write(LEDGER, own);
    commit(&world);
    git(&world, &["checkout", "--quiet", "-b", "side"]);
    assert_eq!(world.run(&["announce", "Said on a branch."]).exit, Exit::Passed);
    commit(&world);
    let told = world.read(LEDGER);
    git(&world, &["checkout", "--quiet", "-"]);
    assert_ne!(world.read(LEDGER), told);
    let said = world.run(&["doctor"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.all().contains("lacks 1 lines that other copies hold"), "{}", said.all());
    assert!(said.all().contains("everything is as it was recorded"), "{}", said.all());
    // What is damaged besides is found all the same.
    let damaged = world.copy();
    damaged.remove(".artifacts/deployment/records/1-readiness.json");
    let said = damaged.run(&["doctor"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains("1-readiness.json is gone"), "{}", said.all());
    assert_eq!(world.run(&["doctor", "--restore"]).exit, Exit::Passed);
    assert_eq!(world.read(LEDGER), told);
    // A line of what is checked out that was cut is missed.
    let kept: Vec<&str> = told.lines().collect();
    git(&world, &["checkout", "--quiet", "--force", "side"]);
    world.write(LEDGER, format!("{}\n", kept[..kept.len() - 1].join("\n")));
    assert_eq!(world.run(&["doctor"]).exit, Exit::Refused);
}

/// What the decision on the launch had before it, no gate makes again once it was launched.
#[test]
fn what_was_decided_on_comes_back() {
    let signed = signed_script();
    let is_last =
        |step: &Step| matches!(&step.action, Action::Run { args, .. } if *args == LAUNCHED);
    let world = World::new();
    world.play(&signed[..=signed.iter().rposition(is_last).unwrap()]);
    commit(&world);
    for name in ["PRODUCTION-DEPLOYMENT-PLAN.md", "STAGING-VALIDATION-REPORT.md"] {
        let path = format!(".artifacts/deployment/{name}");
        let was = world.read(&path);
        world.remove(&path);
        restored_by_next(&world);
        assert_eq!(world.read(&path), was);
    }
    assert!(!world.json(&["check"]).has("GL504"));
}

#[test]
fn before_the_launch_an_edit_is_nobodys_damage() {
    let world = World::played_until(&["gate", "readiness"]);
    let was = world.read(PLAN);
    world.write(PLAN, format!("{was}\nOne more word.\n"));
    let said = world.run(&["doctor", "--restore"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(world.read(PLAN).ends_with("One more word.\n"));
    // By its name, it comes back as the gate bound it.
    let said = world.run(&["doctor", "--restore", PLAN]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(world.read(PLAN), was);
}

#[test]
fn the_ledger_is_the_union_of_all_that_is_known_of_it() {
    let world = World::played_until(&["gate", "readiness"]);
    commit(&world);
    let committed = world.read(LEDGER);
    assert_eq!(world.run(&["announce", "One more line."]).exit, Exit::Passed);
    let whole = world.read(LEDGER);
    let last = whole.lines().last().unwrap().to_owned();
    let first = whole.lines().next().unwrap().to_owned();
    let conflict = format!("<<<<<<< HEAD\n{whole}=======\n{committed}>>>>>>> other\n");
    let tried = [
        None,
        Some(String::new()),
        Some(format!("{first}\n{last}\n")),
        Some(conflict),
        Some(format!("{whole}garbage\n")),
        Some(whole.trim_end().to_owned()),
        Some(whole.replacen("\"kind\":\"gate-passed\"", "\"kind\":\"gate-refused\"", 1)),
    ];
    for now in tried {
        match &now {
            None => world.remove(LEDGER),
            Some(text) => world.write(LEDGER, text),
        }
        // Nothing is added to it, and none is begun anew.
        let lying = std::fs::read(world.dir.join(LEDGER)).ok();
        for args in [&["announce", "We begin anew."][..], &["gate", "readiness"]] {
            let said = world.run(args);
            assert_ne!(said.exit, Exit::Passed, "{now:?}: {}", said.all());
            assert!(said.all().contains("doctor --restore"), "{now:?}: {}", said.all());
            assert_eq!(std::fs::read(world.dir.join(LEDGER)).ok(), lying, "{args:?} wrote");
        }
        restored_by_next(&world);
        let has_last = now.as_ref().is_some_and(|now| now.contains(&last));
        let expected = if has_last { &whole } else { &committed };
        assert_eq!(world.read(LEDGER), *expected, "{now:?}");
        world.write(LEDGER, &whole);
    }
}

/// A release of another version that git knows as well lends this one nothing.
#[test]
fn a_ledger_of_another_release_is_not_taken_for_this_one() {
    let world = World::played();
    commit(&world);
    assert_eq!(world.run(&["archive"]).exit, Exit::Passed);
    commit(&world);
    let said = world.run(&["doctor", "--restore"]);
    assert!(!said.all().contains("restored"), "{}", said.all());
    world.run(&["init", "--release", "v1.5.0"]);
    assert_eq!(world.run(&["announce", "The next one begins."]).exit, Exit::Passed);
    let ledger = world.read(LEDGER);
    world.run(&["doctor", "--restore"]);
    assert_eq!(world.read(LEDGER), ledger);
    assert_eq!(ledger.lines().count(), 1, "{ledger}");
}

/// With nothing but git to know that there was a ledger, none is begun anew either.
#[test]
fn git_alone_knows_that_there_was_a_ledger() {
    let world = World::played_until(&["record", "deployment-readiness-checklist"]);
    commit(&world);
    let was = world.read(LEDGER);
    world.remove(LEDGER);
    for args in [&["announce", "We begin anew."][..], &["gate", "readiness"], LAUNCHED] {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Refused, "{args:?}: {}", said.all());
        assert!(said.all().contains("doctor --restore"), "{}", said.all());
    }
    assert!(!world.dir.join(LEDGER).exists());
    assert_eq!(world.run(&["doctor", "--restore"]).exit, Exit::Passed);
    assert_eq!(world.read(LEDGER), was);
}

#[test]
fn what_no_copy_holds_is_said_and_nothing_is_made_up() {
    let world = World::played_until(LAUNCHED);
    let object = ".artifacts/deployment/records/objects";
    for entry in std::fs::read_dir(world.dir.join(object)).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    world.write(PLAN, "nothing");
    let said = world.json(&["doctor", "--restore"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let told = said.json();
    let damaged = told["damaged"].as_array().unwrap();
    let plan = damaged.iter().find(|own| own["path"] == PLAN).unwrap();
    assert_eq!(plan["found"], Value::Null);
    assert!(plan["notes"].to_string().contains("no copy with the digest"), "{plan:#}");
    assert!(argv(&plan["advice"]["alternatives"][0]).contains(&"archive".to_owned()));
    assert_eq!(world.read(PLAN), "nothing");
}

#[test]
fn the_policy_and_the_manifest_come_back_from_git() {
    let world = World::played_until(&["record", "deployment-readiness-checklist"]);
    commit(&world);
    for path in ["d3p.yaml", ".artifacts/deployment/release-manifest.md"] {
        let was = world.read(path);
        world.remove(path);
        let said = world.run(&["doctor", "--restore"]);
        assert_eq!(said.exit, Exit::Passed, "{path}: {}", said.all());
        assert_eq!(world.read(path), was, "{path}");
    }
    let was = world.read("d3p.yaml");
    world.write("d3p.yaml", "<<<<<<< HEAD\nphase: none\n");
    assert_eq!(world.run(&["doctor", "--restore"]).exit, Exit::Passed);
    assert_eq!(world.read("d3p.yaml"), was);
}

#[test]
fn a_log_gets_its_entries_back_and_keeps_what_was_added() {
    let log = ".artifacts/deployment/deployment-communications.md";
    let world = World::played_until(&["gate", "readiness"]);
    let bound = world.read(log);
    assert_eq!(world.run(&["announce", "Said after the gate."]).exit, Exit::Passed);
    let whole = world.read(log);
    assert!(bound.contains("- ") && whole.starts_with(&bound), "{whole}");
    let entries: Vec<&str> = bound.lines().filter(|line| line.starts_with("- 2")).collect();
    world.edit(log, entries[0], &entries[0].replace("e", "u"));
    let said = world.run(&["doctor", "--restore"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(world.read(log), whole);
}

#[test]
fn nothing_that_something_names_is_taken_away() {
    let world = World::played_until(LAUNCHED);
    for path in [REPORT, LEDGER, "d3p.yaml", PLAN] {
        let said = world.run(&["doctor", "--set-aside", path]);
        assert_eq!(said.exit, Exit::Refused, "{path}: {}", said.all());
    }
    let stray = ".artifacts/deployment/records/objects/abc";
    world.write(stray, "nobody's");
    assert_eq!(world.run(&["doctor", "--set-aside", stray]).exit, Exit::Passed);
    assert!(!world.dir.join(stray).exists());
}
