//! The commands that errors are injected into, and the releases that they are tried on: each that writes,
//! but those that need a server beside them.

use super::{LEDGER, Shop, a_while_ago, all};
use crate::common::World;
use d3p::testing::cli::demo::{Action, Step, run_script};
use d3p::testing::model::Span;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

const KEY: &str = ".git/d3p-demo-key";
const ANA: [&str; 4] = ["--as", "ana@shop.example", "--key", KEY];

/// Commands that write nothing of a release, or what they write through others of these.
const OTHERS: &[&str] = &[
    "applies",
    "demo",
    "diff",
    "explain",
    "export",
    "help",
    "lsp",
    "mcp",
    "population",
    "prompt",
    "schema",
    "serve",
    "verify",
];

/// Those that need a server beside them: what they write goes the way of `record` and `announce`.
const SERVED: &[&str] = &["rollout", "timestamp", "watch"];

/// A command, and what it is given.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) args: Vec<String>,
    /// What it is tried on.
    pub(super) on: On,
    /// How it ends where nothing is in its way, or 0.
    pub(super) exit: i32,
    /// Whether it launches.
    pub(super) launches: bool,
}

/// How far the release is that a command is tried on.
#[derive(Clone, Copy)]
pub(super) enum On {
    /// There is a repository, and no release.
    Nothing,
    Begun,
    Cleared,
    /// As cleared, and decisions are signed.
    Signed,
    /// Signed, with a line that a clock wrote which was ahead.
    Ahead,
    Launched,
    /// A launch that failed, before a person decides.
    Failed,
    /// The same, once it is to be taken back.
    TakenBack,
    /// Only documentation changes.
    Nobodys,
    /// A finding that a person may let stand.
    Waivable,
    /// All gates are passed.
    Done,
}

/// Releases that commands are tried on.
pub(super) struct Stages {
    pub(super) cleared: Shop,
    others: [Shop; 10],
}

fn played(signed: bool, last: &[&str]) -> World {
    let world = World::new();
    world.at(a_while_ago());
    let script = run_script(signed);
    let is_last = |step: &Step| matches!(&step.action, Action::Run { args, .. } if *args == last);
    world.play(&script[..=script.iter().rposition(is_last).unwrap()]);
    world
}

/// Lays a first commit.
fn in_a_repository(world: &World) {
    world.write("README.md", "A shop.\n");
    let name = ["-c", "user.name=Ben", "-c", "user.email=ben@shop.example"];
    for args in [&["init", "--quiet"][..], &["add", "."], &["commit", "--quiet", "-m", "begin"]] {
        let mut git = Command::new("git");
        git.current_dir(&world.dir).args(name).args(args).env("GIT_CONFIG_GLOBAL", "/dev/null");
        assert!(git.status().unwrap().success());
    }
}

fn init() -> Vec<String> {
    ["init", "--release", "v1.4.0", "--service", "api"].map(str::to_owned).to_vec()
}

