//! What only something from outside the tree can tell.

use super::*;

#[test]
fn a_policy_that_is_loosened_after_the_gates() {
    for (what, from, to) in [
        ("no signatures", "signatures: \"on\"", "signatures: \"off\""),
        ("a longer validity", "max_age: 1h", "max_age: 900h"),
        (
            "another approver",
            "persons: [",
            "persons: [{ name: Max Muster, role: agent, principals: [max@shop.example] }, ",
        ),
        ("no separation", "approval: {", "approval: { separation: \"off\","),
        (
            "no acceptance",
            "demo: true",
            "demo: true\nuat: { required: false, reason: the users are this team, decided_by: Ana Silva }",
        ),
    ] {
        let world = signed_until(&SIGN);
        world.edit("d3p.yaml", from, to);
        refused(&world.json(&CLEARANCE), "GL004", what);
    }
    let world = signed_until(&SIGN);
    let (_, public) = own_key(&world, "agent");
    let more =
        world.read(SIGNERS) + &format!("max@shop.example namespaces=\"d3p-approval\" {public}\n");
    world.write(SIGNERS, more);
    refused(&world.json(&CLEARANCE), "GL004", "a signer");
}

#[test]
fn a_no_go_that_is_deleted() {
    let world = signed_until(&["approve", "request", "production"]);
    let requested = world.read(APPROVAL);
    let before = world.read(LEDGER);
    let no = ["approve", "sign", "--as", "ana@shop.example", "--decision", "no-go", "--key", ANA];
    assert_eq!(world.run(&no).exit, Exit::Refused);
    not_cleared(&world, "GL502", "it stands");
    let head = world.read(LEDGER).lines().last().unwrap().to_owned();
    let head = d3p::testing::model::Sha256Digest::of(head.as_bytes()).to_string();
    world.write(APPROVAL, &requested);
    not_cleared(&world, "GL509", "deleted");
    // The ledger is cut as well: only whoever kept its head can tell.
    world.write(LEDGER, before);
    let verify = ["verify", "--through", "staging-validation"];
    let blind = world.run(&verify);
    assert_eq!(blind.exit, Exit::Passed, "{}", blind.all());
    assert!(
        blind.out.contains("refusals were deleted from the end of the ledger"),
        "{}",
        blind.out
    );
    let kept = format!("sha256:{head}");
    let seen = world.json(&[&verify[..], &["--expect-head", &kept]].concat());
    refused(&seen, "GL914", "with the head");
}

