//! What a job signs, with which keys, and what that makes of the facts.

use super::*;

#[test]
fn what_is_written_fits_its_schemas() {
    let world = deployed();
    for name in envelopes(&world) {
        let text = world.read(&format!("{ATTESTATIONS}/{name}"));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            d3p::testing::schema::validate("dsse-envelope", &value),
            Some(Vec::new()),
            "{name}"
        );
        let payload = Envelope::parse(&text).unwrap().payload;
        let value: Value = serde_json::from_slice(&payload).unwrap();
        let schema =
            if name.starts_with("1-readiness") { "gate-record" } else { "evidence-statement" };
        assert_eq!(d3p::testing::schema::validate(schema, &value), Some(Vec::new()), "{name}");
    }
}

#[test]
fn keys_that_openssl_makes_sign_and_verify() {
    for (name, kind) in KINDS {
        let world = prepared_with(kind);
        let said = passes(&world, &["gate", "readiness", "--sign-key", KEY]);
        let path = envelope(&world, "1-readiness-");
        assert!(said.out.contains(&path), "{name}: {}", said.all());
        let read = Envelope::parse(&world.read(&path)).unwrap();
        assert_eq!(read.payload, world.read(RECORD).as_bytes(), "{name}");
        assert!(read.is_signed_by(&secret(&world, KEY).public()), "{name}");
        // openssl agrees: it knows nothing of DSSE but the bytes that are signed.
        let written: Value = serde_json::from_str(&world.read(&path)).unwrap();
        world.write(".git/pae", pae("application/vnd.in-toto+json", &read.payload));
        world.write(".git/sig.b64", written["signatures"][0]["sig"].as_str().unwrap());
        openssl(&world, &["base64", "-d", "-A", "-in", ".git/sig.b64", "-out", ".git/sig"]);
        openssl(&world, &["pkey", "-in", KEY, "-pubout", "-out", ".git/pub"]);
        let how: &[&str] = match name {
            "ed25519" => &[
                "pkeyutl", "-verify", "-rawin", "-sigfile", ".git/sig", "-in", ".git/pae",
                "-pubin", "-inkey", ".git/pub",
            ],
            "P-384" => {
                &["dgst", "-sha384", "-verify", ".git/pub", "-signature", ".git/sig", ".git/pae"]
            }
            _ => &["dgst", "-sha256", "-verify", ".git/pub", "-signature", ".git/sig", ".git/pae"],
        };
        openssl(&world, how);
        let said = passes(&world, &["verify", "--through", "readiness"]);
        assert!(said.out.contains("its record is signed by release-ci"), "{}", said.all());
    }
}

#[test]
fn a_key_comes_from_a_variable_and_from_openssh_too() {
    let world = prepared();
    let pem = world.read(KEY);
    for value in [pem.clone(), pem.replace('\n', "\\n")] {
        let copy = world.copy();
        copy.only_var("D3P_SIGNING_KEY", Some(&value));
        passes(&copy, &["gate", "readiness"]);
        envelope(&copy, "1-readiness-");
    }
    let copy = world.copy();
    copy.only_var("D3P_SIGNING_KEY_FILE", Some(KEY));
    passes(&copy, &["gate", "readiness"]);
    envelope(&copy, "1-readiness-");
    let args = ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", ".git/id"];
    let made = Command::new("ssh-keygen").args(args).current_dir(&world.dir).status().unwrap();
    assert!(made.success());
    let line = world.read(".git/id.pub");
    let text = world.read("d3p.yaml");
    let start = text.find("machines:").unwrap();
    let own = format!("machines: [{{ name: ssh-ci, key: \"{}\" }}]\n", line.trim());
    world.write("d3p.yaml", text[..start].to_owned() + &own);
    passes(&world, &["gate", "readiness", "--sign-key", ".git/id"]);
    let said = passes(&world, &["verify", "--through", "readiness"]);
    assert!(said.out.contains("signed by ssh-ci"), "{}", said.all());
}