impl Stages {
    pub(super) fn play() -> Self {
        let cleared = Shop::cleared();
        fs::write(cleared.dir().join(".d3p/said.json"), r#"{"text": "said once"}"#).unwrap();
        let launched = cleared.copy();
        let args = launched.launching("echo shipped");
        let said = launched.run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        assert_ne!(said.status.code(), Some(2), "{}", all(&said));
        // Something for the doctor to bring back.
        let plan = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";
        fs::remove_file(launched.dir().join(plan)).unwrap();
        let nothing = World::new();
        in_a_repository(&nothing);
        let begun = nothing.copy();
        let said = begun.run(&init().iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(said.exit, d3p::Exit::Passed, "{}", said.all());
        let signed = played(true, &["check", "--before", "deploy-production"]);
        let ahead = signed.copy();
        ahead.at(ahead.now().plus(Span::from_seconds(365 * 86_400)));
        assert_eq!(ahead.run(&["announce", "Greetings from next year."]).exit, d3p::Exit::Passed);
        let failed = crate::exit::failed_launch(crate::exit::BACK);
        let nobodys = crate::facts::documentation();
        let waivable = crate::waive::bad_sample();
        let worlds = [nothing, begun, signed, ahead, failed, nobodys, waivable, World::played()];
        let [nothing, begun, signed, ahead, failed, nobodys, waivable, done] = worlds.map(Shop::of);
        let back = failed.copy();
        let decided = decide(&back).into_iter().find(|case| case.name == "decide").unwrap();
        let said = back.run(&decided.args.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(said.status.success(), "{}", all(&said));
        let others =
            [nothing, begun, signed, ahead, launched, failed, back, nobodys, waivable, done];
        Self { cleared, others }
    }

    /// A copy of what a command is tried on.
    pub(super) fn of(&self, on: On) -> Shop {
        let [nothing, begun, signed, ahead, launched, failed, back, nobodys, waivable, done] =
            &self.others;
        let own = match on {
            On::Nothing => nothing,
            On::Begun => begun,
            On::Cleared => &self.cleared,
            On::Signed => signed,
            On::Ahead => ahead,
            On::Launched => launched,
            On::Failed => failed,
            On::TakenBack => back,
            On::Nobodys => nobodys,
            On::Waivable => waivable,
            On::Done => done,
        };
        own.copy()
    }
}

fn case(name: &'static str, on: On, args: &[impl AsRef<str>]) -> Case {
    let args = args.iter().map(|word| word.as_ref().to_owned()).collect();
    Case { name, args, on, exit: 0, launches: false }
}

/// The commands, on what their stage makes of `cleared`.
pub(super) fn cases(shop: &Shop) -> Vec<Case> {
    let launch = Case { launches: true, exit: 1, ..case("run", On::Cleared, &[""; 0]) };
    let mut all = vec![
        Case { args: shop.launching("echo shipped"), ..launch },
        case("announce", On::Cleared, &["announce", "the shop is read-only"]),
        case(
            "record",
            On::Cleared,
            &["record", "deployment-communications", "--from", ".d3p/said.json"],
        ),
        Case {
            exit: 1,
            ..case("tick", On::Launched, &["tick", "api", "1", "--by", "Jonas Weber"])
        },
        case("restore", On::Launched, &["doctor", "--restore"]),
        case("gate", On::Cleared, &["gate", "staging-validation"]),
        case("approve", On::Cleared, &["approve", "request", "production"]),
        case("bundle", On::Cleared, &["bundle", "create", "../release.tar.gz"]),
        case(
            "archive",
            On::Cleared,
            &["archive", "--outcome", "abandoned", "--reason", "another one comes"],
        ),
        Case { exit: 1, ..case("check", On::Cleared, &["check"]) },
        case("status", On::Cleared, &["status", "--next"]),
    ];
    all.extend(begin());
    all.extend(decide(shop));
    all
}

/// What begins a release, and fills it.
fn begin() -> Vec<Case> {
    let person = "Mei Tanaka, release manager, mei@shop.example";
    vec![
        case("init", On::Nothing, &init()),
        case("setup", On::Begun, &["setup", "--person", person]),
        case("pin", On::Begun, &["pin"]),
        case(
            "doc",
            On::Begun,
            &["doc", "rollback.hotfix=Jonas Weber mends it and Ana Silva reads it"],
        ),
        case("fmt", On::Begun, &["fmt"]),
        case("next", On::Cleared, &["next"]),
        case("report", On::Done, &["report", "--html", "../release.html"]),
        Case {
            exit: 1,
            ..case("handoff", On::Launched, &["handoff", "protocol-12", "../handoff.tar.gz"])
        },
        Case {
            exit: 1,
            ..case(
                "confirm",
                On::Cleared,
                &["confirm", "stakeholders-informed", "--answer", "yes", "--by", "Ana Silva"],
            )
        },
    ]
}

/// What persons decide, and what is done by that.
fn decide(shop: &Shop) -> Vec<Case> {
    let ledger = fs::read_to_string(shop.dir().join(LEDGER)).unwrap_or_default();
    let last = ledger.lines().last().and_then(|line| serde_json::from_str::<Value>(line).ok());
    let last = last.map_or_else(String::new, |own| own["id"].as_str().unwrap().to_owned());
    let tomorrow = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let tomorrow = tomorrow.strftime("%Y-%m-%d").to_string();
    let signs = |words: &[&str]| -> Vec<String> {
        words.iter().chain(&ANA).map(|word| (*word).to_owned()).collect()
    };
    let why = ["--reason", "it is better so"];
    let no_go = signs(&["approve", "sign", "--decision", "no-go", why[0], why[1]]);
    let roll_back = signs(&["rollback", "decide", "--decision", "roll-back", why[0], why[1]]);
    vec![
        Case { exit: 1, ..case("sign", On::Signed, &no_go) },
        case("withdraw", On::Ahead, &signs(&["withdraw", &last, why[0], why[1]])),
        case("decide", On::Failed, &roll_back),
        case("rollback", On::TakenBack, &["run", "rollback"]),
        case("skip", On::Nobodys, &["skip", "--as", "Ana Silva", why[0], why[1]]),
        case(
            "waive",
            On::Waivable,
            &signs(&["waive", "GL315", "--until", &tomorrow, why[0], why[1]]),
        ),
    ]
}

/// The command line has no command that is neither here nor known to write nothing.
#[test]
fn every_command_that_writes_is_tried() {
    let tried: BTreeSet<String> = cases(&Shop::of(World::new()))
        .iter()
        .map(|case| case.args[0].clone())
        .chain(OTHERS.iter().chain(SERVED).map(|own| (*own).to_owned()))
        .collect();
    let help = Shop::of(World::new()).run(&["--help"]);
    let text = all(&help);
    let commands = text.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names: BTreeSet<String> = commands
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    assert!(names.len() > 30, "{names:?}");
    assert_eq!(names.difference(&tried).collect::<Vec<_>>(), Vec::<&String>::new());
}
