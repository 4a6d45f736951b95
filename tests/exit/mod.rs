//! The second exit: a launch that fails half-way is taken back, explained, closed as what it is, and
//! answered by the next launch; and every lie about it is refused.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod closing;
mod next_launch;
mod review;
mod taken_back;

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script};
use std::process::Command;
use std::time::Duration;

pub const ANA: &str = ".git/d3p-demo-key";
pub const INCIDENT: &str = ".artifacts/deployment/incident.md";
pub const REPORT: &str = ".artifacts/deployment/rollback-report.json";
pub const ARCHIVE: &str = ".artifacts/releases/v1.4.0+1";
const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";
const CLOSE: [&str; 3] = ["archive", "--outcome", "rolled-back"];

/// What the hook says that deploys to production: one service is up, the other is down.
const HALF: &str = "echo ::service api=healthy v1.4.0; echo ::service web=unhealthy v1.3.0; exit 1";
/// What the hook says that takes it back.
pub const BACK: &str = "echo ::service api=healthy v1.4.0; echo ::service api=healthy v1.3.0; \
                    echo ::service web=healthy v1.3.0";

pub fn is(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args == wanted)
}

/// Replaces the command of a hook in the policy.
pub fn hook(world: &World, name: &str, line: &str) {
    let text = world.read("d3p.yaml");
    let prefix = format!("  {name}: ");
    let own = text.lines().find(|own| own.starts_with(&prefix)).unwrap().to_owned();
    let made = format!("{prefix}{{ run: [sh, -c, \"{line}\", \"{{env}}\"] }}");
    world.write("d3p.yaml", text.replacen(&own, &made, 1));
}

/// Plays the signed release with its hooks up to the launch, which the policy's own commands make.
pub fn until_launch(deploy: &str, back: &str) -> World {
    let script = run_script(true);
    let world = World::new();
    let checklist = ["record", "deployment-readiness-checklist"];
    let first = script.iter().position(|step| is(step, &checklist)).unwrap();
    let launch = script.iter().position(|step| is(step, &["run", "deploy-production"])).unwrap();
    world.play(&script[..=first]);
    hook(&world, "deploy-production", deploy);
    hook(&world, "rollback", back);
    world.play(&script[first + 1..launch]);
    world
}

/// A launch that failed half-way.
pub fn failed_launch(back: &str) -> World {
    let world = until_launch(HALF, back);
    refused(&world.run(&["run", "deploy-production"]), "DeploymentFailure");
    world
}

/// Ana decides to take it back, and the hook does.
pub fn roll_back(world: &World) -> Said {
    world.pass(Duration::from_secs(300));
    passed(&decide(world, "roll-back"));
    world.run(&["run", "rollback"])
}

pub fn decide(world: &World, decision: &str) -> Said {
    let args = ["rollback", "decide", "--as", "ana@shop.example", "--decision", decision];
    world.run(&[&args[..], &["--reason", "web is down", "--key", ANA]].concat())
}

/// Writes down what went wrong, over what d3p proposes.
pub fn explain(world: &World) {
    passed(&world.run(&["record", "incident"]));
    explain_in(world);
}

/// The same, where the file is there.
pub fn explain_in(world: &World) {
    let now = world.now().to_string();
    for (from, to) in [
        ("full name of who wrote this down, e.g. Ana Silva", "Ana Silva"),
        ("time it was written with offset", now.as_str()),
        ("what went wrong,", "The deployment of web ended with exit 1 while api served v1.4.0."),
        ("who noticed what", "Orders failed for six minutes; about forty customers noticed."),
        ("why it happened,", "web needs a column that only the migration of api adds."),
        ("what has to be different", "The migration runs before both, and staging checks it."),
        ("what is done besides", "alert on failed migrations"),
        ("full name, e.g. Jonas Weber", "Jonas Weber"),
        ("time with offset, e.g. 2026-12-01", "2026-12-01T12:00:00Z"),
    ] {
        fill(world, INCIDENT, from, to);
    }
}

/// Puts a text in the place of the placeholder that begins with `hint`.
pub fn fill(world: &World, path: &str, hint: &str, text: &str) {
    let old = world.read(path);
    let marker = format!("[fill: {hint}");
    let start = old.find(&marker).unwrap_or_else(|| panic!("{path} has no {marker}"));
    let end = start + old[start..].find(']').unwrap() + 1;
    world.write(path, format!("{}{text}{}", &old[..start], &old[end..]));
}

/// A launch that was taken back, explained and reported, and is not closed yet.
pub fn explained() -> World {
    let world = failed_launch(BACK);
    passed(&roll_back(&world));
    explain(&world);
    passed(&world.run(&["report"]));
    world
}

/// The same, closed.
pub fn closed() -> World {
    let world = explained();
    passed(&world.run(&CLOSE));
    world
}

pub fn passed(said: &Said) {
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

pub fn refused(said: &Said, part: &str) {
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains(part), "{part}: {}", said.all());
}

pub fn git(world: &World, args: &[&str]) -> String {
    let said = Command::new("git").args(args).current_dir(&world.dir).output().unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8_lossy(&said.stdout).trim().to_owned()
}
