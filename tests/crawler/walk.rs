//! Executing what is printed, from one state to the next.

use crate::common::{Said, World, argv};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step};
use d3p::testing::model::{Sha256Digest, Stamp};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Most commands out of one state.
const MOST: usize = 80;
/// Commands after which an end of the attempt, where it is enough, is taken for the way out.
const ENOUGH: usize = 25;
/// Most commands one after another.
const DEEPEST: usize = 7;

/// How far a release has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Baseline {
    gates: BTreeSet<String>,
    pieces: BTreeSet<String>,
}

impl Baseline {
    pub(super) fn of(world: &World) -> Self {
        Self::read(world).unwrap()
    }

    fn read(world: &World) -> Option<Self> {
        let said = world.json(&["status"]);
        let report: Value = serde_json::from_str(&said.out).ok()?;
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let gates = report["gates"].as_array()?.iter().filter(|gate| gate["valid"] == true);
        let satisfied = |piece: &&Value| {
            ["passed", "exempt", "waived"].contains(&piece["state"].as_str().unwrap_or_default())
        };
        let pieces = report["pieces"].as_array()?.iter().filter(satisfied);
        let pieces =
            pieces.map(|piece| format!("{} {}", piece["kind"].as_str().unwrap(), id(piece)));
        Some(Self { gates: gates.map(id).collect(), pieces: pieces.collect() })
    }

    /// Whether `world` is at least as far.
    fn is_reached_by(&self, world: &World) -> bool {
        Self::read(world).is_some_and(|own| {
            self.gates.is_subset(&own.gates) && self.pieces.is_subset(&own.pieces)
        })
    }
}

/// One thing that somebody is told to do, and the reason they are given.
#[derive(Clone, Debug)]
pub(super) struct Way {
    advice: Value,
    reason: String,
}

impl Way {
    pub(super) fn words(&self) -> Vec<String> {
        argv(&self.advice)
    }

    /// What it is, to be told from others.
    pub(super) fn told(&self) -> String {
        let text = |key: &str| self.advice[key].as_str().unwrap_or_default();
        match self.words().join(" ") {
            words if words.is_empty() => {
                format!("[{} {} {}]", text("kind"), text("path"), text("what"))
            }
            words => words,
        }
    }
}

/// A walk out of one state.
pub(super) struct Crawl<'a> {
    honest: &'a World,
    base: &'a Baseline,
    script: &'a [Step],
    /// Most commands.
    pub(super) most: usize,
    /// What was executed, and how it ended.
    pub(super) executed: Vec<String>,
    /// What was refused for the reason that printed it.
    pub(super) refused: Vec<String>,
}

impl<'a> Crawl<'a> {
    pub(super) fn new(honest: &'a World, base: &'a Baseline, script: &'a [Step]) -> Self {
        let (executed, refused) = (Vec::new(), Vec::new());
        Self { honest, base, script, most: MOST, executed, refused }
    }

    /// Whether some printed way leads to a state that is at least as far (`Some(true)`), or, where that
    /// is enough, to an end of the attempt (`Some(false)`).
    pub(super) fn out_of(&mut self, state: World, may_end: bool) -> Option<bool> {
        if self.base.is_reached_by(&state) && self.told(&state).is_empty() {
            return Some(true);
        }
        let mut ended = false;
        let mut seen = BTreeSet::from([fingerprint(&state)]);
        let mut tried: BTreeSet<(Sha256Digest, String)> = BTreeSet::new();
        let first = self.everything(&state);
        let mut open: VecDeque<(World, Vec<Way>, usize)> = VecDeque::from([(state, first, 0)]);
        while let Some((world, ways, depth)) = open.pop_front() {
            let here = fingerprint(&world);
            let mut ways: VecDeque<Way> = ways.into();
            while let Some(way) = ways.pop_front() {
                if !tried.insert((here, way.told())) || self.executed.len() >= self.most {
                    continue;
                }
                let next = world.copy();
                let said = self.execute(&next, &way);
                let exit = said.as_ref().map(|said| said.exit);
                self.executed.push(format!("{} -> {exit:?}", way.told()));
                let more = said.as_ref().map_or(Vec::new(), printed);
                self.judge(&way, said.as_ref());
                if fingerprint(&next) == here && next.now() < world.now() {
                    continue;
                }
                if self.base.is_reached_by(&next) && self.told(&next).is_empty() {
                    return Some(true);
                }
                ended |= exit == Some(Exit::Passed) && way.words().contains(&"archive".to_owned());
                if ended && may_end && self.executed.len() >= ENOUGH {
                    return Some(false);
                }
                if seen.insert(fingerprint(&next)) && depth < DEEPEST {
                    let after = self.next(&next).into_iter().chain(more).collect();
                    open.push_back((next, after, depth + 1));
                } else {
                    ways.extend(more);
                }
            }
        }
        (ended && may_end).then_some(false)
    }

