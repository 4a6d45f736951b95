//! Follows what is printed out of every state: each command that is advised is executed, with
//! its words put in, and persons answer. A state is lost when none of it leads to one that is at least
//! as far as before the fault; and no advice may be refused for the reason that printed it.
//!
//! `cargo test --test suite crawler:: -- --nocapture` takes some of the states; all of them are crawled
//! with `--ignored`.
#![allow(clippy::print_stderr, reason = "the figures are for whoever runs it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod failures;
mod faults;
pub(crate) mod honest;
mod walk;

use crate::common::World;
use d3p::testing::cli::demo::{Action, Step, release_script, run_script, signed_script};
use d3p::testing::model::Sha256Digest;
use d3p::testing::text::yaml;
use faults::{LEDGER, commit};
use serde_json::Value;
use std::fs;
use walk::{Baseline, Crawl};

/// Of the states, every so many are crawled in a suite that is run after each change.
const EVERY: usize = 11;

/// A stage of an honest release.
struct Stage {
    script: Vec<Step>,
    until: Vec<String>,
    commit: bool,
    /// Whether decisions are signed.
    signed: bool,
}

fn table() -> Value {
    yaml::parse(include_str!("states.yaml")).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn words(value: &Value) -> Vec<String> {
    let words = value.as_array().unwrap().iter();
    words.map(|word| word.as_str().unwrap().to_owned()).collect()
}

impl Stage {
    fn of(name: &str) -> Self {
        let table = table();
        let stages = table["stages"].as_array().unwrap();
        let own = stages.iter().find(|own| own["name"] == name).unwrap();
        let script = match own["script"].as_str().unwrap() {
            "typed" => release_script(),
            "signed" => signed_script(),
            _ => run_script(true),
        };
        let (until, commit) = (words(&own["until"]), own["commit"] == true);
        Self { script, until, commit, signed: own["script"] == "signed" }
    }

    fn play(&self) -> World {
        let is_last =
            |step: &Step| matches!(&step.action, Action::Run { args, .. } if *args == self.until);
        let end = self.script.iter().rposition(is_last).unwrap();
        let world = World::new();
        world.play(&self.script[..=end]);
        if self.commit {
            commit(&world);
        }
        world
    }
}

/// What became of all states of one stage.
#[derive(Default)]
struct Figures {
    states: usize,
    executed: usize,
    closed: usize,
    lost: Vec<String>,
    refused: Vec<String>,
}

/// Whether some copy of these bytes is left once the file itself is not.
fn has_copy(world: &World, stage: &Stage, path: &str) -> bool {
    let bytes = fs::read(world.dir.join(path)).unwrap();
    let digest = Sha256Digest::of(&bytes);
    let object = format!(".artifacts/deployment/records/objects/{digest}");
    stage.commit || world.dir.join(object).exists()
}

fn crawl(name: &str, every: usize) {
    let stage = Stage::of(name);
    let world = stage.play();
    let base = Baseline::of(&world);
    let table = table();
    let mut figures = Figures::default();
    let mut index = 0;
    let mut due = || {
        index += 1;
        index % every == 0
    };
    for target in words(&table["targets"]) {
        if !world.dir.join(&target).exists() {
            continue;
        }
        let copied = has_copy(&world, &stage, &target);
        for fault in words(&table["faults"]).iter().filter(|_| due()) {
            let state = world.copy();
            faults::to_file(&state, &target, fault);
            let told = format!("{name}: {fault} {target}");
            one(&told, state, &world, &base, &stage, !copied, &mut figures);
        }
    }
    for own in table["beyond"].as_array().unwrap() {
        let wanted = own["uncommitted"] != true || !stage.commit;
        let fault = own["name"].as_str().unwrap();
        let state = world.copy();
        if wanted && due() && faults::beyond(&state, fault) {
            let told = format!("{name}: {fault}");
            let lossy = !stage.commit && fault.contains("gone");
            let typed = own["unsigned"].is_string() && !stage.signed;
            let only = own["only"].is_string() || typed || lossy;
            one(&told, state, &world, &base, &stage, only, &mut figures);
        }
    }
    eprintln!(
        "{name}: {} states, {} commands, {} closed for want of any copy, {} lost, {} refused for \
         their own reason",
        figures.states,
        figures.executed,
        figures.closed,
        figures.lost.len(),
        figures.refused.len()
    );
    assert!(figures.lost.is_empty(), "lost:\n{}", figures.lost.join("\n"));
    assert!(figures.refused.is_empty(), "refused:\n{}", figures.refused.join("\n"));
    assert!(figures.states > 0);
}

/// Crawls out of one state; where `may_end`, an end of the attempt is a way out.
fn one(
    told: &str,
    state: World,
    honest: &World,
    base: &Baseline,
    stage: &Stage,
    may_end: bool,
    figures: &mut Figures,
) {
    figures.states += 1;
    let mut crawl = Crawl::new(honest, base, &stage.script);
    let found = crawl.out_of(state, may_end);
    figures.executed += crawl.executed.len();
    figures.refused.extend(crawl.refused.iter().map(|own| format!("  {told}: {own}")));
    match found {
        Some(true) => {}
        Some(false) => figures.closed += 1,
        None => figures.lost.push(format!("  {told}\n    {}", crawl.executed.join("\n    "))),
    }
}

macro_rules! stages {
    ($($test:ident $all:ident $name:literal),* $(,)?) => {
        $(
            #[test]
            fn $test() {
                crawl($name, EVERY);
            }

            #[test]
            #[ignore = "takes minutes: cargo test --test suite crawler:: -- --ignored --nocapture"]
            fn $all() {
                crawl($name, 1);
            }
        )*
    };
}

stages! {
    begun all_begun "begun",
    ready all_ready "ready",
    staged all_staged "staged",
    decided all_decided "decided",
    launched all_launched "launched",
    launched_uncommitted all_launched_uncommitted "launched-uncommitted",
    live all_live "live",
    done all_done "done",
}

/// A launch that was killed: it begins once, nobody launches again before those who may have decided
/// anew, and then it goes on.
#[test]
fn a_killed_launch_is_left_by_a_new_decision() {
    let script = run_script(true);
    let launch = ["run", "deploy-production"];
    let is_launch =
        |step: &Step| matches!(&step.action, Action::Run { args, .. } if *args == launch);
    let end = script.iter().position(is_launch).unwrap();
    let honest = World::new();
    honest.play(&script[..=end]);
    let base = Baseline::of(&honest);
    let state = honest.copy();
    let text = state.read(LEDGER);
    let began = |line: &&str| line.contains("\"began\"") && line.contains("deploy-production");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let at = lines.iter().position(began).unwrap();
    let id: Value = serde_json::from_str(lines[at]).unwrap();
    let id = id["id"].as_str().unwrap()[..8].to_owned();
    state.write(LEDGER, lines[..=at].concat());
    state.remove(".artifacts/deployment/production-deployment-report.json");
    for entry in fs::read_dir(state.dir.join(".artifacts/deployment/raw/runs")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains(&id) {
            fs::remove_file(path).unwrap();
        }
    }
    let mut crawl = Crawl::new(&honest, &base, &script);
    let found = crawl.out_of(state, false);
    assert_eq!(found, Some(true), "{}", crawl.executed.join("\n"));
    assert!(crawl.refused.is_empty(), "{:?}", crawl.refused);
    let decided = crawl.executed.iter().position(|own| own.contains("approve sign")).unwrap();
    let run = crawl.executed.iter().rposition(|own| own.contains("run deploy-production"));
    assert!(run.is_some_and(|run| decided < run), "{}", crawl.executed.join("\n"));
}

/// A crawler that finds a way out of everything finds nothing.
#[test]
fn a_state_without_a_way_out_is_lost() {
    let stage = Stage { commit: false, ..Stage::of("launched") };
    let honest = stage.play();
    let base = Baseline::of(&honest);
    let state = honest.copy();
    state.remove(".artifacts/deployment/records/objects");
    faults::to_file(&state, ".artifacts/deployment/uat-confirmation.json", "edit");
    let mut crawl = Crawl::new(&honest, &base, &stage.script);
    crawl.most = 30;
    assert_eq!(crawl.out_of(state, false), None, "{}", crawl.executed.join("\n"));
}
