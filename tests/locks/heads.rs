//! What is said on one machine counts on the others: a signed NO_GO refuses everywhere, and nothing
//! that is not signed lets anything go on.

use super::server::{Remote, git};
use super::{APPROVE, LEDGER, Machine, Set, WELL, all, launches};
use serde_json::Value;
use std::fs;
use std::path::Path;

const APPROVAL: &str = ".artifacts/deployment/production-approval.json";
const OBJECTS: &str = ".artifacts/deployment/records/objects";
const CLEARANCE: [&str; 3] = ["check", "--before", "deploy-production"];

fn object(machine: &Machine) -> String {
    machine.must(&[&APPROVE[..], &["--decision", "no-go"]].concat(), 1)
}

#[test]
fn a_no_go_of_another_machine_refuses_and_is_answered_here() {
    let set = Set::new(Remote::directory());
    let (ours, theirs, count) = (set.machine(), set.machine(), set.count());
    let said = object(&theirs);
    assert!(said.contains("published at"), "{said}");
    let clearance = all(&ours.run(&CLEARANCE));
    assert!(
        clearance.contains("GL541") && clearance.contains("d3p approve request"),
        "{clearance}"
    );
    let before = fs::read(ours.dir.join(LEDGER)).unwrap();
    let verified = ours.must(&["verify", "--through", "2", "--remote"], 1);
    assert!(verified.contains("GL541"), "{verified}");
    assert_eq!(fs::read(ours.dir.join(LEDGER)).unwrap(), before, "what only looks wrote");
    // A launch takes it over and is refused by it, as by every other one.
    let refused = ours.launch(&count, WELL);
    assert_eq!(refused.status.code(), Some(1), "{}", all(&refused));
    assert!(all(&refused).contains("GL502"), "{}", all(&refused));
    assert!(!all(&ours.run(&CLEARANCE)).contains("GL541"));
    // Its person takes it back here, over the line that names it.
    ours.go(&[]);
    assert!(all(&ours.launch(&count, WELL)).contains("ran deploy-production: passed"));
    assert_eq!(launches(&count), 1);
}

#[test]
fn a_decision_that_cannot_be_published_is_told_and_counts_here() {
    let set = Set::new(Remote::directory());
    let machine = set.machine();
    fs::remove_dir_all(&set.remote.dir).unwrap();
    let said = object(&machine);
    assert!(
        said.contains("could not be published") && said.contains("the launch is off"),
        "{said}"
    );
}

#[test]
fn what_others_publish_unsigned_or_signed_by_nobody_who_may_refuses_nothing_and_lets_nothing_go() {
    let set = Set::new(Remote::directory());
    let (ours, theirs, count) = (set.machine(), set.machine(), set.count());
    object(&theirs);
    // The same words with another person's name, and with the signature of another text.
    let (name, _) = set.remote.refs("refs/d3p/heads").pop().unwrap();
    let text = git(&set.remote.dir, &["log", "-1", "--format=%B", &name]);
    set.remote.forget("refs/d3p/heads");
    let forged = text.replace("Ana Silva", "Ben Silva");
    assert_ne!(forged, text);
    publish(&set.remote.dir, &forged, &name);
    publish(&set.remote.dir, "something else that somebody pushed", &format!("{name}0"));
    assert!(!all(&ours.run(&CLEARANCE)).contains("GL541"));
    assert!(all(&ours.launch(&count, WELL)).contains("ran deploy-production: passed"));
}

fn publish(remote: &Path, text: &str, name: &str) {
    let tree = git(remote, &["hash-object", "-w", "-t", "tree", "/dev/null"]);
    let commit = git(remote, &["commit-tree", "-m", text, tree.trim()]);
    git(remote, &["update-ref", name, commit.trim()]);
}

#[test]
fn the_next_attempt_is_not_launched_over_one_that_nobody_here_knows() {
    let set = Set::new(Remote::directory());
    let (ours, theirs, count) = (set.machine(), set.machine(), set.count());
    assert_eq!(theirs.launch(&count, "exit 3").status.code(), Some(1));
    // The first attempt is given up where nothing is known of its launch.
    let close = ["archive", "--outcome", "superseded", "--reason", "the tests were run once more"];
    ours.must(&close, 0);
    let begin = ["init", "--release", "v1.4.0", "--service", "api", "--service", "web"];
    ours.must(&begin, 0);
    let said = all(&ours.run(&CLEARANCE));
    assert!(said.contains("GL542") && said.contains("v1.4.0+1 was launched"), "{said}");
}

/// What only the other repository holds comes back: the line of a NO_GO, and what was signed.
#[test]
fn what_was_published_and_is_lost_here_comes_back_from_there() {
    let set = Set::new(Remote::directory());
    let machine = set.machine();
    let files = [LEDGER, APPROVAL].map(|path| machine.dir.join(path));
    let before = files.each_ref().map(|own| fs::read(own).ok());
    let objects = machine.dir.join(OBJECTS);
    let kept = names(&objects);
    object(&machine);
    let told = files.each_ref().map(|own| fs::read(own).unwrap());
    // The tree is put back to what was committed.
    for (file, was) in files.iter().zip(before) {
        match was {
            Some(was) => fs::write(file, was).unwrap(),
            None => fs::remove_file(file).unwrap(),
        }
    }
    for own in names(&objects).iter().filter(|own| !kept.contains(own)) {
        fs::remove_file(objects.join(own)).unwrap();
    }
    // What belongs to no release of this name, or is no ledger, changes nothing.
    let (name, _) = set.remote.refs("refs/d3p/heads").pop().unwrap();
    let text = git(&set.remote.dir, &["log", "-1", "--format=%B", &name]);
    publish(&set.remote.dir, &text.replace("v1.4.0+1", "v1.4.0+2"), &format!("{name}1"));
    publish(&set.remote.dir, "something else that somebody pushed", &format!("{name}0"));
    // Nothing here misses it: it may as well be another machine's.
    let said = machine.must(&["doctor"], 0);
    assert!(said.contains("lacks 1 lines") && said.contains("what machines published"), "{said}");
    machine.must(&["doctor", "--restore"], 0);
    assert_eq!(fs::read(&files[0]).unwrap(), told[0]);
    let decided =
        |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap()["decisions"][0].clone();
    assert!(decided(&fs::read(&files[1]).unwrap()) == decided(&told[1]));
    assert!(all(&machine.run(&CLEARANCE)).contains("GL502"));
    // Where it cannot be asked, what lies here is all that there is.
    fs::remove_dir_all(&set.remote.dir).unwrap();
    machine.must(&["doctor"], 0);
}

fn names(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir).into_iter().flatten();
    names.map(|own| own.unwrap().file_name().into_string().unwrap()).collect()
}
