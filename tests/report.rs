//! The compiled report: what it says, whose words survive, what makes it stale, and that an archived
//! one verifies for ever.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;
use d3p::testing::cli::demo::{Action, release_script};
use std::time::Duration;

const REPORT: &str = ".artifacts/deployment/DEPLOYMENT-REPORT.md";
const ANSWERS: &str = ".artifacts/deployment/confirmations.json";
const HEALTH: &str = ".artifacts/deployment/deployment-health-log.md";
const STATE: &str = ".artifacts/deployment/workflow-state.json";
const INPUTS: &str = ".artifacts/deployment/retrospective-inputs.json";
const SAMPLE: &str = r#"{"metrics": {"error_rate": "0.2%", "latency_p99": "199ms", "cpu": "40%"}, "observation": "one more look"}"#;
const DAY: Duration = Duration::from_secs(86_400);

fn compiled() -> World {
    World::played_until(&["report"])
}

/// Fills a region of the report.
fn fill(world: &World, region: &str, text: &str) {
    let marker = format!("<!-- d3p:begin {region} -->\nNothing was written here.\n");
    world.edit(REPORT, &marker, &format!("<!-- d3p:begin {region} -->\n{text}"));
}

/// What `record` takes for the retrospective inputs of the demo.
fn actions(world: &World) -> crate::common::Said {
    let body = r#"{"summary": "No incident.", "went_well": ["The rehearsal."], "actions": [{"action": "Sleep", "owner": "Jonas Weber"}]}"#;
    world.run_with(&["record", "retrospective-inputs", "--from", "-"], body)
}

#[test]
fn the_report_of_the_demo_release() {
    let world = compiled();
    insta::assert_snapshot!(world.read(REPORT));
}

