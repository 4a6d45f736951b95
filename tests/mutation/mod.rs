//! No byte that a gate rests on can change unseen: `verify` over a corpus of mutations.
//!
//! What is held to that: every file that a gate record binds, every record, the frozen policy,
//! every copy in `objects/`, the four documents, and every ledger line that a later line names.
//! Of an append-only file it is the head and the entries that a record lists; what was added since
//! is free until a gate binds it.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod edits;
mod retried;

use crate::common::World;
use d3p::Exit;
use edits::{Dice, characters, cuts, replacements, values};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, OnceLock};

const RECORDS: &str = ".artifacts/deployment/records";
const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const COMMUNICATIONS: &str = ".artifacts/deployment/deployment-communications.md";
const HEALTH: &str = ".artifacts/deployment/deployment-health-log.md";

/// A file that must not change, and the part of it that is held to that.
#[derive(Clone, Debug)]
struct Held {
    path: String,
    bytes: Vec<u8>,
    part: Range<usize>,
}

impl Held {
    /// Whether more may be added to it.
    fn is_growing(&self) -> bool {
        self.path == LEDGER || self.path == COMMUNICATIONS || self.path == HEALTH
    }
}

/// One played release for all tests of this file.
struct Base {
    world: Mutex<World>,
    held: Vec<Held>,
}

fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| {
        let world = World::played();
        let held = held(&world);
        assert!(held.len() > 45, "the corpus shrank to {} files", held.len());
        Base { world: Mutex::new(world), held }
    })
}

/// A release of the caller's own.
fn release() -> World {
    base().world.lock().unwrap_or_else(std::sync::PoisonError::into_inner).copy()
}

fn held(world: &World) -> Vec<Held> {
    let mut paths = BTreeSet::new();
    let mut ends: BTreeMap<String, String> = BTreeMap::new();
    let mut records = 0;
    for name in names(&world.dir.join(RECORDS)) {
        let path = format!("{RECORDS}/{name}");
        if !name.ends_with(".json") {
            continue;
        }
        let record: Value = serde_json::from_str(&world.read(&path)).unwrap();
        paths.insert(path);
        let inputs = record.pointer("/predicate/inputAttestations").and_then(Value::as_array);
        for input in inputs.into_iter().flatten() {
            let uri = input["uri"].as_str().unwrap();
            paths.extend((!uri.contains('#')).then(|| uri.to_owned()));
        }
        let logs = record.pointer("/predicate/https:~1~1d3p.dev~1extensions~1gate~1v1/logs");
        for log in logs.and_then(Value::as_array).into_iter().flatten() {
            let last = log["entries"].as_array().unwrap().last().unwrap();
            ends.insert(
                log["path"].as_str().unwrap().to_owned(),
                last.as_str().unwrap().to_owned(),
            );
        }
        records += 1;
    }
    assert_eq!(records, 5, "four gate records and the frozen policy");
    for dir in [&format!("{RECORDS}/objects"), "d3p/phase-9-deployment-golive"] {
        paths.extend(names(&world.dir.join(dir)).into_iter().map(|name| format!("{dir}/{name}")));
    }
    paths.insert(LEDGER.to_owned());
    paths.into_iter().map(|path| hold(world, &path, &ends)).collect()
}

fn hold(world: &World, path: &str, ends: &BTreeMap<String, String>) -> Held {
    let text = world.read(path);
    let end = if path == LEDGER {
        // The last line is named by none.
        text.trim_end().rfind('\n').unwrap() + 1
    } else if let Some(last) = ends.get(path) {
        let mut at = 0;
        text.split_inclusive('\n')
            .map(|line| {
                at += line.len();
                (at, d3p::testing::model::Sha256Digest::of(line.trim_end_matches('\n').as_bytes()))
            })
            .find(|(_, digest)| digest.to_string() == *last)
            .map(|(end, _)| end)
            .unwrap_or_else(|| panic!("{path} lacks its last bound entry"))
    } else {
        text.len()
    };
    Held { path: path.to_owned(), bytes: text.into_bytes(), part: 0..end }
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What is done to files: path → its new bytes, or its deletion.
#[derive(Clone, Debug)]
struct Mutation {
    what: String,
    files: Vec<(String, Option<Vec<u8>>)>,
}

fn one(held: &Held, what: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Mutation {
    Mutation { what: what.into(), files: vec![(held.path.clone(), Some(bytes.into()))] }
}

impl Mutation {
    /// Whether it leaves every file as it was.
    fn is_empty(&self, corpus: &[Held]) -> bool {
        self.files.iter().all(|(path, bytes)| {
            corpus.iter().any(|held| held.path == *path && Some(&held.bytes) == bytes.as_ref())
        })
    }

    /// Applies itself, verifies, and puts everything back.
    fn judge(&self, world: &World, corpus: &[Held]) -> crate::common::Said {
        for (path, bytes) in &self.files {
            match bytes {
                Some(bytes) => fs::write(world.dir.join(path), bytes).unwrap(),
                None => world.remove(path),
            }
        }
        let said = world.run(&["verify", "-q"]);
        for (path, _) in &self.files {
            let held = corpus.iter().find(|held| held.path == *path).unwrap();
            fs::write(world.dir.join(path), &held.bytes).unwrap();
        }
        said
    }
}

/// Judges all mutations on both cores; tells those that `verify` did not refuse with 1.
fn survivors(mutations: &[Mutation]) -> Vec<String> {
    let corpus = &base().held;
    let missed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for half in mutations.chunks(mutations.len().div_ceil(2)) {
            let world = release();
            let missed = &missed;
            scope.spawn(move || {
                for mutation in half.iter().filter(|mutation| !mutation.is_empty(corpus)) {
                    let said = mutation.judge(&world, corpus);
                    if said.exit != Exit::Refused {
                        let path = &mutation.files[0].0;
                        let line = format!("{path}: {}: {:?}", mutation.what, said.exit);
                        missed.lock().unwrap().push(line);
                    }
                }
                assert_eq!(world.run(&["verify"]).exit, Exit::Passed, "not restored");
            });
        }
    });
    missed.into_inner().unwrap()
}

