//! Plays releases under a clock, randomness and git configuration of the test's own.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

pub mod archive;
#[cfg(unix)]
pub mod authority;
pub mod files;
pub mod fixture;
pub mod template;
#[cfg(unix)]
pub mod traced;

use d3p::testing::cli::demo::{Action, Player, Step, release_script};
use d3p::testing::model::Stamp;
use d3p::{Env, Exit};
use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// When every played release begins: a Saturday.
pub const START: &str = "2026-11-21T09:00:00Z";

/// A hook that makes this file beside the project takes three hours.
pub const SLOW: &str = "three-hours";

/// A world without surprises: a clock that moves 10 ms at each look, counted randomness.
pub struct World {
    millis: Cell<i64>,
    counter: Cell<u64>,
    terminal: Cell<bool>,
    vars: RefCell<Vec<(OsString, OsString)>>,
    bare: Cell<bool>,
    pub dir: PathBuf,
    _scratch: tempfile::TempDir,
}

/// Rules that `tests/clauses.rs` wants to do without, by their codes.
pub const WITHOUT: &str = "D3P_TEST_WITHOUT";

fn switch_off_rules() {
    if let Ok(codes) = std::env::var(WITHOUT) {
        d3p::testing::rules::switch_off(codes.split(',').map(str::to_owned));
    }
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub exit: Exit,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.all()))
    }

    /// Codes of the rules in a JSON report, with the path each points at.
    pub fn rules(&self) -> Vec<(String, String)> {
        let findings = self.json()["findings"].as_array().cloned().unwrap_or_default();
        findings
            .iter()
            .map(|finding| {
                let text =
                    |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
                (text(&finding["rule"]), text(&finding["location"]["path"]))
            })
            .collect()
    }

    pub fn has(&self, rule: &str) -> bool {
        self.rules().iter().any(|(code, _)| code == rule)
    }
}

impl World {
    /// An empty directory at [`START`].
    pub fn new() -> Self {
        switch_off_rules();
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().join("shop");
        fs::create_dir_all(&dir).unwrap();
        Self {
            millis: Cell::new(Stamp::parse(START).unwrap().timestamp().as_millisecond()),
            counter: Cell::new(0),
            terminal: Cell::new(false),
            vars: RefCell::new(Vec::new()),
            bare: Cell::new(false),
            dir,
            _scratch: scratch,
        }
    }

    /// The honest demo release, played whole.
    pub fn played() -> Self {
        let world = Self::new();
        world.play(&release_script());
        world
    }

    /// The honest demo release, played up to and including the step that runs `d3p` with `last`.
    pub fn played_until(last: &[&str]) -> Self {
        let world = Self::new();
        let script = release_script();
        let is_last =
            |step: &Step| matches!(&step.action, Action::Run { args, .. } if args == last);
        let end = script.iter().rposition(is_last).unwrap_or_else(|| panic!("no step {last:?}"));
        world.play(&script[..=end]);
        world
    }

    /// Plays steps and insists that each ends as the script says.
    pub fn play(&self, steps: &[Step]) {
        for (played, step) in self.play_freely(steps).iter().zip(steps) {
            assert!(played.as_expected, "{}: {:?}\n{}", step.title, played.exit, played.output);
        }
    }

    /// Plays steps, whatever comes of them.
    pub fn play_freely(&self, steps: &[Step]) -> Vec<d3p::testing::cli::demo::Played> {
        let mut player = Player::new(&self.dir);
        self.with_env("", |env| {
            if !self.dir.join(".git").exists() {
                player.begin(env).unwrap();
            } else {
                player.resume(env).unwrap();
            }
            steps.iter().map(|step| player.play(step, env).unwrap()).collect()
        })
        .0
    }

    /// A copy of the project in a world of its own, at the same time.
    pub fn copy(&self) -> Self {
        let copy = Self::new();
        copy.millis.set(self.millis.get());
        copy.counter.set(self.counter.get() + 1_000_000);
        copy_tree(&self.dir, &copy.dir);
        copy
    }

    /// The project's directory, and what it goes with.
    pub fn into_dir(self) -> (PathBuf, tempfile::TempDir) {
        (self.dir, self._scratch)
    }

    pub fn now(&self) -> Stamp {
        let millis = self.millis.get();
        Stamp::from_timestamp(jiff::Timestamp::from_millisecond(millis).unwrap())
    }

    /// Sets the clock.
    pub fn at(&self, stamp: Stamp) {
        self.millis.set(stamp.timestamp().as_millisecond());
    }

    /// Goes on with other random numbers than a new world does.
    pub fn reseed(&self, seed: u64) {
        self.counter.set(seed);
    }

    /// Sets the only variable that is there besides the usual ones, or instead of one of them; without
    /// a value, none.
    pub fn only_var(&self, name: &str, value: Option<&str>) {
        let var = value.map(|value| (OsString::from(name), OsString::from(value)));
        *self.vars.borrow_mut() = var.into_iter().collect();
    }

