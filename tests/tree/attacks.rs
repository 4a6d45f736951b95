//! Ways to have something else run than what was approved.

use super::*;
use std::os::unix::fs::{PermissionsExt as _, symlink};

const EVIL: &str = "#!/bin/sh\necho EVIL\n";

#[test]
fn a_script_that_was_rewritten_after_the_go_does_not_run() {
    // In the work tree, in the index, in a commit: none of them is what was approved.
    let world = approved();
    world.write("scripts/deploy_backend.sh", EVIL);
    deploys_what_was_approved(&world);
    let world = approved();
    world.write("scripts/deploy_backend.sh", EVIL);
    world.write("services/api/main.sh", EVIL);
    commit(&world, "harmless");
    deploys_what_was_approved(&world);
}

#[test]
fn what_lies_below_directories_of_d3p_is_no_exception() {
    let edit = |world: &World| {
        world.edit(
            "d3p.yaml",
            DEPLOY,
            "deploy-production: { shell: \"sh d3p/deploy.sh; sh .d3p/x.sh; sh .artifacts/y.sh\" }",
        );
    };
    let files = [
        (
            "d3p/deploy.sh",
            "echo '::service api=healthy v1.4.0'; echo '::service web=healthy v1.4.0'; echo deploying api v1.4.0 to production\n",
        ),
        (".d3p/x.sh", "true\n"),
        (".artifacts/y.sh", "true\n"),
    ];
    let world = release(&files, &edit, BEFORE_LAUNCH);
    for path in ["d3p/deploy.sh", ".d3p/x.sh", ".artifacts/y.sh"] {
        world.write(path, EVIL);
    }
    commit(&world, "documents");
    deploys_what_was_approved(&world);
}

#[test]
fn untracked_and_ignored_files_are_not_there() {
    let edit = |world: &World| {
        world.edit("d3p.yaml", DEPLOY, "deploy-production: { shell: \"if [ -e extra.sh ]; then sh extra.sh; fi; if [ -e cache/x.sh ]; then sh cache/x.sh; fi; sh scripts/deploy_backend.sh --env {env} --release {release}\" }");
    };
    let world = release(&[(".gitignore", "cache/\n/reports/\n")], &edit, BEFORE_LAUNCH);
    world.write("extra.sh", EVIL);
    world.write("cache/x.sh", EVIL);
    git(&world, &["update-index", "--assume-unchanged", "scripts/deploy_backend.sh"]);
    world.write("scripts/deploy_backend.sh", EVIL);
    world.write(".git/info/exclude", "extra.sh\n");
    deploys_what_was_approved(&world);
}

#[test]
fn a_report_that_lies_about_is_nobodys_report() {
    let world = ready();
    passes(&world.run(&["run", "deploy-staging"]));
    world.edit("d3p.yaml", "run: [sh, scripts/validate.sh]", "shell: \"true\"");
    passes(&world.run(&["gate", "readiness", "--refreeze"]));
    for name in ["smoke.xml", "contract.xml", "scan.sarif", "performance.json"] {
        world.write(&format!("reports/{name}"), "<testsuites/>");
    }
    let said = world.run(&["run", "validate-staging"]);
    assert!(said.all().contains("it wrote no reports/smoke.xml"), "{}", said.all());
    let record = record_of(&world, "validate-staging");
    assert_eq!(record["reports"].as_array().unwrap().len(), 0, "{record}");
}

#[test]
fn a_report_that_is_carried_in_is_nobodys_report_either() {
    let carried = "carry: [{ path: reports, kind: input, hooks: [validate-staging] }]";
    let edit = |world: &World| {
        world.edit("d3p.yaml", "secrets: [] }", &format!("secrets: [], {carried} }}"));
        world.edit("d3p.yaml", "run: [sh, scripts/validate.sh]", "shell: \"true\"");
    };
    let world = release(&[], &edit, BEFORE_STAGING);
    passes(&world.run(&["run", "deploy-staging"]));
    let suite = "<testsuite name='smoke'><testcase classname='smoke' name='a'/></testsuite>";
    world.write("reports/smoke.xml", suite);
    refuses(&world.run(&["run", "validate-staging"]), "lies there before it has run");
    assert!(of_run(&world, "validate-staging", ".log").is_empty(), "nothing was run");
}

