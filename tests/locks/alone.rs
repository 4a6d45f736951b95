//! One machine after another: what each state of the lock lets a launch do, and the way out of it.

use super::server::{self, Remote, Transport, git};
use super::{Machine, Set, WELL, all, launches};
use std::fs;
use std::process::Output;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

const CLEARANCE: [&str; 3] = ["check", "--before", "deploy-production"];
const FAILS: &str = "exit 3";

/// The object that a refusal wants taken over, from the command that it prints.
fn to_take_over(said: &str) -> String {
    let (_, rest) = said.split_once("--take-over ").unwrap_or_else(|| panic!("no way out: {said}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

fn refused(output: &Output, rule: &str) -> String {
    let said = all(output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(rule) && said.contains("help:"), "{said}");
    said
}

/// That the hook ran and ended well. The report of it waits for a person, since the command is not the
/// one of the policy.
fn passed(output: &Output) {
    let said = all(output);
    assert!(said.contains("ran deploy-production: passed"), "{said}");
}

/// One repository and one cleared release for all; nobody has launched yet.
fn shared() -> MutexGuard<'static, Set> {
    static SET: OnceLock<Mutex<Set>> = OnceLock::new();
    let set = SET.get_or_init(|| Mutex::new(Set::new(Remote::directory())));
    let set = set.lock().unwrap_or_else(PoisonError::into_inner);
    let away = set.remote.dir.with_extension("away");
    if away.exists() {
        fs::rename(away, &set.remote.dir).unwrap();
    }
    set.remote.forget("refs/d3p");
    let _ = fs::remove_file(set.count());
    set
}

#[test]
fn a_launch_that_another_machine_began_is_taken_over_by_signature_alone() {
    let set = shared();
    let (ours, theirs, count) = (set.machine(), set.machine(), set.count());
    passed(&ours.launch(&count, WELL));
    let lock = ours.lines("began").pop().unwrap()["lock"].clone();
    let refs = set.remote.refs("refs/d3p/launch");
    assert_eq!(
        refs,
        [(lock["ref"].as_str().unwrap().to_owned(), lock["object"].as_str().unwrap().to_owned())]
    );
    // The same attempt in another clone: seen before anything is done, and in a job's clearance.
    let said = refused(&theirs.launch(&count, WELL), "GL538");
    refused(&theirs.run(&CLEARANCE), "GL538");
    assert_eq!(launches(&count), 1);
    assert_eq!(theirs.lines("run-refused").pop().unwrap()["rules"][0], "GL538");
    // A GO that says nothing of it, or speaks of another one, takes nothing over.
    theirs.go(&[]);
    refused(&theirs.launch(&count, WELL), "GL538");
    theirs.go(&["--take-over", &"0".repeat(40)]);
    refused(&theirs.launch(&count, WELL), "GL538");
    theirs.go(&["--take-over", &to_take_over(&said)]);
    passed(&theirs.launch(&count, WELL));
    assert_eq!(launches(&count), 2);
    // The takeover was for that runner; the first one does not launch again by what it knows.
    assert_ne!(set.remote.refs("refs/d3p/launch"), refs);
}

#[test]
fn a_launch_that_failed_is_tried_again_over_its_own_line_and_by_nobody_else() {
    let set = shared();
    let (ours, theirs, count) = (set.machine(), set.machine(), set.count());
    assert_eq!(ours.launch(&count, FAILS).status.code(), Some(1));
    let first = set.remote.refs("refs/d3p/launch");
    refused(&theirs.launch(&count, WELL), "GL538");
    passed(&ours.launch(&count, WELL));
    let moved = set.remote.refs("refs/d3p/launch");
    assert_ne!(first, moved, "the lock was not moved");
    assert_eq!((launches(&count), moved.len()), (2, 1));
    // A copy of the ledger from before the second try knows the first alone.
    fs::write(theirs.dir.join("theirs"), "").unwrap();
    refused(&theirs.launch(&count, WELL), "GL538");
}

#[test]
fn a_lock_that_was_deleted_or_forced_lets_nobody_launch() {
    let set = shared();
    let (ours, count) = (set.machine(), set.count());
    assert_eq!(ours.launch(&count, FAILS).status.code(), Some(1));
    let (name, object) = set.remote.refs("refs/d3p/launch").pop().unwrap();
    set.remote.forget("refs/d3p/launch");
    let said = refused(&ours.launch(&count, WELL), "GL539");
    assert_eq!(to_take_over(&said), object);
    // Whoever never heard of that launch is told by what was pushed beside the lock.
    let theirs = set.machine();
    let said = refused(&theirs.launch(&count, WELL), "GL539");
    assert_eq!(to_take_over(&said), object);
    // Set to what is not of d3p, it is somebody else's.
    let tree = git(&set.remote.dir, &["hash-object", "-w", "-t", "tree", "/dev/null"]);
    let other = git(&set.remote.dir, &["commit-tree", "-m", "other", tree.trim()]);
    git(&set.remote.dir, &["update-ref", &name, other.trim()]);
    let said = refused(&ours.launch(&count, WELL), "GL538");
    assert!(said.contains("not of d3p"), "{said}");
    ours.go(&["--take-over", &to_take_over(&said)]);
    passed(&ours.launch(&count, WELL));
    assert_eq!(launches(&count), 2);
}

#[test]
fn nothing_of_a_clone_sends_the_lock_elsewhere() {
    let set = shared();
    let (ours, theirs, count) = (set.machine(), set.machine(), set.count());
    let fake = Remote::directory();
    // Each way in which a clone says where a URL leads, and a fork as its remote.
    let config = format!(
        "[url \"{0}\"]\n\tinsteadOf = {1}\n\tpushInsteadOf = {1}\n[remote \"origin\"]\n\turl = {0}\n\tpushurl = {0}\n[remote \"{1}\"]\n\turl = {0}\n",
        fake.url, set.remote.url
    );
    for place in [theirs.dir.join(".git/config"), theirs.dir.join("../home/.gitconfig")] {
        let own = fs::read_to_string(&place).unwrap_or_default();
        fs::write(&place, own + &config).unwrap();
    }
    passed(&ours.launch(&count, WELL));
    refused(&theirs.launch(&count, WELL), "GL538");
    // The policy that gate 1 froze counts, and not what somebody writes into d3p.yaml since.
    let policy = fs::read_to_string(theirs.dir.join("d3p.yaml")).unwrap();
    fs::write(theirs.dir.join("d3p.yaml"), policy.replace(&set.remote.url, &fake.url)).unwrap();
    assert_ne!(theirs.launch(&count, WELL).status.code(), Some(0));
    assert_eq!((launches(&count), fake.refs("refs").len()), (1, 0));
}

#[test]
fn a_token_that_only_reads_is_found_out_before_the_launch() {
    let set = Set::new(Remote::serve(Transport::Http));
    let (ours, count) = (set.machine(), set.count());
    let with = |token: &str, args: &[&str]| ours.command_with(args, token).output().unwrap();
    // Asked again by a job whose token may not push: it is told now, and not when it launches.
    let said = all(&with(server::READS, &["approve", "request"]));
    assert!(said.contains("cannot be taken from here") && said.contains("help:"), "{said}");
    let args = Machine::launching(&count, WELL);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    ours.go(&[]);
    for token in [server::READS, "no such token"] {
        refused(&with(token, &args), "cannot be taken");
    }
    assert_eq!(launches(&count), 0);
    // Who may launch lets it go without.
    ours.go(&["--without-lock"]);
    passed(&with(server::READS, &args));
    let began = ours.lines("began").pop().unwrap();
    assert!(began["lock"]["lacking"].is_string() && began["lock"]["object"].is_null(), "{began}");
    let said = all(&ours.run(&["verify"]));
    assert!(said.contains("GL537"), "{said}");
}

#[test]
fn a_lock_that_nobody_could_take_is_off_and_whoever_says_go_sees_it() {
    let on = shared().machine();
    let said = on.must(&["approve", "show"], 0);
    assert!(said.contains("launch lock on, at"), "{said}");
    let remote = Remote::directory();
    fs::remove_dir_all(&remote.dir).unwrap();
    let set = Set::new(remote);
    let (off, count) = (set.machine(), set.count());
    let said = off.must(&["approve", "show"], 0);
    assert!(said.contains("launch lock OFF: nobody could take it yet"), "{said}");
    assert!(said.contains("GL536"), "{said}");
    // The GO names it, and so the launch goes without.
    let statement =
        fs::read_to_string(off.dir.join(".artifacts/deployment/production-approval.json"));
    assert!(statement.unwrap().contains("\\\"reviews\\\":["));
    passed(&off.launch(&count, WELL));
    assert!(off.lines("began").pop().unwrap()["lock"]["lacking"].is_string());
}

#[test]
fn taking_a_launch_back_waits_for_no_lock() {
    let set = shared();
    let (ours, count) = (set.machine(), set.count());
    passed(&ours.launch(&count, WELL));
    fs::rename(&set.remote.dir, set.remote.dir.with_extension("away")).unwrap();
    let why = "every third order fails since the launch";
    let back = ["run", "rollback", "--without-decision", why, "--", "sh", "-c", WELL];
    let said = all(&ours.run(&back));
    let ran = ours.lines("ran").pop().unwrap();
    assert_eq!(
        (&ran["hook"], &ran["outcome"]["exit_code"]),
        (&"rollback".into(), &0.into()),
        "{said}"
    );
    // Another launch is another matter.
    let again = ours.launch(&count, WELL);
    assert_ne!(again.status.code(), Some(0));
    assert_eq!(launches(&count), 1);
}

#[test]
fn without_the_other_side_nothing_is_launched() {
    let set = shared();
    let (ours, count) = (set.machine(), set.count());
    let away = set.remote.dir.with_extension("away");
    fs::rename(&set.remote.dir, &away).unwrap();
    refused(&ours.launch(&count, WELL), "GL540");
    fs::rename(&away, &set.remote.dir).unwrap();
    passed(&ours.launch(&count, WELL));
    assert_eq!(launches(&count), 1);
}

#[test]
fn who_is_killed_between_lock_and_ledger_goes_on_and_a_copy_of_it_does_not() {
    let set = shared();
    let (ours, theirs, count) = (set.machine(), set.machine(), set.count());
    ours.fault("push", "kill-after");
    let said = all(&ours.launch(&count, WELL));
    assert!(said.contains("was ended by signal"), "{said}");
    assert_eq!((launches(&count), set.remote.refs("refs/d3p/launch").len()), (0, 1));
    // The note of what was pushed counts where it was made.
    crate::common::copy_tree(&ours.dir.join(".d3p"), &theirs.dir.join(".d3p"));
    refused(&theirs.launch(&count, WELL), "GL538");
    passed(&ours.launch(&count, WELL));
    assert_eq!(launches(&count), 1);
}
