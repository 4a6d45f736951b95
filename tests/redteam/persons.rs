//! Who is who: one person who wants to be two, and keys that stand for nobody in particular.

use super::*;
use crate::sshsig::token::Token;
use crate::sshsig::wire::{Parts, public, to_sign};

#[test]
fn one_person_who_is_counted_twice() {
    let two = "persons: [{ name: Mei Tanaka, role: sre-lead, principals: [mei@shop.example] }, ";
    let world = prepared(
        &[
            ("threshold: 1", "threshold: 2"),
            ("persons: [", two),
            ("principals: [ana@shop.example]", "principals: [ana@shop.example, ana@home.example]"),
        ],
        &[],
    );
    let (second, public) = own_key(&world, "second");
    let (_, mei) = own_key(&world, "mei");
    let lines = world.read(SIGNERS)
        + &format!("ana@home.example namespaces=\"d3p-approval\" {public}\n")
        + &format!("mei@shop.example namespaces=\"d3p-approval\" {mei}\n");
    world.write(SIGNERS, lines);
    go_on(&world);
    world.run(&SIGN);
    let again =
        ["approve", "sign", "--as", "ana@home.example", "--decision", "go", "--key", &second];
    world.run(&again);
    not_cleared(&world, "GL507", "one person, two keys");
    // Both statements put side by side, by hand.
    let mut file = approval(&world);
    let decisions = file["decisions"].as_array().unwrap().clone();
    file["decisions"] = json!([decisions[0], decisions[0]]);
    world.write(APPROVAL, serde_json::to_string_pretty(&file).unwrap() + "\n");
    not_cleared(&world, "GL507", "one decision, twice");
}

#[test]
fn signers_that_let_in_whom_nobody_wrote_down() {
    for (what, from, to) in [
        ("a pattern", "ana@shop.example ", "ana@shop.example,* "),
        ("any namespace", " namespaces=\"d3p-approval\"", ""),
        ("a namespace pattern", "\"d3p-approval\"", "\"d3p-*\""),
        ("more namespaces", "\"d3p-approval\"", "\"d3p-approval,git\""),
    ] {
        let world = prepared(&[], &[(from, to)]);
        refused(&world.json(&["gate", "readiness"]), "GL516", what);
    }
}

#[test]
fn one_key_under_two_principals() {
    let mei = "persons: [{ name: Mei Tanaka, role: sre-lead, principals: [mei@shop.example] }, ";
    let world = prepared(&[("persons: [", mei), ("threshold: 1", "threshold: 2")], &[]);
    let line = world.read(SIGNERS);
    let ana = line.lines().find(|line| line.starts_with("ana@")).unwrap();
    world.write(SIGNERS, format!("{line}{}\n", ana.replace("ana@", "mei@")));
    refused(&world.json(&["gate", "readiness"]), "GL516", "one key");
    // Nor does one line with both names help.
    world.write(SIGNERS, line.replace("ana@shop.example", "ana@shop.example,mei@shop.example"));
    refused(&world.json(&["gate", "readiness"]), "GL516", "one line");
}

#[test]
fn an_approver_who_deployed_it() {
    // The account that runs the tests' commands is called tester.
    let names = ("ana@shop.example", "tester@shop.example");
    let world = prepared(&[names], &[names]);
    go_on(&world);
    let sign = ["approve", "sign", "--as", names.1, "--decision", "go", "--key", ANA];
    let said = world.run(&sign);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let told = "Ana Silva approves what `tester` deployed";
    assert!(said.err.contains("GL514") && said.err.contains(told), "{}", said.all());
    refused(&world.json(&CLEARANCE), "GL501", "nothing was signed or written");
    // A GO that was not made with d3p does not count either.
    let text = canonical::to_canonical(&statement_of(&world)).replace(names.0, names.1);
    put(&world, &text, Some(signature(&world, ANA, "d3p-approval", &text).trim_end()));
    refused(&world.json(&CLEARANCE), "GL514", "the account that deployed to staging");
}

