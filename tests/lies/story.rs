//! A release as a story that can be told again, with a lie woven in.
//!
//! The liar writes evidence by hand, at any place and with any time, and keeps everything
//! consistent: digests in citations, in the report and in the approval follow each change; records
//! and ledger are thrown away and made anew by the tool itself, each gate at its own hour.

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, release_script};
use d3p::testing::definition::ReportOf;
use d3p::testing::derive::Moment;
use d3p::testing::derive::observations::observations;
use d3p::testing::derive::report::{self, Regions};
use d3p::testing::model::{Sha256Digest, Stamp};
use d3p::testing::record::Ledger;
use d3p::testing::source::{Root, load_project};
use d3p::testing::text::canonical::to_canonical;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

const DIR: &str = ".artifacts/deployment";
const LEDGER_PATH: &str = ".artifacts/deployment/records/ledger.jsonl";
const POLICY_PATH: &str = ".artifacts/deployment/records/policy.json";
pub const APPROVAL: &str = ".artifacts/deployment/production-approval.json";
pub const COMMUNICATIONS: &str = ".artifacts/deployment/deployment-communications.md";
pub const HEALTH: &str = ".artifacts/deployment/deployment-health-log.md";
pub const REPORT: &str = ".artifacts/deployment/DEPLOYMENT-REPORT.md";
const GATES: [&str; 4] = ["readiness", "staging-validation", "production-launch", "stabilization"];

/// What is made for each gate, in the order in which one cites the other.
const STAGES: [&[&str]; 4] = [
    &["deployment-readiness-checklist"],
    &["staging-deployment-report", "staging-validation-results", "uat-confirmation"],
    &["production-approval", "production-deployment-report", "post-deployment-validation"],
    &["retrospective-inputs"],
];