#[track_caller]
fn none_survives(mutations: &[Mutation], at_least: usize) {
    assert!(mutations.len() >= at_least, "only {} mutations", mutations.len());
    let missed = survivors(mutations);
    assert!(
        missed.is_empty(),
        "{} of {} unseen:\n{}",
        missed.len(),
        mutations.len(),
        missed.join("\n")
    );
}

#[test]
fn a_changed_value_is_seen() {
    let mut dice = Dice(9);
    let all: Vec<_> = base()
        .held
        .iter()
        .filter(|held| !held.path.contains("/objects/"))
        .flat_map(|held| values(held, &mut dice))
        .collect();
    none_survives(&all, 600);
}

#[test]
fn a_changed_copy_is_seen() {
    let mut dice = Dice(10);
    let all: Vec<_> = base()
        .held
        .iter()
        .filter(|held| held.path.contains("/objects/"))
        .flat_map(|held| {
            let mut some = characters(held, &mut dice);
            some.truncate(6);
            some
        })
        .collect();
    none_survives(&all, 80);
}

#[test]
fn a_cut_is_seen() {
    // Nothing else tells that the last of three took what was handed over; `verify` says that the end
    // of a ledger may be cut off, and one that is closed ends with the line that closes it.
    let told = |own: &Mutation| own.what != "without its last line" || own.files[0].0 != LEDGER;
    let all: Vec<_> = base().held.iter().flat_map(cuts).filter(told).collect();
    none_survives(&all, 250);
}

#[test]
fn a_replacement_or_a_swap_is_seen() {
    let all = replacements(&base().held, &mut Dice(11));
    none_survives(&all, 180);
}

#[test]
fn appending_whole_entries_is_legal() {
    let world = release();
    let tell = world.run_with(
        &["record", "deployment-communications", "--from", "-"],
        "{\"text\": \"All quiet.\"}",
    );
    assert_eq!(tell.exit, Exit::Passed, "{}", tell.all());
    let sample = "{\"metrics\": {\"error_rate\": \"0.3%\", \"latency_p99\": \"190ms\", \"cpu\": \"40%\"}, \"observation\": \"quiet\"}";
    let watch = world.run_with(&["record", "deployment-health-log", "--from", "-"], sample);
    assert_eq!(watch.exit, Exit::Passed, "{}", watch.all());
    // A refusal is a whole line of the ledger, written by the tool itself.
    let lines = world.read(LEDGER).lines().count();
    let copy = world.copy();
    copy.edit(".artifacts/deployment/uat-confirmation.json", "accepted", "rejected");
    assert_eq!(copy.run(&["gate", "2"]).exit, Exit::Refused);
    assert_eq!(copy.read(LEDGER).lines().count(), lines + 1);
    world.write(LEDGER, copy.read(LEDGER));
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// Any byte, anywhere in a held part, to any other byte: no change of bytes is harmless there.
    #[test]
    fn no_byte_can_be_flipped(file in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), by in 1u8..) {
        thread_local! {
            static WORLD: World = release();
        }
        let corpus = &base().held;
        let held = &corpus[file.index(corpus.len())];
        let at = at.index(held.part.len());
        let mut bytes = held.bytes.clone();
        bytes[at] ^= by;
        let mutation = one(held, format!("byte {at} ^ {by}"), bytes);
        let said = WORLD.with(|world| mutation.judge(world, corpus));
        prop_assert_eq!(said.exit, Exit::Refused, "{}: {}\n{}", held.path, mutation.what, said.all());
    }
}
