//! What was said before is taken back, by files that anybody may write.

use super::*;
use std::fs;
use std::time::Duration;

const NO: [&str; 8] =
    ["approve", "sign", "--as", "ana@shop.example", "--decision", "no-go", "--key", ANA];
const ARCHIVED: &str = ".artifacts/releases/v1.4.0+1";

fn head(world: &World) -> String {
    format!("sha256:{}", sha256(world.read(LEDGER).lines().last().unwrap()))
}

fn committed(world: &World) -> String {
    git(world, &["add", "--all"]);
    git(world, &["commit", "--quiet", "-m", "reviewed"]);
    git(world, &["rev-parse", "HEAD"])
}

/// She said go, then no-go. The first file is put back, and a line is added that names it.
#[test]
fn a_line_of_the_ledger_that_answers_a_no_go() {
    let world = signed_until(&SIGN);
    let policy = committed(&world);
    let earlier = world.read(APPROVAL);
    let go = approval(&world)["decisions"][0]["statement"].as_str().unwrap().to_owned();
    world.pass(Duration::from_secs(60));
    assert_eq!(world.run(&NO).exit, Exit::Refused);
    let kept = head(&world);
    let objected = world.read(LEDGER);
    world.write(APPROVAL, earlier);
    for (what, decision) in [("nothing", None), ("a go", Some("GO")), ("a no", Some("NO_GO"))] {
        world.write(LEDGER, objected.clone());
        if let Some(decision) = decision {
            tell(&world, decision, "Ana Silva", &go);
        }
        not_cleared(&world, "GL509", what);
        let anchored = [
            &CLEARANCE[..],
            &["--policy-commit", &policy, "--min-assurance", "L2", "--expect-head", &kept],
        ];
        refused(&world.json(&anchored.concat()), "GL509", what);
    }
}

/// The same objection named once more, earlier and beside it: her earlier go comes after that one only.
#[test]
fn an_objection_that_is_named_once_more_before_her_go() {
    let world = signed_until(&SIGN);
    let policy = committed(&world);
    let earlier = world.read(APPROVAL);
    let first = world.read(LEDGER).lines().next().unwrap().to_owned();
    world.pass(Duration::from_secs(60));
    assert_eq!(world.run(&NO).exit, Exit::Refused);
    let kept = head(&world);
    let told = world.read(LEDGER);
    let mut forged: Entry = serde_json::from_str(told.lines().last().unwrap()).unwrap();
    "00112233445566aa".clone_into(&mut forged.id);
    forged.at = serde_json::from_str::<Entry>(&first).unwrap().at;
    forged.heads = vec![sha256(&first)];
    let forged = forged.to_line();
    let rest = told.strip_prefix(&first).unwrap();
    world.write(LEDGER, format!("{first}\n{forged}{rest}"));
    world.write(APPROVAL, earlier);
    let anchored = [
        &CLEARANCE[..],
        &["--policy-commit", &policy, "--min-assurance", "L2", "--expect-head", &kept],
    ];
    refused(&world.json(&anchored.concat()), "GL509", "named twice");
}

/// Her go was signed first, by a clock that was ahead: which came last, the ledger says.
#[test]
fn a_go_that_claims_to_be_later_than_the_no_go() {
    let world = signed_until(&["approve", "request", "production"]);
    let mut statement = statement_of(&world);
    let now = world.now().to_string();
    let hour: u32 = now[11..13].parse().unwrap();
    let later = format!("{}{:02}{}", &now[..11], hour + 1, &now[13..]);
    statement["predicate"]["decidedAt"] = json!(later);
    let text = canonical::to_canonical(&statement);
    let signature = signature(&world, ANA, "d3p-approval", &text);
    assert_eq!(world.run(&NO).exit, Exit::Refused);
    world.pass(Duration::from_secs(7200));
    put(&world, &text, Some(&signature));
    not_cleared(&world, "GL509", "said over a ledger without the no");
}