#[test]
fn a_key_that_cannot_sign_is_told_before_anything_is_written() {
    let world = prepared();
    let before = (world.read(LEDGER), envelopes(&world));
    openssl(
        &world,
        &["pkcs8", "-topk8", "-in", KEY, "-out", ".git/locked.pem", "-passout", "pass:x"],
    );
    make_key(&world, ".git/other.pem", KINDS[1].1);
    make_key(
        &world,
        ".git/large.pem",
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    );
    for (path, exit, why) in [
        (".git/locked.pem", Exit::Incomplete, "it is encrypted"),
        (".git/none.pem", Exit::Incomplete, "does not exist"),
        (".git/large.pem", Exit::Incomplete, "machines sign with"),
        ("d3p.yaml", Exit::Incomplete, "no private key in PEM"),
        (".git/other.pem", Exit::Refused, "lists no machine with the key"),
    ] {
        for args in [
            &["gate", "readiness", "--sign-key", path][..],
            &["record", "deployment-readiness-checklist", "--sign-key", path],
            &["run", "deploy-staging", "--sign-key", path],
        ] {
            let said = world.run(args);
            assert_eq!(said.exit, exit, "{args:?}: {}", said.all());
            assert!(said.err.contains(why), "{args:?}: {}", said.all());
        }
    }
    // The lines that it says are the lines that let the key sign.
    let said = world.run(&["gate", "readiness", "--sign-key", ".git/other.pem"]);
    let line =
        said.err.lines().find_map(|line| Some(line.split_once("reviewed: machines:")?.1)).unwrap();
    assert_eq!((world.read(LEDGER), envelopes(&world)), before);
    let text = world.read("d3p.yaml");
    let start = text.find("machines:").unwrap();
    world.write("d3p.yaml", format!("{}machines:{line}\n", &text[..start]));
    passes(&world, &["gate", "readiness", "--sign-key", ".git/other.pem"]);
    world.only_var("D3P_SIGNING_KEY", Some("hunter2"));
    let said = world.run(&["gate", "staging-validation"]);
    assert!(said.exit == Exit::Incomplete && !said.all().contains("hunter2"), "{}", said.all());
}

#[test]
fn runs_and_evidence_are_signed_and_the_facts_are_worth_more() {
    let world = deployed();
    assert_eq!(envelopes(&world).len(), 4, "{:?}", envelopes(&world));
    let gates = facts(&world, "readiness", &[]);
    assert_eq!(gates[0]["facts"], "L1", "{gates:#?}");
    assert_eq!(gates[0]["typed"], 0);
    assert_eq!(gates[0]["record_signed_by"], "release-ci");
    let gates = facts(&world, "staging-validation", &[]);
    assert_eq!(
        (&gates[1]["facts"], &gates[1]["typed"], &gates[1]["files"]),
        (&json!("L1"), &json!(0), &json!(1)),
        "{gates:#?}"
    );
    let said = passes(&world, &["check", "--through", "readiness"]);
    assert!(!said.out.contains("GL909"), "{}", said.all());
    // The policy from a commit that the verifier names.
    let git = |args: &[&str]| {
        let done = Command::new("git")
            .args(["-c", "user.name=T", "-c", "user.email=t@example.com"])
            .args(args)
            .current_dir(&world.dir)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap();
        assert!(done.status.success());
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    };
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "-m", "policy"]);
    let commit = git(&["rev-parse", "HEAD"]);
    let gates = facts(&world, "readiness", &["--policy-commit", &commit]);
    assert_eq!(gates[0]["facts"], "L2", "{gates:#?}");
    passes(&world, &["verify", "--through", "readiness", "--min-facts", "L1"]);
    let said = world.json(&["verify", "--through", "readiness", "--min-facts", "L2"]);
    assert!(said.exit == Exit::Refused && said.has("GL915"), "{}", said.all());
    // One that is recorded without a key takes the level down, and nothing else.
    passes(&world, &["run", "deploy-staging"]);
    let gates = facts(&world, "staging-validation", &[]);
    assert_eq!((&gates[1]["facts"], &gates[1]["typed"]), (&json!("L0"), &json!(1)), "{gates:#?}");
    let said = passes(&world, &["verify", "--through", "readiness"]);
    assert!(!said.out.contains("GL519") && !said.out.contains("GL521"), "{}", said.all());
}

