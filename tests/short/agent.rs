//! An agent that knows nothing but `status --next --format json`: it executes what it is told, and whoever
//! else is named answers. It comes to the end of a first and of a second release, and out of what goes
//! wrong on the way.

use super::{KEY_FILE, MANIFEST, passes, with_hooks};
use crate::common::{Said, World, argv, in_words};
use crate::crawler::honest::Look;
use crate::redteam::git;
use d3p::Exit;
use d3p::testing::model::Stamp;
use serde_json::Value;
use std::cell::RefCell;
use std::time::Duration;

/// What other phases hand over, in the demo's repository.
const HANDED_OVER: [&str; 6] = [
    "d3p/phase-8-readiness/phase8_go_nogo_decision.md",
    ".artifacts/quality/quality-audit-report.md",
    ".artifacts/environment/validation-suite-report.json",
    ".artifacts/pre-deployment/smoke-test-results.json",
    ".artifacts/pre-deployment/rollback-rehearsal-log.json",
    ".artifacts/pre-deployment/staging-validation-report.json",
];

/// Most things that are done in one release.
const MOST: usize = 90;

/// What people answer, by the end of the place that asks.
const ANSWERS: [(&str, &str); 15] = [
    ("artifacts.name", "registry.example.com/shop"),
    ("artifacts.type", "container"),
    ("artifacts.version", "v1.5.0"),
    ("artifacts.sha256", "4b8c1d0a7f3e92c65d1b0a9f8e7c6d5b4a39281706f5e4d3c2b1a0998877665e"),
    ("window.start", "now"),
    ("window.end", "now+2h"),
    (
        "prompt-support",
        "chat channel shop-desk, briefed at eight, covered by Mei Tanaka until T+3h",
    ),
    (
        "prompt-manual",
        "the list of orders, looked at by Mei Tanaka, who expects the test order in it",
    ),
    ("prompt-authority", "Ana Silva, on the release call from T-10m to T+2h"),
    ("scope", "an order is charged once, whatever the till sends twice"),
    ("risks", "a till that relied on the second charge would show a difference in the evening"),
    ("sign_offs.at", "now"),
    ("low-traffic-reason", "fewer than ten customers order before noon"),
    ("go-conditions", "every test passes on staging, and Ana Silva says GO"),
    ("hotfix", "a defect of texts alone is mended forward and sent through staging"),
];

/// Something that goes wrong once, just before a command is executed for the first time; out of it once
/// that command, or the one `until`, passed after it.
struct Hitch {
    name: &'static str,
    before: &'static [&'static str],
    until: &'static [&'static str],
    happens: fn(&World),
}

struct Agent<'a> {
    world: &'a World,
    hitch: Option<&'a Hitch>,
    met: bool,
    told: RefCell<Vec<String>>,
    /// Looks at each state besides.
    look: Option<Look>,
}

impl<'a> Agent<'a> {
    fn new(world: &'a World, hitch: Option<&'a Hitch>) -> Self {
        Self { world, hitch, met: false, told: RefCell::default(), look: None }
    }

    fn words(&self, advice: &Value) -> Vec<String> {
        let mut words = argv(advice);
        for fill in advice["fills"].as_array().unwrap() {
            let at = usize::try_from(fill["at"].as_u64().unwrap()).unwrap();
            words[at] = match words[at].as_str() {
                "NAME" => "Jonas Weber",
                "PRINCIPAL" => "ana@shop.example",
                "TEXT" => "our release is in production, and we are watching it",
                "REASON" => "the release goes on with what was mended after that",
                "VERSION" => "v1.5.0",
                "FILE" => "FILE",
                other => panic!("nobody knows {other}: {advice}"),
            }
            .to_owned();
        }
        assert!(!words.is_empty(), "{:#?}", self.told.borrow());
        words.remove(0);
        words
    }

    /// Does what an advice says.
    fn obey(&self, advice: &Value) -> Said {
        let words = self.words(advice);
        if words.iter().any(|word| word == "FILE") {
            return self.world.record_example(&words[1]);
        }
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        if words.contains(&"sign") || words.contains(&"--as") {
            words.extend(["--key", KEY_FILE]);
        }
        self.world.run(&words)
    }