/// Everything is made anew, with a key of the agent's own from the start.
#[test]
fn a_release_that_is_made_up_from_the_start() {
    let honest = signed_until(&["verify"]);
    git(&honest, &["add", "--all"]);
    git(&honest, &["commit", "--quiet", "-m", "the reviewed policy and signers"]);
    let reviewed = git(&honest, &["rev-parse", "HEAD"]);
    let made_up = signed_until(&["verify"]);
    git(&made_up, &["fetch", "--quiet", honest.dir.to_str().unwrap(), "HEAD"]);
    git(&made_up, &["add", "--all"]);
    git(&made_up, &["commit", "--quiet", "-m", "made up"]);
    let own = git(&made_up, &["rev-parse", "HEAD"]);
    // It agrees with itself, and says what that is worth.
    let said = made_up.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.starts_with("SELF-CONSISTENT ONLY"), "{}", said.out);
    assert!(said.out.contains("production-launch: approval L1"), "{}", said.out);
    assert!(said.out.contains("that a signer was added by whoever wrote the rest"), "{}", said.out);
    refused(&made_up.json(&["verify", "--min-assurance", "L2"]), "GL915", "L2 demanded");
    // A name that the agent can move is worth no more, whatever it is called.
    for (kind, name) in [("update-ref", "refs/remotes/origin/main"), ("tag", "origin/main")] {
        git(&made_up, &[kind, name, &own]);
        let moved =
            made_up.json(&["verify", "--policy-commit", "origin/main", "--min-assurance", "L2"]);
        refused(&moved, "GL915", name);
        assert!(moved.out.contains("TRUST ROOT, MOVABLE"), "{}", moved.out);
        let cleared = made_up.run(&[&CLEARANCE[..], &["--policy-commit", "origin/main"]].concat());
        assert_eq!(cleared.exit, Exit::Incomplete, "{}", cleared.all());
    }
    // The reviewed commit, by its full id, does not know the key; replacing it changes nothing.
    for replaced in [false, true] {
        if replaced {
            git(&made_up, &["replace", &reviewed, &own]);
        }
        let said = made_up.json(&["verify", "--policy-commit", &reviewed]);
        refused(&said, "GL512", "the reviewed signers");
        refused(&said, "GL913", "the reviewed signers");
    }
    honest.write("../signers", honest.read(SIGNERS));
    let outside = honest.dir.parent().unwrap().join("signers");
    let root = made_up.json(&["verify", "--trust-root", outside.to_str().unwrap()]);
    refused(&root, "GL512", "the signers that the auditor kept");
    // A file of another kind is told as that, and compared with nothing.
    let said = made_up.run(&["verify", "--trust-root", "d3p.yaml"]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.err.contains("no line of it names a signer"), "{}", said.all());
    // The honest release stands before the same demands.
    let said = honest.run(&["verify", "--policy-commit", &reviewed, "--min-assurance", "L2"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

fn committed(world: &World, message: &str) -> String {
    git(world, &["add", "--all"]);
    git(world, &["commit", "--quiet", "-m", message]);
    git(world, &["rev-parse", "HEAD"])
}

/// The change that is released also says that less is asked of it.
#[test]
fn a_policy_that_is_loosened_in_the_same_change() {
    for (what, from, to) in [
        ("one approver less", "threshold: 2", "threshold: 1"),
        ("a longer validity", "max_age: 1h", "max_age: 24h"),
        ("a service less", "services: [api, web]", "services: [api, web]\nskew: 9m"),
        ("no hardware", "presence: [touch]", "presence: []"),
        ("no signatures", "signatures: \"on\"", "signatures: \"off\""),
    ] {
        let mei = "persons: [{ name: Mei Tanaka, role: owner, principals: [mei@shop.example] }, ";
        let strict = [("threshold: 1,", "threshold: 2, presence: [touch],"), ("persons: [", mei)];
        let world = prepared(&strict, &[]);
        let (_, key) = own_key(&world, "mei");
        let signers =
            world.read(SIGNERS) + &format!("mei@shop.example namespaces=\"d3p-approval\" {key}\n");
        world.write(SIGNERS, signers);
        let reviewed = committed(&world, "the reviewed policy");
        world.edit("d3p.yaml", from, to);
        let gate = world.run(&["gate", "readiness"]);
        assert_eq!(gate.exit, Exit::Passed, "{what}: {}", gate.all());
        let verify = ["verify", "--through", "readiness"];
        let blind = world.run(&verify);
        assert_eq!(blind.exit, Exit::Passed, "{what}: {}", blind.all());
        assert!(blind.out.contains("that the policy was loose from the start"), "{}", blind.out);
        let seen = world.json(&[&verify[..], &["--policy-commit", &reviewed]].concat());
        refused(&seen, "GL916", what);
        // Nor does the job with the deploy credential fall for it.
        let clearance = [&CLEARANCE[..], &["--policy-commit", &reviewed]].concat();
        refused(&world.json(&clearance), "GL916", what);
    }
}

/// Evidence, records and ledger are made anew, consistently: two histories of the same release.
#[test]
fn a_history_that_is_rewritten_together() {
    let honest = signed_until(&["verify"]);
    let kept = head(&honest);
    let rewritten = signed_until(&["verify"]);
    let said = rewritten.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(
        said.out.contains("were rewritten together, consistently (--expect-head)"),
        "{}",
        said.out
    );
    let seen = rewritten.json(&["verify", "--expect-head", &kept]);
    refused(&seen, "GL914", "another history");
    // What was kept is among what only grew since.
    let grown = honest.run(&["verify", "--expect-head", &kept]);
    assert_eq!(grown.exit, Exit::Passed, "{}", grown.all());
}

fn head(world: &World) -> String {
    let line = world.read(LEDGER).lines().last().unwrap().to_owned();
    format!("sha256:{}", d3p::testing::model::Sha256Digest::of(line.as_bytes()))
}

/// A key ran out after the release; a head that somebody kept says that it was used in time.
#[test]
fn a_release_that_is_verified_years_later() {
    let ends = ("d3p-approval\"", "d3p-approval\",valid-before=\"20261122Z\"");
    let world = prepared(&[], &[ends]);
    let script = signed_script();
    let start = script.iter().rposition(|step| is(step, &["gate", "readiness"])).unwrap();
    let end = script.iter().rposition(|step| is(step, &["verify"])).unwrap();
    world.play(&script[start..=end]);
    let kept = head(&world);
    let then = world.now();
    let policy = committed(&world, "the release");
    world.pass(std::time::Duration::from_secs(3 * 365 * 86_400));
    let anchored = ["verify", "--policy-commit", &policy];
    let said = world.run(&anchored);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains("GL517"), "{}", said.out);
    assert!(
        said.out
            .contains("production-launch: approval L1 (signed with a key that counts no longer"),
        "{}",
        said.out
    );
    let witness = format!("{kept}@{then}");
    let said = world.run(&[&anchored[..], &["--expect-head", &witness]].concat());
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(!said.out.contains("GL517"), "{}", said.out);
    assert!(said.out.contains("production-launch: approval L2"), "{}", said.out);
    // Whoever had it before it was written had something else.
    let early = format!("{kept}@2026-11-20T00:00:00Z");
    refused(&world.json(&["verify", "--expect-head", &early]), "GL914", "kept too early");
    // A head of the future is nobody's.
    let future = format!("{kept}@2039-01-01T00:00:00Z");
    assert_eq!(world.run(&["verify", "--expect-head", &future]).exit, Exit::Incomplete);
}

/// The text lay in the ledger in time; whoever got hold of her old key signed it afterwards.
#[test]
fn a_text_that_was_known_in_time_and_signed_later() {
    let ends = ("d3p-approval\"", "d3p-approval\",valid-before=\"20261122Z\"");
    let world = prepared(&[], &[ends]);
    let script = signed_script();
    let start = script.iter().rposition(|step| is(step, &["gate", "readiness"])).unwrap();
    let end =
        script.iter().rposition(|step| is(step, &["approve", "request", "production"])).unwrap();
    world.play(&script[start..=end]);
    let text = canonical::to_canonical(&statement_of(&world));
    tell(&world, "GO", "Ana Silva", &text);
    let (kept, then) = (head(&world), world.now());
    let policy = committed(&world, "reviewed");
    world.pass(std::time::Duration::from_secs(3 * 86_400));
    put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
    let witness = format!("{kept}@{then}");
    let anchored = ["--policy-commit", &policy, "--expect-head", &witness];
    refused(&world.json(&[&CLEARANCE[..], &anchored].concat()), "GL512", "signed too late");
}

/// What the program prints for people without it is run as it stands.
#[test]
fn the_recipe_without_d3p_says_the_same() {
    let world = signed_until(&["verify"]);
    let recipe = |world: &World| {
        let said = world.run(&["verify"]);
        let (_, rest) = said.out.split_once("To check the approval without d3p").unwrap();
        let lines = rest.lines().skip(1).take_while(|line| line.starts_with("  "));
        lines.map(str::trim).collect::<Vec<_>>().join("\n")
    };
    let text = recipe(&world);
    let sh =
        || Command::new("sh").args(["-e", "-c", &text]).current_dir(&world.dir).output().unwrap();
    let honest = sh();
    let said = String::from_utf8_lossy(&honest.stdout).into_owned();
    assert!(honest.status.success(), "{text}\n{said}{}", String::from_utf8_lossy(&honest.stderr));
    assert!(said.contains("Good \"d3p-approval\" signature for ana@shop.example"), "{said}");
    assert!(said.contains("\"decision\": \"GO\""), "{said}");
    // It finds a file that changed, and a statement that did.
    let plan = ".artifacts/deployment/rollback-plan.md";
    let was = world.read(plan);
    world.write(plan, was.clone() + "\n");
    assert!(!sh().status.success(), "a covered file");
    world.write(plan, was);
    assert!(sh().status.success());
    let file = world.read(APPROVAL);
    world.write(
        APPROVAL,
        file.replace("\\\"decision\\\":\\\"GO\\\"", "\\\"decision\\\":\\\"NO\\\""),
    );
    assert_ne!(file, world.read(APPROVAL));
    assert!(!sh().status.success(), "the statement");
}

/// What was archived lies elsewhere, and the recipe goes there first.
#[test]
fn the_recipe_for_an_archived_release_finds_it() {
    let world = signed_until(&["verify"]);
    let said = world.run(&["archive", "--outcome", "completed"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let said = world.run(&["verify", ".artifacts/releases/v1.4.0+1"]);
    let (_, rest) = said.out.split_once("To check the approval without d3p\n").unwrap();
    let lines: Vec<_> = rest.lines().take_while(|line| line.starts_with("  ")).collect();
    let text = lines.join("\n");
    let sh = Command::new("sh").args(["-e", "-c", &text]).current_dir("/").output().unwrap();
    let out = String::from_utf8_lossy(&sh.stdout).into_owned();
    assert!(sh.status.success(), "{text}\n{out}{}", String::from_utf8_lossy(&sh.stderr));
    assert!(out.contains("Good \"d3p-approval\" signature for ana@shop.example"), "{out}");
}

/// Where two persons must say GO, the recipe checks both.
#[test]
fn the_recipe_without_d3p_checks_every_go() {
    let two = "persons: [{ name: Mei Tanaka, role: sre-lead, principals: [mei@shop.example] }, ";
    let world = prepared(&[("threshold: 1", "threshold: 2"), ("persons: [", two)], &[]);
    let (key, public) = own_key(&world, "mei");
    let mei = format!("mei@shop.example namespaces=\"d3p-approval\" {public}\n");
    world.write(SIGNERS, world.read(SIGNERS) + &mei);
    go_on(&world);
    world.run(&SIGN);
    let also = ["approve", "sign", "--as", "mei@shop.example", "--decision", "go", "--key", &key];
    assert_eq!(world.run(&also).exit, Exit::Passed);
    let script = signed_script();
    let from = script.iter().position(|step| is(step, &SIGN)).unwrap();
    let end = script.iter().rposition(|step| is(step, &["verify"])).unwrap();
    world.play(&script[from + 1..end]);
    let said = world.run(&["verify"]);
    let (_, rest) = said.out.split_once("To check the approval without d3p").unwrap();
    let lines = rest.lines().skip(1).take_while(|line| line.starts_with("  "));
    let text = lines.map(str::trim).collect::<Vec<_>>().join("\n");
    let sh =
        || Command::new("sh").args(["-e", "-c", &text]).current_dir(&world.dir).output().unwrap();
    let honest = sh();
    let out = String::from_utf8_lossy(&honest.stdout).into_owned();
    assert!(honest.status.success(), "{text}\n{out}{}", String::from_utf8_lossy(&honest.stderr));
    for who in ["ana@shop.example", "mei@shop.example"] {
        let good = format!("Good \"d3p-approval\" signature for {who}");
        assert!(out.contains(&good), "{out}");
    }
    // The second is checked as the first is.
    let mut file = approval(&world);
    let text = file["decisions"][1]["statement"].as_str().unwrap().replace("\"GO\"", "\"NO\"");
    file["decisions"][1]["statement"] = json!(text);
    world.write(APPROVAL, serde_json::to_string_pretty(&file).unwrap() + "\n");
    assert!(!sh().status.success());
}

/// The signers are edited after the release, and an auditor knows the policy by its digest.
#[test]
fn signers_that_were_edited() {
    let world = signed_until(&["verify"]);
    let text = world.run(&["verify"]).out;
    let root = text.lines().find_map(|line| line.trim().strip_prefix("--trust-root ")).unwrap();
    let said = world.run(&["verify", "--trust-root", root, "--min-assurance", "L2"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let (_, key) = own_key(&world, "agent");
    let more =
        world.read(SIGNERS) + &format!("ana@shop.example namespaces=\"d3p-approval\" {key}\n");
    world.write(SIGNERS, more);
    refused(&world.json(&["verify", "--trust-root", root]), "GL913", "edited");
}

/// A policy that asks for less is put where the first gate would freeze the reviewed one.
#[test]
fn a_policy_that_is_frozen_before_any_gate() {
    let policy = ".artifacts/deployment/records/policy.json";
    for (from, to) in
        [("signatures: \"on\"", "signatures: \"off\""), ("max_age: 1h", "max_age: 9h")]
    {
        let loose = prepared(&[(from, to)], &[]);
        let gate = loose.run(&["gate", "readiness"]);
        assert_eq!(gate.exit, Exit::Passed, "{}", gate.all());
        let world = signed_until(&["record", "deployment-readiness-checklist"]);
        world.write(policy, loose.read(policy));
        let said = world.run(&["gate", "readiness"]);
        assert_eq!(said.exit, Exit::Passed, "{}", said.all());
        let frozen: Value = serde_json::from_str(&world.read(policy)).unwrap();
        assert_eq!(frozen["policy"]["signatures"], "on", "{from}");
        assert_eq!(frozen["policy"]["approval"]["production"]["max_age"], "1h", "{from}");
        // Once the gate has frozen one, no other takes its place.
        world.write(policy, loose.read(policy));
        let said = world.json(&["verify", "--through", "readiness"]);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    }
}

/// A definition of the agent's own, which asks for no approval, is put in after the gates.
#[test]
fn a_definition_that_is_swapped() {
    let world = signed_until(&["approve", "request", "production"]);
    let policy = committed(&world, "reviewed");
    let text = world.run(&["verify", "--through", "staging-validation"]).out;
    let root = text.lines().find_map(|line| line.trim().strip_prefix("--trust-root ")).unwrap();
    let embedded = crate::common::PHASE_TEXT;
    let start = embedded.find("  deploy-production:\n").unwrap();
    let before = start + embedded[start..].find("    before:\n").unwrap();
    let rest = &embedded[before + "    before:\n".len()..];
    let listed: usize =
        rest.lines().take_while(|line| line.starts_with("      ")).map(|line| line.len() + 1).sum();
    for before_launch in ["    before: []\n", "    before: [ { decision: rollback } ]\n"] {
        let own = format!("{}{before_launch}{}", &embedded[..before], &rest[listed..]);
        world.write("own.yaml", own);
        let honest = world.read("d3p.yaml");
        world.write("d3p.yaml", format!("definition: own.yaml\n{honest}"));
        not_cleared(&world, "GL004", before_launch);
        for anchor in [["--policy-commit", &policy], ["--trust-root", root]] {
            let anchored = [&CLEARANCE[..], &anchor, &["--min-assurance", "L2"]].concat();
            let said = world.json(&anchored);
            refused(&said, "GL004", before_launch);
            refused(&said, "GL915", before_launch);
            if anchor[0] == "--policy-commit" {
                let own = d3p::testing::model::Sha256Digest::of(world.read("own.yaml").as_bytes());
                let reviewed = d3p::testing::model::Sha256Digest::of(embedded.as_bytes());
                let words = format!("\\\"{reviewed}\\\" there and \\\"{own}\\\" here");
                assert!(said.out.contains(&words), "{}", said.out);
            }
        }
        world.write("d3p.yaml", honest);
    }
}

/// What the policy says now and what governs are two things: the job is told.
#[test]
fn a_stricter_policy_that_has_no_effect_yet_is_named() {
    let world = signed_until(&SIGN);
    world.edit("d3p.yaml", "max_age: 1h", "max_age: 30m");
    let said = world.json(&CLEARANCE);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.has("GL005"), "{}", said.all());
}

/// What a higher level takes is said for the level that was reached.
#[test]
fn a_level_that_is_too_low_names_what_a_higher_one_takes() {
    let world = signed_until(&["verify"]);
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "evidence"]);
    let commit = git(&world, &["rev-parse", "HEAD"]);
    let (anchor, file) = (["--policy-commit", commit.trim()], ["--trust-root", SIGNERS]);
    for (given, wanted, told) in [
        (&[][..], "L2", "signed by signers of this tree"),
        (&[], "L2", "give the trust root: --policy-commit with the full id"),
        (&file, "L2", "signed by the signers that were given"),
        (&file, "L2", "give the policy too"),
        (&["--policy-commit", "HEAD"], "L2", "a name that moves"),
        (&anchor, "L3", "presence: [touch]"),
    ] {
        let args = [&["verify"][..], given, &["--min-assurance", wanted]].concat();
        let said = world.run(&args);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        assert!(said.out.contains(told), "{given:?} {wanted}: {told}: {}", said.out);
    }
    let other = format!("sha256:{}", "0".repeat(64));
    let said = world.run(&["verify", "--trust-root", &other]);
    assert!(said.out.contains("allowed_signers is not the one that was expected"), "{}", said.out);
}
