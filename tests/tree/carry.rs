//! What a hook needs that is not in the commit.

use super::*;

const RUN: &str = "run: { environment: [], secrets: [] }";

fn carries(world: &World, carry: &str) {
    world.edit(
        "d3p.yaml",
        RUN,
        &format!("run: {{ environment: [], secrets: [], carry: [{carry}] }}"),
    );
}

fn shell(world: &World, hook: &str, line: &str) {
    let old = DEPLOY.replace("deploy-production", hook);
    world.edit("d3p.yaml", &old, &format!("{hook}: {{ shell: \"{line} && sh scripts/deploy_backend.sh --env {{env}} --release {{release}}\" }}"));
}

/// `dist` is made on staging, and deployed.
fn built() -> World {
    let edit = |world: &World| {
        carries(world, "{ path: dist, kind: output }");
        shell(world, "deploy-staging", "mkdir -p dist && echo built > dist/app");
        shell(world, "deploy-production", "cat dist/app");
    };
    release(&[(".gitignore", "dist/\n/reports/\n")], &edit, BEFORE_LAUNCH)
}

#[test]
fn an_output_is_deployed_by_its_digest() {
    let world = built();
    let made = record_of(&world, "deploy-staging")["carried"][0].clone();
    assert_eq!((made["path"].as_str(), made["kind"].as_str()), (Some("dist"), Some("output")));
    let shown = world.run(&["approve", "show"]);
    let line = format!("- dist (output) sha256:{}", made["after"].as_str().unwrap());
    assert!(shown.out.contains(&line), "{}", shown.out);
    // Another build in the work tree changes nothing.
    world.write("dist/app", "EVIL\n");
    deploys_what_was_approved(&world);
    assert!(log_of(&world, "deploy-production").contains("built"));
    assert_eq!(record_of(&world, "deploy-production")["carried"][0]["sha256"], made["after"]);
}

#[test]
fn an_output_is_found_again_in_another_job_and_no_other_is_taken() {
    let job = built().copy();
    // The other job has no store, but the artifact that was brought along.
    assert_eq!(job.read("dist/app"), "built\n", "it lies in the project, to be kept");
    deploys_what_was_approved(&job);
    let job = built().copy();
    job.write("dist/app", "EVIL\n");
    refuses(&launch(&job), "dist as hook deploy-staging made it is not here");
    let job = built().copy();
    job.remove("dist");
    refuses(&launch(&job), "bring the job's artifact here, as dist");
    assert!(of_run(&job, "deploy-production", ".log").is_empty(), "nothing was run");
}

#[test]
fn an_output_that_is_made_anew_after_the_go_is_not_what_was_approved() {
    let world = built();
    world.write("VERSION", "x");
    // The same hook, another result: what was approved falls.
    world.edit("d3p.yaml", "echo built > dist/app", "echo EVIL > dist/app");
    let said = world.run(&[
        "run",
        "deploy-staging",
        "--reopen",
        "--",
        "sh",
        "-c",
        "mkdir -p dist && echo EVIL > dist/app",
    ]);
    assert!(!said.all().is_empty());
    assert_eq!(launch(&world).exit, Exit::Refused);
    assert!(of_run(&world, "deploy-production", ".log").is_empty(), "nothing was run");
}

/// `node_modules` is installed by somebody, and used on staging and in production.
fn installed() -> World {
    let edit = |world: &World| {
        carries(world, "{ path: node_modules, kind: input }");
        world.write("node_modules/lib/index.js", "lib\n");
        shell(world, "deploy-staging", "cat node_modules/lib/index.js");
        shell(world, "deploy-production", "cat node_modules/lib/index.js");
    };
    release(&[(".gitignore", "node_modules/\n/reports/\n")], &edit, BEFORE_LAUNCH)
}

