//! A scaffold is no evidence, and leads on: what `init` leaves behind, and how one gets out of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World, argv, in_words};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, release_script};
use serde_json::Value;
use std::collections::BTreeSet;

const INIT: [&str; 7] = ["init", "--release", "v1.4.0", "--service", "api", "--service", "web"];
const GATES: [&str; 4] = ["readiness", "staging-validation", "production-launch", "stabilization"];

/// A git repository with one commit.
fn repository() -> World {
    let world = World::new();
    world.play(&[]);
    world
}

/// A fresh scaffold.
fn scaffold() -> World {
    let world = repository();
    let said = world.run(&INIT);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    world
}

/// Paths that `init` says it created or kept.
fn paths(said: &Said, key: &str) -> Vec<String> {
    let paths = said.json()[key].as_array().cloned().unwrap_or_default();
    paths.iter().map(|path| path.as_str().unwrap().to_owned()).collect()
}

/// The files `init` makes.
fn scaffolded() -> Vec<String> {
    let said = repository().json(&[&INIT[..], &["--dry-run"]].concat());
    paths(&said, "created")
}

#[test]
fn every_gate_refuses_a_scaffold_and_says_how_to_go_on() {
    let world = scaffold();
    let said = world.json(&["check"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    for gate in GATES {
        let said = world.json(&["gate", gate]);
        assert_eq!(said.exit, Exit::Refused, "{gate}");
        let findings = said.json()["findings"].as_array().cloned().unwrap_or_default();
        assert!(!findings.is_empty(), "{gate} gives no reason");
        for finding in findings {
            assert!(finding["advice"].is_object(), "{gate}: no way out of {finding}");
        }
    }
    let said = world.run(&["check", "--before", "deploy-production"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert_eq!(world.run(&["verify"]).exit, Exit::Refused);
}

#[test]
fn a_scaffolded_box_is_never_ticked() {
    let world = scaffold();
    let mut boxes = 0;
    for path in scaffolded().iter().filter(|path| path.ends_with(".md")) {
        let text = world.read(path).to_lowercase();
        assert!(!text.contains("[x]"), "{path} has a ticked box");
        boxes += text.matches("- [ ]").count();
    }
    assert!(boxes >= 7, "the tracker has seven boxes, all documents have {boxes}");
}

#[test]
fn an_untouched_file_in_a_complete_release_is_refused() {
    let fresh = scaffold();
    let complete = World::played();
    let untouched: Vec<String> =
        scaffolded().into_iter().filter(|path| path.ends_with(".md")).collect();
    assert_eq!(untouched.len(), 8, "{untouched:?}");
    for path in untouched {
        let world = complete.copy();
        let skeleton = fresh.read(&path);
        // The commit is the release's own: nothing but the filling is missing.
        let own = |text: &str| text.split("commit: \"").nth(1).map(|rest| rest[..40].to_owned());
        let manifest = world.read(".artifacts/deployment/release-manifest.md");
        let skeleton = match (own(&skeleton), own(&manifest)) {
            (Some(was), Some(is)) => skeleton.replace(&was, &is),
            _ => skeleton,
        };
        world.write(&path, skeleton);
        let said = world.json(&["check"]);
        assert_eq!(said.exit, Exit::Refused, "{path}: {}", said.all());
        let named = said.rules().iter().any(|(rule, at)| rule == "GL102" && *at == path);
        assert!(named, "{path}: {:?}", said.rules());
        assert_eq!(world.run(&["verify"]).exit, Exit::Refused, "{path}");
    }
}

#[test]
fn a_second_init_changes_nothing() {
    let world = scaffold();
    let before: Vec<String> = scaffolded().iter().map(|path| world.read(path)).collect();
    let said = world.json(&INIT);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(paths(&said, "created").is_empty(), "{}", said.out);
    assert_eq!(paths(&said, "kept"), scaffolded());
    let after: Vec<String> = scaffolded().iter().map(|path| world.read(path)).collect();
    assert_eq!(before, after);
}

#[test]
fn init_refuses_over_an_open_release() {
    for world in [scaffold(), World::played_until(&["gate", "readiness"])] {
        let manifest = world.read(".artifacts/deployment/release-manifest.md");
        for other in [&["--release", "v1.5.0"][..], &["--release", "v1.4.0", "--attempt", "2"]] {
            let said =
                world.run(&[&["init"], other, &["--service", "api", "--service", "web"]].concat());
            assert_eq!(said.exit, Exit::Refused, "{other:?}: {}", said.all());
            assert!(said.all().contains("d3p archive"), "{}", said.all());
        }
        let again = world.run(&["init", "--release", "v1.4.0"]);
        assert_eq!(again.exit, Exit::Passed, "{}", again.all());
        let told = "it was open already; to release another commit: d3p archive";
        assert!(again.out.contains(told), "{}", again.out);
        assert_eq!(manifest, world.read(".artifacts/deployment/release-manifest.md"));
    }
}

#[test]
fn init_never_overwrites() {
    let content = "# mine\n";
    for path in scaffolded() {
        let world = repository();
        world.write(&path, content);
        let said = world.json(&INIT);
        assert_eq!(world.read(&path), content, "{path} was overwritten");
        // A policy or a manifest that cannot be read stops it; anything else is kept and said.
        if said.exit == Exit::Passed {
            assert_eq!(paths(&said, "kept"), [path]);
        } else {
            let stops = ["d3p.yaml", ".artifacts/deployment/release-manifest.md"];
            assert!(stops.contains(&path.as_str()), "{path}: {}", said.all());
        }
    }
}

#[test]
fn first_contact_shows_at_most_ten_groups() {
    let world = scaffold();
    for args in [
        &["check"][..],
        &["gate", "readiness", "--dry-run"],
        &["gate", "stabilization", "--dry-run"],
    ] {
        let said = world.run(args);
        let groups = said.out.lines().filter(|line| line.starts_with("error[")).count();
        assert!((1..=10).contains(&groups), "{args:?}: {groups} groups\n{}", said.out);
    }
}

/// Somebody who has read nothing but what the tool prints.
struct Newcomer {
    world: World,
}

impl Newcomer {
    /// Does what is told, and insists that it was enough to get on.
    fn obey(&self, told: &Value) {
        let words = argv(told);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match (told["kind"].as_str().unwrap(), words.as_slice()) {
            ("edit", []) => self.fill(told["path"].as_str().unwrap()),
            ("decide", ["d3p", "approve", "sign", ..]) => self.become_approver(),
            ("answer", ["d3p", "explain", id, ..]) => self.hand_over(id),
            ("run", ["d3p", "record", kind, "--from", ..]) => self.record(kind),
            ("run", ["d3p", args @ ..]) => {
                let said = self.world.run(args);
                assert_eq!(said.exit, Exit::Passed, "`{told}` was not enough:\n{}", said.all());
            }
            _ => panic!("a newcomer cannot do this: {told}"),
        }
    }

    /// Tries to decide, and adds the two lines that this prints.
    fn become_approver(&self) {
        let key =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDPOqSDlynQJh3V9GTqI+QPrIFzECCNRyB2jtJy/awaU";
        self.world.write(".git/ana.pub", key);
        let sign = ["approve", "sign", "--as", "ana@example.com", "--decision", "go"];
        let said = self.world.run(&[&sign[..], &["--key", ".git/ana.pub"]].concat());
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        let told = |before: &str| {
            let line = said.err.lines().find_map(|line| line.split_once(before));
            line.unwrap_or_else(|| panic!("{before}: {}", said.err)).1.to_owned()
        };
        let signers = ".d3p/allowed_signers";
        let line = told(".d3p/allowed_signers: add this line: ");
        assert!(line.ends_with(key), "{line}");
        self.world.write(signers, format!("{}{line}\n", self.world.read(signers)));
        let persons = told("below approval: ");
        let persons = persons.replace("FULL NAME", "Ana Silva").replace("ROLE", "release-manager");
        self.world.edit("d3p.yaml", "approval:\n", &format!("approval:\n  {persons}\n"));
    }

    /// People know their release: they fill in a document as the demo does.
    fn fill(&self, path: &str) {
        let path = path.trim_end_matches([',', ';', ':']);
        let content = release_script().into_iter().find_map(|step| match step.action {
            Action::Write(files) => files.into_iter().find(|(known, _)| known == path),
            _ => None,
        });
        let content = content.unwrap_or_else(|| panic!("nobody knows what to fill into {path}"));
        let action = Action::Write(vec![content]);
        self.world.play(&[Step { title: format!("fill in {path}"), action }]);
    }

    /// Writes the example that `explain` prints to the first place it names.
    fn hand_over(&self, id: &str) {
        let page = self.world.run(&["explain", id]);
        assert_eq!(page.exit, Exit::Passed, "{}", page.all());
        let (_, page) = page.out.split_once(&format!("Prerequisite {id}")).unwrap_or_else(|| {
            panic!("explain {id} does not explain the prerequisite:\n{}", page.out)
        });
        let (_, places) = page.split_once("Where it may lie\n").unwrap();
        let path = places.lines().next().unwrap().trim();
        let (_, file) = page.split_once("An example:\n\n").unwrap();
        let (file, _) = file.split_once("\n\nA project that has none").unwrap();
        let (file, _) = file.split_once("\n\nOr let d3p make it").unwrap_or((file, ""));
        // A person writes the commit that it is about.
        let now = self.world.json(&["status"]).json();
        let commit = now["release"]["commit"].as_str().unwrap();
        let file = file.replace("6f1e5b0c3d2a49788e7f60514233221100ffeedd", commit);
        // And a time of their own, which has come.
        let file = file.replace("2026-11-21T09:30:00Z", "2026-11-20T09:30:00Z");
        self.world.write(path, format!("{file}\n"));
    }

    /// Records the example that the tool prints.
    fn record(&self, kind: &str) {
        let said = self.world.record_example(kind);
        assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    }
}

#[test]
fn the_newcomer_reaches_gate_1_by_obeying() {
    let newcomer = Newcomer { world: scaffold() };
    let mut done = BTreeSet::new();
    for _ in 0..20 {
        let told = newcomer.world.next();
        assert!(done.insert(in_words(&told)), "doing this did not help: {told}");
        newcomer.obey(&told);
        if argv(&told) == ["d3p", "gate", "readiness"] {
            let gate = newcomer.world.json(&["status"]).json()["gates"][0].clone();
            assert_eq!((&gate["id"], &gate["valid"]), (&"readiness".into(), &true.into()));
            // Six prerequisites, four documents, an announcement, a checklist, the gate.
            assert!(done.len() >= 13, "too easy: {done:?}");
            return;
        }
    }
    panic!("gate 1 is not passed after {} steps: {done:?}", done.len());
}

/// Runs git in the project, and insists that it works.
fn git(world: &World, args: &[&str]) -> String {
    let said = std::process::Command::new("git")
        .args(["-c", "user.name=T", "-c", "user.email=t@example.com"])
        .args(args)
        .current_dir(&world.dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap()
}

#[test]
fn the_line_that_ignores_evidence_is_named_and_the_advice_works() {
    for (name, ignoring, by) in [
        (".gitignore", "# build\n.artifacts/\n", "line 2 of .gitignore: .artifacts/"),
        (".gitignore", "/.artifacts\n", "line 1 of .gitignore: /.artifacts"),
        (".gitignore", ".*\n!.gitignore\n", "line 1 of .gitignore: .*"),
        (".gitignore", "*.json\n*.log\n*.xml\n", "line 1 of .gitignore: *.json"),
        (".gitignore", ".artifacts/*\n", "line 1 of .gitignore: .artifacts/*"),
        (".gitignore", "deployment/\n", "line 1 of .gitignore: deployment/"),
        (".gitignore", "releases\nd3p\n", "line 2 of .gitignore: d3p"),
        (".gitignore", "d3p.yaml\n*.md\n", "line 1 of .gitignore: d3p.yaml"),
        (".artifacts/.gitignore", "*\n", "line 1 of .artifacts/.gitignore: *"),
        (".git/info/exclude", ".artifacts/\n", "line 1 of .git/info/exclude: .artifacts/"),
    ] {
        let world = repository();
        world.write(name, ignoring);
        let said = world.run(&INIT);
        assert_eq!(said.exit, Exit::Passed, "{ignoring}: {}", said.all());
        assert!(said.out.contains(by), "{ignoring}: {}", said.out);
        assert!(said.out.contains("cannot be verified by anybody else"), "{}", said.out);
        // What it advises is done: lines are added, or the file is taken away.
        let lines: Vec<&str> =
            said.out.lines().filter_map(|line| line.strip_prefix("  ")).collect();
        if lines.is_empty() {
            assert!(said.out.contains(&format!("help: remove line 1 of {name}")), "{}", said.out);
            world.remove(name);
        } else {
            let old = if name == ".gitignore" { ignoring } else { "" };
            world.write(".gitignore", format!("{old}{}\n", lines.join("\n")));
        }
        let again = world.json(&INIT);
        assert_eq!(
            again.json()["ignored_by_git"],
            serde_json::json!([]),
            "{ignoring}\n{}",
            said.out
        );
        git(&world, &["add", "--all"]);
        let staged = git(&world, &["diff", "--cached", "--name-only"]);
        for path in scaffolded().iter().filter(|path| !path.starts_with(".d3p")) {
            assert!(staged.contains(path.as_str()), "{ignoring}: {path} is not committed");
        }
    }
}

#[test]
fn scope_and_artifacts_are_proposed_from_what_is_there() {
    let world = repository();
    git(&world, &["tag", "v1.3.1"]);
    world.write("dist/api-1.4.0.tar.gz", "built\n");
    for subject in ["SHOP-12 gift \"cards\" [beta] at {{ checkout }}", "SHOP-13 faster search"] {
        world.write("api.txt", subject);
        git(&world, &["add", "api.txt"]);
        git(&world, &["commit", "--quiet", "-m", subject]);
    }
    // What changes nothing is no change of the release.
    git(&world, &["commit", "--quiet", "--allow-empty", "-m", "SHOP-14 nothing"]);
    git(&world, &["tag", "v1.4.0"]);
    let missing = world.run(&[&INIT[..], &["--artifact", "dist/none.tar.gz"]].concat());
    assert_eq!(missing.exit, Exit::Incomplete, "{}", missing.all());
    let unknown = world.run(&[&INIT[..], &["--since", "v0.0.9"]].concat());
    assert_eq!(unknown.exit, Exit::Incomplete, "{}", unknown.all());
    assert!(!world.dir.join("d3p.yaml").exists(), "nothing was written");
    let said = world.run(&[&INIT[..], &["--artifact", "./dist/api-1.4.0.tar.gz"]].concat());
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let manifest = world.read(".artifacts/deployment/release-manifest.md");
    let sha256 = d3p::testing::model::Sha256Digest::of(b"built\n").to_string();
    for line in [
        "    path: \"dist/api-1.4.0.tar.gz\"",
        &format!("    sha256: \"{sha256}\""),
        "    type: archive",
        "  - \"SHOP-12 gift 'cards' (beta) at (( checkout )) (",
        "  - \"SHOP-13 faster search (",
        "previous_release: \"v1.3.1\"",
    ] {
        assert!(manifest.contains(line), "{line}\n{manifest}");
    }
    assert!(!manifest.contains("SHOP-14"), "{manifest}");
    // A proposal is no evidence.
    assert_eq!(world.run(&["gate", "readiness"]).exit, Exit::Refused);
}
