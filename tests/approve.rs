//! What a person is told who approves for the first time, with an SSH key and nothing else.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World, argv};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, signed_script};
use d3p::testing::decide::assess;
use d3p::testing::decisions::{Current, decisions, signer};
use d3p::testing::source::{Root, load_project};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

const ANA: &str = ".git/d3p-demo-key";
const SIGN: [&str; 8] =
    ["approve", "sign", "--as", "ana@shop.example", "--decision", "go", "--key", ANA];

fn runs(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args == wanted)
}

/// A release that only has to be approved.
fn ready() -> World {
    let world = World::new();
    let script = signed_script();
    let end = script.iter().position(|step| runs(step, &SIGN)).unwrap();
    world.play(&script[..end]);
    world
}

fn sign(world: &World, identity: &str, key: &str, more: &[&str]) -> Said {
    let mut args = vec!["approve", "sign", "--as", identity, "--decision", "go", "--key", key];
    args.extend(more);
    world.run(&args)
}

/// A new key pair: the path of the private half.
fn key(world: &World, name: &str, passphrase: &str) -> String {
    let path = format!(".git/{name}");
    let said = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", passphrase, "-C", "", "-f", &path])
        .current_dir(&world.dir)
        .status();
    assert!(said.unwrap().success());
    path
}

/// Refused with these words, and `ssh-keygen` was not asked.
fn untouched(said: &Said, words: &[&str]) {
    assert_ne!(said.exit, Exit::Passed, "{}", said.all());
    assert!(!said.all().contains("+ ssh-keygen"), "a wasted touch: {}", said.all());
    for word in words {
        assert!(said.err.contains(word), "{word}: {}", said.all());
    }
}

#[test]
fn who_is_listed_is_told_so() {
    let world = ready();
    for (wrong, words) in [
        ("ana@shop.exmaple", "this key is ana@shop.example's"),
        ("Ana Silva", "is a full name"),
        ("ana  silva", "is a full name"),
    ] {
        let said = sign(&world, wrong, ANA, &[]);
        untouched(&said, &[words, "run it again with --as ana@shop.example"]);
        assert!(!said.err.contains("add "), "{}", said.all());
    }
    // A letter of another script is named, and nobody is told to list it.
    let said = sign(&world, "\u{430}na@shop.example", ANA, &[]);
    untouched(&said, &["mixes Cyrillic and Latin letters", "(U+0430)", "type the name yourself"]);
    assert!(!said.err.contains("add "), "{}", said.all());
    // Somebody with a key of their own is told how to be listed.
    let own = key(&world, "new", "");
    untouched(&sign(&world, "mei@shop.example", &own, &[]), &["add this line", "add a person"]);
    // Once gate 1 froze who may, a new person waits for it to be frozen again.
    world.edit(
        "d3p.yaml",
        "persons: [",
        "persons: [{ name: Mei Tanaka, role: sre-lead, principals: [mei@shop.example] }, ",
    );
    let said = sign(&world, "mei@shop.example", &own, &[]);
    untouched(&said, &["after gate readiness froze", "d3p gate readiness --refreeze"]);
    assert!(!said.err.contains("add a person"), "{}", said.all());
}

#[test]
fn a_key_of_any_name_is_found_where_keys_lie() {
    let world = ready();
    let home = world.dir.join(".git/home");
    let ssh = home.join(".ssh");
    std::fs::create_dir_all(&ssh).unwrap();
    world.only_var("HOME", Some(home.to_str().unwrap()));
    let as_ana = ["approve", "sign", "--as", "ana@shop.example", "--decision", "GO"];
    let said = world.run(&as_ana);
    untouched(&said, &["none of the keys in ~/.ssh", "looked at: none is there", "ssh-add -L"]);
    // Somebody who is not listed is given the line for the only key there is, whatever its name.
    let as_mei = ["approve", "sign", "--as", "mei@shop.example", "--decision", "go"];
    untouched(&world.run(&as_mei), &["make a key with ssh-keygen"]);
    for (name, words) in
        [("desk", "add this line: mei@shop.example"), ("laptop", "with --key FILE added")]
    {
        let own = key(&world, name, "");
        std::fs::copy(world.dir.join(own + ".pub"), ssh.join(format!("{name}.pub"))).unwrap();
        untouched(&world.run(&as_mei), &[words]);
    }
    for name in ["desk.pub", "laptop.pub"] {
        std::fs::remove_file(ssh.join(name)).unwrap();
    }
    // Another key, of the name that is looked for first.
    let other = key(&world, "other", "");
    std::fs::copy(world.dir.join(other + ".pub"), ssh.join("id_ed25519.pub")).unwrap();
    untouched(&world.run(&as_ana), &["looked at: id_ed25519.pub"]);
    std::fs::copy(world.dir.join(ANA), ssh.join("work")).unwrap();
    std::fs::copy(world.dir.join(format!("{ANA}.pub")), ssh.join("work.pub")).unwrap();
    let said = world.run(&as_ana);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.err.contains(".ssh/work "), "{}", said.all());
    assert!(said.out.contains("next: commit and push .artifacts/deployment"), "{}", said.all());
}