    /// Those who hand something over do it again, for this release.
    fn hand_over(&self) {
        let manifest = self.world.read(MANIFEST);
        let of = |key: &str| {
            let line = manifest.lines().find_map(|line| line.trim().strip_prefix(key)).unwrap();
            line.trim_matches(['"', ' ']).to_owned()
        };
        let before = self
            .world
            .read(".artifacts/releases/v1.4.0+1/.artifacts/deployment/release-manifest.md");
        let line = before.lines().find_map(|line| line.trim().strip_prefix("commit:")).unwrap();
        let (old, new) = (line.trim_matches(['"', ' ']), of("commit:"));
        for path in HANDED_OVER {
            let text = self.world.read(path);
            self.world.write(path, text.replace("v1.4.0", &of("release:")).replace(old, &new));
        }
    }

    /// People write what is open.
    fn write(&self, advice: &Value) {
        let doc = self.world.json(&["doc"]).json();
        let mut args = vec!["doc".to_owned()];
        for place in doc["places"].as_array().unwrap() {
            let address = place["address"].as_str().unwrap();
            let parts = address.split('.').filter(|part| part.parse::<usize>().is_err());
            let plain = parts.collect::<Vec<_>>().join(".");
            let own = ANSWERS.iter().find(|(end, _)| plain.ends_with(end));
            let (_, answer) = own.unwrap_or_else(|| panic!("nobody knows {address}: {place:#}"));
            args.push(format!("{address}={answer}"));
        }
        if args.len() == 1 && in_words(advice).contains("plan.md") {
            // What is written is over by now.
            args.extend(["plan.window.start=now", "plan.window.end=now+2h"].map(str::to_owned));
        }
        assert!(args.len() > 1, "nothing is open: {:#?}: {}", self.told.borrow(), in_words(advice));
        passes(&self.world.run(&args.iter().map(String::as_str).collect::<Vec<_>>()));
    }

    /// Goes on until it is told that it is done.
    fn finish(&mut self) {
        for index in 0..MOST {
            if let Some(look) = &mut self.look {
                look.at(&format!("after {index} steps of an agent"), self.world, &[]);
            }
            let mut advice = self.world.next();
            if let Some(hitch) = self.hitch.filter(|_| !self.met)
                && argv(&advice).get(1..).is_some_and(|words| {
                    words.iter().map(String::as_str).collect::<Vec<_>>().starts_with(hitch.before)
                })
            {
                self.met = true;
                self.told.borrow_mut().push(format!("-- {}", hitch.name));
                (hitch.happens)(self.world);
                advice = self.world.next();
            }
            let words = in_words(&advice);
            let told = self.told.borrow();
            let repeated = told.iter().rev().take(2).filter(|own| own.contains(&words)).count();
            assert!(repeated < 2, "doing this does not help: {told:#?}");
            drop(told);
            self.told.borrow_mut().push(format!("{words} | {}", advice["why"].as_str().unwrap()));
            match (advice["kind"].as_str().unwrap(), advice["actor"].as_str().unwrap()) {
                ("done", _) => return,
                ("wait", _) => {
                    let until = Stamp::parse(advice["not_before"].as_str().unwrap()).unwrap();
                    let millis = until.millis_since(self.world.now());
                    self.world.pass(Duration::from_millis(u64::try_from(millis).unwrap_or(0)));
                }
                ("edit", _) => self.write(&advice),
                ("answer", "person") if argv(&advice).iter().any(|word| word == "explain") => {
                    self.hand_over();
                }
                ("run", "agent" | "job") | ("decide", "approver") | ("answer", "person") => {
                    let said = self.obey(&advice);
                    self.judge(&advice, &said);
                    let done = argv(&advice);
                    let done: Vec<&str> = done.iter().skip(1).map(String::as_str).collect();
                    let is_out = |own: &Hitch| self.met && done.starts_with(own.until);
                    if said.exit == Exit::Passed && self.hitch.is_some_and(is_out) {
                        return;
                    }
                }
                other => panic!("{other:?}: {:#?}", self.told.borrow()),
            }
        }
        panic!("it never ends: {:#?}", self.told.borrow());
    }

    /// What is advised is not refused, unless it finds out something that nobody knew.
    fn judge(&self, advice: &Value, said: &Said) {
        let told = self.told.borrow();
        if said.exit == Exit::Passed {
            return;
        }
        assert!(self.hitch.is_some(), "{told:#?}: {}", said.all());
        let next = self.world.next();
        assert_ne!(
            (in_words(&next), &next["why"]),
            (in_words(advice), &advice["why"]),
            "refused for the reason that printed it: {told:#?}: {}",
            said.all()
        );
    }
}

