//! What honest teams do between the GO and the end of the health window.

use super::*;
use crate::common::traced::TracedGit;
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn main_moves_on_while_production_is_watched() {
    let world = approved();
    deploys_what_was_approved(&world);
    passes(&world.run(&["run", "validate-production"]));
    passes(&world.run(&["gate", "production-launch"]));
    world.write("README.md", "More words.\n");
    world.write("CHANGELOG.md", "## v1.4.0\n");
    commit(&world, "docs, and what the bot commits");
    world.write("services/web/main.sh", "#!/bin/sh\necho web2\n");
    commit(&world, "a colleague's merge");
    world.write("notes.txt", "call Jonas\n");
    passes(&world.run(&["run", "health-check"]));
    passes(&world.record_example("live-confirmations"));
    let recorded = world.read(".artifacts/deployment/live-confirmations.json");
    let head = git(&world, &["rev-parse", "HEAD"]);
    assert!(recorded.contains(&format!("\"observed_commit\": \"{head}\"")), "{recorded}");
    assert_eq!(world.read("notes.txt"), "call Jonas\n");
}

#[test]
fn a_rebase_a_detached_head_and_a_linked_work_tree_are_no_matter() {
    let world = approved();
    commit(&world, "evidence so far");
    git(&world, &["checkout", "--quiet", "--orphan", "rebased"]);
    commit(&world, "all in one");
    git(&world, &["checkout", "--quiet", "--detach"]);
    deploys_what_was_approved(&world);

    let world = approved();
    commit(&world, "evidence so far");
    let mut linked = world.copy();
    let path = world.dir.parent().unwrap().join("linked");
    git(&world, &["worktree", "add", "--quiet", "--detach", path.to_str().unwrap()]);
    linked.dir = path;
    deploys_what_was_approved(&linked);
}

#[test]
fn a_test_may_change_a_tracked_file() {
    let edit = |world: &World| {
        world.edit(
            "d3p.yaml",
            "run: [sh, scripts/validate.sh]",
            "shell: \"echo 97% > coverage.txt && sh scripts/validate.sh\"",
        );
    };
    let world = release(&[("coverage.txt", "96%\n")], &edit, BEFORE_LAUNCH);
    assert_eq!(world.read("coverage.txt"), "96%\n");
    assert_eq!(record_of(&world, "validate-staging")["changed"][0], "coverage.txt");
    deploys_what_was_approved(&world);
}

#[test]
fn a_hook_may_ask_git_what_it_is() {
    let edit = |world: &World| {
        git(world, &["tag", "v1.4.0"]);
        world.edit("d3p.yaml", DEPLOY, "deploy-production: { shell: \"git describe --tags --dirty && sh scripts/deploy_backend.sh --env {env} --release {release}\" }");
    };
    let world = release(
        &[("run.bat", "echo 1\r\n"), (".gitattributes", "*.bat text eol=crlf\n")],
        &edit,
        BEFORE_LAUNCH,
    );
    commit(&world, "later");
    deploys_what_was_approved(&world);
    let log = log_of(&world, "deploy-production");
    assert!(log.starts_with("v1.4.0\n"), "{log}");
}

