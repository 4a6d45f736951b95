//! Whoever asks whether a launch may begin is told the same: a job, an engine over HTTP, whoever
//! announces it, and the launch itself.

use super::server::{Remote, git};
use super::{APPROVE, Machine, Set, WELL, all, launches};
use crate::rollout::serve::{ask, post, serve};
use std::fs;

const ANNOUNCED: &str = "[PHASE 3 START] - Executing production deployment...";

/// Whether it may begin, and what is said, by each way to ask.
fn asked(machine: &Machine) -> [(&'static str, bool, String); 3] {
    let run = |args: &[&str]| {
        let output = machine.run(args);
        (output.status.success(), all(&output))
    };
    let (cleared, said) = run(&["check", "--before", "deploy-production"]);
    let (announced, words) = run(&["announce", ANNOUNCED]);
    let serving = serve(machine.command(&["serve"]));
    let path = machine.dir.join(".artifacts/deployment/release-manifest.md");
    let manifest = fs::read_to_string(path).unwrap();
    let digest = manifest.lines().find_map(|line| line.trim().strip_prefix("sha256: ")).unwrap();
    let digest = digest.trim_matches('"');
    let body = format!(r#"{{"metadata":{{"version":"v1.4.0","digest":"sha256:{digest}"}}}}"#);
    let (status, answer) = ask(&serving.address, &post("/confirm/deploy-production", &body));
    assert!(matches!(status, 200 | 403), "{status} {answer}");
    [("check", cleared, said), ("announce", announced, words), ("serve", status == 200, answer)]
}

/// What becomes of the other repository, and the rule that refuses for it.
const STATES: [(&str, Option<&str>); 6] = [
    ("nothing", None),
    ("a NO_GO was said", Some("GL541")),
    ("a launch began", Some("GL538")),
    ("a launch began, and its lock was deleted", Some("GL539")),
    ("it is away", Some("GL540")),
    ("what was published cannot be fetched", Some("GL540")),
];

fn bring_about(state: &str, set: &Set, theirs: &Machine) {
    match state {
        "nothing" => {}
        "a NO_GO was said" => {
            theirs.must(&[&APPROVE[..], &["--decision", "no-go"]].concat(), 1);
        }
        "it is away" => fs::rename(&set.remote.dir, set.remote.dir.with_extension("away")).unwrap(),
        // Its list of refs is whole, and what one of them names is not there.
        "what was published cannot be fetched" => {
            theirs.must(&[&APPROVE[..], &["--decision", "no-go"]].concat(), 1);
            for (_, object) in set.remote.refs("refs/d3p/heads") {
                let (folder, file) = object.split_at(2);
                fs::remove_file(set.remote.dir.join("objects").join(folder).join(file)).unwrap();
            }
        }
        began => {
            assert!(all(&theirs.launch(&set.count(), WELL)).contains(": passed"));
            if began.ends_with("deleted") {
                set.remote.forget("refs/d3p/launch");
            }
        }
    }
}

#[test]
fn whoever_asks_is_told_what_other_machines_know() {
    let set = Set::new(Remote::directory());
    let fresh = set.remote.dir.with_extension("fresh");
    crate::common::copy_tree(&set.remote.dir, &fresh);
    for (state, rule) in STATES {
        let away = set.remote.dir.with_extension("away");
        for dir in [&set.remote.dir, &away] {
            let _ = fs::remove_dir_all(dir);
        }
        crate::common::copy_tree(&fresh, &set.remote.dir);
        let _ = fs::remove_file(set.count());
        let (ours, theirs) = (set.machine(), set.machine());
        bring_about(state, &set, &theirs);
        let before = launches(&set.count());
        for (way, cleared, said) in asked(&ours) {
            assert_eq!(cleared, rule.is_none(), "{state}, {way}: {said}");
            // An announcement says where to see why.
            let told = rule.is_none_or(|rule| said.contains(rule));
            assert!(told || said.contains("d3p check --before"), "{state}, {way}: {said}");
        }
        let output = ours.launch(&set.count(), WELL);
        assert_eq!(launches(&set.count()) - before, usize::from(rule.is_none()), "{state}");
        if let Some(rule) = rule {
            // A NO_GO is taken over by the launch, and then one of this machine's own.
            let said = all(&output);
            let told = said.contains(rule) || rule == "GL541" && said.contains("GL502");
            assert!(told && said.contains("help:"), "{state}: {said}");
        }
    }
}

#[test]
fn where_the_policy_is_not_the_one_of_the_root_nobody_is_asked_who_it_names() {
    let set = Set::new(Remote::directory());
    let machine = set.machine();
    let policy = fs::read_to_string(machine.dir.join("d3p.yaml")).unwrap();
    // Whoever asked it would be told that it is away.
    fs::remove_dir_all(&set.remote.dir).unwrap();
    for (root, asked) in [
        (policy.clone(), true),
        (policy.replace(&set.remote.url, "https://git.example.com/shop.git"), false),
    ] {
        fs::write(machine.dir.join("d3p.yaml"), root).unwrap();
        git(&machine.dir, &["add", "--force", "d3p.yaml", ".d3p/allowed_signers"]);
        let tree = git(&machine.dir, &["write-tree"]);
        let commit = git(&machine.dir, &["commit-tree", "-m", "reviewed", tree.trim()]);
        fs::write(machine.dir.join("d3p.yaml"), &policy).unwrap();
        let clearance =
            ["check", "--before", "deploy-production", "--policy-commit", commit.trim()];
        let said = all(&machine.run(&clearance));
        assert_eq!(said.contains("GL540"), asked, "{said}");
        assert_eq!(said.contains("GL916"), !asked, "{said}");
    }
}