/// The agent may use the approver's token, and cannot touch it.
#[test]
fn a_hardware_key_that_nobody_touched() {
    for (wanted, flags, rule) in [
        ("touch", 0x00, Some("GL513")),
        ("touch", 0x04, Some("GL513")),
        ("touch", 0x01, None),
        ("pin", 0x01, Some("GL513")),
        ("pin", 0x05, None),
    ] {
        let token = Token::ed25519("ssh:");
        let presence = format!("threshold: 1, presence: [{wanted}],");
        let world = prepared(&[("threshold: 1,", &presence)], &[]);
        let line =
            format!("ana@shop.example namespaces=\"d3p-approval\" {}", public(&token.blob()));
        world.write(SIGNERS, line + "\n");
        go_on(&world);
        let statement = statement_of(&world);
        let text = canonical::to_canonical(&statement);
        let parts = Parts::new(token.blob(), token.sign(&to_sign(text.as_bytes(), b""), flags, 7));
        put(&world, &text, Some(parts.armored().trim_end()));
        let said = world.json(&CLEARANCE);
        match rule {
            Some(rule) => refused(&said, rule, wanted),
            None => assert_eq!(said.exit, Exit::Passed, "{wanted} {flags}: {}", said.all()),
        }
    }
}

/// Policy and clone name programs, and whoever may write them is not the approver.
#[test]
fn a_program_of_the_agents_that_would_run_as_the_approver() {
    use std::os::unix::fs::PermissionsExt as _;
    let honest = World::new();
    let bin = honest.dir.parent().unwrap().join("bin");
    std::fs::create_dir(&bin).unwrap();
    let ran = bin.join("ran");
    let path = format!("run: {{ path: [{}, /usr/local/bin, /usr/bin, /bin] }}", bin.display());
    let world = signed_until(&["approve", "request", "production"]);
    let policy = world.read("d3p.yaml");
    assert!(!policy.contains("\nrun:"), "{policy}");
    world.write("d3p.yaml", policy + &path + "\n");
    let again = world.run(&["gate", "readiness", "--refreeze"]);
    assert_eq!(again.exit, Exit::Passed, "{}", again.all());
    assert_eq!(world.run(&["gate", "staging-validation"]).exit, Exit::Passed);
    // The papers tell of the gates as they are now.
    assert_eq!(world.run(&["approve", "request", "production"]).exit, Exit::Passed);
    // Gates ask git; what people do from here on asks no program but ssh-keygen.
    for name in ["git", "ssh-keygen", "trap"] {
        let text = format!("#!/bin/sh\necho {name} >> {}\nexit 1\n", ran.display());
        std::fs::write(bin.join(name), text).unwrap();
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(bin.join(name), mode).unwrap();
    }
    // What the clone's own configuration makes git run whenever it looks at a file.
    let trap = bin.join("trap").display().to_string();
    for key in ["filter.x.clean", "filter.x.process", "core.fsmonitor", "gpg.ssh.program"] {
        git(&world, &["config", key, &trap]);
    }
    git(&world, &["config", "core.hooksPath", &bin.display().to_string()]);
    world.write(".git/info/attributes", "* filter=x\n");
    let file = git(&world, &["ls-files", "services"]).lines().next().unwrap().to_owned();
    world.write(&file, world.read(&file) + "\n");
    let mut blindly = std::process::Command::new("git");
    blindly.arg("status").current_dir(&world.dir).output().unwrap();
    assert!(ran.exists(), "the trap works where somebody asks git");
    std::fs::remove_file(&ran).unwrap();
    let signed = world.run(&SIGN);
    assert_eq!(signed.exit, Exit::Passed, "{}", signed.all());
    let decided = ["rollback", "decide", "--as", "ana@shop.example", "--decision", "roll-back"];
    let rolled = world.run(&[&decided[..], &["--reason", "errors", "--key", ANA]].concat());
    assert_ne!(rolled.exit, Exit::Incomplete, "{}", rolled.all());
    for args in
        [&["approve", "show"][..], &["approve", "status"], &["waive", "--list"], &["verify"]]
    {
        world.run(args);
    }
    assert!(!ran.exists(), "{}", std::fs::read_to_string(&ran).unwrap());
}

/// Nobody is kept from objecting by a file that somebody left about.
#[test]
fn a_work_tree_that_keeps_nobody_from_objecting() {
    let world = signed_until(&["approve", "request", "production"]);
    world.write("services/stray", "left about\n");
    let mut no = SIGN;
    no[5] = "no-go";
    let said = world.run(&no);
    assert!(said.all().contains("the launch is off"), "{}", said.all());
    refused(&world.json(&CLEARANCE), "GL502", "the objection");
}