/// Lines keep their order: which pass is the last one is read from it.
#[test]
fn a_ledger_whose_lines_change_places() {
    let world = signed_until(&SIGN);
    let told = world.read(LEDGER);
    let mut lines: Vec<&str> = told.lines().collect();
    let last = lines.pop().unwrap();
    lines.insert(1, last);
    world.write(LEDGER, lines.join("\n") + "\n");
    not_cleared(&world, "GL904", "the last line stands second");
    let status = world.run(&["approve", "status"]);
    assert_eq!(status.exit, Exit::Refused, "{}", status.all());
    assert!(
        status.out.contains("next: bring back what was recorded: d3p doctor --restore"),
        "{}",
        status.out
    );
    // An old pass that is written once more is no new one.
    let passed = told.lines().find(|line| line.contains("gate-passed")).unwrap();
    world.write(LEDGER, format!("{told}{passed}\n"));
    not_cleared(&world, "GL903", "twice");
}

/// A later decision in her name answers only when it is hers.
#[test]
fn an_answer_to_a_no_go_that_is_not_theirs() {
    let world = signed_until(&["approve", "request", "production"]);
    assert_eq!(world.run(&NO).exit, Exit::Refused);
    world.pass(Duration::from_secs(60));
    let text = canonical::to_canonical(&statement_of(&world));
    let (key, _) = own_key(&world, "agent");
    for signature in [None, Some(signature(&world, &key, "d3p-approval", &text))] {
        put(&world, &text, signature.as_deref());
        not_cleared(&world, "GL509", "written by somebody else");
    }
    // Her own key answers.
    put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
    let said = world.json(&CLEARANCE);
    assert!(!said.has("GL509"), "{}", said.all());
}

/// Whoever counts the attempt up by hand, in its place, still has the ledger that names the no.
#[test]
fn an_objection_and_an_attempt_that_is_counted_up_by_hand() {
    let world = signed_until(&["approve", "request", "production"]);
    assert_eq!(world.run(&NO).exit, Exit::Refused);
    let decided = world.read(APPROVAL);
    for name in ["release-manifest.md", "rollback-plan.md", "deployment-communications.md"] {
        world.edit(&format!(".artifacts/deployment/{name}"), "attempt: 1", "attempt: 2");
    }
    not_cleared(&world, "GL502", "the decision lies there");
    world.remove(APPROVAL);
    not_cleared(&world, "GL509", "the ledger names it");
    // A new commit is a way out, whatever became of the decision.
    let manifest = ".artifacts/deployment/release-manifest.md";
    let was = git(&world, &["rev-parse", "HEAD"]);
    world.write("services/mended", "mended\n");
    git(&world, &["add", "services/mended"]);
    git(&world, &["commit", "--quiet", "-m", "mend what she objects to"]);
    world.edit(manifest, &was, &git(&world, &["rev-parse", "HEAD"]));
    let said = world.json(&CLEARANCE);
    assert!(!said.has("GL509") && !said.has("GL502"), "{}", said.all());
    world.write(APPROVAL, decided);
    let said = world.json(&CLEARANCE);
    assert!(!said.has("GL509") && !said.has("GL502"), "{}", said.all());
}

/// An attempt that somebody objected to is given up, and the next one begins at the same commit.
fn second_attempt() -> World {
    let world = signed_until(&["approve", "request", "production"]);
    assert_eq!(world.run(&NO).exit, Exit::Refused);
    let given_up = ["archive", "--outcome", "abandoned", "--reason", "somebody said no"];
    assert_eq!(world.run(&given_up).exit, Exit::Passed);
    let again = world.run(&["init", "--release", "v1.4.0"]);
    assert_eq!(again.exit, Exit::Passed, "{}", again.all());
    let said = world.run_with(
        &["record", "deployment-communications", "--from", "-"],
        "{\"text\": \"Again.\"}",
    );
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    world
}