#[test]
fn who_wrote_it_is_told_before_they_sign_and_named_to_nobody() {
    let world = ready();
    let said = world.run(&["approve", "show"]);
    let command = "d3p approve sign --as ana@shop.example --decision go|no-go --seen sha256:";
    assert!(said.out.contains(command), "{}", said.out);
    let world = World::new();
    let script = signed_script();
    let gate = script.iter().rposition(|step| runs(step, &["gate", "readiness"])).unwrap();
    world.play(&script[..=gate]);
    world.wrote("A. S. <ana@shop.example>");
    let said = world.run(&["approve", "status"]);
    let told = "whose GO would not count: Ana Silva approves what A. S. <ana@shop.example> wrote";
    assert!(said.out.contains(told), "{}", said.all());
    let said = world.run(&["approve", "show"]);
    assert!(said.out.contains("There is nothing to say GO to yet: "), "{}", said.all());
    assert!(said.out.contains("--as PRINCIPAL --decision no-go"), "{}", said.all());
}

#[test]
fn nothing_is_touched_in_vain() {
    let world = ready();
    let other = key(&world, "other", "");
    let why = ["would not count: no line names ana@shop.example with the key SHA256:"];
    untouched(&sign(&world, "ana@shop.example", &other, &[]), &why);
    untouched(&sign(&world, "ana@shop.example", &format!("{other}.pub"), &[]), &why);
    let said = sign(&world, "ana@shop.example", ANA, &["--role", "pope"]);
    untouched(&said, &["d3p.yaml does not make ana@shop.example pope", "leave --role out"]);
    untouched(&sign(&world, "ana@shop.example", ".git/nowhere", &[]), &["is not there"]);
    // The public half that lies beside a key may be that of another one.
    let public = world.read(&format!("{ANA}.pub"));
    world.write(&format!("{ANA}.pub"), world.read(&format!("{other}.pub")));
    untouched(&world.run(&SIGN), &["ssh-keygen -y -f ", "d3p-demo-key > "]);
    world.write(&format!("{ANA}.pub"), public);
    // A certificate counts by the line of its authority, and there is none.
    let certificate = certified(&world, &other, "ana@shop.example");
    let said = sign(&world, "ana@shop.example", &certificate, &[]);
    untouched(&said, &["no line names ana@shop.example with an authority with the key SHA256:"]);
    let certificate = certified(&world, &other, "mei@shop.example");
    let said = sign(&world, "ana@shop.example", &certificate, &[]);
    untouched(&said, &["the certificate does not name ana@shop.example"]);
    // A line whose time is over.
    let signers = ".d3p/allowed_signers";
    let over = "valid-before=\"20200101Z\",namespaces=";
    world.write(signers, world.read(signers).replace("namespaces=", over));
    untouched(&world.run(&SIGN), &["line ", "would not count"]);
}

/// The certificate of a key for `principal`, by an authority that nobody lists.
fn certified(world: &World, key: &str, principal: &str) -> String {
    let authority = self::key(world, &format!("authority-of-{principal}"), "");
    let public = format!("{key}.pub");
    let said = Command::new("ssh-keygen")
        .args(["-q", "-s", &authority, "-I", "one", "-n", principal, &public])
        .current_dir(&world.dir)
        .status();
    assert!(said.unwrap().success());
    format!("{key}-cert.pub")
}

#[test]
fn what_is_signed_is_shown_before() {
    let world = ready();
    let said = world.run(&SIGN);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let (shown, _) = said.out.split_once("the approval is in force").unwrap();
    for word in [
        "To be signed",
        "GO by Ana Silva",
        "attempt 1",
        "environment  production",
        "counts       until ",
        "warnings: ",
        "exemptions: ",
        "waivers in force: 0",
        "d3p approve show",
    ] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    // A key that fails comes after it: it was shown first.
    let world = ready();
    std::fs::write(world.dir.join(ANA), "no key\n").unwrap();
    let said = world.run(&SIGN);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.out.contains("To be signed"), "{}", said.all());
}

