//! Incident, archive and verification of a release that was taken back.

use super::*;

#[test]
fn a_release_that_was_taken_back_is_closed_as_that_and_verifies() {
    let world = explained();
    for outcome in ["completed", "abandoned", "superseded"] {
        let args = ["archive", "--outcome", outcome, "--reason", "it is over"];
        refused(&world.run(&args), &format!("it is not {outcome}"));
    }
    assert_eq!(crate::common::argv(&world.next()), ["d3p", "archive", "--outcome", "rolled-back"]);
    passed(&world.run(&CLOSE));
    let said = world.run(&["verify", ARCHIVE]);
    passed(&said);
    assert!(said.out.contains("closed: rolled back"), "{}", said.all());
    let json = world.json(&["verify", ARCHIVE]).json();
    assert_eq!(json["audit"]["closed"], "rolled-back");
    passed(&world.run(&["verify", ARCHIVE, "--expect", "rolled-back"]));
    let expected = world.run(&["verify", ARCHIVE, "--expect", "completed"]);
    refused(&expected, "expected a release that was completed, and it was closed as rolled-back");
    let state = world.read(&format!("{ARCHIVE}/.artifacts/deployment/workflow-state.json"));
    assert!(state.contains("\"currentPhase\": \"rolled-back\""), "{state}");
    let report = world.read(&format!("{ARCHIVE}/.artifacts/deployment/DEPLOYMENT-REPORT.md"));
    for part in [
        "It was taken back",
        "ROLLBACK_TRIGGERED",
        "The deployment of web ended",
        "| api | v1.4.0 | v1.3.0 |",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
}

#[test]
fn it_is_not_closed_without_report_incident_or_cause() {
    let world = failed_launch(BACK);
    refused(&world.run(&CLOSE), "was not rolled back");
    passed(&roll_back(&world));
    refused(&world.run(&CLOSE), "incident does not exist");
    assert_eq!(crate::common::argv(&world.next()), ["d3p", "record", "incident"]);
    explain(&world);
    refused(&world.run(&CLOSE), "deployment report does not exist");
    passed(&world.run(&["report"]));
    for (from, to) in [
        ("web needs a column that only the migration of api adds.", "Unknown."),
        ("web needs a column that only the migration of api adds.", "We will see."),
        ("The migration runs before both, and staging checks it.", "none"),
        ("Jonas Weber", "the team"),
        ("alert on failed migrations", "to be determined"),
    ] {
        let lie = world.copy();
        lie.edit(INCIDENT, from, to);
        refused(&lie.run(&CLOSE), INCIDENT);
        refused(&lie.run(&["record", "incident"]), "leaves something open");
    }
    let untold = world.copy();
    let text = untold.read(INCIDENT);
    let kept: Vec<&str> =
        text.lines().filter(|line| !line.to_lowercase().contains("roll")).collect();
    untold.write(INCIDENT, kept.join("\n"));
    refused(&untold.run(&CLOSE), "the timeline does not tell that a rollback began");
    passed(&world.run(&CLOSE));
}

#[test]
fn what_it_was_closed_by_is_not_edited_afterwards() {
    for path in [INCIDENT, REPORT] {
        let world = closed();
        let path = format!("{ARCHIVE}/{path}");
        world.write(&path, world.read(&path).replace("api", "app"));
        let said = world.run(&["verify", ARCHIVE]);
        refused(&said, "was edited since the release was closed");
    }
}
