//! What is said to people, and what they answer: `announce`, the notify command, `confirm`.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World, argv};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script};

const LOG: &str = ".artifacts/deployment/deployment-communications.md";
const ANSWERS: &str = ".artifacts/deployment/confirmations.json";
const LIVE: &str = ".artifacts/deployment/live-confirmations.json";
const LAUNCHED: &[&str] = &["record", "post-deployment-validation", "--from", "-"];
const QUESTION: &str = "Is the error rate normal in every region?";

/// What was said, without times and ids.
fn told(world: &World) -> Vec<String> {
    let log = world.read(LOG);
    let entries = log.lines().filter_map(|line| line.strip_prefix("- 2"));
    entries.filter_map(|line| line.splitn(3, ' ').nth(2)).map(str::to_owned).collect()
}

fn answer(world: &World, answer: &str) -> Said {
    world.run(&["confirm", QUESTION, "--answer", answer, "--by", "Ana Silva"])
}

#[test]
fn the_commands_announce_the_phases_themselves() {
    let said = told(&World::played());
    let own: Vec<&str> = said
        .iter()
        .map(String::as_str)
        .filter(|text| text.starts_with("[PHASE") || text.ends_with("..."))
        .collect();
    // Protocol 11 §5, but for the steps: their evidence was typed here, not run.
    assert_eq!(
        own,
        [
            "[PHASE 1 START] - Verifying deployment readiness artifacts...",
            "Confirming release scope, dependencies, and stakeholder approvals...",
            "[PHASE 1 COMPLETE] - Readiness Verification and Approval finished successfully.",
            "[PHASE 2 COMPLETE] - Staging Deployment Execution finished successfully.",
            "[PHASE 3 COMPLETE] - Production Deployment & Monitoring finished successfully.",
            "[PHASE 4 START] - Monitoring post-deployment health window...",
            "Compiling final release report and evidence bundle...",
            "[PHASE 4 COMPLETE] - Release Review, Rollback Evaluation, and Documentation finished successfully.",
        ]
    );
}

#[test]
fn an_announcement_has_the_exact_words_of_the_protocol() {
    let world = World::played_until(&["gate", "readiness"]);
    for meant in ["phase 2 start", "[PHASE 2 START]", "Phase 2 Start"] {
        let said = world.run(&["announce", meant]);
        assert_eq!(said.exit, Exit::Passed, "{}", said.all());
        let last = told(&world).pop().unwrap();
        assert_eq!(last, "[PHASE 2 START] - Deploying release candidate to staging...");
    }
    let said = world.run_with(&["announce", "-"], "Checkout is read-only\nuntil 10:15 UTC.\n");
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(told(&world).pop().unwrap(), "Checkout is read-only until 10:15 UTC.");
}

#[test]
fn what_is_not_so_is_not_announced() {
    let world = World::played_until(&["gate", "readiness"]);
    let before = world.read(LOG);
    for (meant, exit, why) in [
        ("phase 2 complete", Exit::Refused, "gate staging-validation is not passed"),
        ("protocol complete", Exit::Refused, "gate stabilization is not passed"),
        ("approval request", Exit::Refused, "gate staging-validation is not passed"),
        ("phase 3 start", Exit::Refused, "deploy-production may not begin now"),
        ("DeploymentFailure", Exit::Refused, "the last run did not fail"),
        ("[PHASE 2 COMPLETE] - All good", Exit::Incomplete, "none of the protocol's announcements"),
        ("phase 7 start", Exit::Incomplete, "none of the protocol's announcements"),
        ("  ", Exit::Incomplete, "nothing to announce"),
        ("Deployed to <ENVIRONMENT>", Exit::Refused, "placeholder"),
    ] {
        let said = world.run(&["announce", meant]);
        assert_eq!(said.exit, exit, "{meant}: {}", said.all());
        assert!(said.all().contains(why), "{meant}: {}", said.all());
    }
    assert_eq!(before, world.read(LOG));
}

/// The demo with a notify command, up to the first gate. `WORLD` is the project's directory: the
/// command runs in a tree of the commit.
#[cfg(unix)]
fn notifying(shell: &str) -> World {
    let world = World::played_until(&["record", "deployment-readiness-checklist"]);
    let policy = world.read("d3p.yaml");
    let shell = shell.replace("WORLD", world.dir.to_str().unwrap());
    world.write(
        "d3p.yaml",
        format!("{policy}notify: {{ run: [sh, -c, {shell:?}], timeout: 1m }}\n"),
    );
    world
}