/// What is not for this release is written and committed.
fn work_on(world: &World, text: &str) {
    world.write("services/api/main.sh", format!("#!/bin/sh\necho api # {text}\n"));
    git(world, &["add", "services"]);
    let ben = ["-c", "user.name=Ben Kaya", "-c", "user.email=ben@shop.example"];
    git(world, &[&ben[..], &["commit", "-qm", text]].concat());
}

#[cfg(unix)]
#[test]
fn an_agent_that_knows_only_the_next_step_brings_two_releases_to_the_end() {
    let world = with_hooks();
    let mut first = Agent::new(&world, None);
    first.finish();
    passes(&world.run(&["verify"]));
    let told = first.told.take();
    assert!(told.iter().any(|own| own.starts_with("wait")), "{told:#?}");
    assert!(!told.iter().any(|own| own.contains("d3p waive")), "{told:#?}");
    work_on(&world, "charge once");
    let done = world.next();
    let others = done["alternatives"].as_array().unwrap().iter();
    let begin = others.clone().find(|own| argv(own).get(1).is_some_and(|word| word == "init"));
    let mut second = Agent::new(&world, None);
    passes(&second.obey(begin.unwrap()));
    second.finish();
    passes(&world.run(&["verify"]));
    let told = second.told.take();
    assert!(!told.iter().any(|own| own.contains("d3p waive")), "{told:#?}");
}

#[cfg(unix)]
#[test]
#[ignore = "takes minutes: cargo test --test suite short::agent -- --ignored --nocapture"]
fn every_state_of_two_releases_is_left_by_what_is_printed() {
    let world = with_hooks();
    let mut first = Agent::new(&world, None);
    first.look = Some(Look::default());
    first.finish();
    let look = first.look.take();
    work_on(&world, "charge once");
    let mut second = Agent::new(&world, None);
    second.look = look;
    passes(&world.run(&["init", "--release", "v1.5.0"]));
    second.finish();
    second.look.unwrap().finish("an agent", 60);
}

fn out_of(hitch: &Hitch) {
    let world = with_hooks();
    if hitch.before.is_empty() {
        (hitch.happens)(&world);
    }
    let mut agent = Agent::new(&world, Some(hitch));
    agent.met = hitch.before.is_empty();
    agent.finish();
    assert!(agent.met, "{} never happened: {:#?}", hitch.name, agent.told.borrow());
}

fn days(world: &World, days: u64) {
    world.pass(Duration::from_secs(days * 24 * 3600));
}

#[cfg(unix)]
#[test]
fn a_test_run_that_fails_once_is_run_again() {
    out_of(&Hitch {
        name: "the first run of the tests fails",
        before: &[],
        until: &["gate", "staging-validation"],
        happens: |world| {
            let once = world.dir.with_file_name("once");
            let line = format!(
                "sh scripts/validate.sh; [ -e {0} ] || {{ : > {0}; exit 1; }}",
                once.display()
            );
            world.edit(
                "d3p.yaml",
                "run: [sh, scripts/validate.sh]",
                &format!("run: [sh, -c, \"{line}\"]"),
            );
        },
    });
}

#[cfg(unix)]
#[test]
fn a_head_that_moves_before_the_first_gate_holds_nothing_up() {
    out_of(&Hitch {
        name: "HEAD moves before gate 1",
        before: &["gate", "readiness"],
        until: &["run", "deploy-staging"],
        happens: |world| work_on(world, "for the release after"),
    });
}

#[cfg(unix)]
#[test]
fn a_head_that_moves_before_the_launch_holds_nothing_up() {
    out_of(&Hitch {
        name: "HEAD moves before the launch",
        before: &["run", "deploy-production"],
        until: &["gate", "production-launch"],
        happens: |world| work_on(world, "for the release after"),
    });
}

#[cfg(unix)]
#[test]
fn reports_that_are_stale_are_made_again() {
    out_of(&Hitch {
        name: "nobody goes on for four days",
        before: &["gate", "staging-validation"],
        until: &["gate", "staging-validation"],
        happens: |world| days(world, 4),
    });
}

#[cfg(unix)]
#[test]
fn a_go_that_ended_is_given_again() {
    out_of(&Hitch {
        name: "nobody launches for two days",
        before: &["run", "deploy-production"],
        until: &["run", "deploy-production"],
        happens: |world| days(world, 2),
    });
}