    /// Sets variables besides the usual ones, or instead of some of them.
    pub fn vars(&self, vars: &[(&str, &str)]) {
        let pair = |(name, value): &(&str, &str)| (OsString::from(name), OsString::from(value));
        *self.vars.borrow_mut() = vars.iter().map(pair).collect();
    }

    /// Plays steps in a directory of a repository that is there already, whatever comes of them.
    pub fn resume_and_play(&self, steps: &[Step]) -> Vec<d3p::testing::cli::demo::Played> {
        let mut player = Player::new(&self.dir);
        self.with_env("", |env| {
            player.resume(env).unwrap();
            steps.iter().map(|step| player.play(step, env).unwrap()).collect()
        })
        .0
    }

    /// Lets time pass.
    pub fn pass(&self, duration: Duration) {
        self.millis.set(self.millis.get() + i64::try_from(duration.as_millis()).unwrap());
    }

    /// Sets the clock, so that the next look at it gives `moment`.
    pub fn look_next_at(&self, moment: Stamp) {
        self.millis.set(moment.timestamp().as_millisecond() - 10);
    }

    /// Runs `d3p` in the project.
    pub fn run(&self, args: &[&str]) -> Said {
        self.run_with(args, "")
    }

    /// Runs `d3p` with standard input.
    /// Runs a command that has to read policy and ledger once, and the ledger once more for each line
    /// that it adds.
    pub fn run_reading_once(&self, args: &[&str]) -> Said {
        const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
        let lines =
            || fs::read_to_string(self.dir.join(LEDGER)).map_or(0, |text| text.lines().count());
        let before = lines();
        let (said, reads) = d3p::testing::source::counting_reads(|| self.run(args));
        let times = |path: &str| reads.get(path).copied().unwrap_or_default();
        assert_eq!(times("d3p.yaml"), 1, "{args:?} reads the policy again");
        let most = 1 + lines().saturating_sub(before);
        assert!(times(LEDGER) <= most, "{args:?} reads the ledger {} times", times(LEDGER));
        said
    }

    pub fn run_with(&self, args: &[&str], stdin: &str) -> Said {
        let all: Vec<OsString> =
            std::iter::once("d3p").chain(args.iter().copied()).map(OsString::from).collect();
        let (exit, out, err) = self.with_env(stdin, |env| d3p::run(all, env));
        Said { exit, out, err }
    }

    /// Runs a command that speaks with somebody, over streams of their own.
    pub fn speak(
        &self,
        args: &[&str],
        stdin: &mut dyn Read,
        out: &mut dyn Write,
    ) -> (Exit, String) {
        let all: Vec<OsString> =
            std::iter::once("d3p").chain(args.iter().copied()).map(OsString::from).collect();
        let (exit, _, err) = self.with_env("", |env| {
            let mut inner = Env {
                cwd: env.cwd.clone(),
                now: env.now,
                sleep: env.sleep,
                watcher: env.watcher.clone(),
                interrupted: env.interrupted,
                random: env.random,
                vars: env.vars.clone(),
                terminal: false,
                stdin_terminal: false,
                stdin,
                out,
                err: &mut *env.err,
            };
            d3p::run(all, &mut inner)
        });
        (exit, err)
    }

    /// Records the example that the tool prints, filled in: with words of one's own in one place.
    pub fn record_example(&self, kind: &str) -> Said {
        let said = self.run(&["record", kind, "--example"]);
        assert_eq!(said.exit, Exit::Passed, "{}", said.all());
        let own = [
            ("release v1.4.0 starts", "our release starts"),
            ("Both signals are", "Both are"),
            ("On the bridge until", "Reachable until"),
            ("Released in eleven minutes", "Released in twelve minutes"),
            ("as it will be in production", "as it will be on the day"),
            ("which is what it took before", "as it did before"),
            ("order round trip", "order there and back"),
            ("trivy 0.58.1", "trivy 0.60.0"),
            ("One api instance was", "An api instance was"),
            ("within the hour", "within two hours"),
            ("four minutes after", "five minutes after"),
        ];
        // Whoever answers a question is a person of the policy.
        let asked = kind.contains("confirmations");
        let persons = ["Mika Larsen", "Priya Raman"].map(|name| (name, "Ana Silva"));
        let persons = persons.iter().filter(|_| asked);
        let own = own.iter().chain(persons);
        let filled = own.fold(said.out.clone(), |text, (from, to)| text.replace(from, to));
        assert_ne!(filled, said.out, "nothing of this example is filled in: {kind}");
        self.run_with(&["record", kind, "--from", "-"], &filled)
    }

    /// Runs `d3p` for a person who types `stdin` on a terminal.
    pub fn run_typing(&self, args: &[&str], stdin: &str) -> Said {
        self.terminal.set(true);
        let said = self.run_with(args, stdin);
        self.terminal.set(false);
        said
    }

    /// What is to be done next, as `status` says it to programs.
    pub fn next(&self) -> serde_json::Value {
        let said = self.json(&["status", "--next"]);
        assert_eq!(said.exit, Exit::Passed, "{}", said.all());
        said.json()["next"].clone()
    }