#[test]
fn an_input_is_what_was_validated_or_somebody_looks() {
    deploys_what_was_approved(&installed());
    let world = installed();
    world.write("node_modules/lib/index.js", "EVIL\n");
    refuses(&launch(&world), "review: node_modules is not what was validated");
    assert!(of_run(&world, "deploy-production", ".log").is_empty(), "nothing was run");
    // Nor does it count as validated for having been there while another command line ran.
    let of_input = |world: &World| {
        let shown = world.run(&["approve", "show"]).out;
        shown.lines().find(|line| line.contains("node_modules (input)")).unwrap().to_owned()
    };
    let before = of_input(&world);
    drop(world.run(&["run", "validate-staging", "--reopen", "--", "true"]));
    assert_eq!(of_input(&world), before);
    assert_ne!(launch(&world).exit, Exit::Passed);
    let world = installed();
    // On staging it is only recorded.
    world.write("node_modules/lib/index.js", "lib\n");
    deploys_what_was_approved(&world);
}

/// What only the launch is given: certificates that no run on staging uses. Nobody has asked for a
/// decision yet.
fn certificates() -> World {
    let edit = |world: &World| {
        carries(world, "{ path: certs, kind: input, hooks: [deploy-production] }");
        world.write("certs/ca.pem", "ca\n");
        shell(world, "deploy-production", "cat certs/ca.pem");
    };
    release(&[(".gitignore", "certs/\n/reports/\n")], &edit, BEFORE_GO)
}

fn asks(world: &World) {
    passes(&world.run(&["approve", "request", "production"]));
}

fn says_go(world: &World) {
    passes(&world.run(&["record", "production-approval", "--by", "Ana Silva", "--decision", "go"]));
}

const APPROVAL: &str = ".artifacts/deployment/production-approval.json";

#[test]
fn an_input_that_no_run_validated_is_signed_for_by_its_digest() {
    let world = certificates();
    let of_input = || {
        let shown = world.run(&["approve", "show"]).out;
        shown.lines().find(|line| line.contains("certs (input)")).unwrap().to_owned()
    };
    assert!(of_input().ends_with(", which no run validated and no request names"));
    asks(&world);
    let line = of_input();
    assert!(line.ends_with(", which no run validated") && line.contains("sha256:"), "{line}");
    says_go(&world);
    deploys_what_was_approved(&world);
    assert!(log_of(&world, "deploy-production").starts_with("ca\n"));
}

#[test]
fn an_input_that_no_run_validated_is_exchanged_by_nobody() {
    let world = certificates();
    asks(&world);
    says_go(&world);
    let asked = world.copy();
    let edited = world.copy();
    world.write("certs/ca.pem", "EVIL\n");
    let said = launch(&world);
    refuses(&said, "review: certs is not what was validated and approved");
    assert!(said.err.contains("d3p approve request production"), "{}", said.err);
    // To ask anew takes the GO back.
    asked.write("certs/ca.pem", "EVIL\n");
    asks(&asked);
    assert_eq!(launch(&asked).exit, Exit::Refused);
    // To write the request by hand, too.
    let mut value: serde_json::Value = serde_json::from_str(&edited.read(APPROVAL)).unwrap();
    value["request"]["inputs"][0]["sha256"] = "0".repeat(64).into();
    edited.write(APPROVAL, value.to_string());
    let check = edited.run(&["check", "--before", "deploy-production"]);
    refuses(&check, "does not know of the exemption");
    for world in [&world, &asked, &edited] {
        assert!(of_run(world, "deploy-production", ".log").is_empty(), "nothing was run");
    }
}

#[test]
fn an_input_that_nobody_asked_for_refuses_and_says_how_to_ask() {
    let world = certificates();
    says_go(&world);
    let said = launch(&world);
    refuses(&said, "review: certs was validated by no run of this attempt");
    // The printed way out is one.
    assert!(said.err.contains("d3p approve request production"), "{}", said.err);
    asks(&world);
    assert_eq!(launch(&world).exit, Exit::Refused);
    says_go(&world);
    deploys_what_was_approved(&world);
}