#[test]
fn a_read_only_checkout_with_odd_names_is_enough() {
    let edit = |world: &World| {
        let hook = "deploy-staging: { run: [sh, \"skripte/aus liefern f\u{fc}r.sh\"] }";
        world.edit("d3p.yaml", &DEPLOY.replace("production", "staging"), hook);
    };
    let script = "echo '::service api=healthy v1.4.0'; echo '::service web=healthy v1.4.0'\n";
    let world = release(&[("skripte/aus liefern f\u{fc}r.sh", script)], &edit, BEFORE_STAGING);
    let dirs = ["skripte", "services", "scripts", "config", ".git/objects", ".git/refs"];
    let set = |mode: u32| {
        for dir in dirs {
            fs::set_permissions(world.dir.join(dir), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o555);
    let said = world.run(&["run", "deploy-staging"]);
    set(0o755);
    passes(&said);
}

#[test]
fn a_server_that_a_deployment_leaves_behind_keeps_its_files() {
    let edit = |world: &World| {
        let hook = "deploy-staging: { shell: \"(sleep 60 >/dev/null 2>&1 & echo $! > /dev/null; pwd) && sh scripts/deploy_backend.sh --env {env} --release {release}\" }";
        world.edit("d3p.yaml", &DEPLOY.replace("production", "staging"), hook);
    };
    let world = release(&[], &edit, BEFORE_STAGING);
    passes(&world.run(&["run", "deploy-staging"]));
    let tree = PathBuf::from(log_of(&world, "deploy-staging").lines().next().unwrap());
    assert!(tree.join("services/api/main.sh").exists(), "{}", tree.display());
    // The next one has the same place: bind mounts and names of compose projects hold.
    passes(&world.run(&["run", "deploy-staging", "--reopen"]));
    assert_eq!(PathBuf::from(log_of(&world, "deploy-staging").lines().next().unwrap()), tree);
    assert!(tree.ends_with("shop"), "{}", tree.display());
}

/// What a compose project does, without docker: it is called after its directory, mounts files of it by
/// their absolute paths, goes on in the background, and the next `up` takes the place of the one before.
#[test]
fn a_compose_project_with_bind_mounts_serves_what_was_approved() {
    let compose = "#!/bin/sh
name=$(basename \"$PWD\"); run=$2/$name
mkdir -p $run
[ -e $run/pid ] && kill $(cat $run/pid)
mount=$PWD/config/production.env
(while sleep 0.05; do cat $mount > $run/served.new; pwd >> $run/served.new; mv $run/served.new $run/served; done) > /dev/null 2>&1 &
echo $! > $run/pid
";
    let outside = tempfile::tempdir().unwrap();
    let edit = |world: &World| {
        let up = format!("sh compose.sh up {}", outside.path().display());
        let deploy = "sh scripts/deploy_backend.sh --env {env} --release {release}";
        for hook in ["deploy-staging", "deploy-production"] {
            let old = DEPLOY.replace("deploy-production", hook);
            world.edit(
                "d3p.yaml",
                &old,
                &format!("{hook}: {{ shell: \"{up}-{hook} && {deploy}\" }}"),
            );
        }
    };
    let world = release(&[("compose.sh", compose)], &edit, BEFORE_LAUNCH);
    let approved = world.read("config/production.env");
    world.write("config/production.env", "EVIL=1\n");
    deploys_what_was_approved(&world);
    let run = PathBuf::from(format!("{}-deploy-production/shop", outside.path().display()));
    let pid = fs::read_to_string(run.join("pid")).unwrap();
    let served = || {
        let _ = fs::remove_file(run.join("served"));
        for _ in 0..200 {
            if let Ok(text) = fs::read_to_string(run.join("served")) {
                return text;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("nothing is served");
    };
    let text = served();
    assert!(text.starts_with(&approved) && !text.contains("EVIL"), "{text}");
    // What else d3p runs takes nothing away from under it.
    passes(&world.run(&["run", "validate-production"]));
    assert_eq!(served(), text);
    for hook in ["deploy-staging", "deploy-production"] {
        let dir = PathBuf::from(format!("{}-{hook}/shop", outside.path().display()));
        let pid = fs::read_to_string(dir.join("pid")).unwrap();
        assert!(Command::new("kill").arg(pid.trim()).status().unwrap().success(), "{hook}");
    }
    assert!(!pid.is_empty());
}

#[test]
fn at_most_twelve_git_processes_make_a_run() {
    let git = TracedGit::new();
    let edit = |world: &World| {
        world.edit("d3p.yaml", "run: { environment: [], secrets: [] }", &git.policy());
    };
    let world = release(&[], &edit, BEFORE_LAUNCH);
    git.forget();
    passes(&launch(&world));
    let count = git.count();
    assert!((4..=12).contains(&count), "{count} git processes");
}

#[test]
fn a_monorepo_is_released_project_by_project() {
    let world = attacks::monorepo();
    fs::write(world.dir.join("../other/main.sh"), "echo changed\n").unwrap();
    passes(&world.run(&["run", "deploy-staging"]));
    passes(&world.run(&["run", "validate-staging"]));
    // Two hooks of one step, one for each region, have a place each.
    let record = record_of(&world, "deploy-staging");
    assert_eq!(record["directory"], ".");
}

#[test]
fn what_a_hook_missed_is_told_with_the_line_to_add() {
    let edit = |world: &World| {
        let hook = "deploy-staging: { shell: \"cat node_modules/lib/index.js && sh scripts/deploy_backend.sh --env {env} --release {release}\" }";
        world.edit("d3p.yaml", &DEPLOY.replace("production", "staging"), hook);
    };
    let world = release(&[(".gitignore", "node_modules/\n")], &edit, BEFORE_STAGING);
    world.write("node_modules/lib/index.js", "module\n");
    let said = world.run(&["run", "deploy-staging"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let told = "node_modules/lib/index.js lies in the project and not in the release's commit";
    assert!(said.out.contains(told), "{}", said.out);
    assert!(said.out.contains("carry: [{ path: node_modules"), "{}", said.out);
}
