//! One fault is told once: what comes of it is folded below it.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use serde_json::Value;

const REPORT: &str = ".artifacts/deployment/production-deployment-report.json";
const STAGING: &str = ".artifacts/deployment/staging-validation-results.json";

fn findings(world: &World) -> Vec<Value> {
    let report = world.json(&["check", "--through", "stabilization"]).json();
    let all = report["findings"].as_array().unwrap().clone();
    all.into_iter().filter(|finding| finding["level"] == "error").collect()
}

#[test]
fn one_deleted_file_is_one_finding() {
    let world = World::played();
    assert_eq!(findings(&world), Vec::<Value>::new());
    for path in [STAGING, REPORT, ".artifacts/deployment/uat-confirmation.json"] {
        let broken = world.copy();
        broken.remove(path);
        let all = findings(&broken);
        let causes: Vec<&Value> = all.iter().filter(|own| own["cause"].is_null()).collect();
        assert_eq!(causes.len(), 1, "{path}: {causes:#?}");
        assert_eq!(causes[0]["location"]["path"], path);
        assert!(all.len() > 1, "{path}: nothing comes of it");
        // A finding about a digest stands only where the digest differs.
        let bound = all.iter().filter(|own| own["rule"] == "GL311");
        for own in bound {
            assert_eq!(own["location"]["path"], path, "{own:#}");
        }
        // What comes of it names it, and people see it below.
        for own in all.iter().filter(|own| !own["cause"].is_null()) {
            assert_eq!(own["cause"]["path"], path, "{own:#}");
        }
        let text = broken.run(&["check", "--through", "stabilization"]).out;
        assert!(text.contains("with that mended, these are gone:"), "{text}");
        let heads = text.lines().filter(|line| line.starts_with("error[")).count();
        assert_eq!(heads, 1, "{text}");
    }
}

#[test]
fn two_faults_are_two() {
    let world = World::played();
    world.remove(STAGING);
    world.remove(".artifacts/deployment/post-deployment-validation.json");
    let all = findings(&world);
    let causes = all.iter().filter(|own| own["cause"].is_null()).count();
    assert_eq!(causes, 2, "{all:#?}");
}

/// Rules that are about a whole say where in it somebody begins.
#[test]
fn findings_name_a_line() {
    let begun = World::new();
    begun.play(&d3p::testing::cli::demo::release_script()[..1]);
    let done = World::played();
    let post = "d3p/phase-9-deployment-golive/phase9_post_deployment_verification.md";
    let plan = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";
    done.remove(STAGING);
    let text = done.read(plan);
    let heading = text.lines().find(|line| line.starts_with("## ") && line.contains("Rollback"));
    let heading = heading.or(text.lines().filter(|line| line.starts_with("## ")).nth(2)).unwrap();
    done.write(plan, text.replace(heading, "Nothing."));
    let of = |world: &World, rule: &str, path: &str| -> Vec<Value> {
        let all = findings(world).into_iter();
        let own = all.filter(|own| own["rule"] == rule && own["location"]["path"] == path);
        own.collect()
    };
    for (world, rule, path) in
        [(&begun, "GL102", plan), (&done, "GL120", plan), (&done, "GL320", post)]
    {
        let found = of(world, rule, path);
        assert!(!found.is_empty(), "{rule}");
        for own in found {
            assert!(own["location"]["line"].is_number(), "{own:#}");
        }
    }
    let bound = of(&done, "GL311", STAGING);
    assert!(bound[0]["related"][0]["location"]["line"].is_number(), "{:#}", bound[0]);
}
