//! What grows is judged to its end, and what is said of it stays short.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;

const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";

#[test]
fn of_many_lines_that_name_nothing_the_first_are_told_and_the_rest_counted() {
    let world = World::played();
    let said = world.json(&["verify"]);
    assert!(said.exit == Exit::Passed && !said.has("GL904"), "{}", said.all());
    let mut ledger = world.read(LEDGER);
    for number in 0..30 {
        ledger.push_str(&format!(
            "{{\"id\":\"{number:016x}\",\"at\":\"2026-12-01T00:00:00Z\",\"actor\":{{\"kind\":\"person\",\"name\":\"x\"}},\"kind\":\"gate-refused\",\"release\":\"v1.4.0+1\",\"gate\":\"stabilization\",\"rules\":[\"GL312\"],\"heads\":[]}}\n"
        ));
    }
    world.write(LEDGER, &ledger);
    let said = world.json(&["verify"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let findings = said.json()["findings"].clone();
    let findings = findings.as_array().unwrap().iter().filter(|own| own["rule"] == "GL904");
    let told: Vec<String> = findings.map(|own| own["message"].to_string()).collect();
    assert_eq!(told.len(), 21, "{told:#?}");
    let rest = "10 more lines do not name what is before them";
    assert!(told.iter().any(|own| own.contains(rest)), "{told:#?}");
}