#[cfg(unix)]
#[test]
fn each_announcement_is_passed_on() {
    let world = notifying("cat >> WORLD/.d3p/sent");
    for args in
        [&["gate", "readiness"][..], &["announce", "phase 2 start"], &["announce", "Hello."]]
    {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    }
    let sent = world.read(".d3p/sent");
    let lines: Vec<&str> = sent.lines().collect();
    assert_eq!(
        lines,
        [
            "[PHASE 1 COMPLETE] - Readiness Verification and Approval finished successfully.",
            "[PHASE 2 START] - Deploying release candidate to staging...",
            "Hello.",
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_message_that_was_not_sent_is_recorded_and_not_lost() {
    let world = notifying("exit 7");
    let gate = world.run(&["gate", "readiness"]);
    assert_eq!(gate.exit, Exit::Passed, "{}", gate.all());
    let said = world.run(&["announce", "Hello."]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.err.contains("nobody was notified: sh: exit 7"), "{}", said.err);
    let told = told(&world);
    assert_eq!(
        told[told.len() - 3..],
        [
            "[AUTOMATION] sh executed: exit 7; not passed on: [PHASE 1 COMPLETE] - Readiness Verification and Approval finished successfully.",
            "Hello.",
            "[AUTOMATION] sh executed: exit 7; not passed on: Hello.",
        ]
    );
}

#[test]
fn no_answer_is_made_up() {
    let world = World::played_until(&["gate", "readiness"]);
    let said = world.run(&["confirm", QUESTION]);
    assert_eq!(said.exit, Exit::Incomplete);
    assert!(said.err.contains("never made up"), "{}", said.err);
    for typed in ["", "\n\n\n", "maybe\nperhaps\nwho knows\n", "yes\n"] {
        let said = world.run_typing(&["confirm", QUESTION], typed);
        assert_eq!(said.exit, Exit::Incomplete, "{typed:?}: {}", said.all());
        assert!(said.err.contains("nothing was recorded"), "{typed:?}: {}", said.err);
    }
    let by_a_role = world.run(&["confirm", QUESTION, "--answer", "yes", "--by", "release manager"]);
    assert_eq!(by_a_role.exit, Exit::Refused, "{}", by_a_role.all());
    // Where the policy lists persons, they answer.
    let stranger = world.run(&["confirm", QUESTION, "--answer", "yes", "--by", "Bugs Bunny"]);
    assert_eq!(stranger.exit, Exit::Refused, "{}", stranger.all());
    assert!(stranger.all().contains("(approval.persons): Ana Silva"), "{}", stranger.all());
    assert!(!world.dir.join(ANSWERS).exists());
}

#[test]
fn a_person_answers_on_a_terminal() {
    let world = World::played_until(&["gate", "readiness"]);
    let said = world.run_typing(&["confirm", QUESTION], "Hm\nClarify\nAna Silva\nwhich regions?\n");
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(
        said.err.contains(QUESTION) && said.err.contains("Yes, No or Clarify: "),
        "{}",
        said.err
    );
    let answers: serde_json::Value = serde_json::from_str(&world.read(ANSWERS)).unwrap();
    let question = &answers["questions"][0];
    assert_eq!(question["answer"], "clarify");
    assert_eq!(question["answered_by"], "Ana Silva");
    assert_eq!(question["note"], "which regions?");
    assert_eq!(question["id"], "is-the-error-rate-normal-in-every-region");
}

#[test]
fn no_and_clarify_keep_the_gate_shut_until_the_question_is_answered_anew() {
    let world = World::played_until(LAUNCHED);
    for (given, code) in [("no", "GL212"), ("clarify", "GL408")] {
        let said = answer(&world, given);
        assert_eq!(said.exit, Exit::Refused, "{given}: {}", said.all());
        let status = world.run(&["status"]);
        assert!(status.out.contains("confirmations"), "{}", status.out);
        let gate = world.json(&["gate", "production-launch"]);
        assert_ne!(gate.exit, Exit::Passed, "{given}: {}", gate.all());
        assert!(
            gate.rules().iter().any(|(_, path)| path == ANSWERS),
            "{given} {code}: {}",
            gate.all()
        );
    }
    let said = answer(&world, "yes");
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let gate = world.run(&["gate", "production-launch"]);
    assert_eq!(gate.exit, Exit::Passed, "{}", gate.all());
    // Each answer that was given is kept.
    let kept = world.dir.join(".artifacts/deployment/raw/attempts");
    let kept = std::fs::read_dir(kept).unwrap().filter(|entry| {
        entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("confirmations.")
    });
    assert_eq!(kept.count(), 2);
}

#[test]
fn questions_while_production_is_watched_belong_to_the_last_gate() {
    let world = World::played_until(&["gate", "production-launch"]);
    assert_eq!(answer(&world, "no").exit, Exit::Refused);
    assert!(!world.dir.join(ANSWERS).exists());
    let live: serde_json::Value = serde_json::from_str(&world.read(LIVE)).unwrap();
    assert_eq!(live["questions"][0]["answer"], "no");
    assert_eq!(answer(&world, "yes").exit, Exit::Passed);
    let other = world.run(&["confirm", "Is it quiet?", "--answer", "yes", "--by", "Ana Silva"]);
    assert_eq!(other.exit, Exit::Passed, "{}", other.all());
    let live: serde_json::Value = serde_json::from_str(&world.read(LIVE)).unwrap();
    assert_eq!(live["questions"].as_array().unwrap().len(), 2);
}

#[test]
fn a_protocols_question_is_not_asked_before_its_claim_is_so() {
    let args = ["confirm", "release complete"];
    let world = World::played_until(&["gate", "production-launch"]);
    let early = world.run_typing(&args, "yes\nAna Silva\n\n");
    assert_eq!(early.exit, Exit::Refused, "what it claims is not so yet: {}", early.all());
    assert!(early.all().contains("which announces it itself"), "{}", early.all());
}

/// What `status --next` tells to do, as words of a command line.
fn next(world: &World) -> Vec<String> {
    argv(&world.next())
}

#[cfg(unix)]
#[test]
fn nobody_launches_in_silence_and_everybody_can_roll_back() {
    let tells = |step: &Step| matches!(&step.action, Action::Run { args, .. } if args.get(1).is_some_and(|kind| kind == "deployment-communications"));
    let mut script = run_script(false);
    script.retain(|step| !tells(step));
    let until = |last: &[&str]| {
        let is_last =
            |step: &Step| matches!(&step.action, Action::Run { args, .. } if args == last);
        script.iter().position(is_last).unwrap() + 1
    };
    let world = World::new();
    let staged = until(&["gate", "staging-validation"]);
    world.play(&script[..staged]);
    // Named before anybody is asked to approve, and still refused by everything that launches.
    let told = next(&world);
    assert_eq!(told, ["d3p", "announce", "Next, release v1.4.0 goes live in production."]);
    let decide = ["record", "production-approval", "--by", "Ana Silva", "--decision", "go"];
    world.play(&script[staged..until(&decide)]);
    let said = world.json(&["check", "--before", "deploy-production"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    // The demo's baseline is a file of its own, which is told and keeps nothing.
    let told_of = [("GL405", LOG), ("GL243", "d3p.yaml")];
    assert_eq!(said.rules(), told_of.map(|(rule, path)| (rule.to_owned(), path.to_owned())));
    let said = world.run(&["run", "deploy-production"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.out.contains("nothing was run"), "{}", said.out);
    assert!(said.out.contains(&format!("d3p announce '{}'", told[2])), "{}", said.out);
    let said = world.run(&["announce", "phase 3 start"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    // Taking back is never kept from running.
    let other = world.copy();
    for args in [["check", "--before", "rollback"].as_slice(), &["run", "rollback"]] {
        let said = other.run(args);
        assert_eq!(said.exit, Exit::Passed, "{args:?}: {}", said.all());
    }
    // The printed command is enough.
    let words: Vec<&str> = told[1..].iter().map(String::as_str).collect();
    assert_eq!(world.run(&words).exit, Exit::Passed);
    assert_eq!(next(&world), ["d3p", "run", "deploy-production"]);
    let said = world.run(&["run", "deploy-production"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}