#[test]
fn a_whole_release_is_signed_by_the_variable_of_its_job() {
    let world = World::new();
    let script = run_script(false);
    let policy = script.iter().position(|step| matches!(step.action, Action::Write(_))).unwrap();
    world.play(&script[..=policy]);
    let pem = make_key(&world, KEY, KINDS[0].1);
    world.write("d3p.yaml", world.read("d3p.yaml") + &machine("release-ci", &pem));
    world.only_var("D3P_SIGNING_KEY", Some(&world.read(KEY)));
    world.play(&script[policy + 1..]);
    let gates = facts(&world, "stabilization", &[]);
    for gate in &gates {
        assert_eq!(gate["facts"], "L1", "{gates:#?}");
        assert_eq!(gate["record_signed_by"], "release-ci", "{gates:#?}");
    }
    let said = passes(&world, &["verify"]);
    assert!(said.out.contains("that a machine signed what never happened"), "{}", said.all());
    // An archive keeps what was signed, and verifies in place.
    let archived = world.copy();
    passes(&archived, &["archive"]);
    let said = archived.json(&["verify", ".artifacts/releases/v1.4.0+1"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    for gate in said.json()["audit"]["assurance"].as_array().unwrap() {
        assert_eq!(gate["facts"], "L1", "{gate:#}");
    }
    // What was measured stays at the moment when it was.
    let told = world.read(HEALTH);
    let first = told.lines().find(|line| line.starts_with("- 20")).unwrap();
    let (_, rest) = first[2..].split_once(' ').unwrap();
    let again = format!("{first}\n- {} {rest}", world.now());
    for (what, entry) in [
        ("another time", format!("- 2026-11-21T08:00:00.00Z {rest}")),
        ("twice", again.replacen(&rest[..16], "00112233445566aa", 1)),
    ] {
        world.write(HEALTH, told.replacen(first, &entry, 1));
        let said = world.json(&["verify"]);
        assert!(said.has("GL232"), "{what}: {}", said.all());
        let audit = said.json();
        let gates = audit["audit"]["assurance"].as_array().unwrap();
        let last = gates.iter().find(|gate| gate["gate"] == "stabilization").unwrap();
        assert_eq!(last["facts"], "L0", "{what}: {last:#}");
    }
    world.write(HEALTH, told);
    each_sample_has_a_signature(&world);
    // The key is in nothing that was written or said.
    let body = world.read(KEY).lines().nth(1).unwrap().to_owned();
    assert!(!said.all().contains(&body));
    let found = Command::new("grep")
        .args(["-r", "-l", "-F", &body, ".", "--exclude-dir=.git"])
        .current_dir(&world.dir)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "");
}

/// Each sample has a signature of its own, and none may go.
fn each_sample_has_a_signature(world: &World) {
    let runs: Vec<String> = world
        .read(LEDGER)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| {
            line["kind"] == "ran"
                && line["hook"] == "health-check"
                && line["outcome"]["exit_code"] == 0
        })
        .map(|line| {
            let mut files = line["digests"].as_array().unwrap().iter();
            let signed =
                files.find(|file| file["path"].as_str().unwrap().starts_with(ATTESTATIONS));
            signed.unwrap()["path"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(runs.len() > 1, "{runs:?}");
    for path in &runs {
        let text = world.read(path);
        std::fs::remove_file(world.dir.join(path)).unwrap();
        assert!(world.json(&["verify"]).has("GL521"), "{path} is gone");
        world.write(path, text.replacen("\"sig\": \"", "\"sig\": \"AAAA", 1));
        assert!(world.json(&["verify"]).has("GL519"), "{path} is altered");
        world.write(path, text);
    }
}

#[test]
fn no_hook_sees_the_key() {
    let world = World::new();
    world.play(&script_until(&["record", "deployment-readiness-checklist"]));
    let pem = make_key(&world, KEY, KINDS[0].1);
    world.write("d3p.yaml", world.read("d3p.yaml") + &machine("release-ci", &pem));
    let nosy = "deploy-staging: { shell: \"env; echo done; cat $D3P_SIGNING_KEY_FILE; echo ::service api=healthy v1.4.0; echo ::service web=healthy v1.4.0\" }\n  old:";
    world.edit("d3p.yaml", "deploy-staging:", nosy);
    world.edit("d3p.yaml", "old: {", "old: { step: deploy-staging,");
    let text = world.read("d3p.yaml").replace("  old:", "  #old:");
    world.write("d3p.yaml", text);
    let key = world.read(KEY);
    for (name, value) in [("D3P_SIGNING_KEY", key.as_str()), ("D3P_SIGNING_KEY_FILE", KEY)] {
        let world = world.copy();
        world.only_var(name, Some(value));
        passes(&world, &["gate", "readiness"]);
        let said = passes(&world, &["run", "deploy-staging"]);
        assert!(
            said.out.contains("D3P_RELEASE=v1.4.0") && said.out.contains("done"),
            "{}",
            said.all()
        );
        assert!(
            !said.all().contains("SIGNING") && !said.all().contains("PRIVATE KEY"),
            "{}",
            said.all()
        );
    }
    for list in ["environment", "secrets"] {
        let world = world.copy();
        world.edit("d3p.yaml", &format!("{list}: []"), &format!("{list}: [D3P_SIGNING_KEY]"));
        world.only_var("D3P_SIGNING_KEY", Some(&key));
        let said = world.json(&["check"]);
        assert!(said.has("GL003"), "{}", said.all());
        let said = world.run(&["run", "deploy-staging"]);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        assert!(said.err.contains("no hook may see D3P_SIGNING_KEY"), "{}", said.all());
    }
}
