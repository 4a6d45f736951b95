//! A line of the ledger that a clock which was ahead wrote: who may approve withdraws its time.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World, argv, in_words};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, signed_script};
use d3p::testing::model::{Sha256Digest, Span};
use serde_json::Value;

const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const ANA: [&str; 4] = ["--as", "ana@shop.example", "--key", ".git/d3p-demo-key"];
const REASON: [&str; 2] = ["--reason", "the build server was a year ahead"];
const GATE: [&str; 2] = ["gate", "staging-validation"];

/// A signed release up to a gate, in whose ledger somebody wrote with a clock a year ahead; what is
/// left of the release, and the line's id.
fn ahead() -> (World, Vec<Step>, String) {
    let world = World::new();
    let script = signed_script();
    let is_gate = |step: &Step| matches!(&step.action, Action::Run { args, .. } if *args == GATE);
    let gate = script.iter().rposition(is_gate).unwrap();
    world.play(&script[..gate]);
    let now = world.now();
    world.at(now.plus(Span::from_seconds(365 * 86_400)));
    assert_eq!(world.run(&["announce", "Greetings from next year."]).exit, Exit::Passed);
    world.at(now);
    let id = last(&world)["id"].as_str().unwrap().to_owned();
    (world, script[gate..].to_vec(), id)
}

fn last(world: &World) -> Value {
    serde_json::from_str(world.read(LEDGER).lines().last().unwrap()).unwrap()
}

fn withdraw(world: &World, id: &str) -> Said {
    world.run(&[&["withdraw", id][..], &ANA, &REASON].concat())
}

/// Findings on the ledger's times: level and message.
fn told(world: &World) -> Vec<(String, String)> {
    let report = world.json(&["check", "--through", "stabilization"]).json();
    let all = report["findings"].as_array().unwrap().iter();
    let own = all.filter(|own| own["rule"] == "GL302");
    let text = |own: &Value, key: &str| own[key].as_str().unwrap().to_owned();
    own.map(|own| (text(own, "level"), text(own, "message"))).collect()
}

#[test]
fn a_line_from_the_future_freezes_nothing_once_its_time_is_withdrawn() {
    let (world, rest, id) = ahead();
    // Nothing can be recorded, one finding says why, and all that is printed leads to the way out.
    let said = world.run(&GATE);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains(&format!("d3p withdraw {id} --as")), "{}", said.all());
    let findings = told(&world);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].0 == "error" && findings[0].1.contains("lies in the future"));
    let next = world.next();
    assert_eq!(argv(&next)[..3], ["d3p", "withdraw", &id], "{}", in_words(&next));
    assert!(world.run(&["doctor"]).out.contains(&format!("d3p withdraw {id}")));
    // Then the release goes on as if it had not been written, to its end.
    let said = withdraw(&world, &id);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let line = last(&world);
    assert_eq!((&line["kind"], line.get("clock")), (&"withdrew".into(), None));
    let findings = told(&world);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].0, "warning");
    assert!(findings[0].1.contains("Ana Silva: the build server"), "{findings:?}");
    world.resume_and_play(&rest);
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    // What it told of has happened, and is not said away.
    assert!(world.read(LEDGER).contains(&id));
    let log = world.read(".artifacts/deployment/deployment-communications.md");
    assert!(log.contains("Greetings from next year."));
}

#[test]
fn nothing_is_withdrawn_but_by_who_may_and_before_its_time() {
    let (world, _, id) = ahead();
    let before = world.read(LEDGER);
    let refused = |args: &[&str], why: &str| {
        let said = world.run(args);
        assert_ne!(said.exit, Exit::Passed, "{args:?}: {}", said.all());
        assert!(said.all().contains(why), "{args:?}, wanted {why}: {}", said.all());
        assert_eq!(world.read(LEDGER), before, "{args:?}");
    };
    let of = |id: &str| {
        let args = [&["withdraw", id][..], &ANA, &REASON].concat();
        args.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>()
    };
    let words = |args: &Vec<String>| args.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
    let stranger = ["withdraw", &id, "--as", "eve@shop.example", "--key", ANA[3]];
    refused(&[&stranger[..], &REASON].concat(), "is nobody in .d3p/allowed_signers");
    let unknown = words(&of("0000000000000000"));
    refused(&unknown.split('\n').collect::<Vec<_>>(), "has the id 0000000000000000");
    // The line before it, whose time has come.
    let lines: Vec<&str> = before.lines().collect();
    let come: Value = serde_json::from_str(lines[lines.len() - 2]).unwrap();
    let come = words(&of(come["id"].as_str().unwrap()));
    refused(&come.split('\n').collect::<Vec<_>>(), "has come");
}

/// One that was edited, or signed for another line, counts for nothing.
#[test]
fn what_is_put_there_by_hand_withdraws_nothing() {
    let (world, _, id) = ahead();
    assert_eq!(withdraw(&world, &id).exit, Exit::Passed);
    let whole = world.read(LEDGER);
    assert_eq!(told(&world)[0].0, "warning");
    let (head, own) = whole.trim_end().rsplit_once('\n').unwrap();
    let own: Value = serde_json::from_str(own).unwrap();
    let about = Sha256Digest::of(head.lines().last().unwrap().as_bytes()).to_string();
    let other = Sha256Digest::of(head.lines().next().unwrap().as_bytes()).to_string();
    let statement = own["withdrawal"]["statement"].as_str().unwrap();
    assert!(statement.contains(&about));
    let signature = own["withdrawal"]["signature"].as_str().unwrap();
    let text = |own: &Value| serde_json::to_string(own).unwrap();
    for (from, to, counts) in [
        ("withdrawal", "withdrawal", true),
        (about.as_str(), other.as_str(), false),
        ("a year ahead", "a day ahead", false),
        (&signature[40..80], &signature[41..81], false),
    ] {
        let edited = text(&own).replace(from, to);
        world.write(LEDGER, format!("{head}\n{edited}\n"));
        let level = &told(&world)[0].0;
        assert_eq!(level == "warning", counts, "{from} -> {to}");
    }
}

#[test]
fn who_wrote_the_release_does_not_withdraw() {
    let world = World::new();
    let script = signed_script();
    let readiness = ["gate", "readiness"];
    let is_gate =
        |step: &Step| matches!(&step.action, Action::Run { args, .. } if *args == readiness);
    world.play(&script[..=script.iter().rposition(is_gate).unwrap()]);
    world.wrote("Ana Silva <ana@shop.example>");
    let now = world.now();
    world.at(now.plus(Span::from_seconds(365 * 86_400)));
    assert_eq!(world.run(&["announce", "Greetings from next year."]).exit, Exit::Passed);
    world.at(now);
    let id = last(&world)["id"].as_str().unwrap().to_owned();
    let said = withdraw(&world, &id);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains("withdraws times of what Ana Silva"), "{}", said.all());
}