#[test]
fn a_key_that_does_not_sign_says_why() {
    let world = ready();
    // The same key, with others allowed to read it.
    let path = world.dir.join(ANA);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let said = world.run(&SIGN);
    assert!(said.err.contains("chmod 600"), "{}", said.all());
    assert!(said.err.contains("ssh-keygen said: "), "{}", said.all());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    // Its public half, which no agent knows.
    let public = format!("{ANA}.pub");
    let hidden = world.dir.join(".git/hidden");
    std::fs::rename(&path, &hidden).unwrap();
    let said = sign(&world, "ana@shop.example", &public, &[]);
    assert!(said.err.contains("no agent has its other half"), "{}", said.all());
    std::fs::rename(&hidden, &path).unwrap();
    // A passphrase that nobody can type.
    let lock = |new: &str, old: &str| {
        let args = ["-q", "-p", "-N", new, "-P", old, "-f"];
        let mut command = Command::new("ssh-keygen");
        assert!(command.args(args).arg(&path).output().unwrap().status.success());
    };
    lock("secret", "");
    let said = world.run(&SIGN);
    assert!(said.err.contains("has a passphrase, and there is no terminal"), "{}", said.all());
    assert!(said.err.contains("ssh-add "), "{}", said.all());
    lock("", "secret");
    assert_eq!(world.run(&SIGN).exit, Exit::Passed);
}

#[test]
fn a_no_go_is_named_with_what_lifts_it() {
    let world = ready();
    let mut no = SIGN.to_vec();
    no[5] = "no-go";
    let hollow = world.run(&[&no[..], &["--reason", "lgtm"]].concat());
    assert_eq!(hollow.exit, Exit::Incomplete, "{}", hollow.all());
    no.extend(["--reason", "the migration was not rehearsed"]);
    assert_eq!(world.run(&no).exit, Exit::Refused);
    for args in [&["status", "--next"][..], &["approve", "status"]] {
        let said = world.run(args);
        let told = "Ana Silva decided NO_GO: the migration was not rehearsed";
        assert!(said.all().contains(told), "{}", said.all());
        for words in ["--as ana@shop.example --decision go", "a new commit needs a new decision"] {
            assert!(said.all().contains(words), "{words}: {}", said.all());
        }
    }
}

