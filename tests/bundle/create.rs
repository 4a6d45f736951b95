//! What `d3p bundle create` says, refuses and leaves alone.

use super::*;
use crate::common::archive::pieces;

const CHECKLIST: &str = ".artifacts/deployment/deployment-readiness-checklist.json";
const ATTEMPTS: &str = ".artifacts/deployment/raw/attempts";

#[test]
fn it_says_how_far_the_release_is() {
    let cases: &[(&[&str], &str, Option<&str>)] = &[
        (&["record", "deployment-readiness-checklist"], "NONE is passed", None),
        (&["gate", "readiness"], "passed through readiness (1 of 4)", Some("readiness")),
        (
            &["gate", "staging-validation"],
            "passed through staging-validation (2 of 4)",
            Some("staging-validation"),
        ),
        (&["gate", "stabilization"], "all passed", None),
    ];
    for (last, words, through) in cases {
        let world = signed_until(last);
        let said = run(&world, &CREATE, Exit::Passed);
        assert!(said.out.contains(words), "{last:?}: {}", said.out);
        let next = said.out.lines().last().unwrap().strip_prefix("next: d3p ").unwrap();
        assert_eq!(next.contains("--through"), through.is_some(), "{next}");
        // The command that it names says the same.
        let next: Vec<&str> = next.split_whitespace().collect();
        let exit = if *words == "NONE is passed" { Exit::Refused } else { Exit::Passed };
        run(&world, &next, exit);
        world.remove(BUNDLE);
        let json = world.json(&CREATE).json();
        assert_eq!(json["complete"], *words == "all passed");
        assert_eq!(
            json["passed"].as_array().unwrap().last().and_then(Value::as_str).is_none(),
            *words == "NONE is passed"
        );
    }
}

/// A gate that was passed and would not pass again is not said to be passed.
#[test]
fn it_does_not_call_a_broken_release_passed() {
    let world = World::played();
    world.edit(".artifacts/deployment/staging-validation-results.json", "\"passed\"", "\"pasSed\"");
    let said = run(&world, &CREATE, Exit::Passed);
    assert!(said.out.contains("passed through readiness (1 of 4)"), "{}", said.out);
}

#[test]
fn nothing_is_ever_overwritten() {
    let world = World::played();
    world.write(BUNDLE, "something else");
    let said = run(&world, &CREATE, Exit::Refused);
    assert!(said.err.contains("exists already"), "{}", said.err);
    assert_eq!(world.read(BUNDLE), "something else");
    // Nor is a link followed, wherever it leads.
    world.clear(BUNDLE);
    std::os::unix::fs::symlink("nowhere", world.dir.join(BUNDLE)).unwrap();
    run(&world, &CREATE, Exit::Refused);
    assert!(!world.dir.join("../nowhere").exists());
}

#[test]
fn it_is_not_written_among_what_it_packs() {
    let world = World::played();
    run(&world, &["archive"], Exit::Passed);
    run(&world, &["init", "--release", "v1.5.0"], Exit::Passed);
    let archived = format!("{ARCHIVE}/x.tar.gz");
    let below = format!("{ARCHIVE}/.artifacts/x.tar.gz");
    let cases: &[&[&str]] = &[
        &[".artifacts/deployment/x.tar.gz"],
        &["d3p/phase-8-readiness/x.tar.gz"],
        &[".artifacts/x.tar.gz"],
        &["./.artifacts/deployment/../x.tar.gz"],
        &["d3p/phase-9-deployment-golive/x.tar.gz"],
        &[".d3p/x.tar.gz"],
        &[&archived, ARCHIVE],
        &[&below, ARCHIVE],
    ];
    for args in cases {
        let said = run(&world, &[&["bundle", "create"], *args].concat(), Exit::Refused);
        assert!(said.err.contains("among the files that it packs"), "{args:?}: {}", said.err);
        assert!(!world.dir.join(args[0]).exists());
    }
    let said = run(&world, &["bundle", "create", "nowhere/x.tar.gz"], Exit::Incomplete);
    assert!(said.err.contains("is not there"), "{}", said.err);
    // Beside them it is, with a word about it while evidence is still to come.
    let said = run(&world, &["bundle", "create", "x.tar.gz"], Exit::Passed);
    assert!(said.out.contains("note: it lies in the project"), "{}", said.out);
    let said = run(&world, &["bundle", "create", "y.tar.gz", ARCHIVE], Exit::Passed);
    assert!(!said.out.contains("note:"), "{}", said.out);
}

