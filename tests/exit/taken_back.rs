//! What `run rollback` and its rehearsal report.

use super::*;
use serde_json::json;

#[test]
fn a_rollback_is_reported_service_by_service() {
    let world = failed_launch(BACK);
    let said = roll_back(&world);
    passed(&said);
    let report: serde_json::Value = serde_json::from_str(&world.read(REPORT)).unwrap();
    assert_eq!(report["status"], "passed");
    assert_eq!(report["outcome"], "ROLLBACK_TRIGGERED");
    assert_eq!(report["returns_to"], "v1.3.0");
    let services = json!([
        { "name": "api", "status": "healthy", "version": "v1.3.0", "before": "v1.4.0" },
        { "name": "web", "status": "healthy", "version": "v1.3.0" },
    ]);
    assert_eq!(report["services"], services);
}

#[test]
fn a_rollback_to_another_version_or_of_one_service_is_a_failed_one() {
    let other = BACK.replace("api=healthy v1.3.0", "api=healthy v1.2.9");
    let world = failed_launch(&other);
    let said = roll_back(&world);
    refused(&said, "api is healthy at v1.2.9, and has to be healthy at v1.3.0");
    let report: serde_json::Value = serde_json::from_str(&world.read(REPORT)).unwrap();
    assert_eq!(
        (&report["status"], &report["outcome"]),
        (&json!("failed"), &json!("ROLLBACK_TRIGGERED"))
    );
    // Half a rollback closes nothing, and the command that is printed is the rollback.
    explain(&world);
    passed(&world.run(&["report"]));
    refused(&world.run(&CLOSE), "api is healthy at v1.2.9");
    assert_eq!(crate::common::argv(&world.next()), ["d3p", "run", "rollback"]);
    // That a service is back is measured: nobody types it.
    world.edit(REPORT, "v1.2.9", "v1.3.0");
    refused(&world.run(&CLOSE), "GL230");
}

#[test]
fn where_nothing_can_be_taken_back_it_is_halted() {
    let halt = "echo ::service api=halted v1.4.0; echo ::service web=halted";
    for (policy, line, fine) in
        [("rollback: halt\n", halt, true), ("", halt, false), ("rollback: halt\n", BACK, false)]
    {
        let script = run_script(true);
        let world = World::new();
        let checklist = ["record", "deployment-readiness-checklist"];
        let first = script.iter().position(|step| is(step, &checklist)).unwrap();
        let launch =
            script.iter().position(|step| is(step, &["run", "deploy-production"])).unwrap();
        world.play(&script[..=first]);
        hook(&world, "deploy-production", HALF);
        hook(&world, "rollback", line);
        world.write("d3p.yaml", world.read("d3p.yaml") + policy);
        world.play(&script[first + 1..launch]);
        refused(&world.run(&["run", "deploy-production"]), "DeploymentFailure");
        let said = roll_back(&world);
        assert_eq!(said.exit == Exit::Passed, fine, "{policy}{line}: {}", said.all());
    }
}

#[test]
fn a_rehearsal_shows_that_this_release_can_be_taken_back() {
    let rehearse = ["run", "rehearse-rollback"];
    let world = until_launch(HALF, BACK);
    passed(&world.run(&rehearse));
    let path = ".artifacts/deployment/rollback-rehearsal.json";
    let report: serde_json::Value = serde_json::from_str(&world.read(path)).unwrap();
    assert_eq!((&report["environment"], &report["status"]), (&json!("staging"), &json!("passed")));
    assert_eq!(report["services"][0]["before"], "v1.4.0");
    assert_eq!(report["commands"][0]["argv"][3], "staging");
    // It is no rollback of production.
    let status = world.run(&["rollback", "status"]);
    assert!(status.out.contains("Nothing was deployed"), "{}", status.all());

    let never = "echo ::service api=healthy v1.3.0; echo ::service web=healthy v1.3.0";
    let world = until_launch(HALF, never);
    refused(&world.run(&rehearse), "does not tell what answered before");
    let other = BACK.replace("api=healthy v1.4.0", "api=healthy v1.1.0");
    let world = until_launch(HALF, &other);
    refused(&world.run(&rehearse), "took back v1.1.0, and not v1.4.0");
}

#[test]
fn a_hook_that_is_not_told_where_it_runs_is_not_rehearsed() {
    let world = until_launch(HALF, BACK);
    let text = world.read("d3p.yaml").replace(", \"{env}\"] }", "] }");
    world.write("d3p.yaml", text);
    world.remove(".artifacts/deployment/records/policy.json");
    world.remove(".artifacts/deployment/records/1-readiness.json");
    refused(&world.run(&["run", "rehearse-rollback"]), "would do it in production");
}
