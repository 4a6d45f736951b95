//! The next launch after one that went wrong: whatever its version and commit, the fix is named, and whoever
//! says GO knows.

use super::*;
use d3p::Stamp;

/// The next release, of a commit that fixes what went wrong, with `fixes` as its manifest says them.
fn next_release(closed: &World, version: &str, fixes: &dyn Fn(&str) -> String) -> World {
    let world = closed.copy();
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "evidence of the release that failed"]);
    git(&world, &["commit", "--quiet", "--allow-empty", "-m", "web: fix the launch"]);
    world.write(".artifacts/releases/notes.md", "What went wrong.\n");
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "web: say what is fixed"]);
    world.write("services/web/migrated", "yes\n");
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "web: migrate first"]);
    let fix = git(&world, &["rev-parse", "HEAD"]);
    let written: Vec<(String, String)> =
        documents(&world).into_iter().map(|path| (path.clone(), world.read(&path))).collect();
    passed(&world.run(&["init", "--release", version]));
    let manifest = world.read(MANIFEST);
    assert!(manifest.contains("fixes:\n  - of: \"v1.4.0+1\""), "{manifest}");
    let old = closed.read(&format!("{ARCHIVE}/{MANIFEST}"));
    let failed = git(&world, &["rev-list", "--max-parents=0", "HEAD"]);
    let text = old
        .replace(&failed, &fix)
        .replace("release: \"v1.4.0\"", &format!("release: \"{version}\""))
        .replace("previous_release:", &format!("{}previous_release:", fixes(&fix)));
    world.write(MANIFEST, renamed(&text, version));
    // People said it anew, and meant the same.
    for (path, text) in written {
        world.write(&path, renamed(&text, version));
    }
    let plan = ".artifacts/deployment/rollback-plan.md";
    let text = closed.read(&format!("{ARCHIVE}/{plan}")).replace(&failed, &fix);
    world.write(plan, renamed(&text, version));
    world
}

fn renamed(text: &str, version: &str) -> String {
    text.replace("v1.4.0", version).replace(&format!("of: {version}+1"), "of: v1.4.0+1")
}

fn documents(world: &World) -> Vec<String> {
    ["d3p/phase-9-deployment-golive", "d3p/phase-8-readiness"]
        .iter()
        .flat_map(|dir| std::fs::read_dir(world.dir.join(dir)).unwrap())
        .map(|entry| {
            let path = entry.unwrap().path();
            path.strip_prefix(&world.dir).unwrap().to_string_lossy().into_owned()
        })
        .collect()
}

/// Whether the check of gate 1 names the rule.
fn finds(world: &World, rule: &str) -> bool {
    world.json(&["check", "--through", "1"]).has(rule)
}

#[test]
fn a_retry_names_its_fix() {
    let closed = closed();
    let named = |fix: &str| format!("fixes: [{{ of: v1.4.0+1, commit: \"{fix}\" }}]\n");
    let none = next_release(&closed, "v1.4.1", &|_| String::new());
    assert!(finds(&none, "GL533"));
    refused(&none.run(&["gate", "1"]), "v1.4.0+1 was launched");
    // A commit that was in the release that failed is no fix, and neither is one that is not here.
    let old = git(&closed, &["rev-list", "--max-parents=0", "HEAD"]);
    for commit in [old.as_str(), "0123456789abcdef0123456789abcdef01234567"] {
        let fixes = |_: &str| format!("fixes: [{{ of: v1.4.0+1, commit: \"{commit}\" }}]\n");
        let lie = next_release(&closed, "v1.4.1", &fixes);
        refused(
            &lie.run(&["gate", "1", "--dry-run"]),
            "is not one that changes something, and that this release has",
        );
    }
    // Nor is one that changes nothing, or papers only.
    for rev in ["HEAD~1", "HEAD~2"] {
        let lie = next_release(&closed, "v1.4.1", &|fix| named(fix));
        let (fix, empty) = (git(&lie, &["rev-parse", "HEAD"]), git(&lie, &["rev-parse", rev]));
        lie.edit(MANIFEST, &named(&fix), &named(&empty));
        refused(&lie.run(&["gate", "1", "--dry-run"]), "is not one that changes something");
    }
    // The same attempt once more, or another version: it is the same project.
    let other = next_release(&closed, "v2.0.0", &|_| String::new());
    assert!(finds(&other, "GL533"));
    assert!(!finds(&next_release(&closed, "v1.4.1", &named), "GL533"));
    let said =
        |_: &str| "fixes: [{ of: v1.4.0+1, reason: the disk was full, and is not }]\n".into();
    assert!(!finds(&next_release(&closed, "v1.4.1", &said), "GL533"));
}

