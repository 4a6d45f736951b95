//! Many machines launch one release: at most one begins, and every refusal names a way out.
//!
//! The other repository is a real one, served by git on loopback.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod alone;
mod asked;
mod heads;
mod race;
mod server;

use crate::common::{World, copy_tree};
use crate::faults::a_while_ago;
use d3p::testing::cli::demo::{Action, Step, run_script};
use serde_json::Value;
use server::{Remote, put_git};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub(super) const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
pub(super) const APPROVE: [&str; 6] =
    ["approve", "sign", "--as", "ana@shop.example", "--key", ".git/d3p-demo-key"];

fn position(script: &[Step], wanted: &[&str]) -> usize {
    let is = |step: &Step| matches!(&step.action, Action::Run { args, .. } if args == wanted);
    script.iter().rposition(is).unwrap_or_else(|| panic!("no step {wanted:?}"))
}

/// A release whose policy names the launch lock, cleared and signed, with real hooks. `more` is added
/// to the policy below it.
fn cleared(remote: &Remote, programs: &Path, more: &str) -> World {
    let world = World::new();
    world.at(a_while_ago());
    let script = run_script(true);
    let ready = position(&script, &["record", "deployment-readiness-checklist"]);
    world.play(&script[..ready]);
    let mut policy = world.read("d3p.yaml");
    let path = format!("path: [{}, /usr/local/bin, /usr/bin, /bin]", programs.display());
    assert!(policy.contains("run: { environment"), "{policy}");
    policy = policy.replace("run: { environment", &format!("run: {{ {path}, environment"));
    let token = if remote.url.starts_with("http:") { "\n  token: LOCK_TOKEN" } else { "" };
    policy.push_str(&format!("launch_lock:\n  url: {}{token}\n{more}", remote.url));
    world.write("d3p.yaml", policy);
    world.vars(&[("LOCK_TOKEN", server::PUSHES)]);
    let end = position(&script, &["check", "--before", "deploy-production"]);
    world.play(&script[ready..=end]);
    world
}

/// One machine: a clone with a home of its own.
pub(super) struct Machine {
    pub(super) dir: PathBuf,
    home: PathBuf,
    _scratch: tempfile::TempDir,
}

impl Machine {
    pub(super) fn of(template: &Path) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let (dir, home) = (scratch.path().join("shop"), scratch.path().join("home"));
        copy_tree(template, &dir);
        fs::create_dir_all(&home).unwrap();
        Self { dir, home, _scratch: scratch }
    }

    /// What the template has, and nothing of what happened since.
    pub(super) fn reset(&self, template: &Path) {
        for part in [".artifacts", ".d3p"] {
            fs::remove_dir_all(self.dir.join(part)).unwrap();
            copy_tree(&template.join(part), &self.dir.join(part));
        }
        for part in [".git/config", "d3p.yaml"] {
            fs::copy(template.join(part), self.dir.join(part)).unwrap();
        }
        fs::remove_dir_all(&self.home).unwrap();
        fs::create_dir_all(&self.home).unwrap();
    }

    /// The next git that does this goes wrong.
    pub(super) fn fault(&self, verb: &str, how: &str) {
        fs::write(self.home.join("fault"), format!("{verb} {how}\n")).unwrap();
    }

    pub(super) fn command(&self, args: &[&str]) -> Command {
        self.command_with(args, server::PUSHES)
    }

    pub(super) fn command_with(&self, args: &[&str], token: &str) -> Command {
        // Another build can be raced: PROGRAM=/path/to/d3p tests/locks/play.
        let program =
            std::env::var_os("PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_d3p").into());
        let mut command = Command::new(program);
        command
            .current_dir(&self.dir)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("USER", "tester")
            .env("HOME", &self.home)
            .env("XDG_STATE_HOME", self.home.join("state"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("LOCK_TOKEN", token)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .args(args);
        command
    }

    pub(super) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// A command that must end so.
    pub(super) fn must(&self, args: &[&str], exit: i32) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(exit), "{args:?}: {}", all(&output));
        all(&output)
    }

    /// Arguments that launch, and count that in a file.
    pub(super) fn launching(count: &Path, then: &str) -> Vec<String> {
        let script = format!("echo launch >> {}; {then}", count.display());
        ["run", "deploy-production", "--", "sh", "-c", &script].map(str::to_owned).to_vec()
    }

    pub(super) fn launch(&self, count: &Path, then: &str) -> Output {
        let args = Self::launching(count, then);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        self.run(&args)
    }

    /// Says GO, with these words besides.
    pub(super) fn go(&self, words: &[&str]) -> String {
        self.must(&[&APPROVE[..], &["--decision", "go"], words].concat(), 0)
    }

    pub(super) fn lines(&self, kind: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.dir.join(LEDGER)).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["kind"] == kind).collect()
    }
}

/// What makes the demo's hook a launch that went well.
pub(super) const WELL: &str =
    "echo ::service api=healthy v1.4.0; echo ::service web=healthy v1.4.0";

pub(super) fn launches(count: &Path) -> usize {
    fs::read_to_string(count).unwrap_or_default().lines().count()
}

pub(super) fn all(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

/// A repository, a place for its git, and the template that machines are copies of.
struct Set {
    remote: Remote,
    template: PathBuf,
    scratch: tempfile::TempDir,
    _world: tempfile::TempDir,
}

impl Set {
    fn new(remote: Remote) -> Self {
        Self::with(remote, "")
    }

    fn with(remote: Remote, more: &str) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let programs = scratch.path().join("programs");
        put_git(&programs);
        let (template, world) = cleared(&remote, &programs, more).into_dir();
        Self { remote, template, scratch, _world: world }
    }

    fn machine(&self) -> Machine {
        Machine::of(&self.template)
    }

    /// Where launches are counted.
    fn count(&self) -> PathBuf {
        self.scratch.path().join("launches")
    }
}