    /// From now on no program is found: no git, no ssh-keygen.
    pub fn without_programs(&self) {
        self.bare.set(true);
    }

    /// Runs `d3p … --format json`.
    pub fn json(&self, args: &[&str]) -> Said {
        self.run(&[args, &["--format", "json"]].concat())
    }

    fn with_env<T>(
        &self,
        stdin: &str,
        body: impl FnOnce(&mut Env<'_>) -> T,
    ) -> (T, String, String) {
        let slow = self.dir.with_file_name(SLOW);
        let now = || {
            self.millis.set(self.millis.get() + 10);
            if fs::remove_file(&slow).is_ok() {
                self.pass(Duration::from_secs(3 * 60 * 60));
            }
            self.now()
        };
        let sleep = |duration| self.pass(duration);
        let random = |buffer: &mut [u8]| {
            for byte in buffer {
                self.counter.set(self.counter.get() + 1);
                // splitmix64, so that no two of its ids are the same.
                let mut mixed = self.counter.get().wrapping_mul(0x9E37_79B9_7F4A_7C15);
                mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                *byte = mixed.to_le_bytes()[3];
            }
        };
        let out = RefCell::new(Vec::new());
        let err = RefCell::new(Vec::new());
        let path = if self.bare.get() { None } else { std::env::var_os("PATH") };
        let path = path.unwrap_or_else(|| "/nonexistent".into());
        let var = |key: &str, value: &str| (OsString::from(key), OsString::from(value));
        let mut vars = vec![
            (OsString::from("PATH"), path),
            var("USER", "tester"),
            ("HOME".into(), self._scratch.path().join("home").into()),
            ("XDG_STATE_HOME".into(), self._scratch.path().join("state").into()),
            var("GIT_CONFIG_GLOBAL", "/dev/null"),
            var("GIT_CONFIG_NOSYSTEM", "1"),
        ];
        let own = self.vars.borrow();
        vars.retain(|(usual, _)| own.iter().all(|(name, _)| name != usual));
        vars.extend(own.iter().cloned());
        drop(own);
        let result = body(&mut Env {
            cwd: self.dir.clone(),
            now: &now,
            sleep: &sleep,
            watcher: d3p::Watcher::Here,
            interrupted: &|| false,
            random: &random,
            vars,
            terminal: false,
            stdin_terminal: self.terminal.get(),
            stdin: &mut stdin.as_bytes(),
            out: &mut *out.borrow_mut(),
            err: &mut *err.borrow_mut(),
        });
        let text =
            |bytes: RefCell<Vec<u8>>| String::from_utf8_lossy(&bytes.into_inner()).into_owned();
        (result, text(out), text(err))
    }

    pub fn read(&self, path: &str) -> String {
        let full = self.dir.join(path);
        fs::read_to_string(&full).unwrap_or_else(|error| {
            let beside = full.parent().and_then(|dir| fs::read_dir(dir).ok()).into_iter().flatten();
            let beside: Vec<_> = beside.flatten().map(|entry| entry.file_name()).collect();
            panic!("{path}: {error}; there are {beside:?}")
        })
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let target = self.dir.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, text).unwrap();
    }

    /// Replaces the first occurrence, and insists that there is one.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} does not contain {from}");
        self.write(path, text.replacen(from, to, 1));
    }

    /// Says in the last line of the ledger, that of the first gate, who wrote the release.
    pub fn wrote(&self, author: &str) {
        let ledger = ".artifacts/deployment/records/ledger.jsonl";
        assert!(self.read(ledger).lines().last().unwrap().contains("\"gate\":\"readiness\""));
        self.edit(ledger, "\"persons\":[]", &format!("\"persons\":[\"{author}\"]"));
    }

    /// Removes whatever is at `path`.
    pub fn clear(&self, path: &str) {
        let target = self.dir.join(path);
        match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(target).unwrap(),
            Ok(_) => fs::remove_file(target).unwrap(),
            Err(_) => fs::create_dir_all(target.parent().unwrap()).unwrap(),
        }
    }

    pub fn remove(&self, path: &str) {
        let target = self.dir.join(path);
        assert!(target.exists(), "{path} is not there");
        self.clear(path);
    }
}

pub fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The command of an advice, word by word.
pub fn argv(advice: &serde_json::Value) -> Vec<String> {
    let words = advice["argv"].as_array().unwrap().iter();
    words.map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// An advice and its alternatives, each on one line, for messages and searches.
pub fn in_words(advice: &serde_json::Value) -> String {
    let text = |key: &str| advice[key].as_str().unwrap_or_default().to_owned();
    let own = [text("kind"), text("path"), text("what"), argv(advice).join(" ")].join(" | ");
    let others = advice["alternatives"].as_array().unwrap().iter().map(in_words);
    std::iter::once(own).chain(others).collect::<Vec<_>>().join("\n")
}

/// The definition of the go-live phase, as it is shipped.
pub const PHASE_TEXT: &str = include_str!("../../templates/phase-9-deployment-golive/phase.yaml");
