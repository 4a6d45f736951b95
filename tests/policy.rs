//! A policy is frozen when gate 1 passes: what each later edit of `d3p.yaml` does to `verify`.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;
use std::sync::{Mutex, OnceLock};

/// A policy in which every key can be made stricter and looser.
const POLICY: &str = "phase: phase-9-deployment-golive
phase_version: 1
project: demo/shop
services: [api, web]
signatures: \"off\"
demo: false
skew: 5m
titles: {}
prerequisites: { smoke-tests: { max_age: 3d } }
evidence: { rollback-plan: { max_age: 5d } }
validation: { suites: [smoke, contract], security: { max_critical: 1, max_high: 2 }, performance: { max_regression: 10% } }
configuration: { allowed_differences: [config/web.toml] }
uat: { required: true }
approval: { production: { threshold: 2, max_age: 1h }, persons: [{ name: Ana Silva, role: lead }, { name: Mei Tanaka, role: owner }] }
health: { window: 24h, interval: 1h, signals: [error_rate, latency_p99] }
run: { path: [/usr/bin, /bin, /opt/tools] }
windows: { deny: [{ id: nights, weekly: \"Mon-Fri 00:00-05:00\", tz: UTC }] }
";

/// A release of [`POLICY`] that has passed gate 1.
fn frozen() -> World {
    static WORLD: OnceLock<Mutex<World>> = OnceLock::new();
    let world = WORLD.get_or_init(|| {
        let world = World::new();
        let mut script = d3p::testing::cli::demo::release_script();
        script.truncate(6);
        for step in &mut script {
            if let d3p::testing::cli::demo::Action::Write(files) = &mut step.action {
                files
                    .iter_mut()
                    .filter(|(path, _)| path == "d3p.yaml")
                    .for_each(|(_, text)| *text = POLICY.to_owned());
            }
        }
        world.play(&script);
        Mutex::new(world)
    });
    world.lock().unwrap_or_else(std::sync::PoisonError::into_inner).copy()
}

fn verify_policy(world: &World, text: &str) -> crate::common::Said {
    world.write("d3p.yaml", text);
    world.json(&["verify", "--through", "readiness"])
}

/// Edits of [`POLICY`]: the key, what it was, what it becomes.
const LOOSER: &[(&str, &str, &str)] = &[
    ("project", "project: demo/shop", "project: demo/other"),
    ("services", "services: [api, web]", "services: [api]"),
    ("services", "services: [api, web]", "services: [api, other]"),
    ("skew", "skew: 5m", "skew: 6m"),
    ("titles", "titles: {}", "titles: { Deployment steps: Schritte }"),
    ("prerequisites.smoke-tests", "max_age: 3d }", "max_age: 4d }"),
    ("prerequisites.smoke-tests", "max_age: 3d }", "max_age: 3d, path: other.json }"),
    ("prerequisites.smoke-tests", "max_age: 3d }", "max_age: 3d, dated: [/when] }"),
    (
        "prerequisites.smoke-tests",
        "max_age: 3d }",
        "max_age: 3d, not_applicable: { reason: the shop has no such tests, decided_by: Ana Silva } }",
    ),
    ("prerequisites", "prerequisites: { smoke-tests: { max_age: 3d } }", "prerequisites: {}"),
    ("evidence.rollback-plan", "max_age: 5d }", "max_age: 6d }"),
    ("evidence", "evidence: { rollback-plan: { max_age: 5d } }", "evidence: {}"),
    ("validation.suites", "[smoke, contract]", "[smoke]"),
    ("validation.security.max_critical", "max_critical: 1", "max_critical: 2"),
    ("validation.security.max_high", "max_high: 2", "max_high: 3"),
    ("validation.performance.max_regression", "10%", "11%"),
    (
        "configuration.allowed_differences",
        "[config/web.toml]",
        "[config/web.toml, config/api.toml]",
    ),
    ("uat", "required: true", "required: false, decided_by: Ana Silva, reason: no users"),
    ("approval.production.threshold", "threshold: 2", "threshold: 1"),
    ("approval.production.max_age", "max_age: 1h", "max_age: 2h"),
    ("approval.persons", "name: Mei Tanaka", "name: Jonas Weber"),
    ("approval.persons", "role: lead", "role: captain"),
    ("health.window", "window: 24h", "window: 23h"),
    ("health.interval", "interval: 1h", "interval: 61m"),
    ("health.signals", "[error_rate, latency_p99]", "[error_rate]"),
    ("windows.deny", "[{ id: nights, weekly: \"Mon-Fri 00:00-05:00\", tz: UTC }]", "[]"),
    ("windows.deny", "00:00-05:00", "00:00-04:59"),
    ("run.path", "[/usr/bin, /bin, /opt/tools]", "[/opt/tools, /usr/bin, /bin]"),
    ("run.path", "[/usr/bin, /bin, /opt/tools]", "[/bin, /opt/tools]"),
    ("demo", "demo: false", "demo: true"),
    ("approval.separation", "persons: [", "separation: \"off\", persons: ["),
];

const STRICTER: &[(&str, &str, &str)] = &[
    ("services", "services: [api, web]", "services: [api, web, search]"),
    ("skew", "skew: 5m", "skew: 4m"),
    ("prerequisites.smoke-tests.max_age", "max_age: 3d }", "max_age: 2d }"),
    ("evidence.rollback-plan.max_age", "max_age: 5d }", "max_age: 4d }"),
    ("validation.suites", "[smoke, contract]", "[smoke, contract, load]"),
    ("validation.security.max_critical", "max_critical: 1", "max_critical: 0"),
    ("validation.security.max_high", "max_high: 2", "max_high: 1"),
    ("validation.performance.max_regression", "10%", "9.5%"),
    ("configuration.allowed_differences", "[config/web.toml]", "[]"),
    ("approval.production.max_age", "max_age: 1h", "max_age: 30m"),
    ("health.window", "window: 24h", "window: 25h"),
    ("run.path", "[/usr/bin, /bin, /opt/tools]", "[/usr/bin, /bin]"),
    ("health.interval", "interval: 1h", "interval: 30m"),
    ("health.signals", "[error_rate, latency_p99]", "[error_rate, latency_p99, cpu]"),
    (
        "windows.deny",
        "tz: UTC }]",
        "tz: UTC }, { id: freeze, start: \"2026-12-24T00:00:00Z\", end: \"2026-12-27T00:00:00Z\" }]",
    ),
];

#[track_caller]
fn edited(from: &str, to: &str) -> String {
    assert!(POLICY.contains(from), "the policy has no {from}");
    POLICY.replacen(from, to, 1)
}

/// Messages of one rule.
fn messages(said: &crate::common::Said, rule: &str) -> Vec<String> {
    let findings = said.json()["findings"].as_array().cloned().unwrap_or_default();
    let of_rule = findings.iter().filter(|finding| finding["rule"] == rule);
    of_rule.map(|finding| finding["message"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_loosened_policy_is_an_error_that_names_the_key() {
    let world = frozen();
    assert_eq!(verify_policy(&world, POLICY).exit, Exit::Passed);
    for (key, from, to) in LOOSER {
        let said = verify_policy(&world, &edited(from, to));
        assert_eq!(said.exit, Exit::Refused, "{key}: {to}\n{}", said.all());
        let named = messages(&said, "GL004").iter().any(|message| message.contains(key));
        assert!(named, "{key}: {to}\n{}", said.all());
    }
}

#[test]
fn a_policy_key_that_is_removed_falls_back_to_the_default_and_is_named() {
    let world = frozen();
    let kept = [
        "phase:",
        "phase_version:",
        "project:",
        "services:",
        "signatures:",
        "demo:",
        "skew:",
        "titles:",
        "uat:",
        "health:",
    ];
    for line in POLICY.lines().filter(|line| !kept.iter().any(|key| line.starts_with(key))) {
        let said = verify_policy(&world, &POLICY.replace(&format!("{line}\n"), ""));
        let key = line.split(':').next().unwrap();
        let named = ["GL004", "GL005"]
            .iter()
            .flat_map(|rule| messages(&said, rule))
            .any(|m| m.contains(key));
        assert!(named, "{key}\n{}", said.all());
        let looser = said.has("GL004");
        assert_eq!(said.exit == Exit::Refused, looser, "{key}\n{}", said.all());
    }
}

#[test]
fn a_stricter_policy_is_a_warning_that_names_the_key() {
    let world = frozen();
    for (key, from, to) in STRICTER {
        let said = verify_policy(&world, &edited(from, to));
        assert_eq!(said.exit, Exit::Passed, "{key}: {to}\n{}", said.all());
        let named = messages(&said, "GL005").iter().any(|message| message.contains(key));
        assert!(named && !said.has("GL004"), "{key}: {to}\n{}", said.all());
    }
}

#[test]
fn a_policy_that_says_the_same_otherwise_is_not_mentioned() {
    let world = frozen();
    let mut backwards: Vec<&str> = POLICY.lines().collect();
    backwards.reverse();
    for text in [
        format!("# A comment.\n{POLICY}# Another.\n"),
        backwards.join("\n") + "\n",
        edited("services: [api, web]", "services:\n  - api\n  - \"web\""),
        edited("uat: { required: true }\n", ""),
    ] {
        let said = verify_policy(&world, &text);
        assert_eq!(said.exit, Exit::Passed, "{text}\n{}", said.all());
        assert!(!said.has("GL004") && !said.has("GL005"), "{text}\n{}", said.all());
    }
}

#[test]
fn a_policy_that_cannot_be_read_is_a_failure_to_complete() {
    let world = frozen();
    let cut = &POLICY[..POLICY.len() / 2];
    for text in [
        "",
        "]",
        "services: [",
        cut,
        "phase: other\n",
        &edited("skew: 5m", "skew: soon"),
        &edited("demo: false", "demos: false"),
    ] {
        let said = verify_policy(&world, text);
        assert_eq!(said.exit, Exit::Incomplete, "{text}\n{}", said.all());
    }
    world.write("d3p.yaml", b"project: \xff\n");
    assert_eq!(world.run(&["verify"]).exit, Exit::Incomplete);
    world.remove("d3p.yaml");
    assert_eq!(world.run(&["verify"]).exit, Exit::Incomplete);
}

#[test]
fn a_played_release_is_held_to_its_frozen_policy() {
    let world = World::played();
    let honest = world.read("d3p.yaml");
    for (from, to) in [
        ("suites: [smoke, contract]", "suites: [smoke]"),
        ("window: 4s", "window: 3s"),
        ("services: [api, web]", "services: [api]"),
    ] {
        world.edit("d3p.yaml", from, to);
        assert_eq!(world.run(&["verify"]).exit, Exit::Refused, "{to}");
        world.write("d3p.yaml", &honest);
    }
    world.edit("d3p.yaml", "window: 4s", "window: 5s");
    assert_eq!(world.run(&["verify"]).exit, Exit::Passed);
}

/// What no gate would notice by itself: the edit of [`POLICY`], the key, and what is said of it.
const LOOSENED: &[(&str, &str, &str, &str)] = &[
    (
        "max_regression: 10%",
        "max_regression: 100000%",
        "validation.performance.max_regression",
        "is 100000%; recommended is at most 10%",
    ),
    ("max_age: 1h", "max_age: 3650d", "approval.production.max_age", "recommended is at most 24h"),
    ("window: 24h", "window: 2h", "health.window", "is 2h; recommended is at least 24h"),
    (
        "windows:",
        "hooks: { rollback: { run: [\"true\"] } }\nwindows:",
        "hooks.rollback",
        "does nothing",
    ),
    (
        "windows:",
        "hooks: { deploy-production: { run: [sh, deploy.sh, --env, staging] } }\nwindows:",
        "hooks.deploy-production",
        "its command names staging",
    ),
    (
        "[{ id: nights, weekly: \"Mon-Fri 00:00-05:00\", tz: UTC }]",
        "[]",
        "windows.deny",
        "is empty",
    ),
    ("skew: 5m", "skew: 15m", "skew", "recommended is at most 5m"),
    ("max_age: 5d }", "max_age: 900d }", "evidence.rollback-plan.max_age", "is 900d"),
];

#[test]
fn what_is_looser_than_recommended_heads_every_report() {
    let base = frozen();
    base.write("d3p.yaml", POLICY);
    let before = base.json(&["check", "--through", "readiness"]);
    let count = messages(&before, "GL007").len();
    for (from, to, key, said) in LOOSENED {
        let world = base.copy();
        world.write("d3p.yaml", edited(from, to));
        // As if it had been there when gate 1 froze the policy.
        let gate = world.run(&["gate", "readiness", "--refreeze"]);
        assert_eq!(gate.exit, Exit::Passed, "{to}\n{}", gate.all());
        let report = world.json(&["check", "--through", "readiness"]);
        let told = messages(&report, "GL007");
        // The hook of another step leaves the rollback without one, as it was.
        assert!(told.len() >= count && told != messages(&before, "GL007"), "{to}: {told:?}");
        let own = told.iter().find(|message| message.contains(said));
        assert!(own.is_some(), "{to}: {told:?}");
        let head = format!("looser than recommended: {} (", told.len());
        for said in [&gate, &world.run(&["check"]), &world.run(&["verify", "--through", "1"])] {
            let line = said.out.lines().find(|line| line.starts_with(&head));
            assert!(line.is_some_and(|line| line.contains(key)), "{to}: {head}\n{}", said.all());
            let short = said.out.contains("watched for too short: `health.window` is 2h");
            assert_eq!(short, *key == "health.window", "{}", said.all());
        }
        // Strict, it is refused.
        world.write("d3p.yaml", edited(from, to) + "strict: true\n");
        let strict = world.json(&["gate", "readiness", "--refreeze"]);
        assert_eq!(strict.exit, Exit::Refused, "{to}");
        assert!(strict.has("GL007"), "{to}: {}", strict.all());
    }
}

#[test]
fn names_that_look_like_another_are_refused_at_gate_1() {
    let base = frozen();
    for (name, why) in [
        ("Ana\u{A0}Silva", "it holds an unusual blank (U+00A0)"),
        ("\u{410}na Silva", "it mixes Cyrillic and Latin letters"),
    ] {
        let world = base.copy();
        let persons = format!("[{{ name: {name}, role: lead }}, ");
        world.write("d3p.yaml", edited("[{ name: Ana Silva, role: lead }, ", &persons));
        let said = world.json(&["gate", "readiness", "--refreeze"]);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        let told = messages(&said, "GL003");
        assert!(told.iter().any(|message| message.contains(why)), "{told:?}");
    }
}
