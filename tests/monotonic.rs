//! Taking evidence away never improves a verdict: not by deleting it, cutting it, or making it
//! unreadable, at any stage of a release, honest or not. Policy and manifest stay.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, release_script};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";

/// How evidence is taken away.
#[derive(Clone, Copy, Debug)]
enum Loss {
    Deleted,
    Emptied,
    CutInHalf,
    Unreadable,
}

const LOSSES: [Loss; 4] = [Loss::Deleted, Loss::Emptied, Loss::CutInHalf, Loss::Unreadable];

/// What a release is worth; bigger is worse in everything.
#[derive(Clone, PartialEq, Debug)]
struct Worth {
    /// Exit codes of each gate's dry run, of the launch clearance and of verify.
    answers: BTreeMap<String, u8>,
    /// Whether a recorded gate counts, and what pieces are worth.
    states: BTreeMap<String, u8>,
}

/// Passed or exempt, waived, for a human to look at, or no use.
fn rank(state: &str) -> u8 {
    match state {
        "passed" | "exempt" => 0,
        "waived" => 1,
        "review" => 2,
        _ => 3,
    }
}

impl Worth {
    /// Asks everything that could still be answered better than `before` did.
    fn of(world: &World, before: Option<&Self>) -> Self {
        let questions = [
            ("gate 1", &["gate", "1", "--dry-run"][..]),
            ("gate 2", &["gate", "2", "--dry-run"]),
            ("gate 3", &["gate", "3", "--dry-run"]),
            ("gate 4", &["gate", "4", "--dry-run"]),
            ("launch", &["check", "--before", "deploy-production"]),
            ("verify", &["verify"]),
            ("verify 1", &["verify", "--through", "1"]),
            ("verify 2", &["verify", "--through", "2"]),
        ];
        let worth_asking = |name: &str| before.is_none_or(|before| before.answers[name] > 0);
        let answers = questions
            .into_iter()
            .filter(|(name, _)| worth_asking(name))
            .map(|(name, args)| (name.to_owned(), world.run(args).exit.code()))
            .collect();
        let status = world.json(&["status"]).json();
        let mut states = BTreeMap::new();
        let texts = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();
        for piece in status["pieces"].as_array().unwrap() {
            let name = format!("{} {}", texts(piece, "kind"), texts(piece, "id"));
            states.insert(name, rank(&texts(piece, "state")));
        }
        for gate in status["gates"].as_array().unwrap() {
            states.insert(format!("valid {}", gate["id"]), u8::from(gate["valid"] != true));
        }
        for checkpoint in status["checkpoints"].as_array().unwrap() {
            let holds = checkpoint["holds"] == true;
            states.insert(format!("checkpoint {}", checkpoint["id"]), u8::from(!holds));
        }
        Self { answers, states }
    }

    /// What is better here than it was `before`.
    fn better_than(&self, before: &Self) -> Vec<String> {
        let answers = self.answers.iter().filter(|(name, code)| **code < before.answers[*name]);
        let states = self
            .states
            .iter()
            .filter(|(name, state)| before.states.get(*name).is_some_and(|was| *state < was));
        answers.chain(states).map(|(name, _)| name.clone()).collect()
    }
}

/// Everything that was declared and is there, without policy and manifest.
fn declared(world: &World) -> Vec<String> {
    let status = world.json(&["status"]).json();
    let mut paths: Vec<String> = status["pieces"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|piece| {
            ["document", "evidence", "prerequisite"].iter().any(|kind| piece["kind"] == *kind)
        })
        .filter_map(|piece| piece["path"].as_str())
        .filter(|path| *path != MANIFEST && world.dir.join(path).is_file())
        .map(str::to_owned)
        .collect();
    paths.sort();
    paths.dedup();
    assert!(paths.len() >= 10, "{paths:?}");
    paths
}

fn lose(world: &World, path: &str, loss: Loss) {
    let bytes = fs::read(world.dir.join(path)).unwrap();
    match loss {
        Loss::Deleted => world.remove(path),
        Loss::Emptied => world.write(path, ""),
        Loss::CutInHalf => world.write(path, &bytes[..bytes.len() / 2]),
        Loss::Unreadable => world.write(path, [&b"\xff\xfe\x00"[..], &bytes].concat()),
    }
}

/// Loses files, looks, and puts them back: what became better.
fn improved(world: &World, before: &Worth, lost: &[(&str, Loss)]) -> Vec<String> {
    let kept: Vec<_> =
        lost.iter().map(|(path, _)| (*path, fs::read(world.dir.join(path)).unwrap())).collect();
    for (path, loss) in lost {
        lose(world, path, *loss);
    }
    let better = Worth::of(world, Some(before)).better_than(before);
    for (path, bytes) in kept {
        world.write(path, bytes);
    }
    better
}