#[test]
fn an_objection_of_an_earlier_attempt() {
    let world = second_attempt();
    let file = format!("{ARCHIVED}/{APPROVAL}");
    let ledger = format!("{ARCHIVED}/{LEDGER}");
    let (decided, told) = (world.read(&file), world.read(&ledger));
    not_cleared(&world, "GL509", "it still binds");
    let empty: Value = {
        let mut value: Value = serde_json::from_str(&decided).unwrap();
        value["decisions"] = json!([]);
        value
    };
    for (what, text) in [
        ("cut", decided[..decided.len() / 2].to_owned()),
        ("emptied", empty.to_string()),
        ("no text", String::new()),
        ("garbled", decided.replacen("predicateType", "predicate", 1)),
    ] {
        world.write(&file, text);
        not_cleared(&world, "GL509", what);
    }
    std::fs::remove_file(world.dir.join(&file)).unwrap();
    not_cleared(&world, "GL509", "removed");
    // With its line taken out as well, the chain of this attempt is broken.
    let last: Vec<&str> = told.lines().filter(|line| !line.contains("NO_GO")).collect();
    assert!(last.len() < told.lines().count());
    world.write(&ledger, last.join("\n") + "\n");
    assert!(!world.json(&CLEARANCE).has("GL509"));
    refused(&world.json(&["verify", "--through", "readiness"]), "GL904", "a line is gone");
    std::fs::remove_dir_all(world.dir.join(ARCHIVED)).unwrap();
    refused(&world.json(&["verify", "--through", "readiness"]), "GL904", "the archive is gone");
}

/// In the archive, her objection is replaced by something else that she really signed.
#[test]
fn an_archived_objection_and_a_go_for_something_else() {
    let world = second_attempt();
    let file = format!("{ARCHIVED}/{APPROVAL}");
    let archived = world.read(&file);
    let said: Value = serde_json::from_str(&archived).unwrap();
    let said = said["decisions"][0]["statement"].as_str().unwrap();
    let mut statement: Value = serde_json::from_str(said).unwrap();
    statement["predicate"]["decision"] = json!("GO");
    let signed = |statement: &Value| {
        let text = canonical::to_canonical(statement);
        let signature = signature(&world, ANA, "d3p-approval", &text);
        let mut value: Value = serde_json::from_str(&archived).unwrap();
        value["decisions"] = json!([{ "statement": text, "signature": signature }]);
        world.write(&file, value.to_string());
    };
    signed(&statement);
    not_cleared(&world, "GL509", "over a ledger without the no");
    // In this attempt everything that was said is known.
    let heads = json!([sha256(world.read(LEDGER).lines().last().unwrap())]);
    statement["predicate"]["ledgerHeads"] = heads;
    for (key, other) in [("commit", "f".repeat(40)), ("release", "v1.5.0".to_owned())] {
        let mut elsewhere = statement.clone();
        elsewhere["predicate"][key] = json!(other);
        signed(&elsewhere);
        not_cleared(&world, "GL509", key);
    }
    // One for this release and commit is an answer, wherever it lies.
    signed(&statement);
    let said = world.json(&CLEARANCE);
    assert!(!said.has("GL509"), "{}", said.all());
}

/// Whoever kept a head of the first attempt finds it behind the second, or learns that it is gone.
#[test]
fn a_head_of_an_earlier_attempt() {
    let world = second_attempt();
    let told = world.read(&format!("{ARCHIVED}/{LEDGER}"));
    let kept = format!("sha256:{}", sha256(told.lines().nth(3).unwrap()));
    let verify = ["verify", "--through", "readiness", "--expect-head", &kept];
    let said = world.json(&verify);
    assert!(!said.has("GL914"), "{}", said.all());
    // Begun anew, without the archive: everything agrees, but for whoever kept the head.
    std::fs::remove_dir_all(world.dir.join(ARCHIVED)).unwrap();
    std::fs::remove_file(world.dir.join(LEDGER)).unwrap();
    refused(&world.json(&verify), "GL914", "another history");
}

/// What is carried away takes the objection along.
#[test]
fn an_objection_goes_into_bundle_and_archive() {
    let world = second_attempt();
    let packed = world.run(&["bundle", "create", "../release.tar.gz"]);
    assert_eq!(packed.exit, Exit::Passed, "{}", packed.all());
    let verified = world.json(&["verify", "../release.tar.gz"]);
    refused(&verified, "GL509", "in the bundle");
    assert!(!verified.has("GL917") && !verified.has("GL904"), "{}", verified.all());
    let given_up = ["archive", "--outcome", "abandoned", "--reason", "once more"];
    assert_eq!(world.run(&given_up).exit, Exit::Passed);
    let verified = world.json(&["verify", ".artifacts/releases/v1.4.0+2"]);
    refused(&verified, "GL509", "in the archive");
    assert!(!verified.has("GL904"), "{}", verified.all());
    let third = world.run(&["init", "--release", "v1.4.0"]);
    assert!(third.out.contains("attempt 3"), "{}", third.all());
    not_cleared(&world, "GL509", "two attempts later");
}

