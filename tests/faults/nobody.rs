//! Somebody to whom permissions and limits apply, which they do not to root.

use super::{Shop, all};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

const PLAN: &str = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";
/// The user `nobody`.
const NOBODY: &str = "65534";

/// A project that belongs to whoever runs `d3p` on it, who is not root.
struct Theirs {
    shop: Shop,
    /// What is put before `d3p` where root runs the tests.
    as_nobody: &'static [&'static str],
}

impl Theirs {
    /// `None` where root runs the tests and can be nobody else.
    fn of(shop: Shop) -> Option<Self> {
        let id = Command::new("id").arg("-u").output().unwrap();
        if id.stdout != b"0\n" {
            return Some(Self { shop, as_nobody: &[] });
        }
        let owner = format!("{NOBODY}:{NOBODY}");
        let all = shop.dir().parent().unwrap();
        let given = Command::new("chown").args(["-R", &owner]).arg(all).status().unwrap();
        assert!(given.success());
        let as_nobody = &["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"][..];
        let theirs = Self { shop, as_nobody };
        let works = theirs.command(&["--version"]).output().is_ok_and(|said| said.status.success());
        if !works {
            println!("not tested here: `setpriv` is missing, or nobody may not run d3p");
        }
        works.then_some(theirs)
    }

    fn command(&self, args: &[&str]) -> Command {
        let words = [self.as_nobody, &[env!("CARGO_BIN_EXE_d3p")]].concat();
        let mut command = Command::new(words[0]);
        self.shop.set_up(&mut command).args(&words[1..]).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        let said = self.run(&[args, &["--format", "json"]].concat());
        serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{}", all(&said)))
    }
}

fn may_read(shop: &Shop, mode: u32) {
    let permissions = fs::Permissions::from_mode(mode);
    fs::set_permissions(shop.dir().join(PLAN), permissions).unwrap();
}

/// What nobody may read is no edit, is not lost, and is not brought back over.
#[test]
fn a_file_that_may_not_be_read_is_told_as_that_alone() {
    let cleared = Shop::cleared();
    for launched in [false, true] {
        let shop = cleared.copy();
        if launched {
            let args = shop.launching("echo shipped");
            shop.run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        }
        let was = fs::read(shop.dir().join(PLAN)).unwrap();
        let Some(theirs) = Theirs::of(shop) else { return };
        may_read(&theirs.shop, 0o000);
        let report = theirs.json(&["check", "--through", "stabilization"]);
        let findings = report["findings"].as_array().unwrap().iter();
        let about = findings.filter(|own| own["location"]["path"] == PLAN);
        let about: Vec<&Value> = about.filter(|own| own["level"] == "error").collect();
        let causes: Vec<&&Value> = about.iter().filter(|own| own["cause"].is_null()).collect();
        assert_eq!(causes.len(), 1, "{about:#?}");
        assert_eq!(causes[0]["rule"], "GL109");
        assert!(causes[0]["message"].as_str().unwrap().contains("Permission denied"));
        assert!(causes[0]["advice"]["what"].as_str().unwrap().contains("permission to read"));
        for own in &about {
            let message = own["message"].as_str().unwrap();
            for words in ["changed", "edited", "gone"] {
                assert!(!message.contains(words), "{message}");
            }
        }
        let next = theirs.json(&["status", "--next"]);
        assert!(!next["next"]["argv"].to_string().contains("--restore"), "{next:#}");
        let said = theirs.run(&["doctor", "--restore"]);
        let text = all(&said);
        assert_eq!(said.status.code(), Some(1), "{text}");
        let told = text.contains("give yourself permission to read it");
        assert!((told || !launched) && !text.contains("restored"), "{text}");
        may_read(&theirs.shop, 0o644);
        assert_eq!(fs::read(theirs.shop.dir().join(PLAN)).unwrap(), was);
        let said = theirs.run(&["doctor"]);
        assert!(said.status.success(), "{}", all(&said));
    }
}

/// The hook takes from its watcher what it needs to record the end: it is recorded then or later, and
/// what is told is so.
fn taken_away(limit: &str) {
    let Some(theirs) = Theirs::of(Shop::cleared()) else { return };
    let shop = &theirs.shop;
    let args = shop.launching(&format!("prlimit --pid $PPID {limit}; echo shipped"));
    let said = theirs.run(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let text = all(&said);
    assert!(!text.contains("panicked") && !text.contains("nothing was changed"), "{text}");
    let later = shop.lines("ran").is_empty();
    if later {
        assert_eq!(said.status.code(), Some(2), "{text}");
        for words in ["hook deploy-production passed at", "could not be recorded"] {
            assert!(text.contains(words), "no `{words}` in {text}");
        }
        let said = theirs.run(&["run", "deploy-production"]);
        assert!(all(&said).contains("it is recorded now, and nothing was run"), "{}", all(&said));
    }
    let (line, _) = shop.recorded();
    assert_eq!(line["outcome"]["exit_code"], 0);
    assert_eq!((shop.launches(), shop.lines("began").len(), shop.lines("ran").len()), (1, 1, 1));
    assert_eq!(shop.pending(), Vec::<String>::new());
    println!("{limit}: a launch recorded{}", if later { " later" } else { "" });
}

#[test]
fn a_launch_that_leaves_no_handles_is_recorded() {
    taken_away("--nofile=1:1");
}

#[test]
fn a_launch_that_leaves_no_processes_is_recorded() {
    taken_away("--nproc=1:1");
}
