//! Repositories of every kind, each released as far as the launch.

use super::*;
use crate::common::SLOW;
use d3p::testing::model::Sha256Digest;
use std::os::unix::fs::symlink;

fn hook(world: &World, name: &str, before: &str) {
    let shell = format!(
        "{name}: {{ shell: \"{before} && sh scripts/deploy_backend.sh --env {{env}} --release {{release}}\" }}"
    );
    world.edit("d3p.yaml", &DEPLOY.replace("deploy-production", name), &shell);
}

fn init(world: &World) {
    git(world, &["init", "--quiet", "--initial-branch=main"]);
}

#[test]
fn one_whose_objects_are_named_by_sha256() {
    let init = |world: &World| {
        drop(git(world, &["init", "--quiet", "--object-format=sha256", "-b", "main"]))
    };
    deploys_what_was_approved(&release_in(&init, &|_| {}, BEFORE_LAUNCH));
}

#[test]
fn one_with_submodules_that_are_there_and_that_are_not() {
    let inner = World::new();
    init(&inner);
    inner.write("deploy.sh", "echo the inner one\n");
    let at = commit(&inner, "inner");
    let url = inner.dir.to_str().unwrap().to_owned();
    let outer = |world: &World| {
        init(world);
        let add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "lib"];
        git(world, &add);
        let private = format!("160000,{at},private");
        git(world, &["update-index", "--add", "--cacheinfo", &private]);
        // `add --all` would take away what no directory stands for.
        fs::create_dir_all(world.dir.join("private")).unwrap();
    };
    let edit = |world: &World| hook(world, "deploy-production", "sh lib/deploy.sh");
    let world = release_in(&outer, &edit, BEFORE_LAUNCH);
    let shown = world.run(&["approve", "show"]);
    assert!(shown.out.contains("submodule private is not in this clone"), "{}", shown.out);
    // What lies in its work tree is not what the commit names.
    world.write("lib/deploy.sh", "echo EVIL\n");
    deploys_what_was_approved(&world);
    let log = log_of(&world, "deploy-production");
    assert!(log.starts_with("the inner one\n"), "{log}");
}

#[test]
fn one_with_large_files_that_git_keeps_elsewhere() {
    let oid = Sha256Digest::of(b"model").to_string();
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 5\n");
    let init = |world: &World| {
        init(world);
        world.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        world.write("a.bin", &pointer);
        world.write(&format!(".git/lfs/objects/{}/{}/{oid}", &oid[..2], &oid[2..4]), "model");
    };
    let edit = |world: &World| hook(world, "deploy-production", "cat a.bin && echo");
    let world = release_in(&init, &edit, BEFORE_LAUNCH);
    let job = world.copy();
    deploys_what_was_approved(&world);
    assert!(log_of(&world, "deploy-production").starts_with("model\n"));
    // A job that did not fetch them is told how.
    job.remove(".git/lfs");
    let said = launch(&job);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.all().contains("git lfs fetch origin "), "{}", said.all());
}

#[test]
fn one_whose_attributes_say_how_lines_end() {
    let init = |world: &World| {
        init(world);
        world.write(".gitattributes", "*.bat text eol=crlf\n");
        world.write("run.bat", "echo 1\r\n");
    };
    let edit = |world: &World| {
        hook(world, "deploy-production", "test $(wc -c < run.bat) = 8 && git diff --quiet")
    };
    deploys_what_was_approved(&release_in(&init, &edit, BEFORE_LAUNCH));
}

