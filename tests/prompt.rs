//! The instructions of an agent are filled from the real release, or the gap is named (DLC-1).

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World};
use d3p::Exit;

const ROLLOUT: &str = "rollout:\n  stages: [{ weight: 100%, duration: 30m }]\n  triggers: [\"unhealthy for 2m\", \"deployment for 45m\"]\n  probes:\n    - { service: api, url: \"http://127.0.0.1:1/\" }\n    - { service: web, url: \"http://127.0.0.1:1/\" }\n";

/// A release before its first gate, whose policy says when a rollout is taken back.
pub(crate) fn ready() -> World {
    let world = World::played_until(&["record", "deployment-readiness-checklist"]);
    world.write("d3p.yaml", format!("{}{ROLLOUT}", world.read("d3p.yaml")));
    world
}

fn passed(said: &Said) -> &str {
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    &said.out
}

fn gap(said: &Said, what: &str) {
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.out.is_empty(), "{}", said.out);
    assert!(said.err.contains(what), "{what}: {}", said.err);
}

#[test]
fn everything_that_the_protocol_asks_for_is_filled_from_the_release() {
    let world = ready();
    let said = world.run(&["prompt"]);
    let text = passed(&said);
    for part in [
        "Release v1.4.0, attempt 1",
        "Services: api, web.",
        "sha256:",
        "production, by the strategy direct",
        "error_rate <",
        "latency_p99 <",
        "Health checks may fail for 2m, and the deployment may take 45m.",
        "Has every support channel been briefed and staffed for this release window?",
        "answered: d3p/phase-9-deployment-golive/phase9_deployment_plan.md",
        "What you may not do",
        "Your next step",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for left in ["${", "{{", "{%", "[fill", "TODO", "OPEN:"] {
        assert!(!text.contains(left), "{left} is left: {text}");
    }
    let json = world.json(&["prompt"]).json();
    assert_eq!(json["of"]["release"], "v1.4.0");
    let heading = text.lines().next().unwrap();
    assert!(json["prompt"].as_str().unwrap().starts_with(heading), "{json:#}");
}

#[test]
fn windows_stages_and_removed_parts_stand_in_it() {
    let world = ready();
    let policy = world.read("d3p.yaml");
    let windows = policy.lines().find(|line| line.starts_with("windows:")).unwrap().to_owned();
    let policy = policy.replace(&windows, "");
    world.write(
        "d3p.yaml",
        format!("{policy}facts: {{ migrations: false, said_by: Ana Silva }}\nwindows: {{ deny: [{{ id: peak, weekly: \"Mon-Fri 09:00-17:00\", tz: Europe/Berlin }}] }}\n"),
    );
    let said = world.run(&["prompt"]);
    let text = passed(&said);
    assert!(text.contains("peak: Mon-Fri 09:00-17:00 (Europe/Berlin)"), "{text}");
    assert!(text.contains("facts.migrations is false (said by Ana Silva)"), "{text}");
}

#[test]
fn a_step_says_what_keeps_it_from_beginning_and_how_it_is_run() {
    let world = ready();
    let said = world.run(&["prompt", "deploy-production"]);
    let text = passed(&said);
    assert!(text.contains("Your step: Deploy to production"), "{text}");
    assert!(text.contains("It may not begin yet"), "{text}");
    assert!(text.contains("gate readiness"), "{text}");
    let unknown = world.run(&["prompt", "celebrate"]);
    assert_eq!(unknown.exit, Exit::Incomplete, "{}", unknown.all());
    assert!(unknown.err.contains("deploy-staging"), "{}", unknown.err);
}

#[test]
fn what_nobody_says_yet_is_named_and_nothing_is_printed() {
    // Nobody says how long services may be unhealthy.
    let world = World::played_until(&["record", "deployment-readiness-checklist"]);
    gap(&world.run(&["prompt"]), "how long health checks may fail");
    gap(&world.run(&["prompt"]), "rollout.triggers");
    // A threshold in words tells an agent nothing.
    let world = ready();
    let path = "d3p/phase-9-deployment-golive/phase9_go_live_monitoring.md";
    let text = world.read(path);
    let row = text.lines().find(|line| line.starts_with("| error_rate")).unwrap().to_owned();
    world.edit(path, &row, "| error_rate | logs | when Ana Silva finds it too high | 5m |");
    gap(&world.run(&["prompt"]), "a threshold for errors in logs");
    // Nothing is deployed, or nobody says what.
    let world = ready();
    let manifest = world.read(".artifacts/deployment/release-manifest.md");
    let at = manifest.find("artifacts:").unwrap();
    let end =
        at + manifest[at..].find("\nrepository").or(manifest[at..].find("\nsign_offs")).unwrap();
    let without = format!("{}artifacts: []{}", &manifest[..at], &manifest[end..]);
    world.write(".artifacts/deployment/release-manifest.md", without);
    gap(&world.run(&["prompt"]), "the artifacts");
    // Without a release there is nobody to instruct.
    let empty = World::new();
    let said = empty.run(&["prompt"]);
    assert_ne!(said.exit, Exit::Passed, "{}", said.all());
}
