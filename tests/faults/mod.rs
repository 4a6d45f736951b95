//! What is promised of a launch when something goes wrong: with real processes, the real clock, and
//! a release that is cleared.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]
#![allow(clippy::print_stdout, reason = "the figures are what a run of these is for")]

mod aftermath;
mod cases;
mod injected;
mod launch;
mod limits;
mod nobody;

use crate::common::{World, copy_tree};
use d3p::testing::cli::demo::{Action, Step, run_script};
use d3p::testing::model::Stamp;
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const RUNS: &str = ".artifacts/deployment/raw/runs";

/// Longest that anything here may take.
const SOON: Duration = Duration::from_secs(20);

/// A release that may be launched, and what is done to it.
pub(super) struct Shop {
    dir: PathBuf,
    _scratch: tempfile::TempDir,
}

impl Shop {
    /// Plays the demo's release with real hooks up to the clearance of its launch, under a clock that
    /// is a little behind the real one.
    pub(super) fn cleared() -> Self {
        let world = World::new();
        world.at(a_while_ago());
        let script = run_script(false);
        let clearance = ["check", "--before", "deploy-production"];
        let is_last =
            |step: &Step| matches!(&step.action, Action::Run { args, .. } if *args == clearance);
        let last = script.iter().rposition(is_last).unwrap();
        world.play(&script[..=last]);
        Self::of(world)
    }

    pub(super) fn of(world: World) -> Self {
        let (dir, scratch) = world.into_dir();
        Self { dir, _scratch: scratch }
    }

    pub(super) fn copy(&self) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().join("shop");
        copy_tree(&self.dir, &dir);
        Self { dir, _scratch: scratch }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// A file beside the project.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.dir().with_file_name(name)
    }

    /// Gives a command this project and nothing of this machine's settings.
    pub(super) fn set_up<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .current_dir(self.dir())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("USER", "tester")
            .env("HOME", self.beside("home"))
            .env("XDG_STATE_HOME", self.beside("state"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .stdin(Stdio::null())
    }

    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_d3p"));
        self.set_up(&mut command).args(args);
        command
    }

    pub(super) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Arguments that launch with this shell script. It says `up` first, and that it ran in a file.
    pub(super) fn launching(&self, script: &str) -> Vec<String> {
        let count = self.beside("launches");
        let script = format!("echo launch >> {}; echo up; {script}", count.display());
        ["run", "deploy-production", "--", "sh", "-c", &script].map(str::to_owned).to_vec()
    }

    /// Waits for a file beside the project.
    pub(super) fn until(&self, name: &str) -> String {
        format!("while [ ! -e {} ]; do sleep 0.05; done", self.beside(name).display())
    }

    /// Begins the launch, and returns once its hook runs.
    pub(super) fn launch(&self, script: &str) -> Launched {
        let args = self.launching(script);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        // Tests that were begun in the background inherit signals that are ignored.
        let mut command = Command::new("env");
        command.args(["--default-signal", env!("CARGO_BIN_EXE_d3p")]);
        self.set_up(&mut command).args(args);
        let mut front = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(front.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        if line != "up\n" {
            panic!("{line}{}", all(&front.wait_with_output().unwrap()));
        }
        Launched { front, _said: said }
    }

    /// How often a hook really began.
    pub(super) fn launches(&self) -> usize {
        fs::read_to_string(self.beside("launches")).unwrap_or_default().lines().count()
    }

    pub(super) fn lines(&self, kind: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.dir().join(LEDGER)).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["kind"] == kind && line["hook"] == "deploy-production").collect()
    }

    /// Waits until the launch is recorded; the line that says how it ended, and its record.
    pub(super) fn recorded(&self) -> (Value, Value) {
        let line = wait_for(|| self.lines("ran").pop());
        let path = line["digests"][0]["path"].as_str().unwrap();
        let record = fs::read(self.dir().join(path)).unwrap();
        (line.clone(), serde_json::from_slice(&record).unwrap())
    }

    /// What lies beside the lock.
    pub(super) fn pending(&self) -> Vec<String> {
        let names = fs::read_dir(self.dir().join(".d3p")).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(".json") || name.ends_with(".tmp")).collect()
    }

    /// The process that watches the launch.
    pub(super) fn watcher(&self) -> String {
        self.lines("began").pop().unwrap()["process"]["pid"].to_string()
    }
}

/// A launch that goes on, from the side of whoever began it.
pub(super) struct Launched {
    pub(super) front: Child,
    pub(super) _said: BufReader<ChildStdout>,
}

/// When what is played before really begins.
pub(super) fn a_while_ago() -> Stamp {
    Stamp::from_timestamp(jiff::Timestamp::now()).to_millis().minus_millis(600_000)
}

/// Waits until something is there.
pub(super) fn wait_for<T>(mut found: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(start.elapsed() < SOON, "it does not come");
        thread::sleep(Duration::from_millis(20));
    }
}

pub(super) fn all(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

pub(super) fn signal(name: &str, pid: impl ToString) {
    let sent = Command::new("kill").args(["-s", name, &pid.to_string()]).status().unwrap();
    assert!(sent.success(), "{name}");
}

pub(super) fn is_alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with(['Z', 'X']))
}

/// What needs a program or a permission that is missing here; the project's own checks have both.
pub(crate) fn not_here(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "not tested: {why}");
    println!("not tested here: {why}");
}
