//! Honest states: after each step of a release nothing is wrong. Nothing that is printed there may be
//! refused for the reason that printed it, take evidence or somebody's words away, launch again what was
//! launched, or change nothing and be printed again.

use super::walk::{Baseline, Crawl, fingerprint};
use super::{EVERY, faults};
use crate::common::{World, argv, in_words};
use d3p::Exit;
use d3p::testing::cli::demo::{Step, release_script, run_script, signed_script};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;

const LAUNCH: &str = ".artifacts/deployment/production-deployment-report.json";

/// Commands that write documents, because somebody told them what.
const WRITERS: [&str; 6] = ["doc", "tick", "fmt", "init", "setup", "archive"];

/// What was looked at, and what was wrong.
#[derive(Default)]
pub(crate) struct Look {
    states: usize,
    executed: usize,
    wrong: Vec<String>,
}

impl Look {
    /// Executes everything that is printed in a state, each in a copy of its own.
    pub(crate) fn at(&mut self, told: &str, world: &World, script: &[Step]) {
        self.states += 1;
        let base = Baseline::of(world);
        let mut crawl = Crawl::new(world, &base, script);
        let launched = world.dir.join(LAUNCH).exists();
        let (before, words) = (fingerprint(world), documents(world));
        let next = world.next();
        for way in crawl.everything(world) {
            let command = way.words();
            if launched
                && command.starts_with(&["d3p", "run", "deploy-production"].map(str::to_owned))
            {
                self.wrong.push(format!("{told}: launches again: {}", way.told()));
                continue;
            }
            let copy = world.copy();
            let said = crawl.execute(&copy, &way);
            self.executed += usize::from(said.is_some());
            crawl.judge(&way, said.as_ref());
            let writes = command.get(1).is_some_and(|word| WRITERS.contains(&word.as_str()));
            let ran = said.as_ref().is_some_and(|said| said.exit == Exit::Passed);
            if ran && !writes && documents(&copy) != words {
                self.wrong.push(format!("{told}: changes documents: {}", way.told()));
            }
            // What is next and passed is not next again, unless it goes on with what takes its time.
            let is_next = ran && command == argv(&next) && !command.is_empty();
            if is_next && fingerprint(&copy) == before && in_words(&copy.next()) == in_words(&next)
            {
                self.wrong.push(format!("{told}: changes nothing: {}", way.told()));
            }
        }
        self.wrong.extend(crawl.refused.iter().map(|own| format!("{told}: refused: {own}")));
    }

    pub(crate) fn finish(self, name: &str, least: usize) {
        let (states, executed) = (self.states, self.executed);
        eprintln!(
            "{name}: {states} honest states, {executed} commands, {} wrong",
            self.wrong.len()
        );
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        assert!(states >= least, "{states} states of {least}");
    }
}

/// The documents that people write, by name.
fn documents(world: &World) -> BTreeMap<OsString, Vec<u8>> {
    let dir = world.dir.join("d3p/phase-9-deployment-golive");
    let Ok(entries) = fs::read_dir(dir) else { return BTreeMap::new() };
    let entries = entries.map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap())).collect()
}

/// Every so many steps of a script, with everything committed or not in turn.
fn steps(name: &str, script: &[Step], every: usize) {
    let world = World::new();
    let mut look = Look::default();
    for (index, step) in script.iter().enumerate() {
        world.play(std::slice::from_ref(step));
        let begun = world.dir.join("d3p.yaml").exists();
        if !begun || index % every != 0 {
            continue;
        }
        look.at(&format!("{name}: after {}", step.title), &world, script);
        let committed = world.copy();
        faults::commit(&committed);
        look.at(&format!("{name}: committed after {}", step.title), &committed, script);
    }
    look.finish(name, script.len() / every);
}

#[test]
fn nothing_that_is_printed_on_the_way_is_refused_or_takes_away() {
    steps("signed", &signed_script(), EVERY);
}

#[test]
#[ignore = "takes minutes: cargo test --test suite crawler::honest -- --ignored --nocapture"]
fn every_step_of_a_typed_release() {
    steps("typed", &release_script(), 1);
}

#[test]
#[ignore = "takes minutes: cargo test --test suite crawler::honest -- --ignored --nocapture"]
fn every_step_of_a_signed_release() {
    steps("signed", &signed_script(), 1);
}

#[test]
#[ignore = "takes minutes: cargo test --test suite crawler::honest -- --ignored --nocapture"]
fn every_step_of_a_release_by_hooks() {
    steps("hooks", &run_script(true), 1);
}