#[test]
fn whoever_approves_next_reads_what_happened() {
    let named = |fix: &str| format!("fixes: [{{ of: v1.4.0+1, commit: \"{fix}\" }}]\n");
    let world = next_release(&closed(), "v1.4.1", &named);
    let shown = world.run(&["approve", "show"]);
    for part in [
        "What went wrong before",
        "v1.4.0+1 was launched",
        "rolled back: passed (api healthy v1.3.0, web healthy v1.3.0)",
        "root cause: web needs a column",
        "fix before a retry: The migration runs before both",
        "fix in this release: commit ",
        "GL534",
    ] {
        assert!(shown.out.contains(part), "{part}: {}", shown.all());
    }
}

#[test]
fn a_launch_that_stands_ends_the_story() {
    let world = closed();
    // As if a later release had been launched, and stood: its report says so, and its ledger.
    let dir = ".artifacts/releases/v1.4.1+1";
    crate::common::copy_tree(&world.dir.join(ARCHIVE), &world.dir.join(dir));
    let _ = Stamp::parse(crate::common::START);
    world.remove(&format!("{dir}/{INCIDENT}"));
    world.remove(&format!("{dir}/{REPORT}"));
    let launch = format!("{dir}/.artifacts/deployment/production-deployment-report.json");
    let text = world.read(&launch).replace("\"status\": \"failed\"", "\"status\": \"passed\"");
    world.write(&launch, text.replace("2026-11-21T09:", "2026-11-22T09:"));
    let ledger = format!("{dir}/.artifacts/deployment/records/ledger.jsonl");
    let text = world.read(&ledger).replace("\"status\":\"failed\"", "\"status\":\"passed\"");
    let kept: Vec<&str> =
        text.lines().filter(|line| !line.contains("\"hook\":\"rollback\"")).collect();
    world.write(&ledger, kept.join("\n") + "\n");
    passed(&world.run(&["init", "--release", "v1.5.0"]));
    let manifest = world.read(MANIFEST);
    assert!(!manifest.contains("fixes:"), "{manifest}");
}

#[test]
fn a_new_version_is_no_way_around_a_no_go() {
    let script = run_script(true);
    let end =
        script.iter().position(|step| is(step, &["approve", "request", "production"])).unwrap();
    let world = World::new();
    world.play(&script[..=end]);
    let no = ["approve", "sign", "--as", "ana@shop.example", "--decision", "no-go", "--key", ANA];
    assert_eq!(world.run(&no).exit, Exit::Refused);
    passed(&world.run(&["archive", "--outcome", "abandoned", "--reason", "somebody said no"]));
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "evidence of the release that was given up"]);
    passed(&world.run(&["init", "--release", "v9.0.0"]));
    let json = world.json(&["check", "--through", "4"]);
    let found = json.json()["findings"]
        .as_array()
        .unwrap()
        .iter()
        .any(|own| own["rule"] == "GL528" && own["state"] == "review");
    assert!(found, "{}", json.all());
    let shown = world.run(&["approve", "show"]);
    assert!(shown.out.contains("Ana Silva said NO_GO to v1.4.0+1"), "{}", shown.all());
}

#[test]
fn what_people_wrote_of_a_release_that_was_taken_back_is_asked_again() {
    let world = closed();
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "evidence of the release that failed"]);
    passed(&world.run(&["init", "--release", "v1.4.1"]));
    let plan = world.read("d3p/phase-9-deployment-golive/phase9_deployment_plan.md");
    assert!(plan.contains("release: \"v1.4.1\"") || plan.contains("release: v1.4.1"), "{plan}");
    assert!(plan.contains("say it anew for v1.4.1"), "{plan}");
    let back = world.read(".artifacts/deployment/rollback-plan.md");
    // The way back still leads to the release before the one that failed.
    assert!(back.contains("v1.3.0") && back.contains("Jonas Weber"), "{back}");
    let manifest = world.read(MANIFEST);
    assert!(manifest.contains("of: \"v1.4.0+1\""), "{manifest}");
}
