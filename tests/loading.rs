//! Hostile files in every place that is read: each gets a rule of its own, never a panic, and never
//! a passed gate.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;
use d3p::testing::source::{embedded_phase, limit_of};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::symlink;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;

const RECORDS: &str = ".artifacts/deployment/records";

/// How a file is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    FrontMatter,
    /// A document, which needs no front matter.
    Document,
    Ledger,
}

/// What is put in a file's place.
enum Hostile {
    Bytes(Vec<u8>),
    LinkOutside,
    LinkInside,
    Directory,
    Fifo,
}

/// Everything that is read, and how.
fn targets() -> Vec<(String, Form)> {
    let phase = embedded_phase().unwrap();
    let by_name = |path: &str| if path.ends_with(".md") { Form::FrontMatter } else { Form::Json };
    let evidence = phase.evidence.values().map(|def| (def.path.clone(), by_name(&def.path)));
    let documents = phase.documents.values().map(|def| (def.path.clone(), Form::Document));
    let prerequisites =
        phase.prerequisites.values().map(|def| (def.path.clone(), by_name(&def.path)));
    let records = phase
        .gates
        .iter()
        .map(|(id, gate)| (format!("{RECORDS}/{}-{id}.json", gate.number), Form::Json));
    let own = [
        (format!("{RECORDS}/policy.json"), Form::Json),
        (format!("{RECORDS}/ledger.jsonl"), Form::Ledger),
    ];
    evidence.chain(documents).chain(prerequisites).chain(records).chain(own).collect()
}

/// What can be put in the place of the file at `path`, and the rule that names it.
fn anywhere(path: &str) -> Vec<(&'static str, Hostile, &'static str)> {
    use Hostile::{Bytes, Directory, Fifo, LinkInside, LinkOutside};
    let too_large = usize::try_from(limit_of(path)).unwrap() + 1;
    vec![
        ("invalid UTF-8", Bytes(b"# a\n\xff\xfe\n".to_vec()), "GL103"),
        ("a lone continuation byte", Bytes(b"{\"a\": \"\x80\"}".to_vec()), "GL103"),
        ("a byte order mark", Bytes(b"\xef\xbb\xbf{}".to_vec()), "GL104"),
        ("UTF-16", Bytes(b"\xff\xfe{\0}\0".to_vec()), "GL104"),
        ("NUL", Bytes(b"{\"a\": \"\0\"}".to_vec()), "GL105"),
        ("a byte too many", Bytes(vec![b' '; too_large]), "GL106"),
        ("a link out", LinkOutside, "GL107"),
        ("a link inside", LinkInside, "GL108"),
        ("a directory", Directory, "GL108"),
        ("a pipe", Fifo, "GL108"),
        ("nothing", Bytes(Vec::new()), "GL110"),
    ]
}

fn in_json() -> Vec<(&'static str, Hostile, &'static str)> {
    let text = |text: &str| Hostile::Bytes(text.as_bytes().to_vec());
    vec![
        ("no JSON", text("{\"a\": }"), "GL112"),
        ("two values", text("{} {}"), "GL112"),
        ("cut off", text("{\"a\": [1, 2"), "GL112"),
        ("a key twice", text("{\"a\": 1, \"a\": 2}"), "GL113"),
        ("NaN", text("{\"a\": NaN}"), "GL114"),
        ("infinity", text("{\"a\": 1e999}"), "GL114"),
        ("a huge integer", text("{\"a\": 123456789012345678901234567890}"), "GL114"),
        ("100,000 brackets", text(&"[".repeat(100_000)), "GL115"),
        ("100,000 objects", text(&"{\"a\":".repeat(100_000)), "GL115"),
    ]
}

fn in_front_matter() -> Vec<(&'static str, Hostile, &'static str)> {
    let matter = |yaml: &str| Hostile::Bytes(format!("---\n{yaml}\n---\n# A\n").into_bytes());
    let bomb: String = (1..30).fold("a0: &a0 [x, x]".to_owned(), |bomb, n| {
        format!("{bomb}\na{n}: &a{n} [*a{0}, *a{0}, *a{0}]", n - 1)
    });
    vec![
        ("no YAML", matter("a: [1"), "GL116"),
        ("a key twice", matter("a: 1\na: 2"), "GL113"),
        ("an alias bomb", matter(&bomb), "GL117"),
        ("a tag", matter("a: !!binary aGk="), "GL117"),
        ("100,000 brackets", matter(&format!("a: {}", "[".repeat(100_000))), "GL115"),
        ("open front matter", Hostile::Bytes(b"---\na: 1\n# A\n".to_vec()), "GL118"),
        ("a list", matter("- a"), "GL118"),
    ]
}

fn in_ledger() -> Vec<(&'static str, Hostile, &'static str)> {
    let text = |text: &str| Hostile::Bytes(text.as_bytes().to_vec());
    vec![
        ("no JSON", text("hello\n"), "GL903"),
        ("a key twice", text("{\"id\":\"0\",\"id\":\"1\"}\n"), "GL903"),
        ("100,000 brackets", text(&"[".repeat(100_000)), "GL903"),
    ]
}