/// Loses each declared file in turn; each in one more way than being deleted.
#[track_caller]
fn no_loss_improves(world: &World) {
    let before = Worth::of(world, None);
    for (index, path) in declared(world).iter().enumerate() {
        for loss in [Loss::Deleted, LOSSES[1 + index % 3]] {
            let better = improved(world, &before, &[(path, loss)]);
            assert!(better.is_empty(), "{path} {loss:?} improves {better:?}");
        }
    }
    assert_eq!(Worth::of(world, None), before, "not restored");
}

/// A step of the demo by its title, with its body changed.
fn step(title: &str, from: &str, to: &str) -> Step {
    let mut step = release_script().into_iter().find(|step| step.title == title).unwrap();
    if let Action::Run { stdin: Some(body), .. } = &mut step.action {
        assert!(body.contains(from), "{title}: {body}");
        *body = body.replacen(from, to, 1);
    }
    step
}

#[test]
fn of_a_scaffold_in_the_making() {
    no_loss_improves(&World::played_until(&["record", "deployment-readiness-checklist"]));
}

#[test]
fn of_a_release_ready_for_staging() {
    no_loss_improves(&World::played_until(&["gate", "readiness"]));
}

#[test]
fn of_a_release_cleared_for_launch() {
    let world = World::played_until(&[
        "record",
        "production-approval",
        "--by",
        "Ana Silva",
        "--decision",
        "go",
    ]);
    assert_eq!(world.run(&["check", "--before", "deploy-production"]).exit, Exit::Passed);
    no_loss_improves(&world);
}

#[test]
fn of_a_launched_release() {
    no_loss_improves(&World::played_until(&["gate", "production-launch"]));
}

#[test]
fn of_a_completed_release() {
    no_loss_improves(&World::played());
}

#[test]
fn of_a_release_that_failed_on_staging() {
    let world = World::played_until(&["gate", "readiness"]);
    world.play_freely(&[
        step("deploy to staging", "", ""),
        step("validate staging", "\"critical\": 0", "\"critical\": 3"),
        step("user acceptance", "accepted", "rejected"),
    ]);
    no_loss_improves(&world);
}

#[test]
fn of_a_release_whose_evidence_has_expired() {
    let world = World::played_until(&["gate", "staging-validation"]);
    world.pass(Duration::from_secs(40 * 86_400));
    no_loss_improves(&world);
}

#[test]
fn of_a_release_that_somebody_stopped() {
    let world = World::played_until(&["gate", "staging-validation"]);
    let said =
        world.run(&["record", "production-approval", "--by", "Ana Silva", "--decision", "no-go"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    no_loss_improves(&world);
}

#[test]
fn of_a_release_that_was_unwell_after_the_launch() {
    let world = World::played_until(&["gate", "production-launch"]);
    let sample = "{\"metrics\": {\"error_rate\": \"9%\", \"latency_p99\": \"900ms\", \"cpu\": \"99%\"}, \"observation\": \"burning\"}";
    let said = world.run_with(&["record", "deployment-health-log", "--from", "-"], sample);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    world.pass(Duration::from_secs(60));
    no_loss_improves(&world);
}

#[test]
fn of_a_release_with_an_open_question() {
    let world = World::played_until(&[
        "record",
        "production-approval",
        "--by",
        "Ana Silva",
        "--decision",
        "go",
    ]);
    let body = "{\"questions\": [{\"id\": \"bank\", \"question\": \"Is the bank told?\", \"answer\": \"clarify\", \"answered_by\": \"Ana Silva\", \"answered_at\": \"NOW\"}]}"
        .replace("NOW", &world.now().to_string());
    let said = world.run_with(&["record", "confirmations", "--from", "-"], &body);
    assert!(world.dir.join(".artifacts/deployment/confirmations.json").exists(), "{}", said.all());
    assert_eq!(world.run(&["check", "--before", "deploy-production"]).exit, Exit::Refused);
    no_loss_improves(&world);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// Several files at once, each lost in its own way.
    #[test]
    fn of_any_stage_and_any_files(
        stage in 0usize..3,
        lost in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&LOSSES)), 2..6),
    ) {
        thread_local! {
            static STAGES: [(World, Worth); 3] = [
                &["gate", "readiness"][..], &["gate", "staging-validation"], &["gate", "production-launch"],
            ].map(|last| {
                let world = World::played_until(last);
                let worth = Worth::of(&world, None);
                (world, worth)
            });
        }
        STAGES.with(|stages| {
            let (world, before) = &stages[stage];
            let paths = declared(world);
            let lost: BTreeMap<&str, Loss> =
                lost.iter().map(|(index, loss)| (paths[index.index(paths.len())].as_str(), *loss)).collect();
            let lost: Vec<_> = lost.into_iter().collect();
            let better = improved(world, before, &lost);
            prop_assert!(better.is_empty(), "{lost:?} improves {better:?}");
            Ok(())
        })?;
    }
}