#[test]
fn what_steers_git_is_not_carried_in() {
    let carried = "carry: [{ path: .git/hooks, kind: input }]";
    let edit = |world: &World| {
        world.edit("d3p.yaml", "secrets: [] }", &format!("secrets: [], {carried} }}"));
        world.write(".git/hooks/post-checkout", EVIL);
    };
    let world = release(&[], &edit, BEFORE_STAGING);
    refuses(&world.run(&["run", "deploy-staging"]), "what git keeps of a clone is its claim");
}

#[test]
fn what_a_clone_is_made_to_say_changes_nothing() {
    let world = approved();
    let release = git(&world, &["rev-list", "--max-parents=0", "HEAD"]);
    let blob = git(&world, &["rev-parse", &format!("{release}:scripts/deploy_backend.sh")]);
    world.write("evil.sh", EVIL);
    let evil = git(&world, &["hash-object", "-w", "evil.sh"]);
    git(&world, &["replace", &blob, &evil]);
    world.write(".git/trap", format!("{EVIL}touch {}/sprung\n", world.dir.display()));
    let trap = world.dir.join(".git/trap");
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).unwrap();
    for key in ["core.fsmonitor", "filter.x.smudge", "uploadpack.packObjectsHook"] {
        git(&world, &["config", key, trap.to_str().unwrap()]);
    }
    git(&world, &["config", "core.sparseCheckout", "true"]);
    world.write(".git/info/attributes", "* filter=x\n");
    world.write(".git/info/sparse-checkout", "/services\n");
    for hook in ["post-checkout", "pre-receive"] {
        fs::create_dir_all(world.dir.join(".git/hooks")).unwrap();
        fs::copy(&trap, world.dir.join(".git/hooks").join(hook)).unwrap();
    }
    let _ = fs::remove_file(world.dir.join("sprung"));
    deploys_what_was_approved(&world);
    assert!(!world.dir.join("sprung").exists());
    // An object under another's name.
    let world = approved();
    let object = |id: &str| world.dir.join(".git/objects").join(&id[..2]).join(&id[2..]);
    world.write("evil.sh", EVIL);
    let evil = git(&world, &["hash-object", "-w", "evil.sh"]);
    let bytes = fs::read(object(&evil)).unwrap();
    fs::remove_file(object(&blob)).unwrap();
    fs::write(object(&blob), bytes).unwrap();
    let said = launch(&world);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.all().contains("not what their names say"), "{}", said.all());
    assert!(of_run(&world, "deploy-production", ".log").is_empty(), "nothing was run");
}

#[test]
fn links_and_arguments_that_lead_into_a_work_tree_are_refused() {
    let edit = |world: &World| {
        let own = world.dir.canonicalize().unwrap().join("scripts/deploy_backend.sh");
        let hook = format!("deploy-staging: {{ run: [sh, {}] }}", own.display());
        world.edit("d3p.yaml", &DEPLOY.replace("production", "staging"), &hook);
    };
    let world = release(&[], &edit, BEFORE_STAGING);
    refuses(&world.run(&["run", "deploy-staging"]), "lies in a work tree of this repository");

    let world = World::new();
    git(&world, &["init", "--quiet", "--initial-branch=main"]);
    for (path, text) in assets::files("demo/repository") {
        world.write(path, text);
    }
    symlink(world.dir.canonicalize().unwrap().join("services"), world.dir.join("up")).unwrap();
    commit(&world, "with a link");
    let script = run_script(false);
    let at = script.iter().position(|step| step.title == BEFORE_STAGING).unwrap();
    world.play(&script[..=at]);
    refuses(
        &world.run(&["run", "deploy-staging"]),
        "the link up of the release's commit leads out",
    );
    assert!(of_run(&world, "deploy-staging", ".log").is_empty(), "nothing was run");
}

#[test]
fn another_project_of_a_monorepo_is_the_commits_too() {
    let world = monorepo();
    world.write("../../shared/deploy.sh", EVIL);
    let said = world.run(&["run", "deploy-staging"]);
    passes(&said);
    let log = log_of(&world, "deploy-staging");
    assert!(log.contains("shared deploys api") && !log.contains("EVIL"), "{log}");
}

