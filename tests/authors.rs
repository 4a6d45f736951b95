//! Who wrote a release does not approve it: git says who did, and what could hide somebody does not.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::files::replace_everywhere;
use crate::common::traced::TracedGit;
use crate::common::{Said, World};
use crate::redteam::{not_cleared, put, sha256, signature, statement_of, tell};
use d3p::Exit;
use d3p::testing::assets;
use d3p::testing::cli::demo::{Action, Step, run_script, signed_script};
use d3p::testing::decisions::{Approval, ApprovalStatement, GO, Head, PolicyDigest};
use d3p::testing::record::FileDigest;
use serde_json::{Value, json};
use std::process::Command;

const ARCHIVE: &str = ".artifacts/releases/v1.3.0+1/.artifacts/deployment";
const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";
const KEY: &str = ".git/d3p-demo-key";
const SIGN: [&str; 8] =
    ["approve", "sign", "--as", "ana@shop.example", "--decision", "go", "--key", KEY];
const CLEARANCE: [&str; 3] = ["check", "--before", "deploy-production"];

const ANA: &str = "Ana Silva <ana@shop.example>";
const BEN: &str = "Ben Kaya <ben@shop.example>";
const CEM: &str = "cem <77+cem@users.noreply.github.com>";
const FORGE: &str = "GitHub <noreply@github.com>";

/// A commit: who wrote it, who committed it, and what it says.
type Written<'a> = (&'a str, &'a str, &'a str);

fn git(world: &World, args: &[&str], who: Option<(&str, &str)>) -> String {
    let mut command = Command::new("git");
    command.current_dir(&world.dir).args(args).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let (author, committer) = who.unwrap_or((BEN, BEN));
    for (role, person) in [("AUTHOR", author), ("COMMITTER", committer)] {
        let (name, mail) = person.split_once(" <").unwrap();
        command.env(format!("GIT_{role}_NAME"), name);
        command.env(format!("GIT_{role}_EMAIL"), mail.trim_end_matches('>'));
    }
    let said = command.output().unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap().trim_end().to_owned()
}

fn is(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args == wanted)
}