/// Whoever reads the release is told who objects, and whoever outvotes them that they do.
#[test]
fn an_objection_is_shown_and_outvoting_it_is_said() {
    let world = World::new();
    let script = signed_script();
    let checklist = ["record", "deployment-readiness-checklist"];
    let end = script.iter().rposition(|step| runs(step, &checklist)).unwrap();
    world.play(&script[..=end]);
    let (mei, ola) = (key(&world, "mei", ""), key(&world, "ola", ""));
    let persons = "persons: [{ name: Mei Tanaka, role: sre-lead, principals: [mei@shop.example] }, { name: Ola Nordmann, role: engineer, principals: [ola@shop.example] }, ";
    world.edit("d3p.yaml", "persons: [", persons);
    let mut signers = world.read(".d3p/allowed_signers");
    for (identity, key) in [("mei@shop.example", &mei), ("ola@shop.example", &ola)] {
        let public = world.read(&format!("{key}.pub"));
        signers += &format!("{identity} namespaces=\"d3p-approval\" {public}");
    }
    world.write(".d3p/allowed_signers", signers);
    let start = script.iter().rposition(|step| runs(step, &["gate", "readiness"])).unwrap();
    let end = script.iter().position(|step| runs(step, &SIGN)).unwrap();
    world.play(&script[start..end]);
    let shown = || world.run(&["approve", "show"]).out;
    let seen = |shown: &str| shown.split("--seen ").nth(1).unwrap().trim().to_owned();
    let before = shown();
    assert!(before.contains("Objections\n  none"), "{before}");
    let mut no = SIGN;
    no[5] = "no-go";
    assert_eq!(world.run(&no).exit, Exit::Refused);
    let after = shown();
    assert!(after.contains("Objections\n  - NO_GO by Ana Silva, 2026-"), "{after}");
    // Whoever read it before has to read it again.
    let said = sign(&world, "mei@shop.example", &mei, &["--seen", &seen(&before)]);
    untouched(&said, &["no longer what d3p approve show showed"]);
    let said = sign(&world, "mei@shop.example", &mei, &["--seen", &seen(&after)]);
    let told = "with this GO, 1 of the 2 others whom it takes to outvote it";
    assert!(said.exit == Exit::Refused && said.out.contains(told), "{}", said.all());
    // Another GO is no reason to read it again.
    let said = sign(&world, "ola@shop.example", &ola, &["--seen", &seen(&after)]);
    let told = "this OUTVOTES the NO_GO of Ana Silva";
    assert!(said.exit == Exit::Passed && said.out.contains(told), "{}", said.all());
    let last = shown();
    assert!(last.contains("attempt 1: outvoted"), "{last}");
    assert!(last.contains("Said GO so far\n  Mei Tanaka, sre-lead, 2026-"), "{last}");
    // She may still take it back herself.
    assert_eq!(world.run(&no).exit, Exit::Refused);
    let said = world.run(&SIGN);
    assert!(said.out.contains("this takes back the NO_GO of Ana Silva"), "{}", said.all());
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

#[test]
fn every_key_of_the_policy_is_explained() {
    let world = World::new();
    let schema: serde_json::Value =
        serde_json::from_str(d3p::testing::schema::text("d3p").unwrap()).unwrap();
    for name in schema["properties"].as_object().unwrap().keys() {
        let said = world.run(&["explain", name]);
        assert_eq!(said.exit, Exit::Passed, "{name}: {}", said.all());
        assert!(said.out.contains(&format!("Key of d3p.yaml: {name}\n")), "{}", said.all());
        assert!(!said.out.contains("(see the schema)\n\nDefault"), "{}", said.all());
    }
    assert!(world.run(&["explain", "windows.deny"]).out.contains("Default: []"));
}

/// What `approve status` prints is run as it stands, until it takes a person.
#[test]
fn the_printed_commands_work() {
    let world = ready();
    assert_eq!(world.run(&SIGN).exit, Exit::Passed);
    let plan = ".artifacts/deployment/rollback-plan.md";
    world.write(plan, world.read(plan) + "\nOne more sentence on what is rolled back.\n");
    let mut ran = Vec::new();
    for _ in 0..12 {
        let said = world.run(&["approve", "status"]);
        let next = said.out.lines().find_map(|line| line.strip_prefix("next: ")).unwrap();
        if next.contains("Ana Silva decides: d3p approve sign") {
            assert_eq!(world.run(&SIGN).exit, Exit::Passed, "{ran:?}");
            return;
        }
        let advice = world.next();
        let words = argv(&advice);
        let command = words.join(" ");
        assert!(next.contains(&command), "{next} is not {command}");
        // What only a person has: a file of theirs, and everything before it was really done.
        if !advice["fills"].as_array().unwrap().is_empty() {
            assert!(!ran.is_empty(), "{command}");
            return;
        }
        let args: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        let done = world.run(&args);
        assert_eq!(done.exit, Exit::Passed, "{command}: {}", done.all());
        ran.push(command.to_owned());
    }
    panic!("it goes round in circles: {ran:?}");
}

#[test]
fn who_is_missing_is_named_and_an_approvers_key_is_no_machines() {
    let world = World::new();
    let script = signed_script();
    let checklist = ["record", "deployment-readiness-checklist"];
    let end = script.iter().rposition(|step| runs(step, &checklist)).unwrap();
    world.play(&script[..=end]);
    world.edit("d3p.yaml", "threshold: 1", "threshold: 2");
    let mei = "persons: [{ name: Mei Tanaka, role: sre-lead, principals: [mei@shop.example] }, ";
    world.edit("d3p.yaml", "persons: [", mei);
    let own = key(&world, "mei", "");
    let public = world.read(&format!("{own}.pub"));
    let signers = ".d3p/allowed_signers";
    let line = format!("mei@shop.example namespaces=\"d3p-approval\" {public}");
    world.write(signers, world.read(signers) + &line);
    let said = world.run(&["gate", "readiness", "--sign-key", &own]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.err.contains("is the approver's key of mei@shop.example"), "{}", said.all());
    assert!(!said.err.contains("machines: ["), "{}", said.all());
    let start = script.iter().rposition(|step| runs(step, &["gate", "readiness"])).unwrap();
    let end = script.iter().position(|step| runs(step, &SIGN)).unwrap();
    world.play(&script[start..end]);
    world.run(&SIGN);
    let next = "Mei Tanaka (sre-lead) decides: d3p approve sign --as mei@shop.example";
    let said = world.run(&["status", "--next"]);
    assert!(said.out.contains(next), "{}", said.all());
    assert_eq!(sign(&world, "mei@shop.example", &own, &[]).exit, Exit::Passed);
}

/// A request is no failure, and says who is asked.
#[test]
fn a_request_names_who_may_decide() {
    let world = ready();
    let said = world.run(&["approve", "request", "production"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let command = "Ana Silva decides: d3p approve sign --as ana@shop.example --role";
    assert!(said.out.contains(command), "{}", said.all());
    assert!(!said.out.contains("GL501"), "{}", said.all());
    assert!(!said.out.contains(": missing"), "{}", said.all());
    // Whoever has decided may decide anew.
    assert_eq!(world.run(&SIGN).exit, Exit::Passed);
    let said = world.run(&["approve", "request", "production"]);
    assert!(said.out.contains(command), "{}", said.all());
}

/// What a person read is what they sign: whatever is put in its place since is refused.
#[test]
fn what_was_shown_is_what_is_signed() {
    let world = ready();
    let seen = |world: &World| {
        let shown = world.run(&["approve", "show"]);
        let line = shown.out.lines().last().unwrap().to_owned();
        line.split("--seen ").nth(1).unwrap().to_owned()
    };
    let first = seen(&world);
    assert_eq!(first, seen(&world), "the same when nothing changed");
    // A request changes nothing of it.
    assert_eq!(world.run(&["approve", "request", "production"]).exit, Exit::Passed);
    assert_eq!(first, seen(&world));
    let monitoring = "d3p/phase-9-deployment-golive/phase9_go_live_monitoring.md";
    let kept = world.read(monitoring);
    world.write(monitoring, kept.clone() + "\nOne more dashboard.\n");
    // The plan was compiled of another document: nobody signs it in vain.
    let plan = "PRODUCTION-DEPLOYMENT-PLAN.md is not what is decided on any more";
    untouched(&world.run(&[&SIGN[..], &["--seen", &first]].concat()), &[plan]);
    assert_eq!(world.run(&["approve", "request", "production"]).exit, Exit::Passed);
    for decision in ["go", "no-go"] {
        let mut args = SIGN.to_vec();
        args[5] = decision;
        args.extend(["--seen", &first]);
        untouched(&world.run(&args), &["no longer what d3p approve show showed"]);
    }
    let wrong = [&SIGN[..], &["--seen", "3f2c"]].concat();
    untouched(&world.run(&wrong), &["not sha256: and 64 hexadecimal digits"]);
    world.write(monitoring, kept);
    assert_eq!(world.run(&["approve", "request", "production"]).exit, Exit::Passed);
    let last = seen(&world);
    let said = world.run(&[&SIGN[..], &["--seen", &last]].concat());
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

/// A release that names nothing yet cannot be decided on; that is said before a key is asked.
#[test]
fn what_names_nothing_yet_is_not_signed() {
    let world = ready();
    let manifest = ".artifacts/deployment/release-manifest.md";
    let text = world.read(manifest);
    let from = text.find("sha256:").unwrap();
    let end = from + text[from..].find('\n').unwrap();
    world.write(manifest, text[..from].to_owned() + "sha256: to be filled" + &text[end..]);
    let mut no = SIGN;
    no[5] = "no-go";
    let said = world.run(&no);
    untouched(&said, &["there is nothing to sign yet", "64 lower-case hexadecimal digits"]);
    let (shown, refused) = (said.all().find("To be signed"), said.all().find("refused: "));
    assert!(shown < refused, "{}", said.all());
}

/// However many rules and commands ask who signed, each signature is verified once.
#[test]
fn each_signature_is_verified_once() {
    let world = ready();
    assert_eq!(sign(&world, "ana@shop.example", ANA, &[]).exit, Exit::Passed);
    let project = load_project(&Root::open(&world.dir).unwrap()).unwrap();
    assert_eq!(project.signatures.count(), 0, "nothing asked yet");
    assess(&project, world.now());
    assert_eq!(project.signatures.count(), 1);
    let all = decisions(&project);
    assert!(signer(&project, &all[0], world.now(), None).is_ok());
    assert!(Current::of(&project, world.now()).stands(&all[0]));
    assess(&project, world.now());
    assert_eq!(project.signatures.count(), 1, "verified again");
    // Another text with the same signature is another question, and its answer is no.
    let text = all[0].text.replace("Ana", "Mei");
    let signature = all[0].signature.as_deref().unwrap();
    assert!(project.signatures.verify(&text, signature).is_err());
    assert!(project.signatures.verify(&all[0].text, signature).is_ok());
    assert_eq!(project.signatures.count(), 2);
}
