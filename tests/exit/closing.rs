//! Incident, archive and verification of a release that was taken back.

use super::*;
use std::path::{Path, PathBuf};

#[test]
fn a_release_that_was_taken_back_is_closed_as_that_and_verifies() {
    let world = explained();
    for outcome in ["completed", "abandoned", "superseded"] {
        let args = ["archive", "--outcome", outcome, "--reason", "it is over"];
        refused(&world.run(&args), &format!("it is not {outcome}"));
    }
    assert_eq!(crate::common::argv(&world.next()), ["d3p", "archive", "--outcome", "rolled-back"]);
    let open = world.run(&["verify", "--expect", "completed"]);
    refused(&open, "expected a release that was completed, and it is not closed");
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
    assert!(state.contains("\"validate\"") && !state.contains("\"deploy\""), "{state}");
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

/// Each file of an archive, whatever its gates bound: deleted, edited, emptied; and a ledger whose end,
/// the line that closes it, is cut off.
#[test]
fn nothing_of_what_is_closed_changes_unseen() {
    let world = explained();
    passed(&world.run(&["report"]));
    passed(&world.run(&CLOSE));
    passed(&world.run(&["verify", ARCHIVE]));
    let dir = world.dir.join(ARCHIVE);
    let ledger = dir.join(LEDGER);
    let listed = files(&dir);
    assert!(listed.len() > 40, "{}", listed.len());
    for (index, path) in listed.iter().filter(|path| **path != ledger).enumerate() {
        let was = std::fs::read(path).unwrap();
        match index % 3 {
            0 => std::fs::remove_file(path).unwrap(),
            1 if !was.is_empty() => std::fs::write(path, b"").unwrap(),
            _ => std::fs::write(path, [&was[..], b" "].concat()).unwrap(),
        }
        let said = world.run(&["verify", ARCHIVE]);
        assert_ne!(said.exit, Exit::Passed, "{}: {}", path.display(), said.all());
        std::fs::write(path, was).unwrap();
    }
    passed(&world.run(&["verify", ARCHIVE]));
    // What the launch left is brought back from git like everything else.
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "-m", "closed"]);
    let runs = dir.join(".artifacts/deployment/raw/runs");
    let log = files(&runs).into_iter().find(|path| {
        path.extension().is_some_and(|own| own == "log")
            && path.to_string_lossy().contains("deploy-production")
    });
    std::fs::remove_file(log.unwrap()).unwrap();
    refused(&world.run(&["verify", ARCHIVE]), "is gone, and the release was closed with it");
    passed(&world.run(&["-C", ARCHIVE, "doctor", "--restore"]));
    passed(&world.run(&["verify", ARCHIVE]));
    let whole = std::fs::read_to_string(&ledger).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    std::fs::write(&ledger, lines[..lines.len() - 1].join("\n") + "\n").unwrap();
    refused(&world.run(&["verify", ARCHIVE]), "no line of its ledger closes it");
}

/// Every file below `dir`, sorted.
fn files(dir: &Path) -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter().map(Result::unwrap);
    all.filter(|own| own.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}