#[test]
fn one_whose_secrets_only_a_filter_decodes() {
    let init = |world: &World| {
        init(world);
        world.write(".gitattributes", "*.vault filter=git-crypt diff=git-crypt\n");
        world.write("config/prod.vault", "\0GITCRYPT\0encoded\n");
    };
    let edit = |world: &World| {
        world.write("config/prod.vault", "PASSWORD=decoded-9\n");
        let carry = "carry: [{ path: config/prod.vault, kind: secret }]";
        world.edit("d3p.yaml", "secrets: [] }", &format!("secrets: [], {carry} }}"));
        hook(world, "deploy-production", "cat config/prod.vault");
    };
    let world = release_in(&init, &edit, BEFORE_LAUNCH);
    deploys_what_was_approved(&world);
    let log = log_of(&world, "deploy-production");
    assert!(log.starts_with("PASSWORD=[redacted"), "{log}");
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let world = release(&[], &|_| {}, BEFORE_LAUNCH);
    commit(&world, "evidence so far");
    world.write("later.txt", "main moved on\n");
    commit(&world, "later");
    let job = world.copy();
    fs::remove_dir_all(&job.dir).unwrap();
    let url = format!("file://{}", world.dir.display());
    let clone = Command::new("git")
        .args(["clone", "--quiet", "--depth", "1", &url])
        .arg(&job.dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .status();
    assert!(clone.unwrap().success());
    let said = job.json(&["run", "deploy-production"]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    let advice = said.json()["error"]["advice"][0].clone();
    let argv = crate::common::argv(&advice);
    assert_eq!(argv[..3], ["git", "fetch", "--depth"], "{advice}");
    // The command that is printed is the way out.
    let words: Vec<&str> = argv[1..].iter().map(String::as_str).collect();
    git(&job, &words);
    deploys_what_was_approved(&job);
}

#[test]
fn a_link_out_is_shown_and_one_that_depends_on_its_place_is_refused() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("tool.sh"), "echo the machine's\n").unwrap();
    let absolute = |world: &World| {
        init(world);
        symlink(outside.path().join("tool.sh"), world.dir.join("tool.sh")).unwrap();
    };
    let world = release_in(&absolute, &|_| {}, BEFORE_LAUNCH);
    let shown = world.run(&["approve", "show"]);
    let line = format!("link tool.sh to {}", outside.path().join("tool.sh").display());
    assert!(shown.out.contains(&line), "{}", shown.out);
    deploys_what_was_approved(&world);

    let relative = |world: &World| {
        init(world);
        fs::create_dir_all(world.dir.join("lib")).unwrap();
        symlink("../../../../../../../../../../../../etc/hostname", world.dir.join("lib/up"))
            .unwrap();
    };
    let world = release_in(&relative, &|_| {}, BEFORE_STAGING);
    refuses(
        &world.run(&["run", "deploy-staging"]),
        "the link lib/up of the release's commit leads out",
    );
}

#[test]
fn two_regions_are_two_hooks_with_a_place_each() {
    let edit = |world: &World| {
        let region = |name: &str, service: &str| {
            format!(
                "deploy-{name}: {{ step: deploy-production, services: [{service}], shell: \"pwd; echo deploying {service} v1.4.0 to {name}; echo ::service {service}=healthy v1.4.0\" }}"
            )
        };
        let both = format!("{}\n  {}", region("eu", "api"), region("us", "web"));
        world.edit("d3p.yaml", DEPLOY, &both);
    };
    let world = release(&[], &edit, BEFORE_LAUNCH);
    passes(&world.run(&["run", "deploy-eu"]));
    passes(&world.run(&["run", "deploy-us"]));
    let place = |hook: &str| log_of(&world, hook).lines().next().unwrap().to_owned();
    assert_ne!(place("deploy-eu"), place("deploy-us"));
    let report = world.read(".artifacts/deployment/production-deployment-report.json");
    assert!(report.contains("\"deploy-eu\"") && report.contains("\"deploy-us\""), "{report}");
    passes(&world.run(&["run", "validate-production"]));
    passes(&world.run(&["gate", "production-launch"]));
}

#[test]
fn a_deployment_may_take_hours() {
    let edit = |world: &World| {
        let slow = world.dir.with_file_name(SLOW);
        hook(world, "deploy-production", &format!("touch {}", slow.display()));
    };
    let world = release(&[], &edit, BEFORE_LAUNCH);
    deploys_what_was_approved(&world);
    let record = record_of(&world, "deploy-production");
    let hour = |key: &str| record[key].as_str().unwrap()[11..13].parse::<u8>().unwrap();
    assert_eq!(hour("finished_at") - hour("started_at"), 3, "{record}");
    passes(&world.run(&["run", "validate-production"]));
    passes(&world.run(&["gate", "production-launch"]));
}

#[test]
fn what_notifies_is_the_commits_own() {
    let told = |world: &World| world.dir.with_file_name("told");
    let edit = |world: &World| {
        let policy = world.read("d3p.yaml");
        let notify =
            format!("notify: {{ run: [sh, scripts/tell.sh, {}] }}\n", told(world).display());
        world.write("d3p.yaml", format!("{policy}{notify}"));
    };
    let script = "echo told >> $1; cat >> $1\n";
    let world = release(&[("scripts/tell.sh", script)], &edit, BEFORE_LAUNCH);
    let before = fs::read_to_string(told(&world)).unwrap();
    assert!(before.starts_with("told\n"), "{before}");
    world.write("scripts/tell.sh", "echo EVIL >> $1\n");
    commit(&world, "harmless");
    deploys_what_was_approved(&world);
    let said = fs::read_to_string(told(&world)).unwrap();
    assert!(said.len() > before.len() && !said.contains("EVIL"), "{said}");
}