/// A NO_GO is cut out of the ledger and out of its file as if nobody had said it; git has both.
#[test]
fn a_committed_no_go_is_cut_out() {
    let world = signed_until(&["approve", "request", "production"]);
    committed(&world);
    let (ledger, approval) = (world.read(LEDGER), world.read(APPROVAL));
    assert_eq!(world.run(&NO).exit, Exit::Refused);
    // What lies here alone is nobody's history yet; once it is committed, it is.
    committed(&world);
    let objected = world.read(LEDGER);
    world.write(LEDGER, &ledger);
    world.write(APPROVAL, &approval);
    for args in [
        &["approve", "request", "production"][..],
        &["gate", "staging-validation"],
        &["check", "--before", "deploy-production"],
        &["announce", "We go on with release v1.4.0 tonight."],
    ] {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Refused, "{args:?}: {}", said.all());
        assert!(said.all().contains("lacks 1 lines of v1.4.0+1 that git holds"), "{}", said.all());
        assert!(said.all().contains("d3p doctor --restore"), "{}", said.all());
    }
    // No PATH of whoever asks hides what git holds; a job that asks by its own has to have one.
    world.only_var("PATH", Some("/nowhere"));
    let said = world.run(&["gate", "staging-validation"]);
    assert!(said.all().contains("lacks 1 lines of v1.4.0+1 that git holds"), "{}", said.all());
    let said = world.run(&["check", "--before", "deploy-production"]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.all().contains("git"), "{}", said.all());
    world.vars(&[]);
    // Nor does a repository that cannot be read.
    let head = world.read(".git/HEAD");
    world.write(".git/HEAD", format!("{}\n", "1".repeat(40)));
    let said = world.run(&["announce", "We go on with release v1.4.0 tonight."]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.all().contains("git says: bad object HEAD"), "{}", said.all());
    world.write(".git/HEAD", &head);
    // The printed way brings it back, and with it the objection.
    assert_eq!(world.run(&["doctor", "--restore"]).exit, Exit::Passed);
    assert_eq!(world.read(LEDGER), objected);
    assert!(world.json(&["check", "--before", "deploy-production"]).has("GL502"));
}

/// All of a release is deleted, that somebody objected to, and another version begun in its place.
#[test]
fn a_release_that_somebody_objected_to_is_deleted() {
    let world = signed_until(&["approve", "request", "production"]);
    assert_eq!(world.run(&NO).exit, Exit::Refused);
    committed(&world);
    fs::remove_dir_all(world.dir.join(".artifacts/deployment")).unwrap();
    for commits in [false, true] {
        if commits {
            committed(&world);
        }
        let said = world.run(&["init", "--release", "v1.4.1"]);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        let told = "a NO_GO of v1.4.0+1, which is neither open here nor in .artifacts/releases";
        assert!(said.all().contains(told), "{}", said.all());
    }
    assert_eq!(world.run(&["doctor", "--restore"]).exit, Exit::Passed);
    assert!(world.read(LEDGER).contains("NO_GO"));
}

/// Closed as it should be, it is in nobody's way, also when the archive is kept elsewhere since.
#[test]
fn an_archive_is_taken_away() {
    let world = signed_until(&["approve", "request", "production"]);
    assert_eq!(world.run(&NO).exit, Exit::Refused);
    committed(&world);
    let close = ["archive", "--outcome", "abandoned", "--reason", "Ana objects to this release"];
    assert_eq!(world.run(&close).exit, Exit::Passed);
    committed(&world);
    fs::rename(world.dir.join(ARCHIVED), world.dir.join("../elsewhere")).unwrap();
    let said = world.run(&["init", "--release", "v1.4.1"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains(&format!("git checkout HEAD -- {ARCHIVED}")), "{}", said.all());
    // A commit that takes it out is seen by everybody who reads commits.
    committed(&world);
    assert_eq!(world.run(&["init", "--release", "v1.4.1"]).exit, Exit::Passed);
}