    /// What is wrong with the release as it lies there: without anything, it is whole.
    fn told(&self, world: &World) -> Vec<Value> {
        let said = world.json(&["doctor"]);
        let report: Value = serde_json::from_str(&said.out).unwrap_or_default();
        let damaged = report["damaged"].as_array().cloned().unwrap_or_default();
        let machine = report["machine"].as_array().cloned().unwrap_or_default();
        damaged.into_iter().chain(machine).collect()
    }

    /// Everything that is printed in a state.
    pub(super) fn everything(&self, world: &World) -> Vec<Way> {
        let mut found = self.next(world);
        found.extend(printed(&world.json(&["check", "--through", "stabilization"])));
        found.extend(printed(&world.json(&["doctor"])));
        found
    }

    fn next(&self, world: &World) -> Vec<Way> {
        printed(&world.json(&["status", "--next"]))
    }

    /// Whether it was refused for the reason that printed it.
    pub(super) fn judge(&mut self, way: &Way, said: Option<&Said>) {
        let Some(said) = said.filter(|said| said.exit != Exit::Passed) else { return };
        // What only looks changes nothing, and says what it sees.
        let looks = ["check", "status", "verify", "diff", "explain", "doctor", "rollback"];
        if way.words().get(1).is_some_and(|word| looks.contains(&word.as_str())) {
            return;
        }
        let again = printed(said);
        let same = |own: &&Way| own.told() == way.told() && own.reason == way.reason;
        // Others may stand in the way too; then it is told first of those.
        if again.first().filter(same).is_some() && !way.reason.is_empty() {
            self.refused.push(format!("{}: {}", way.told(), way.reason));
        }
    }

    /// Does it, as whoever is told to; `None` where nothing of it can be done here.
    pub(super) fn execute(&self, world: &World, way: &Way) -> Option<Said> {
        let text = |key: &str| way.advice[key].as_str().unwrap_or_default();
        match text("kind") {
            "run" | "decide" => self.command(world, way),
            "edit" => {
                let path = text("path");
                // What people write they can write again; of anything else there is no other copy.
                let by_hand = path == "d3p.yaml"
                    || path.starts_with("d3p/")
                    || path.ends_with("release-manifest.md")
                    || path.ends_with("rollback-plan.md");
                if let Ok(bytes) = fs::read(self.honest.dir.join(path))
                    && by_hand
                {
                    world.write(path, bytes);
                }
                None
            }
            "answer" if text("what").contains("clock") => {
                world.at(self.honest.now());
                None
            }
            "wait" => {
                let until = Stamp::parse(text("not_before")).ok();
                if let Some(until) = until.filter(|until| *until > world.now()) {
                    world.at(until);
                }
                None
            }
            _ => None,
        }
    }

