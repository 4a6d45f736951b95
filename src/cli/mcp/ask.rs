//! A command of this program, run for an agent in a world of its own.

use crate::cli::Failure;
use crate::cli::common::open_at;
use crate::definition::SIGNING_VARIABLES;
use crate::env::{Env, Exit, Watcher};
use crate::model::Stamp;
use crate::project::Project;
use serde_json::Value;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Who acts.
const ACTOR: &str = "D3P_ACTOR";

/// What every command is given of the outside world.
pub(super) struct World<'a> {
    /// The project's directory.
    dir: PathBuf,
    /// The phase that is meant, where it was named.
    phase: Option<String>,
    now: &'a dyn Fn() -> Stamp,
    sleep: &'a dyn Fn(Duration),
    watcher: Watcher,
    interrupted: &'a dyn Fn() -> bool,
    random: &'a dyn Fn(&mut [u8]),
    vars: Vec<(OsString, OsString)>,
    /// Who acts, where the variables name an agent.
    agent: Option<String>,
}

impl<'a> World<'a> {
    /// The world of a server that begins.
    pub(super) fn new(dir: &Path, phase: Option<&str>, env: &Env<'a>) -> Self {
        // No machine's key is at hand for an agent.
        let is_kept = |(name, _): &&(OsString, OsString)| {
            name != ACTOR && SIGNING_VARIABLES.iter().all(|secret| name != secret)
        };
        Self {
            dir: dir.to_owned(),
            phase: phase.map(str::to_owned),
            now: env.now,
            sleep: env.sleep,
            watcher: env.watcher.clone(),
            interrupted: env.interrupted,
            random: env.random,
            vars: env.vars.iter().filter(is_kept).cloned().collect(),
            agent: env.var(ACTOR).filter(|own| own.starts_with("agent:")).map(str::to_owned),
        }
    }

    /// The same, for a client that calls itself so.
    pub(super) fn of<'b>(&'b self, client: &'b str) -> Asking<'b> {
        Asking { world: self, client }
    }
}

/// A world in which somebody asks.
pub(super) struct Asking<'a> {
    world: &'a World<'a>,
    client: &'a str,
}

/// What a command said.
pub(super) struct Said {
    pub(super) exit: Exit,
    pub(super) out: String,
    pub(super) err: String,
}

impl Said {
    /// What it said, as JSON where it is that.
    pub(super) fn report(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| Value::String(self.out.clone()))
    }
}

impl Asking<'_> {
    /// Runs a command, with `input` on its standard input.
    pub(super) fn run<'w>(&self, words: impl IntoIterator<Item = &'w str>, input: &str) -> Said {
        let World { phase, now, sleep, interrupted, random, .. } = self.world;
        let mut argv = vec![OsString::from("d3p")];
        argv.extend(phase.iter().flat_map(|phase| ["--phase".into(), phase.into()]));
        argv.extend(words.into_iter().map(OsString::from));
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut inner = Env {
            cwd: self.world.dir.clone(),
            now,
            sleep,
            watcher: self.world.watcher.clone(),
            interrupted,
            random,
            vars: self.vars(),
            terminal: false,
            stdin_terminal: false,
            stdin: &mut input.as_bytes(),
            out: &mut out,
            err: &mut err,
        };
        let exit = crate::cli::run(argv, &mut inner);
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Said { exit, out: text(out), err: text(err) }
    }

    /// The project as it lies there now.
    pub(super) fn open(&self) -> Result<Project, Failure> {
        open_at(&self.world.dir, self.world.phase.as_deref()).map(|(_, project)| project)
    }

    /// The variables: an agent acts, whoever began the server.
    fn vars(&self) -> Vec<(OsString, OsString)> {
        let name: String =
            self.client.chars().filter(|c| c.is_alphanumeric() || "-_. ".contains(*c)).collect();
        let name = if name.trim().is_empty() { "mcp" } else { name.trim() };
        let actor = self.world.agent.clone().unwrap_or_else(|| format!("agent:{name}"));
        self.world.vars.iter().cloned().chain([(ACTOR.into(), actor.into())]).collect()
    }
}