/// A release of commits by these, ready to be signed; the one before lies archived, and its commit is
/// the one before theirs. `edit` changes what lies there before the first gate.
fn release(commits: &[Written<'_>], edit: &dyn Fn(&World)) -> World {
    let world = begun(commits, true, &signed_script());
    edit(&world);
    go_on(&world, &signed_script());
    world
}

/// The steps up to the signature.
fn go_on(world: &World, script: &[Step]) {
    let filled = filled(script);
    let end = script.iter().position(|step| is(step, &SIGN)).unwrap();
    world.play(&script[filled + 1..end]);
}

fn filled(script: &[Step]) -> usize {
    let writes = |step: &Step| matches!(&step.action, Action::Write(files) if files.iter().any(|(path, _)| path == "d3p.yaml"));
    script.iter().position(writes).unwrap()
}

fn begun(commits: &[Written<'_>], archived: bool, script: &[Step]) -> World {
    let world = World::new();
    git(&world, &["init", "--quiet", "--initial-branch=main"], None);
    assets::files("demo/repository").for_each(|(path, text)| world.write(path, text));
    git(&world, &["add", "--all"], None);
    git(&world, &["commit", "--quiet", "-m", "the services"], None);
    let root = git(&world, &["rev-parse", "HEAD"], None);
    world.play(&script[..=filled(script)]);
    for (author, committer, message) in commits {
        let args = ["commit", "--quiet", "--allow-empty", "-m", message];
        git(&world, &args, Some((author, committer)));
    }
    let head = git(&world, &["rev-parse", "HEAD"], None);
    replace_everywhere(&world.dir, &root, &head);
    world.edit(
        "d3p.yaml",
        "persons: [",
        "persons: [{ name: Ben Kaya, role: developer, emails: [ben@shop.example] }, { name: Cem Ak, role: developer, emails: [cem@users.noreply.github.com] }, ",
    );
    if archived {
        archive(&world, &root);
    }
    world
}

/// The release before: launched a week ago, by a GO that Ana signed.
fn archive(world: &World, commit: &str) {
    let report = "{\"status\":\"passed\",\"started_at\":\"2026-11-14T10:00:00Z\"}";
    let line = json!({
        "id": "0000000000000001", "at": "2026-11-14T10:10:00Z",
        "actor": { "kind": "person", "name": "tester" }, "kind": "recorded", "release": "v1.3.0+1",
        "status": "passed",
        "digests": [{
            "path": ".artifacts/deployment/production-deployment-report.json",
            "sha256": sha256(report),
        }],
        "heads": [],
    });
    let head = Head {
        person: "Ana Silva".to_owned(),
        principal: Some("ana@shop.example".to_owned()),
        role: None,
        release: "v1.3.0".to_owned(),
        commit: commit.to_owned(),
        attempt: 1,
        environment: "production".to_owned(),
        policy: PolicyDigest { sha256: sha256("policy") },
        ledger_heads: vec![sha256("head")],
        nonce: "1".repeat(32),
        decided_at: "2026-11-14T09:50:00Z".to_owned(),
        not_after: "2026-11-14T10:50:00Z".to_owned(),
    };
    let said = Approval {
        reason: None,
        decision: GO.to_owned(),
        head,
        gate: "production-launch".to_owned(),
        covers: vec![FileDigest { path: MANIFEST.to_owned(), sha256: sha256("manifest") }],
        previous_gate: Some(FileDigest { path: LEDGER.to_owned(), sha256: sha256("gate") }),
        window_overrides: Vec::new(),
        take_over: Vec::new(),
        without_lock: false,
        exemptions: Vec::new(),
        reviews: Vec::new(),
    };
    let subject = json!({ "name": "git+demo/shop@v1.3.0", "digest": { "gitCommit": commit } });
    let text = ApprovalStatement::new(vec![subject], said).to_text();
    let signed = signature(world, KEY, "d3p-approval", &text);
    let decisions = json!({ "decisions": [{ "statement": text, "signature": signed }] });
    world.write(&format!("{ARCHIVE}/production-deployment-report.json"), report);
    world.write(&format!("{ARCHIVE}/records/ledger.jsonl"), format!("{line}\n"));
    world.write(&format!("{ARCHIVE}/records/policy.json"), "{\"policy\":{}}");
    world.write(&format!("{ARCHIVE}/production-approval.json"), decisions.to_string());
    let manifest = format!("---\nrelease: v1.3.0\ncommit: {commit}\nattempt: 1\n---\n");
    world.write(&format!("{ARCHIVE}/release-manifest.md"), manifest);
}

/// What the line of the first gate says of the authors.
fn told(world: &World) -> Value {
    let lines = world.read(LEDGER);
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut passes =
        lines.filter(|line| line["kind"] == "gate-passed" && line["gate"] == "readiness");
    passes.next_back().unwrap()["authors"].clone()
}

fn persons(world: &World) -> Vec<String> {
    serde_json::from_value(told(world)["persons"].clone()).unwrap()
}

#[track_caller]
fn cleared(world: &World) -> Said {
    let said = world.run(&SIGN);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let said = world.json(&CLEARANCE);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    said
}

/// Ana, who is the only one with a key, would approve what she wrote.
#[track_caller]
fn ana_is_refused(commits: &[Written<'_>], edit: &dyn Fn(&World)) {
    let world = begun(commits, true, &signed_script());
    edit(&world);
    let gate = ["gate", "readiness"];
    let recorded = world.run(&["record", "deployment-readiness-checklist"]);
    assert_eq!(recorded.exit, Exit::Passed, "{}", recorded.all());
    let said = world.json(&gate);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.has("GL003"), "{}", said.all());
    assert!(said.all().contains("git names the others as authors"), "{}", said.all());
}

#[test]
fn two_committers_and_a_third_who_approves() {
    let world = release(&[(BEN, BEN, "a"), (CEM, CEM, "b"), (BEN, CEM, "c")], &|_| {});
    assert_eq!(persons(&world), [BEN, CEM]);
    assert_eq!(told(&world)["commits"], 3);
    let said = cleared(&world);
    assert!(!said.has("GL530") && !said.has("GL531"), "{}", said.all());
}

#[test]
fn a_squash_with_co_authors_and_addresses_that_a_forge_made_up() {
    let message = "gift cards (#12)\n\n* one\n* two\n\nCo-authored-by: Cem Ak <77+cem@users.noreply.github.com>";
    let world = release(&[(BEN, FORGE, message)], &|_| {});
    assert_eq!(persons(&world), [BEN, "Cem Ak <77+cem@users.noreply.github.com>"]);
    let said = cleared(&world);
    assert!(!said.has("GL530"), "{}", said.all());
}

#[test]
fn a_first_release_of_which_one_person_wrote_everything() {
    let world = begun(&[(ANA, ANA, "a"), (ANA, ANA, "b")], false, &signed_script());
    go_on(&world, &signed_script());
    assert_eq!(told(&world)["persons"], json!([]));
    assert!(told(&world)["since"].is_null());
    cleared(&world);
}

#[test]
fn who_wrote_it_does_not_approve_it() {
    ana_is_refused(&[(ANA, ANA, "a")], &|_| {});
    // `--author` names somebody else; who committed is told, too.
    ana_is_refused(&[(BEN, ANA, "a")], &|_| {});
    ana_is_refused(&[(BEN, FORGE, "a\n\nco-authored-by: A. S. <ANA@shop.example>")], &|_| {});
    // Authors of the manifest are no key of it any more, and say nothing.
    ana_is_refused(&[(BEN, BEN, "b"), (ANA, ANA, "a")], &|world| {
        assert!(!world.read(MANIFEST).contains("authors:"));
    });
}

#[test]
fn grafts_replacements_and_a_shallow_file_hide_nobody() {
    let commits = [(ANA, ANA, "a"), (BEN, BEN, "b")];
    let ids = |world: &World| {
        let log = git(world, &["rev-list", "HEAD"], None);
        log.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    ana_is_refused(&commits, &|world| {
        let ids = ids(world);
        git(world, &["replace", "--graft", &ids[0], &ids[2]], None);
    });
    ana_is_refused(&commits, &|world| {
        let ids = ids(world);
        world.write(".git/info/grafts", format!("{} {}\n", ids[0], ids[2]));
        world.write(".git/shallow", format!("{}\n", ids[0]));
    });
    ana_is_refused(&commits, &|world| {
        git(world, &["commit-graph", "write", "--reachable"], None);
        world.write(".mailmap", "Ben Kaya <ben@shop.example> Ana Silva <ana@shop.example>\n");
        git(world, &["config", "mailmap.file", ".mailmap"], None);
    });
}

#[test]
fn a_previous_release_that_was_chosen_hides_nobody_and_is_told() {
    ana_is_refused(&[(ANA, ANA, "a")], &|world| {
        world.edit(MANIFEST, "v1.3.0", "v1.3.9");
    });
    let world = release(&[(BEN, BEN, "a")], &|world| {
        world.edit(MANIFEST, "v1.3.0", "v1.3.9");
    });
    let said = world.json(&["check", "--through", "production-launch"]);
    assert!(
        said.has("GL531") && said.all().contains("the manifest follows v1.3.9"),
        "{}",
        said.all()
    );
    cleared(&world);
}

#[test]
fn an_archive_that_nobody_approved_is_told() {
    let world = release(&[(BEN, BEN, "a")], &|world| {
        world.write(&format!("{ARCHIVE}/production-approval.json"), "{\"decisions\":[]}");
    });
    assert!(told(&world)["doubts"].to_string().contains("its archive holds no GO to it"));
    let said = cleared(&world);
    assert!(said.has("GL531"), "{}", said.all());
}

#[test]
fn an_unknown_author_waits_for_whoever_says_go() {
    let stranger = "Xaver Quint <x@elsewhere.example>";
    let world = release(&[(BEN, BEN, "a"), (stranger, stranger, "b")], &|_| {});
    let shown = world.run(&["approve", "show"]);
    let top: Vec<&str> = shown.out.lines().skip_while(|line| *line != "Waits for you").collect();
    assert!(
        top[1].contains("GL530") && top[1].contains("Xaver Quint <x@elsewhere.example>"),
        "{}",
        shown.out
    );
    for words in [
        "latency_p99 189ms, baseline 180, 5.0 % worse, at most 10%",
        "53 tests: 53 passed, 0 failed, 0 skipped",
        "0 suppressed in the scanner",
        "strategy direct",
        "taking it back is planned to take ",
        "actual_recovery_time_seconds 228, target 600",
        "2 commits since v1.3.0+1, 0 of them signed",
        "author Ben Kaya <ben@shop.example>",
    ] {
        assert!(shown.out.contains(words), "{words}\n{}", shown.out);
    }
    not_cleared(&world, "GL530", "nobody said GO");
    let said = cleared(&world);
    assert!(said.has("GL530") && said.all().contains("who saw it and said GO"), "{}", said.all());
}

#[test]
fn a_finding_for_the_signer_that_came_after_the_go() {
    let stranger = "Xaver Quint <x@elsewhere.example>";
    let world = release(&[(stranger, stranger, "b")], &|_| {});
    // A GO of somebody who was not shown it.
    let text = d3p::testing::text::canonical::to_canonical(&statement_of(&world));
    let signed = signature(&world, KEY, "d3p-approval", &text);
    put(&world, &text, Some(&signed));
    tell(&world, "GO", "Ana Silva", &text);
    not_cleared(&world, "GL529", "a finding that came after the GO");
}

#[test]
fn git_is_asked_again_where_the_launch_is_cleared() {
    let world = begun(&[(BEN, BEN, "a"), (CEM, CEM, "b")], true, &signed_script());
    let script = signed_script();
    let end = script.iter().rposition(|step| is(step, &["gate", "readiness"])).unwrap();
    world.play(&script[filled(&script) + 1..=end]);
    // The line is the last one, and no other names it yet.
    let line = world.read(LEDGER);
    assert!(line.contains(CEM), "{line}");
    world.write(LEDGER, line.replace(&format!(",\"{CEM}\""), ""));
    let sign = script.iter().position(|step| is(step, &SIGN)).unwrap();
    world.play(&script[end + 1..sign]);
    assert_eq!(world.run(&SIGN).exit, Exit::Passed);
    not_cleared(&world, "GL532", "an author that the line no longer names");
    let said = world.run(&CLEARANCE);
    assert!(
        said.all().contains("git names authors that the first gate was not told: cem"),
        "{}",
        said.all()
    );
}

#[test]
fn at_most_twelve_git_processes_make_a_launch_that_asks_for_authors() {
    let git = TracedGit::new();
    let script = run_script(true);
    let commits: Vec<Written<'_>> = vec![(BEN, BEN, "a"); 40];
    let world = begun(&commits, true, &script);
    world.edit("d3p.yaml", "run: { environment: [], secrets: [] }", &git.policy());
    let kept = d3p::testing::model::Sha256Digest::of(world.read("baseline/v1.3.0.json").as_bytes());
    let pinned =
        format!("baseline: {{ release: v1.3.0, path: baseline/v1.3.0.json, sha256: {kept} }}");
    let suites = "suites: [smoke, contract]";
    world.edit("d3p.yaml", suites, &format!("{suites}, {pinned}"));
    go_on(&world, &script);
    assert_eq!(told(&world)["commits"], 40);
    cleared(&world);
    git.forget();
    let said = world.run(&["run", "deploy-production"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let count = git.count();
    assert!((4..=12).contains(&count), "{count} git processes");
}