#[test]
fn what_is_changed_while_the_hook_runs_is_not_seen_by_it() {
    let edit = |world: &World| {
        carries(world, "{ path: node_modules, kind: input }");
        world.write("node_modules/lib/index.js", "lib\n");
        shell(world, "deploy-staging", "true");
        // The hook itself plays the colleague who installs meanwhile.
        let meanwhile =
            "echo EVIL > $D3P_PROJECT/node_modules/lib/index.js && cat node_modules/lib/index.js";
        shell(world, "deploy-production", meanwhile);
        world.edit("d3p.yaml", "deploy-production: { ", "deploy-production: { project: true, ");
    };
    let files = [(".gitignore", "node_modules/\n/reports/\n")];
    let world = release(&files, &edit, BEFORE_LAUNCH);
    let shown = world.run(&["approve", "show"]);
    assert!(
        shown.out.contains("- hook deploy-production: the project, as it lies there"),
        "{}",
        shown.out
    );
    deploys_what_was_approved(&world);
    assert_eq!(world.read("node_modules/lib/index.js"), "EVIL\n");
    assert!(log_of(&world, "deploy-production").starts_with("lib\n"));
}

#[test]
fn editable_installs_and_links_into_the_work_tree_are_refused() {
    let world = installed();
    let live = world.dir.canonicalize().unwrap().join("services");
    std::os::unix::fs::symlink(&live, world.dir.join("node_modules/workspace")).unwrap();
    refuses(&launch(&world), "the link node_modules/workspace leads out of the tree");
    let world = installed();
    world.write("node_modules/x.pth", format!("{}\n", live.display()));
    refuses(&launch(&world), "is an editable install");
}

#[test]
fn state_is_written_back_and_a_secret_is_kept_nowhere() {
    let edit = |world: &World| {
        carries(world, "{ path: terraform.tfstate, kind: state }, { path: .env, kind: secret }");
        world.write("terraform.tfstate", "1\n");
        world.write(".env", "TOKEN=hunter2-hunter2\n");
        shell(
            world,
            "deploy-staging",
            ". ./.env && echo with $TOKEN && cat terraform.tfstate && echo 2 > terraform.tfstate",
        );
    };
    let files = [(".gitignore", "*.tfstate\n.env\n/reports/\n")];
    let world = release(&files, &edit, BEFORE_STAGING);
    let said = world.run(&["run", "deploy-staging"]);
    passes(&said);
    assert_eq!(world.read("terraform.tfstate"), "2\n");
    let record = record_of(&world, "deploy-staging");
    let carried = record["carried"].as_array().unwrap();
    assert_eq!(carried[1]["kind"], "secret");
    assert!(carried[1].get("sha256").is_none(), "{record}");
    assert_ne!(carried[0]["sha256"], carried[0]["after"]);
    assert!(said.out.contains("not from the commit: .env (secret)"), "{}", said.out);
    // Not even what the hook says of it is kept.
    let log = log_of(&world, "deploy-staging");
    assert!(log.contains("with [redacted:.env]") && !log.contains("hunter2"), "{log}");
    let state = world.dir.parent().unwrap().join("state");
    let walk = walkdir::WalkDir::new(&state).into_iter().flatten();
    let left = walk.filter(|entry| entry.file_name() == ".env").count();
    assert_eq!(left, 0, "a secret lies in a tree that stays");
}

#[test]
fn what_was_collected_nowhere_stays_and_is_told() {
    let edit = |world: &World| {
        world.edit(
            "d3p.yaml",
            "run: [sh, scripts/validate.sh]",
            "shell: \"echo x > precious.db && sh scripts/validate.sh\"",
        );
    };
    let world = release(&[], &edit, BEFORE_STAGING);
    passes(&world.run(&["run", "deploy-staging"]));
    let said = world.run(&["run", "validate-staging"]);
    assert!(
        said.out.contains("its tree stays, for what was collected nowhere: precious.db"),
        "{}",
        said.out
    );
    let (_, place) = said.out.split_once("it lies in ").unwrap();
    let place = PathBuf::from(place.lines().next().unwrap());
    assert!(place.join("precious.db").exists());
    // The next run makes room, and throws nothing away.
    let said = world.run(&["run", "validate-staging"]);
    assert!(said.out.contains("precious.db"), "{}", said.out);
    let kept = fs::read_dir(place.parent().unwrap()).unwrap().flatten();
    assert!(kept.into_iter().any(|entry| entry.path().join("shop/precious.db").exists()));
}