    fn command(&self, world: &World, way: &Way) -> Option<Said> {
        let words = way.words();
        let removes = ["rm", "mv", "cp"].contains(&words[0].as_str())
            || words[0] == "git" && ["checkout", "restore", "reset"].contains(&words[1].as_str());
        assert!(!removes, "this takes evidence away: {words:?}");
        if words[0] != "d3p" {
            if words[0] != "sh" && words[0] != "truncate" {
                return None;
            }
            let said = Command::new(&words[0]).current_dir(&world.dir).args(&words[1..]).output();
            assert!(said.unwrap().status.success(), "{words:?}");
            return None;
        }
        let fills: BTreeMap<u64, &str> = way.advice["fills"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fill| (fill["at"].as_u64().unwrap(), fill["name"].as_str().unwrap()))
            .collect();
        if fills.values().any(|name| *name == "FILE") {
            return self.recorded(world, &words);
        }
        let mut args: Vec<String> = Vec::new();
        for (at, word) in words.iter().enumerate().skip(1) {
            let named = fills.get(&(at as u64)).copied();
            args.push(named.map_or(word.clone(), |name| filled(name).to_owned()));
        }
        let signs = ["approve", "rollback", "waive", "withdraw"].contains(&args[0].as_str());
        if signs && args.iter().any(|arg| arg == "--as") {
            args.extend(["--key".to_owned(), ".git/d3p-demo-key".to_owned()]);
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        Some(world.json(&args))
    }

    /// Records a body: the honest release's own.
    fn recorded(&self, world: &World, words: &[String]) -> Option<Said> {
        let kind = words.get(2)?;
        let of_kind = |step: &&Step| matches!(&step.action, Action::Run { args, .. } if args[0] == "record" && args[1] == *kind);
        let step = self.script.iter().find(of_kind)?;
        let played = world.resume_and_play(std::slice::from_ref(step)).pop()?;
        let (out, err) = (String::new(), played.output);
        Some(Said { exit: played.exit?, out, err })
    }
}

/// What a person or an agent puts in.
fn filled(name: &str) -> &str {
    match name {
        "PRINCIPAL" => "ana@shop.example",
        "NAME" => "Ana Silva",
        "VERSION" => "v1.4.0",
        "SERVICE" => "api",
        "DATE" => "2026-12-01",
        "DECISION" => "continue",
        "ANSWER" => "yes",
        _ => "both services answer as before",
    }
}

/// Every way in what a command printed, with its reason, in the order of the report.
fn printed(said: &Said) -> Vec<Way> {
    let Ok(report) = serde_json::from_str::<Value>(&said.out) else { return Vec::new() };
    let mut found = Vec::new();
    let mut add = |advice: &Value, reason: &str| {
        let others = advice["alternatives"].as_array().cloned().unwrap_or_default();
        for own in std::iter::once(advice.clone()).chain(others) {
            if own["kind"].is_string() {
                found.push(Way { advice: own, reason: reason.to_owned() });
            }
        }
    };
    if report["next"].is_object() {
        // The findings behind it are asked for by `check`.
        add(&report["next"], report["next"]["why"].as_str().unwrap_or_default());
        return found;
    }
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for advice in list(&report["error"]["advice"]) {
        add(&advice, report["error"]["message"].as_str().unwrap_or_default());
    }
    let places = list(&report["error"]["places"]);
    for own in list(&report["findings"]).iter().chain(&places) {
        if own["advice"].is_object() && own["state"] != Value::Null || own["advice"].is_object() {
            add(&own["advice"], own["message"].as_str().unwrap_or_default());
        }
    }
    for own in list(&report["damaged"]).iter().chain(&list(&report["machine"])) {
        add(&own["advice"], own["what"].as_str().unwrap_or_default());
    }
    found
}

/// One digest over everything that a release is.
pub(super) fn fingerprint(world: &World) -> Sha256Digest {
    fn add(dir: &Path, text: &mut Vec<u8>) {
        let Ok(entries) = fs::read_dir(dir) else { return };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                add(&path, text);
            } else if !path.ends_with(".d3p/lock") {
                text.extend(path.file_name().unwrap().as_encoded_bytes());
                text.extend(Sha256Digest::of(&fs::read(&path).unwrap()).to_string().as_bytes());
            }
        }
    }
    let mut text = fs::read(world.dir.join("d3p.yaml")).unwrap_or_default();
    for dir in [".artifacts", "d3p", ".d3p"] {
        add(&world.dir.join(dir), &mut text);
    }
    Sha256Digest::of(&text)
}