const POLICY: &str = "phase: phase-9-deployment-golive
phase_version: 1
project: demo/shop
demo: true
services: [api, web]
signatures: \"off\"
validation: { suites: [smoke, contract] }
approval: { production: { threshold: 1, max_age: 1h }, persons: [] }
health: { window: 24h, interval: 1h, signals: [error_rate, latency_p99] }
windows: { deny: [{ id: freeze, start: \"2026-11-25T00:00:00Z\", end: \"2026-11-26T00:00:00Z\" }] }
";

type OnStatement = Box<dyn Fn(&mut Value)>;
type OnText = Box<dyn Fn(&str) -> String>;
type OnWorld = Box<dyn Fn(&World)>;

/// A release in files, and the hours of its gates.
pub struct Story {
    files: BTreeMap<String, String>,
    digests: BTreeMap<String, String>,
    hours: [Stamp; 4],
    statement: Option<OnStatement>,
    before: Option<(usize, OnWorld)>,
    report: Option<OnText>,
}

/// How far a story came.
pub struct Told {
    pub world: World,
    /// The first gate that refused, from 1, and what it said.
    pub refused: Option<(usize, Said)>,
}

/// What a day's release left behind.
struct Day {
    files: BTreeMap<String, String>,
    hours: [Stamp; 4],
}

impl Story {
    /// The honest release: a health window of 24 hours, ten minutes between its steps.
    pub fn honest() -> Self {
        static DAY: OnceLock<Day> = OnceLock::new();
        let day = DAY.get_or_init(|| {
            let world = World::new();
            world.play(&day());
            let hours = GATES.map(|gate| {
                let ledger = ledger(&world);
                ledger.last_pass(gate).unwrap_or_else(|| panic!("{gate} is not passed")).at
            });
            let mut files = BTreeMap::new();
            gather(&world.dir, "", &mut files);
            let made_by_gates = [format!("{DIR}/records/"), path("workflow-state")];
            files.retain(|path, _| !made_by_gates.iter().any(|made| path.starts_with(made)));
            Day { files, hours }
        });
        let digests = day.files.iter().map(|(path, text)| (path.clone(), digest(text))).collect();
        let mut files = day.files.clone();
        // Gates announce themselves again when they are run again.
        let told = files.get_mut(COMMUNICATIONS).unwrap();
        *told = told
            .lines()
            .filter(|line| !line.contains(" [PHASE "))
            .map(|l| format!("{l}\n"))
            .collect();
        Self { files, digests, hours: day.hours, statement: None, before: None, report: None }
    }

    /// When gate `number` is run.
    pub fn hour(&self, number: usize) -> Stamp {
        self.hours[number - 1]
    }

    /// Replaces the first occurrence in a file, and insists that there is one.
    pub fn edit(&mut self, path: &str, from: &str, to: &str) {
        let text = self.files.get_mut(path).unwrap_or_else(|| panic!("no {path}"));
        assert!(text.contains(from), "{path} does not contain {from}");
        *text = text.replacen(from, to, 1);
    }

    pub fn text(&self, path: &str) -> &str {
        &self.files[path]
    }

    pub fn write(&mut self, path: &str, text: impl Into<String>) {
        self.files.insert(path.to_owned(), text.into());
    }

    pub fn remove(&mut self, path: &str) {
        self.files.remove(path).unwrap_or_else(|| panic!("no {path}"));
    }

    /// Changes JSON evidence by kind.
    pub fn evidence(&mut self, kind: &str, change: impl Fn(&mut Value)) {
        self.json(&path(kind), change);
    }

    /// Changes a JSON file.
    pub fn json(&mut self, path: &str, change: impl Fn(&mut Value)) {
        let text = self.files.get_mut(path).unwrap_or_else(|| panic!("no {path}"));
        let mut value: Value = serde_json::from_str(text).unwrap();
        change(&mut value);
        *text = serde_json::to_string_pretty(&value).unwrap() + "\n";
    }

    /// Gives evidence and its commands other times.
    pub fn times(&mut self, kind: &str, started: &Value, finished: &Value) {
        self.evidence(kind, |value| {
            let commands = value.get_mut("commands").and_then(Value::as_array_mut);
            for command in commands.into_iter().flatten() {
                command["started_at"] = started.clone();
                command["finished_at"] = finished.clone();
            }
            value["started_at"] = started.clone();
            value["finished_at"] = finished.clone();
        });
    }

    /// The entries of a log.
    pub fn entries(&mut self, path: &str, change: impl FnOnce(&mut Vec<String>)) {
        let text = self.files.get_mut(path).unwrap();
        let (head, log) = text.split_once("## Entries\n").unwrap();
        let mut lines: Vec<String> = log.lines().map(str::to_owned).collect();
        change(&mut lines);
        *text = format!("{head}## Entries\n{}\n", lines.join("\n"));
    }

    /// Changes the approval's statement after everything in it was made to fit.
    pub fn statement(&mut self, change: impl Fn(&mut Value) + 'static) {
        self.statement = Some(Box::new(change));
    }

    /// Changes the report after it was compiled over everything that the story says.
    pub fn report(&mut self, change: impl Fn(&str) -> String + 'static) {
        self.report = Some(Box::new(change));
    }

    /// Does something to the tree right before gate `number`.
    pub fn before(&mut self, number: usize, change: impl Fn(&World) + 'static) {
        self.before = Some((number, Box::new(change)));
    }

    /// Tells the story: lays down what each gate needs, runs it at its hour, stops at a refusal.
    pub fn tell(&self) -> Told {
        self.tell_until(4)
    }

    /// Tells the story up to gate `last`.
    pub fn tell_until(&self, last: usize) -> Told {
        let world = World::new();
        world.reseed(1_000_000);
        let mut seal = Seal::default();
        for number in 1..=last {
            world.at(self.hour(number));
            self.lay_down(number, &world, &mut seal);
            if let Some((_, change)) = self.before.as_ref().filter(|(at, _)| *at == number) {
                change(&world);
            }
            let said = world.json(&["gate", GATES[number - 1]]);
            if said.exit != Exit::Passed {
                return Told { world, refused: Some((number, said)) };
            }
        }
        Told { world, refused: None }
    }

    fn lay_down(&self, number: usize, world: &World, seal: &mut Seal) {
        let staged: Vec<String> =
            STAGES.iter().flat_map(|stage| stage.iter().map(|kind| path(kind))).collect();
        if number == 1 {
            for (path, text) in &self.files {
                if !staged.contains(path) && path != COMMUNICATIONS && path != REPORT {
                    let text = if path == HEALTH { head(text) } else { text.clone() };
                    self.put(path, text, world, seal);
                }
            }
            world.write(COMMUNICATIONS, head(&self.files[COMMUNICATIONS]));
        }
        if number == 4 {
            world.write(HEALTH, &self.files[HEALTH]);
            self.tell_people(self.hour(number), world);
            let report = compiled(world, &self.files[REPORT]);
            let report = self.report.as_ref().map_or(report.clone(), |change| change(&report));
            self.put(REPORT, report, world, seal);
        }
        for path in STAGES[number - 1].iter().map(|kind| path(kind)) {
            let Some(text) = self.files.get(&path) else { continue };
            let text = seal.apply(text);
            let text = if path == APPROVAL { self.approve(&text, world) } else { text };
            let text = if number == 4 { observed(world, &text) } else { text };
            self.put(&path, text, world, seal);
        }
        self.tell_people(self.hour(number), world);
    }

    fn put(&self, path: &str, text: String, world: &World, seal: &mut Seal) {
        let text = seal.apply(&text);
        if let Some(was) = self.digests.get(path) {
            seal.0.push((was.clone(), digest(&text)));
        }
        world.write(path, text);
    }

    /// Makes the approval fit the ledger and the policy as they were made anew.
    fn approve(&self, text: &str, world: &World) -> String {
        let heads: Vec<String> = ledger(world).heads().iter().map(ToString::to_string).collect();
        let mut approval: Value = serde_json::from_str(text).unwrap();
        for decision in approval["decisions"].as_array_mut().unwrap() {
            let mut statement: Value =
                serde_json::from_str(decision["statement"].as_str().unwrap()).unwrap();
            statement["predicate"]["ledgerHeads"] = json!(heads);
            if let Some(pass) = ledger(world).last_pass("staging-validation") {
                statement["predicate"]["previousGate"] = json!(pass.entry.record);
            }
            statement["predicate"]["policy"]["sha256"] = json!(digest(&world.read(POLICY_PATH)));
            if let Some(change) = &self.statement {
                change(&mut statement);
            }
            decision["statement"] = json!(to_canonical(&statement));
        }
        serde_json::to_string_pretty(&approval).unwrap() + "\n"
    }

    /// What people were told until `hour`, behind what gates announced.
    fn tell_people(&self, hour: Stamp, world: &World) {
        let mut text = world.read(COMMUNICATIONS);
        for line in self.files[COMMUNICATIONS].lines().filter(|line| line.starts_with("- ")) {
            let at = Stamp::parse(line.split(' ').nth(1).unwrap()).unwrap();
            if at <= hour && !text.contains(line) {
                text.push_str(line);
                text.push('\n');
            }
        }
        world.write(COMMUNICATIONS, text);
    }
}

/// The report that d3p compiles in `world`, at the moment that `told` names.
fn compiled(world: &World, told: &str) -> String {
    let project = load_project(&Root::open(&world.dir).unwrap()).unwrap();
    let Some(release) = project.release() else { return told.to_owned() };
    let stamp = told.split("finished_at: \"").nth(1).unwrap().split('"').next().unwrap();
    let until = Stamp::parse(stamp).unwrap();
    let view =
        report::view(&project, &release, ReportOf::Release, Moment { until, optional: None });
    report::compile(&view, ReportOf::Release, until, &Regions::new())
}

/// A report whose compiled part was changed, with a seal that fits.
pub fn sealed(text: &str) -> String {
    let parts = report::split(text).unwrap();
    text.replace(&parts.seal.clone().unwrap(), &parts.digest().to_string())
}

/// Retrospective inputs with the observations that d3p derives in `world`.
fn observed(world: &World, text: &str) -> String {
    let project = load_project(&Root::open(&world.dir).unwrap()).unwrap();
    let mut value: Value = serde_json::from_str(text).unwrap();
    let until = Stamp::parse(value["finished_at"].as_str().unwrap()).unwrap();
    if let Some(release) = project.release() {
        value["observations"] = observations(&project, &release, "retrospective-inputs", until);
    }
    serde_json::to_string_pretty(&value).unwrap() + "\n"
}

/// Digests that changed, and what they became.
#[derive(Default)]
struct Seal(Vec<(String, String)>);

impl Seal {
    fn apply(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (was, is)| text.replace(was, is))
    }
}

pub fn path(kind: &str) -> String {
    format!("{DIR}/{kind}.json")
}

fn head(log: &str) -> String {
    let (head, _) = log.split_once("## Entries\n").unwrap();
    format!("{head}## Entries\n")
}

fn digest(text: &str) -> String {
    Sha256Digest::of(text.as_bytes()).to_string()
}

fn ledger(world: &World) -> Ledger {
    Ledger::parse(&world.read(LEDGER_PATH), |line| {
        serde_json::from_str(line).map_err(|error| error.to_string().into())
    })
}

fn gather(dir: &Path, below: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(dir.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if path == ".git" || path == ".d3p/lock" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            gather(dir, &path, files);
        } else {
            files.insert(path.clone(), fs::read_to_string(dir.join(&path)).unwrap());
        }
    }
}

/// The demo's script, stretched over a day and a bit.
fn day() -> Vec<Step> {
    let wait = |duration| Step { title: "time passes".to_owned(), action: Action::Wait(duration) };
    let watches = |step: &Step| {
        matches!(step.action, Action::Wait(_))
            || matches!(&step.action, Action::Run { args, .. } if args.get(1).is_some_and(|kind| kind == "deployment-health-log"))
    };
    let mut script = Vec::new();
    let mut watched = false;
    for mut step in release_script() {
        if watches(&step) {
            if !watched && matches!(step.action, Action::Run { .. }) {
                watched = true;
                script.extend(
                    (1..=25)
                        .flat_map(|hour| [wait(Duration::from_secs(3600)), check_in(&step, hour)]),
                );
            }
            continue;
        }
        if let Action::Write(files) = &mut step.action {
            let policy = files.iter_mut().filter(|(path, _)| path == "d3p.yaml");
            policy.for_each(|(_, text)| *text = POLICY.to_owned());
            let documents = files.iter_mut().filter(|(path, _)| path.ends_with("monitoring.md"));
            documents.for_each(|(_, text)| *text = text.replace("| 1s |", "| 1h |"));
        }
        // Whoever ticks has looked while the ten minutes passed.
        let ticks = matches!(&step.action, Action::Run { args, .. } if args[0] == "tick");
        script.extend((!ticks).then(|| wait(Duration::from_secs(600))));
        script.push(step);
    }
    script
}

/// A sample like no other.
fn check_in(like: &Step, hour: u32) -> Step {
    let mut step = like.clone();
    if let Action::Run { stdin, .. } = &mut step.action {
        let body = json!({
            "metrics": {
                "error_rate": format!("0.{:02}%", 10 + hour),
                "latency_p99": format!("{}ms", 180 + hour),
                "cpu": format!("{}%", 40 + hour % 7),
            },
            "observation": format!("hour {hour}, nothing new in the error log"),
        });
        *stdin = Some(body.to_string());
    }
    step
}