#[test]
fn what_people_wrote_survives_byte_for_byte() {
    let world = compiled();
    let prose = "It went well.\r\n\n## Thanks\n\n| a | b |\n| - | - |\n\ttab, <!-- a comment -->, \u{202e}, no\u{a0}end   \n\n";
    fill(&world, "lessons", prose);
    fill(&world, "summary", "");
    world.run_with(&["record", "deployment-health-log", "--from", "-"], SAMPLE);
    let before = world.read(REPORT);
    let said = world.run(&["report"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let after = world.read(REPORT);
    assert!(after.contains(&format!("begin lessons -->\n{prose}<!-- d3p:end lessons")), "{after}");
    assert!(after.contains("begin summary -->\n<!-- d3p:end summary"), "{after}");
    assert!(before.contains("Sampled: 5 samples") && after.contains("Sampled: 6 samples"));
    let inputs = actions(&world);
    assert_eq!(inputs.exit, Exit::Passed, "{}", inputs.all());
    let gate = world.run(&["gate", "stabilization"]);
    assert_eq!(gate.exit, Exit::Passed, "{}", gate.all());
}

#[test]
fn a_report_without_news_is_not_written_again() {
    let world = compiled();
    fill(&world, "follow-ups", "Jonas Weber looks at the queue.\n");
    let before = world.read(REPORT);
    world.pass(DAY);
    let said = world.run(&["report"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains("nothing written"), "{}", said.out);
    assert_eq!(before, world.read(REPORT));
}

#[test]
fn what_would_be_lost_is_refused() {
    let edits: [(&str, &str, &str, &str); 8] = [
        ("a number", "| contract | 41 |", "| contract | 99 |", "edited by hand"),
        ("a section", "## Scope", "## Thanks\n\nTo all.\n\n## Scope", "edited by hand"),
        ("a heading", "## Incidents", "## No incidents", "edited by hand"),
        ("a time", "finished_at: \"2026", "finished_at: \"2025", "edited by hand"),
        (
            "a region lost",
            "<!-- d3p:begin lessons -->\nNothing was written here.\n<!-- d3p:end lessons -->\n",
            "",
            "edited by hand",
        ),
        (
            "a region open",
            "<!-- d3p:end lessons -->",
            "",
            "region lessons is opened here and never closed",
        ),
        (
            "a region twice",
            "d3p:begin lessons -->\nNothing was written here.\n<!-- d3p:end lessons",
            "d3p:begin summary -->\n<!-- d3p:end summary",
            "region summary occurs twice",
        ),
        ("a region unknown", "begin lessons", "begin thoughts", "there is no region `thoughts`"),
    ];
    let played = compiled();
    for (what, from, to, why) in edits {
        let world = played.copy();
        world.edit(REPORT, from, to);
        let before = world.read(REPORT);
        let said = world.run(&["report"]);
        assert_eq!(said.exit, Exit::Refused, "{what}: {}", said.all());
        assert!(said.all().contains(why), "{what}: {}", said.all());
        assert!(said.all().contains("DEPLOYMENT-REPORT.md:"), "no line, {what}: {}", said.all());
        assert_eq!(before, world.read(REPORT), "{what}");
        let check = world.json(&["check", "--through", "4"]);
        assert!(check.has("GL225"), "{what}: {:?}", check.rules());
    }
}

#[test]
fn a_report_that_d3p_did_not_write_is_kept() {
    let world = compiled();
    world.write(REPORT, "# Our report\n\nAll is well.\n");
    let said = world.run(&["report"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert_eq!(world.read(REPORT), "# Our report\n\nAll is well.\n");
    world.write(REPORT, [0xff, 0xfe, 0x00]);
    assert_eq!(world.run(&["report"]).exit, Exit::Refused);
    world.write(REPORT, "");
    let said = world.run(&["report"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

#[test]
fn each_try_is_counted() {
    let world = World::played_until(&["gate", "readiness"]);
    let good = d3p::testing::assets::demo_body("staging-deployment-report").unwrap();
    let good = good.replace("{{ release }}", "v1.4.0");
    for exit_code in [1, 1, 3, 0] {
        let now = world.now().to_string();
        let body = good.replace("{{ started_at }}", &now).replace("{{ finished_at }}", &now);
        let body = body.replace("\"exit_code\": 0", &format!("\"exit_code\": {exit_code}"));
        let said = world.run_with(&["record", "staging-deployment-report", "--from", "-"], &body);
        assert_eq!(said.exit == Exit::Passed, exit_code == 0, "{}", said.all());
    }
    let script = release_script();
    let recorded = |step: &d3p::testing::cli::demo::Step| matches!(&step.action, Action::Run { args, .. } if args.get(1).is_some_and(|kind| kind == "staging-deployment-report"));
    let next = script.iter().position(recorded).unwrap() + 1;
    world.play(&script[next..]);
    let report = world.read(REPORT);
    let staging = report.split("## Staging deployment report").nth(1).unwrap();
    assert!(staging.lines().nth(2).unwrap().ends_with("passed on attempt 4."), "{staging}");
    assert!(
        world.read(INPUTS).contains("staging-deployment-report: passed on attempt 4"),
        "{}",
        world.read(INPUTS)
    );
}

#[test]
fn text_of_the_evidence_cannot_pose_as_the_report() {
    let world = World::new();
    let mut script = release_script();
    let hostile = "fine | passed |\\n## Gates\\n<!-- d3p:begin lessons --> \\u001b[2J \\u202egnp";
    for step in &mut script {
        if let Action::Run { args, stdin: Some(body), .. } = &mut step.action
            && args[1] == "post-deployment-validation"
        {
            *body = body.replace("the start page loads", hostile);
        }
    }
    world.play(&script);
    let report = world.read(REPORT);
    let row = report.lines().find(|line| line.starts_with("| fine ")).unwrap();
    assert_eq!(
        row,
        "| fine \\| passed \\| ## Gates &lt;!-- d3p:begin lessons --&gt; \\\\u{1b}\\[2J \\\\u{202e}gnp | web | passed |"
    );
    assert_eq!(world.run(&["verify"]).exit, Exit::Passed);
}

#[test]
fn what_comes_later_leaves_a_completed_release_alone() {
    let world = World::played();
    world.pass(DAY);
    world.run_with(&["record", "deployment-health-log", "--from", "-"], SAMPLE);
    let told = r#"{"text": "Thank you all."}"#;
    world.run_with(&["record", "deployment-communications", "--from", "-"], told);
    world.run(&["gate", "stabilization"]);
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    // A branch that was merged afterwards brings an entry that is older than the report.
    let first = world.read(HEALTH).lines().find(|line| line.starts_with("- ")).unwrap().to_owned();
    let older = first.replace(first.split(' ').nth(2).unwrap(), "00000000000000aa");
    let text = world.read(HEALTH).replacen(&first, &format!("{first}\n{older}"), 1);
    world.write(HEALTH, text);
    let said = world.json(&["verify"]);
    assert!(!said.has("GL223") && !said.has("GL225") && !said.has("GL227"), "{:?}", said.rules());
}

#[test]
fn an_archived_release_is_compiled_again_for_ever() {
    let world = World::played();
    let said = world.run(&["archive"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    world.pass(DAY * 365 * 10);
    let archive = ".artifacts/releases/v1.4.0+1";
    let said = world.run(&["verify", archive]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let report = format!("{archive}/{REPORT}");
    let text = world.read(&report);
    world.write(&report, text.replacen("| contract | 41 |", "| contract | 14 |", 1));
    let said = world.json(&["verify", archive]);
    assert_eq!(said.exit, Exit::Refused);
    assert!(said.has("GL225"), "{:?}", said.rules());
}

#[test]
fn the_handoff_is_said_once_every_gate_is_passed() {
    let message = "[PROTOCOL COMPLETE]";
    let world = World::played_until(&["record", "retrospective-inputs", "--from", "-"]);
    let before = world.run(&["status"]);
    assert!(!before.out.contains(message) && !before.out.contains("Phase 10"), "{}", before.out);
    let refused = world.copy();
    refused.remove(INPUTS);
    let said = refused.run(&["gate", "stabilization"]);
    assert_eq!(said.exit, Exit::Refused);
    assert!(!said.all().contains(message) && !said.all().contains("Phase 10"), "{}", said.all());
    assert!(!refused.dir.join(STATE).exists() && !world.dir.join(STATE).exists());
    let said = world.run(&["gate", "stabilization"]);
    assert!(said.out.contains("[ ] Release report compiled and shared"), "{}", said.out);
    let takes = |consumer| world.run(&["handoff", consumer, "--taken-by", "Jonas Weber"]);
    assert!(
        !takes("protocol-12").out.contains(message) && !takes("protocol-13").out.contains(message)
    );
    let said = takes("protocol-5");
    let box_at = said.out.find("[x] Release report compiled").unwrap();
    assert!(said.out[box_at..].contains(message), "{}", said.out);
    assert!(said.out.contains("next phase: Phase 10"), "{}", said.out);
    let state: serde_json::Value = serde_json::from_str(&world.read(STATE)).unwrap();
    assert_eq!(state["currentPhase"], "complete");
    // In the words of the workflow, which the gates are none of.
    let words = [
        "understand",
        "research",
        "scope",
        "design",
        "decompose",
        "implement",
        "validate",
        "deploy",
    ];
    assert_eq!(state["completedPhases"], serde_json::json!(words));
    assert_eq!(state["completedGates"][3], "stabilization");
    let view: serde_json::Value = serde_json::from_str(&world.json(&["status"]).out).unwrap();
    assert_eq!(view["handoff"]["complete"], true);
}

#[test]
fn a_workflow_state_that_was_removed_is_missed() {
    let world = World::played();
    world.remove(STATE);
    let said = world.json(&["verify"]);
    assert_eq!(said.exit, Exit::Refused);
    assert!(said.has("GL201"), "{:?}", said.rules());
    let said = world.run(&["gate", "stabilization"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(world.run(&["verify"]).exit, Exit::Passed);
}

#[test]
fn observations_are_derived_and_not_taken() {
    let world = compiled();
    let body = r#"{"summary": "No incident.", "went_well": [], "observations": [], "actions": [{"action": "Sleep", "owner": "Jonas Weber"}]}"#;
    let said = world.run_with(&["record", "retrospective-inputs", "--from", "-"], body);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains("derives"), "{}", said.all());
    assert_eq!(actions(&world).exit, Exit::Passed);
    assert!(world.read(INPUTS).contains("gate readiness was refused once: GL102"));
}

/// A report compiled while an answer was hidden would leave it out.
#[test]
fn an_answer_that_a_gate_bound_cannot_be_left_out() {
    let world = World::played_until(&["record", "post-deployment-validation", "--from", "-"]);
    let asked = world.run(&["confirm", "Is it quiet?", "--answer", "yes", "--by", "Ana Silva"]);
    assert_eq!(asked.exit, Exit::Passed, "{}", asked.all());
    let script = release_script();
    let rest = script.iter().rposition(|step| match &step.action {
        Action::Run { args, .. } => {
            args[..] == ["record", "post-deployment-validation", "--from", "-"]
        }
        _ => false,
    });
    let end = script.iter().position(|step| match &step.action {
        Action::Run { args, .. } => args[..] == ["report"],
        _ => false,
    });
    world.play(&script[rest.unwrap() + 1..end.unwrap()]);
    let answers = world.read(ANSWERS);
    world.remove(ANSWERS);
    let compiled = world.run(&["report"]);
    assert_eq!(compiled.exit, Exit::Passed, "{}", compiled.all());
    world.write(ANSWERS, answers);
    let said = world.json(&["check", "--through", "stabilization"]);
    let about_report = said.rules().iter().any(|(_, path)| path == REPORT);
    assert!(about_report, "{}", said.all());
}