#[test]
fn what_cannot_be_packed_is_named_and_nothing_is_left() {
    let cases: &[(&str, Change<'_>, &str)] = &[
        ("a link", &|world| link(world, CHECKLIST, "elsewhere"), CHECKLIST),
        ("a link out", &|world| link(world, CHECKLIST, "/etc/hostname"), CHECKLIST),
        ("a link to a directory", &|world| link(world, "d3p", "/etc"), "symbolic link out"),
        (
            "a directory",
            &|world| {
                world.clear(CHECKLIST);
                fs::create_dir(world.dir.join(CHECKLIST)).unwrap();
            },
            CHECKLIST,
        ),
        (
            "a pipe",
            &|world| {
                world.clear(CHECKLIST);
                let made = Command::new("mkfifo").arg(CHECKLIST).current_dir(&world.dir).status();
                assert!(made.unwrap().success());
            },
            CHECKLIST,
        ),
        ("too much", &|world| world.write(CHECKLIST, vec![b' '; 9 << 20]), CHECKLIST),
        (
            "a link among the attempts",
            &|world| link(world, &format!("{ATTEMPTS}/a.json"), "b.json"),
            "a.json",
        ),
        (
            "two names in one",
            &|world| {
                world.write(&format!("{ATTEMPTS}/log"), recorded(world));
                world.write(&format!("{ATTEMPTS}/LOG"), recorded(world));
            },
            "another spelling",
        ),
        (
            "a backslash",
            &|world| world.write(&format!("{ATTEMPTS}/a\\b"), recorded(world)),
            "backslash",
        ),
        ("a drive", &|world| world.write(&format!("{ATTEMPTS}/c:b"), recorded(world)), "drive"),
        (
            "a control character",
            &|world| world.write(&format!("{ATTEMPTS}/a\u{1b}[2K"), recorded(world)),
            "control character",
        ),
    ];
    let played = World::played();
    for (what, change, word) in cases {
        let world = played.copy();
        change(&world);
        let said = run(&world, &CREATE, Exit::Refused);
        assert!(said.err.contains(word), "{what}: {}", said.err);
        assert!(!said.err.contains('\u{1b}'), "{what}");
        let left: Vec<_> = fs::read_dir(world.dir.join("..")).unwrap().collect();
        assert_eq!(left.len(), 1, "{what} left {left:?}");
    }
}

fn link(world: &World, path: &str, to: &str) {
    world.clear(path);
    std::os::unix::fs::symlink(to, world.dir.join(path)).unwrap();
}

#[test]
fn what_nothing_declares_and_artifacts_stay_outside() {
    let world = World::played();
    world.write(".artifacts/deployment/secrets.env", "TOKEN=1");
    world.write(".artifacts/deployment/raw/.DS_Store", "x");
    world.write("dist/api.tar.gz", "an artifact");
    let said = run(&world, &CREATE, Exit::Passed);
    for path in ["secrets.env", "raw/.DS_Store"] {
        let line = format!("left out, since nothing declares it: .artifacts/deployment/{path}\n");
        assert!(said.out.contains(&line), "{}", said.out);
    }
    let names: Vec<String> =
        pieces(&bytes(&world, BUNDLE)).iter().map(crate::common::archive::Piece::name).collect();
    for strange in ["secrets.env", ".DS_Store", "api.tar.gz", ".git/", "scripts/"] {
        assert!(!names.iter().any(|name| name.contains(strange)), "{strange}: {names:?}");
    }
    assert_eq!(names[0], "d3p-bundle/manifest.json");
    assert!(names[1..].is_sorted(), "{names:?}");
}

#[test]
fn without_a_release_there_is_nothing_to_pack() {
    let world = World::new();
    let said = run(&world, &CREATE, Exit::Incomplete);
    assert!(said.err.contains("no d3p.yaml"), "{}", said.err);
    let played = World::played();
    run(&played, &["archive"], Exit::Passed);
    let said = run(&played, &CREATE, Exit::Refused);
    assert!(said.err.contains("no release is open"), "{}", said.err);
    assert!(!played.dir.join(BUNDLE).exists());
}
