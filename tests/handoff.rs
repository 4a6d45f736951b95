//! Each consumer of a release is given what the protocols list, and who took it is recorded; that ticks the
//! handoff, and no file's existence does (P11-5, P11-H, D3P-11).

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World, argv};
use d3p::Exit;
use d3p::testing::bundle::{LIMITS, unpack};
use std::fs;

const GATE: [&str; 2] = ["gate", "stabilization"];
const COMPLETE: &str = "[PROTOCOL COMPLETE]";

fn passed(said: &Said) -> &Said {
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    said
}

/// What is packed for a consumer: the members by path.
fn packed(world: &World, consumer: &str) -> Vec<String> {
    let file = world.dir.with_file_name(format!("{consumer}.tar.gz"));
    passed(&world.run(&["handoff", consumer, file.to_str().unwrap()]));
    let bytes = fs::read(&file).unwrap();
    let members = unpack(&mut bytes.as_slice(), &LIMITS).unwrap();
    members.manifest.files.iter().map(|member| member.path.clone()).collect()
}

#[test]
fn each_consumer_is_given_what_the_protocols_list() {
    let world = World::played_until(&GATE);
    let has = |paths: &[String], part: &str| paths.iter().any(|path| path.contains(part));
    let monitoring = packed(&world, "protocol-12");
    for part in ["post-deployment-validation.json", "deployment-health-log.md", "changes.json"] {
        assert!(has(&monitoring, part), "{part}: {monitoring:?}");
    }
    let incident = packed(&world, "protocol-13");
    assert!(has(&incident, "rollback-plan.md"), "{incident:?}");
    let retrospective = packed(&world, "protocol-5");
    for part in ["DEPLOYMENT-REPORT.md", "retrospective-inputs.json"] {
        assert!(has(&retrospective, part), "{part}: {retrospective:?}");
    }
    assert!(has(&packed(&world, "phase-10"), "phase9_go_live_monitoring.md"));
    // A file is never overwritten, and nobody unknown is given anything.
    let file = world.dir.with_file_name("protocol-5.tar.gz");
    let again = world.run(&["handoff", "protocol-5", file.to_str().unwrap()]);
    assert_eq!(again.exit, Exit::Refused, "{}", again.all());
    let unknown = world.run(&["handoff", "protocol-99", "/tmp/never.tar.gz"]);
    assert_eq!(unknown.exit, Exit::Incomplete, "{}", unknown.all());
}

#[test]
fn the_handoff_is_ticked_by_who_took_it() {
    let world = World::played_until(&GATE);
    let status = world.run(&["status"]);
    assert!(!status.out.contains(COMPLETE), "{}", status.out);
    assert!(status.out.contains("protocol-12 has not taken it"), "{}", status.out);
    for consumer in ["protocol-12", "protocol-13", "protocol-5"] {
        let next = argv(&world.next());
        assert_eq!(next[..3], ["d3p", "handoff", consumer], "{next:?}");
        let said = world.run(&["handoff", consumer, "--taken-by", "Jonas Weber"]);
        let complete = passed(&said).out.contains(COMPLETE);
        assert_eq!(complete, consumer == "protocol-5", "{}", said.out);
    }
    assert!(world.run(&["handoff"]).out.contains("taken by Jonas Weber"));
    passed(&world.run(&["verify"]));
    // What was taken is not exchanged afterwards: then it is another thing that nobody took.
    let inputs = ".artifacts/deployment/retrospective-inputs.json";
    world.write(inputs, world.read(inputs).replacen('{', "{ ", 1));
    assert!(!world.run(&["status"]).out.contains(COMPLETE));
}

#[test]
fn nobody_takes_what_is_not_there_or_is_no_person() {
    let world = World::played_until(&["gate", "production-launch"]);
    let said = world.run(&["handoff", "protocol-12", "--taken-by", "Jonas Weber"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains("deployment-health-log is"), "{}", said.all());
    for name in ["monitoring team", "Jonas", "release-bot"] {
        let said = world.run(&["handoff", "protocol-12", "--taken-by", name]);
        assert_eq!(said.exit, Exit::Incomplete, "{name}: {}", said.all());
    }
    let both = world.run(&["handoff", "protocol-12"]);
    assert_eq!(both.exit, Exit::Incomplete, "{}", both.all());
}