/// A project two directories below the top, whose hook uses a script of another one.
pub(crate) fn monorepo() -> World {
    let mut world = World::new();
    git(&world, &["init", "--quiet", "--initial-branch=main"]);
    let shared = "echo shared deploys api; echo '::service api=healthy v1.4.0'; echo '::service web=healthy v1.4.0'\n";
    world.write("shared/deploy.sh", shared);
    world.write("apps/other/main.sh", "echo other\n");
    let top = world.dir.clone();
    world.dir = top.join("apps/shop");
    fs::create_dir_all(&world.dir).unwrap();
    for (path, text) in assets::files("demo/repository") {
        world.write(path, text);
    }
    git(&world, &["add", "--all", "../.."]);
    git(&world, &["commit", "--quiet", "-m", "three projects"]);
    fs::write(world.dir.join(".gitkeep"), "").unwrap();
    let script = run_script(false);
    let filled = script.iter().position(|step| step.title.starts_with("people fill in")).unwrap();
    let gate = script.iter().position(|step| step.title == BEFORE_STAGING).unwrap();
    play_below(&world, &script[..=filled]);
    world.edit(
        "d3p.yaml",
        &DEPLOY.replace("production", "staging"),
        "deploy-staging: { run: [sh, ../../shared/deploy.sh] }",
    );
    play_below(&world, &script[filled + 1..=gate]);
    world
}

/// Plays in a directory below the top of its repository.
fn play_below(world: &World, steps: &[Step]) {
    for (played, step) in world.resume_and_play(steps).iter().zip(steps) {
        assert!(played.as_expected, "{}: {}", step.title, played.output);
    }
}

#[test]
fn what_lies_above_the_tree_and_would_be_loaded_stops_the_run() {
    let world = ready();
    let state = world.dir.parent().unwrap().join("state");
    for found in ["node_modules/evil/index.js", ".cargo/config.toml", "pyproject.toml"] {
        let path = state.join(found);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "").unwrap();
        let said = world.run(&["run", "deploy-staging"]);
        refuses(&said, "lies above the trees that hooks run in");
        fs::remove_file(&path).unwrap();
        let top = state.join(found.split('/').next().unwrap());
        let _ = fs::remove_dir_all(top);
    }
    passes(&world.run(&["run", "deploy-staging"]));
}

#[test]
fn a_hook_sees_no_variable_that_the_policy_does_not_name() {
    let named = "run: { environment: [CI, HOME, GIT_DIR_OF_OURS, NODE_OPTIONS], secrets: [] }";
    let edit = |world: &World| {
        world.edit("d3p.yaml", "run: { environment: [], secrets: [] }", named);
        world.edit("d3p.yaml", &DEPLOY.replace("production", "staging"), "deploy-staging: { shell: \"env; sh scripts/deploy_backend.sh --env {env} --release {release}\" }");
    };
    let world = release(&[], &edit, BEFORE_STAGING);
    let set = [
        ("CI", "seen"),
        ("NODE_OPTIONS", "--require ./seen.js"),
        ("SSH_AUTH_SOCK", "/tmp/EVIL"),
        ("LD_PRELOAD", ""),
        ("BASH_ENV", "EVIL"),
        ("PYTHONPATH", "EVIL"),
        ("GIT_DIR", "EVIL"),
        ("D3P_COMMIT", "EVIL"),
        ("OTHER", "EVIL"),
    ];
    world.vars(&set);
    let said = world.run(&["run", "deploy-staging"]);
    passes(&said);
    let log = log_of(&world, "deploy-staging");
    assert!(log.contains("CI=seen") && !log.contains("EVIL"), "{log}");
    assert!(log.contains("GIT_NO_REPLACE_OBJECTS=1") && log.contains("GIT_GRAFT_FILE=/dev/null"));
    assert!(said.out.contains("not from the commit: variable NODE_OPTIONS"), "{}", said.out);
    let shown = world.run(&["approve", "show"]);
    assert!(shown.out.contains("- variable NODE_OPTIONS"), "{}", shown.out);
    // Its value is whoever launches' own: IMAGE=… may deploy anything.
    assert!(shown.out.contains("- variable CI"), "{}", shown.out);
    assert!(!shown.out.contains("- variable HOME"), "{}", shown.out);
}
