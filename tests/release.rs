//! The whole release, from `init` to `verify`, as the demo plays it.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script};
use d3p::testing::source::counting_reads;
use std::collections::BTreeMap;

const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";

#[test]
fn an_honest_release_passes_all_gates_and_verifies() {
    let world = World::played();
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.starts_with("SELF-CONSISTENT ONLY"), "{}", said.out);
    assert!(said.out.contains("DEMO RELEASE"), "{}", said.out);
}

#[test]
fn a_valid_pass_is_a_no_op() {
    let world = World::played_until(&["gate", "readiness"]);
    let ledger = world.read(LEDGER);
    world.pass(std::time::Duration::from_secs(3600));
    let said = world.run(&["gate", "1"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains("still valid; nothing written"), "{}", said.out);
    assert_eq!(ledger, world.read(LEDGER));
}

#[test]
fn a_completed_release_never_ages() {
    let world = World::played();
    world.pass(std::time::Duration::from_secs(10 * 365 * 86_400));
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

#[test]
fn output_is_the_same_on_a_second_run() {
    let (one, two) = (World::played(), World::played());
    for args in [&["status"][..], &["verify"], &["explain", "readiness"]] {
        let clean = |world: &World| world.run(args).out.replace(&world.now().to_string(), "NOW");
        assert_eq!(clean(&one), clean(&two), "{args:?}");
    }
}

/// Lines of the ledger; none where it is not there.
fn lines(world: &World) -> usize {
    let there = world.dir.join(LEDGER).exists();
    if there { world.read(LEDGER).lines().count() } else { 0 }
}

/// The policy is read once; the ledger once, and once more for each line that is added to it, to be
/// sure under the lock that it is added to what was read.
#[track_caller]
fn read_once(args: &[String], reads: &BTreeMap<String, usize>, added: usize) {
    let times = |path: &str| reads.get(path).copied().unwrap_or_default();
    assert!(times("d3p.yaml") <= 1, "{args:?} reads the policy {} times", times("d3p.yaml"));
    let (most, ledger) = (1 + added, times(LEDGER));
    assert!(ledger <= most, "{args:?} adds {added} lines, and reads the ledger {ledger} times");
}

#[test]
fn a_command_reads_each_file_once() {
    // Hooks open the project anew in between. What `init` takes over from the release before, it
    // holds against the project as it will be.
    const NOT_YET: [&str; 1] = ["run"];
    let world = World::new();
    let mut seen = std::collections::BTreeSet::new();
    for step in &run_script(true) {
        let before = lines(&world);
        let ((), reads) = counting_reads(|| world.play(std::slice::from_ref(step)));
        if let Action::Run { args, .. } = &step.action
            && !NOT_YET.contains(&args[0].as_str())
        {
            read_once(args, &reads, lines(&world).saturating_sub(before));
            seen.insert(args[0].clone());
        }
    }
    let more: [&[&str]; 6] = [
        &["announce", "both services answer"],
        &["confirm", "Is all well?", "--answer", "yes", "--by", "Ana Silva"],
        &["record", "deployment-readiness-checklist"],
        &["report"],
        &["archive"],
        &["init", "--release", "v1.5.0"],
    ];
    for args in more {
        let before = lines(&world);
        let (said, reads) = counting_reads(|| world.run(args));
        assert_ne!(said.exit, Exit::Incomplete, "{args:?}: {}", said.all());
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        // The line that closes a release goes into the archive with its ledger.
        let closes = usize::from(args[0] == "archive");
        if args[0] != "init" {
            read_once(&args, &reads, closes + lines(&world).saturating_sub(before));
        }
        seen.insert(args[0].clone());
    }
    let commands =
        ["init", "record", "gate", "approve", "announce", "confirm", "report", "archive"];
    for command in commands {
        assert!(seen.contains(command), "{command} was not looked at");
    }
    // A test that cannot count would say the same of every command.
    let (_, reads) = counting_reads(|| [world.run(&["status"]), world.run(&["status"])]);
    assert_eq!(reads["d3p.yaml"], 2, "{reads:?}");
}

/// A report that is deleted takes no launch back, and what a gate bound is not recorded anew since it
/// is gone.
#[test]
fn a_launch_is_a_fact_of_the_ledger() {
    let launched = &["record", "production-deployment-report", "--from", "-"];
    let world = World::played_until(launched);
    let history = |world: &World, args: &[&str]| {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Refused, "{args:?}: {}", said.all());
        assert!(said.all().contains("it is history"), "{args:?}: {}", said.all());
    };
    world.remove(".artifacts/deployment/production-deployment-report.json");
    history(&world, &["gate", "1", "--refreeze"]);
    history(&world, &["record", "deployment-readiness-checklist", "--reopen"]);
    let deleted = World::played_until(launched);
    deleted.remove(".artifacts/deployment/deployment-readiness-checklist.json");
    history(&deleted, &["record", "deployment-readiness-checklist"]);
    // Before the launch both are a person's right.
    let before = World::played_until(&["gate", "readiness"]);
    before.remove(".artifacts/deployment/deployment-readiness-checklist.json");
    let said = before.run(&["record", "deployment-readiness-checklist"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

/// A hook that launched did so, whether or not its report was recorded before something ended `d3p`.
#[test]
fn a_hook_that_ended_well_launched() {
    const REPORT: &str = ".artifacts/deployment/production-deployment-report.json";
    let script = run_script(true);
    let launch = ["run", "deploy-production"];
    let is_launch =
        |step: &Step| matches!(&step.action, Action::Run { args, .. } if *args == launch);
    let end = script.iter().position(is_launch).unwrap();
    let world = World::new();
    world.play(&script[..=end]);
    world.remove(REPORT);
    let text = world.read(LEDGER);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let ran = lines.iter().rposition(|line| line.contains("\"kind\":\"ran\"")).unwrap();
    let cut: String = lines[..=ran].concat();
    world.write(LEDGER, cut);
    for args in [
        &["gate", "readiness", "--refreeze"][..],
        &["record", "deployment-readiness-checklist", "--reopen"],
    ] {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Refused, "{args:?}: {}", said.all());
        let history = ["it is history", "production was deployed"];
        assert!(history.iter().any(|words| said.all().contains(words)), "{}", said.all());
    }
}

/// What the next release is compared with was launched, though its report is gone.
#[test]
fn an_archived_launch_is_a_fact_of_its_ledger() {
    let world = World::played();
    assert_eq!(world.run(&["archive"]).exit, Exit::Passed);
    let archive = ".artifacts/releases/v1.4.0+1";
    world.edit("d3p.yaml", "interval: 1s", "interval: 2s");
    world.run(&["init", "--release", "v1.5.0"]);
    let compared = |world: &World| world.run(&["status"]).out.contains("looser than v1.4.0+1");
    assert!(compared(&world), "{}", world.run(&["status"]).out);
    world.remove(&format!("{archive}/.artifacts/deployment/production-deployment-report.json"));
    assert!(compared(&world), "{}", world.run(&["status"]).out);
}
