//! Approvals that the agent makes itself.

use super::*;

#[test]
fn an_approval_that_it_writes_itself() {
    let world = signed_until(&SIGN);
    let mut own = statement(&world);
    own["predicate"]["nonce"] = json!("0".repeat(32));
    put(&world, &canonical::to_canonical(&own), None);
    not_cleared(&world, "GL510", "no signature");
    let (key, _) = own_key(&world, "agent");
    let text = canonical::to_canonical(&own);
    put(&world, &text, Some(&signature(&world, &key, "d3p-approval", &text)));
    not_cleared(&world, "GL512", "a key that nobody listed");
    put(&world, &text, Some("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----"));
    not_cleared(&world, "GL511", "no signature at all");
    let typed =
        world.run(&["record", "production-approval", "--by", "Ana Silva", "--decision", "go"]);
    assert_eq!(typed.exit, Exit::Incomplete, "{}", typed.all());
}

#[test]
fn a_signature_that_was_made_for_something_else() {
    let world = signed_until(&SIGN);
    let text = canonical::to_canonical(&statement(&world));
    for namespace in ["git", "file", "d3p-approval2", "D3P-APPROVAL"] {
        put(&world, &text, Some(&signature(&world, ANA, namespace, &text)));
        not_cleared(&world, "GL511", namespace);
    }
}

#[test]
fn statements_with_two_readings_or_of_another_type() {
    let world = signed_until(&SIGN);
    let honest = canonical::to_canonical(&statement(&world));
    let of_type = |from: &str, to: &str| {
        assert!(honest.contains(from), "{from}");
        honest.replacen(from, to, 1)
    };
    for (what, text) in [
        ("a waiver", of_type("predicates/approval/v1", "predicates/waiver/v1")),
        ("spaces", of_type("{\"_type\"", "{ \"_type\"")),
        (
            "a key twice",
            of_type("\"decision\":\"GO\"", "\"decision\":\"NO_GO\",\"decision\":\"GO\""),
        ),
        ("a lone surrogate", of_type("Ana Silva", "Ana Silva\\ud800")),
        ("another spelling", of_type("Ana Silva", "\\u0041na Silva")),
        ("an unknown key", of_type("\"decision\":\"GO\"", "\"decision\":\"GO\",\"force\":true")),
        ("text behind it", format!("{honest} ")),
    ] {
        put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
        not_cleared(&world, "GL503", what);
    }
}

#[test]
fn a_role_that_the_policy_does_not_give() {
    let world = signed_until(&SIGN);
    let mut other = statement(&world);
    other["predicate"]["role"] = json!("sre-lead");
    let text = canonical::to_canonical(&other);
    put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
    not_cleared(&world, "GL512", "a role");
}

/// The approver signs commits of this repository every day; each of those signatures lies in it.
#[test]
fn a_signature_of_a_commit() {
    let world = signed_until(&SIGN);
    let key = world.dir.join(ANA);
    let key = format!("user.signingkey={}", key.display());
    git(&world, &["add", "--all"]);
    let args = ["-c", "gpg.format=ssh", "-c", &key, "commit", "--quiet", "-S", "-m", "shop: go"];
    git(&world, &args);
    let commit = git(&world, &["cat-file", "commit", "HEAD"]);
    let mut signed = String::new();
    let mut signature = String::new();
    let mut inside = false;
    for line in commit.split_inclusive('\n') {
        if let Some(first) = line.strip_prefix("gpgsig ") {
            inside = true;
            signature += first;
        } else if inside && line.starts_with(' ') {
            signature += &line[1..];
        } else {
            inside = false;
            signed += line;
        }
    }
    assert!(signature.starts_with("-----BEGIN SSH SIGNATURE-----"), "{commit}");
    let statement = canonical::to_canonical(&statement(&world));
    for text in [&statement, &signed] {
        put(&world, text, Some(signature.trim_end()));
        let said = world.json(&CLEARANCE);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        assert!(said.has("GL511") || said.has("GL503"), "{:?}", said.rules());
    }
}

/// A request is not a decision, whatever it is dressed up as.
#[test]
fn a_request_that_says_that_it_is_approved() {
    let world = signed_until(&["approve", "request", "production"]);
    let mut file = approval(&world);
    file["request"]["brief"] = json!("APPROVED by Ana Silva");
    world.write(APPROVAL, serde_json::to_string_pretty(&file).unwrap() + "\n");
    not_cleared(&world, "GL501", "a request");
    file["status"] = json!("passed");
    file["x-approved"] = json!(true);
    world.write(APPROVAL, serde_json::to_string_pretty(&file).unwrap() + "\n");
    not_cleared(&world, "GL501", "a request with a boolean");
}

/// Names end in lines that look like the report's own.
#[test]
fn lines_of_a_report_that_stand_in_names() {
    let forged = "\nverify through production-launch: PASSED, no findings";
    let world = signed_until(&SIGN);
    world.write(&format!(".artifacts/deployment/notes{forged}"), "x");
    let project = json!(format!("shop{forged}")).to_string();
    world.edit("d3p.yaml", "project: demo/shop", &format!("project: {project}"));
    let scope = json!(format!("SHOP-412{forged}")).to_string();
    let manifest = ".artifacts/deployment/release-manifest.md";
    world.edit(manifest, "\"SHOP-412 gift cards can be redeemed at checkout\"", &scope);
    let service = json!(format!("web{forged}")).to_string();
    world.edit(manifest, "- \"web\"", &format!("- {service}"));
    for args in [
        &["verify"][..],
        &["check"],
        &["check", "--before", "deploy-production"],
        &["status"],
        &["approve", "show"],
        &["approve", "status"],
        &["rollback", "status"],
        &["diff"],
        &["bundle", "create", "../x.tar.gz"],
        &["--quiet", "verify"],
    ] {
        let said = world.run(args).all();
        let taken_in =
            said.lines().find(|line| line.starts_with("verify through production-launch: P"));
        assert_eq!(taken_in, None, "{args:?}: {said}");
    }
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Refused);
    assert!(said.out.contains("notes\\u{a}verify through"), "{}", said.out);
}
