//! `d3p pin`, and the commit that a job deploys by itself.

use super::*;

const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";

#[test]
fn a_release_is_pinned_to_the_commit_with_its_scripts() {
    let world = release(&[], &|_| {}, "people fill in the documents; other phases hand over");
    world.write("scripts/new.sh", "true\n");
    let head = commit(&world, "scripts, written after init");
    let was = git(&world, &["rev-list", "--max-parents=0", "HEAD"]);
    let said = world.run(&["pin"]);
    passes(&said);
    assert!(said.out.contains(&format!("is now of {head}")), "{}", said.out);
    assert!(world.read(MANIFEST).contains(&head) && !world.read(MANIFEST).contains(&was));
    assert!(world.run(&["pin"]).out.contains("already"));
    assert_eq!(world.run(&["pin", "nonsense"]).exit, Exit::Incomplete);
    passes(&world.run(&["pin", "HEAD~1"]));
    assert!(world.read(MANIFEST).contains(&was));
}

#[test]
fn after_gate_1_it_is_said_and_after_the_launch_it_is_history() {
    let world = ready();
    let head = commit(&world, "evidence");
    refuses(&world.run(&["pin"]), "has bound commit");
    passes(&world.run(&["pin", "--reopen"]));
    assert!(world.read(MANIFEST).contains(&head));
    assert_eq!(world.run(&["gate", "staging-validation"]).exit, Exit::Refused);
    let world = approved();
    passes(&launch(&world));
    commit(&world, "evidence");
    refuses(&world.run(&["pin", "--reopen"]), "which commit it is of is history");
}

#[test]
fn a_job_that_deploys_by_itself_is_told_the_commit() {
    let world = approved();
    commit(&world, "evidence");
    let release = git(&world, &["rev-list", "--max-parents=0", "HEAD"]);
    let said = world.run(&["check", "--before", "deploy-production"]);
    passes(&said);
    assert!(said.out.contains(&format!("what was approved: {release}")), "{}", said.out);
    assert_eq!(
        world.json(&["check", "--before", "deploy-production"]).json()["release"]["commit"],
        release
    );
    // Anything else than documents, evidence and records is another commit.
    for path in ["README.md", "d3p/deploy.sh", ".d3p/x.sh", "services/api/main.sh"] {
        let world = world.copy();
        world.write(path, "echo EVIL\n");
        commit(&world, "one more");
        let said = world.json(&["check", "--before", "deploy-production"]);
        assert_eq!(said.exit, Exit::Refused, "{path}: {}", said.all());
        assert!(said.rules().contains(&("GL414".to_owned(), path.to_owned())), "{}", said.all());
        // What d3p itself runs is not what is checked out.
        deploys_what_was_approved(&world);
    }
}

#[test]
fn whoever_signs_is_told_whether_the_branch_that_releases_come_from_has_it() {
    let upstream = tempfile::tempdir().unwrap();
    let url = format!("file://{}", upstream.path().display());
    let edit = |world: &World| {
        let policy = world.read("d3p.yaml");
        world.write("d3p.yaml", format!("{policy}source: {{ url: \"{url}\", branch: main }}\n"));
    };
    let world = release(&[], &edit, BEFORE_GO);
    let shown = || world.run(&["approve", "show"]);
    let line = |said: &Said| {
        let found = said.out.lines().find(|line| line.starts_with("On the branch that releases"));
        found.unwrap_or_else(|| panic!("{}", said.all())).to_owned()
    };
    assert!(line(&shown()).contains("not known, main at file://"), "{}", line(&shown()));
    // Another history: what the clone calls its remote is not asked.
    let up = |args: &[&str]| {
        let status = Command::new("git").current_dir(upstream.path()).args(args).status();
        assert!(status.unwrap().success(), "{args:?}");
    };
    up(&["init", "--quiet", "--bare", "--initial-branch=main"]);
    let release = git(&world, &["rev-list", "--max-parents=0", "HEAD"]);
    let tree = git(&world, &["rev-parse", &format!("{release}^{{tree}}")]);
    let other = git(&world, &["commit-tree", "-m", "another", &tree]);
    let main = |id: &str| format!("+{id}:refs/heads/main");
    git(&world, &["push", "--quiet", &url, &main(&other)]);
    git(&world, &["update-ref", "refs/remotes/origin/main", &release]);
    git(&world, &["config", &format!("url.file://{}/.insteadOf", world.dir.display()), &url]);
    assert!(line(&shown()).contains("NO, main at file://"), "{}", line(&shown()));
    git(
        &world,
        &["config", "--unset-all", &format!("url.file://{}/.insteadOf", world.dir.display())],
    );
    let later = git(&world, &["commit-tree", "-p", &release, "-m", "later", &tree]);
    git(&world, &["push", "--quiet", &url, &main(&later)]);
    assert!(line(&shown()).contains("yes, main at file://"), "{}", line(&shown()));
    // It is told, and is no part of what is signed.
    let seen = |said: &Said| said.out.lines().last().unwrap().to_owned();
    let before = seen(&shown());
    git(&world, &["push", "--quiet", &url, &main(&other)]);
    assert_eq!(seen(&shown()), before);
}
