//! The outside world, as arguments: clock, randomness, directory, environment, streams.

use crate::model::{Caller, CallerKind, Stamp};
use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What build servers set for their jobs; `CI` alone covers most of them.
const CI_VARIABLES: [&str; 5] =
    ["CI", "GITHUB_ACTIONS", "JENKINS_URL", "TEAMCITY_VERSION", "TF_BUILD"];

/// Whose process a hook is watched by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Watcher {
    /// This one, as long as it lives: in tests and in the demo.
    Here,
    /// One in a session of its own, which whatever becomes of the terminal does not reach: this
    /// program, started again.
    Apart(PathBuf),
    /// This one is that.
    IsApart(PathBuf),
}

impl Watcher {
    /// The program that is started for what must go on by itself.
    pub fn program(&self) -> Option<&Path> {
        match self {
            Self::Here => None,
            Self::Apart(program) | Self::IsApart(program) => Some(program),
        }
    }
}

/// What a run may use of the outside world.
pub struct Env<'a> {
    /// The directory the program was started in.
    pub cwd: PathBuf,
    /// The clock.
    pub now: &'a dyn Fn() -> Stamp,
    /// Waits.
    pub sleep: &'a dyn Fn(Duration),
    /// By whose process a hook is watched.
    pub watcher: Watcher,
    /// Whether the user asked to stop; the first call begins to listen.
    pub interrupted: &'a dyn Fn() -> bool,
    /// Fills a buffer with random bytes.
    pub random: &'a dyn Fn(&mut [u8]),
    /// Environment variables, for git and for the actor's name.
    pub vars: Vec<(OsString, OsString)>,
    /// Whether standard output is a terminal.
    pub terminal: bool,
    /// Whether standard input is a terminal.
    pub stdin_terminal: bool,
    /// Standard input.
    pub stdin: &'a mut dyn Read,
    /// Standard output: reports.
    pub out: &'a mut dyn Write,
    /// Standard error: what went wrong with the run itself.
    pub err: &'a mut dyn Write,
}

impl Env<'_> {
    /// The same world, in which everything that is reported goes to `out`.
    pub fn telling<'b>(&'b mut self, out: &'b mut dyn Write) -> Env<'b> {
        Env {
            cwd: self.cwd.clone(),
            now: self.now,
            sleep: self.sleep,
            watcher: self.watcher.clone(),
            interrupted: self.interrupted,
            random: self.random,
            vars: self.vars.clone(),
            terminal: self.terminal,
            stdin_terminal: self.stdin_terminal,
            stdin: &mut *self.stdin,
            out,
            err: &mut *self.err,
        }
    }

    /// An environment variable that is text and not empty.
    pub fn var(&self, name: &str) -> Option<&str> {
        let found = self.vars.iter().find(|(key, _)| key == name)?;
        found.1.to_str().filter(|value| !value.is_empty())
    }

    /// `bytes` random bytes in hexadecimal.
    pub fn random_hex(&self, bytes: usize) -> String {
        let mut buffer = vec![0; bytes];
        (self.random)(&mut buffer);
        buffer.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Who runs the command, as the machine says: a claim. `D3P_ACTOR` says it in full, such as
    /// `agent:NAME`; without a kind, whoever runs in a build server is a job, and everybody else a
    /// person.
    pub fn actor(&self) -> Caller {
        let job = CI_VARIABLES.iter().any(|name| self.var(name).is_some_and(|set| set != "false"));
        let kind = if job { CallerKind::Job } else { CallerKind::Person };
        let name =
            ["D3P_ACTOR", "USER", "USERNAME", "LOGNAME"].iter().find_map(|name| self.var(name));
        Caller::parse(name.unwrap_or_default(), kind)
    }
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Passed: 0.
    Passed,
    /// Findings, refused, or review: 1.
    Refused,
    /// Could not complete: 2.
    Incomplete,
}

impl Exit {
    /// The process's exit code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Refused => 1,
            Self::Incomplete => 2,
        }
    }
}