fn put(world: &World, path: &str, hostile: &Hostile) {
    world.clear(path);
    let target = world.dir.join(path);
    match hostile {
        Hostile::Bytes(bytes) => world.write(path, bytes),
        Hostile::LinkOutside => symlink("/etc/hosts", &target).unwrap(),
        Hostile::LinkInside => symlink(world.dir.join("services/api/main.sh"), &target).unwrap(),
        Hostile::Directory => fs::create_dir(&target).unwrap(),
        Hostile::Fifo => {
            assert!(Command::new("mkfifo").arg(&target).status().unwrap().success());
        }
    }
}

/// Keeps what is at `path`, puts `hostile` there, and gives what `verify` makes of it.
fn verified(world: &World, path: &str, hostile: &Hostile) -> Result<(Exit, Value), String> {
    let target = world.dir.join(path);
    let kept = fs::read(&target).ok();
    put(world, path, hostile);
    let said = catch_unwind(AssertUnwindSafe(|| world.json(&["verify"])));
    world.clear(path);
    if let Some(kept) = kept {
        world.write(path, kept);
    }
    let said = said.map_err(|_| "panics".to_owned())?;
    let value = serde_json::from_str(&said.out).map_err(|_| format!("no JSON: {}", said.err))?;
    Ok((said.exit, value))
}

fn refused(world: &World, path: &str, hostile: &Hostile, rule: &str) -> Result<(), String> {
    let (exit, report) = verified(world, path, hostile)?;
    if exit != Exit::Refused {
        return Err(format!("ends with {exit:?}"));
    }
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let on_file: Vec<String> = findings
        .iter()
        .filter(|finding| finding["location"]["path"] == path)
        .map(|finding| finding["rule"].to_string())
        .collect();
    if !on_file.iter().any(|found| found.trim_matches('"') == rule) {
        return Err(format!("{rule} is not among {on_file:?}"));
    }
    // Nobody had asked a question, thought of a rollback or called this release an emergency, so no
    // gate has looked.
    // The workflow state tells of the last gate's pass, so no gate binds it.
    let names = [
        "confirmations.json",
        "rollback-decision.json",
        "workflow-state.json",
        "incident.md",
        "rollback-rehearsal.json",
        "rollback-report.json",
        "change-review.json",
        "STAGING-VALIDATION-REPORT.md",
        "PRODUCTION-DEPLOYMENT-PLAN.md",
        "CLOSING-REPORT.md",
        // Asked for where a fact says so, and here none does.
        "alert-tests.json",
        "restore-rehearsal.json",
        "operations-readiness.json",
        "operations-handover.json",
        // Made by d3p only where somebody wants it to: the prerequisite of that name may lie elsewhere.
        "deployment/smoke-tests.json",
        "deployment/environment-report.json",
    ];
    let optional = names.iter().any(|name| path.ends_with(name));
    let gates = report["gates"].as_array().cloned().unwrap_or_default();
    if !optional && gates.last().is_none_or(|gate| gate["valid"] != false) {
        return Err("the last gate is still valid".to_owned());
    }
    Ok(())
}

#[test]
fn each_hostile_file_is_named_and_passes_no_gate() {
    let world = World::played();
    let mut wrong = Vec::new();
    for (path, form) in targets() {
        let own = match form {
            Form::Json => in_json(),
            Form::FrontMatter | Form::Document => in_front_matter(),
            Form::Ledger => in_ledger(),
        };
        for (what, hostile, rule) in anywhere(&path).into_iter().chain(own) {
            if let Err(why) = refused(&world, &path, &hostile, rule) {
                wrong.push(format!("{what} in {path}: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert_eq!(world.run(&["verify"]).exit, Exit::Passed, "everything was put back");
}

#[test]
fn a_hostile_policy_ends_every_command_with_exit_2() {
    let world = World::played();
    let text = |text: &str| Hostile::Bytes(text.as_bytes().to_vec());
    let own = vec![
        ("no YAML", text("a: [1\n"), ""),
        ("a key twice", text("phase: a\nphase: b\n"), ""),
        ("an alias", text("phase: &a a\nproject: *a\n"), ""),
        ("100,000 brackets", text(&"[".repeat(100_000)), ""),
        ("another document", text("phase: a\n---\nphase: b\n"), ""),
    ];
    let mut wrong = Vec::new();
    for (what, hostile, _) in anywhere("d3p.yaml").into_iter().chain(own) {
        match verified(&world, "d3p.yaml", &hostile) {
            Ok((Exit::Incomplete, report)) if names(&report, "d3p.yaml") => {}
            Ok((exit, report)) => {
                wrong.push(format!("{what}: {exit:?} {:.200}", report.to_string()))
            }
            Err(why) => wrong.push(format!("{what}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a failure names GL001 and the file.
fn names(report: &Value, path: &str) -> bool {
    let places = report["error"]["places"].as_array().cloned().unwrap_or_default();
    places.iter().any(|place| place["rule"] == "GL001" && place["location"]["path"] == path)
}

/// Where a directory on the way is a link, nothing behind it counts.
#[test]
fn a_linked_directory_leads_nowhere() {
    let world = World::played();
    let inside = ".artifacts/deployment";
    fs::rename(world.dir.join(inside), world.dir.join("elsewhere")).unwrap();
    symlink(Path::new("../elsewhere"), world.dir.join(inside)).unwrap();
    let said = world.json(&["verify"]);
    assert_eq!(said.exit, Exit::Refused, "{:.300}", said.all());
    assert!(said.has("GL108"), "{:?}", &said.rules()[..5]);
}
