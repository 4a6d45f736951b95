//! Plays steps in a git repository of its own making.

use crate::assets;
use crate::cli::demo::{Action, Step};
use crate::cli::{Code, Failure};
use crate::env::{Env, Exit};
use crate::model::{Advice, Sha256Digest, Span};
use crate::sign::{NAMESPACE, SIGNERS_PATH};
use crate::source::embedded_phase;
use serde_json::json;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tera::Context;

/// Plays steps in one directory.
#[derive(Debug)]
pub struct Player {
    dir: PathBuf,
    commit: String,
}

/// How a step went.
#[derive(Clone, Debug)]
pub struct Played {
    /// What happened.
    pub title: String,
    /// The command, as a person would type it.
    pub command: Option<String>,
    /// How it ended.
    pub exit: Option<Exit>,
    /// Everything it said.
    pub output: String,
    /// Last lines that are worth showing.
    pub tail: usize,
    /// Whether it ended as the script says.
    pub as_expected: bool,
}

impl Player {
    /// A player in `dir`.
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), commit: String::new() }
    }

    /// Makes a small repository with one commit.
    ///
    /// # Errors
    /// When git is missing or refuses, or a file cannot be written.
    pub fn begin(&mut self, env: &Env<'_>) -> Result<(), Failure> {
        self.git(&["init", "--quiet", "--initial-branch=main"], env)?;
        for (path, text) in assets::files("demo/repository") {
            self.write(path, text)?;
        }
        self.commit("the services", env)?;
        self.commit = self.git(&["rev-parse", "HEAD"], env)?.trim().to_owned();
        Ok(())
    }

    /// Goes on in a repository that a player has begun.
    ///
    /// # Errors
    /// When there is none.
    pub fn resume(&mut self, env: &Env<'_>) -> Result<(), Failure> {
        self.commit = self.git(&["rev-list", "--max-parents=0", "HEAD"], env)?.trim().to_owned();
        Ok(())
    }

    /// Commits everything that is there.
    ///
    /// # Errors
    /// What git says.
    pub fn commit(&self, message: &str, env: &Env<'_>) -> Result<(), Failure> {
        self.git(&["add", "--all"], env)?;
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message], env)?;
        Ok(())
    }

    /// Plays one step.
    ///
    /// # Errors
    /// When files cannot be written; a command that ends otherwise than expected is no error.
    pub fn play(&self, step: &Step, env: &mut Env<'_>) -> Result<Played, Failure> {
        let mut played = Played {
            title: step.title.clone(),
            command: None,
            exit: None,
            output: String::new(),
            tail: 1,
            as_expected: true,
        };
        match &step.action {
            Action::Write(files) => {
                for (path, template) in files {
                    self.write(path, &self.fill(template, env)?)?;
                }
                played.output = format!("{} files written", files.len());
            }
            Action::Wait(duration) => (env.sleep)(*duration),
            Action::Key { path, identity } => {
                played.output = self.key(path, identity, env)?;
            }
            Action::Run { args, stdin, expect, tail } => {
                let stdin = stdin.as_deref().map(|text| self.fill(text, env)).transpose()?;
                let args = args.iter().map(|word| match word.contains("{{") {
                    true => self.fill(word, env),
                    false => Ok(word.clone()),
                });
                let args = args.collect::<Result<Vec<_>, _>>()?;
                let (exit, output) = self.command(&args, stdin.as_deref(), env);
                played.command = Some(typed(&args));
                played.as_expected = exit == *expect;
                played.exit = Some(exit);
                played.output = output;
                played.tail = *tail;
            }
        }
        Ok(played)
    }

    /// Makes a key, and lets it sign for approvals; gives the line that says so.
    fn key(&self, path: &str, identity: &str, env: &Env<'_>) -> Result<String, Failure> {
        let said = Command::new("ssh-keygen")
            .current_dir(&self.dir)
            .args(["-q", "-t", "ed25519", "-N", "", "-C", "d3p demo", "-f", path])
            .env_clear()
            .envs(env.vars.iter().filter(|(key, _)| key == "PATH").cloned())
            .stdin(Stdio::null())
            .output();
        let said = said.map_err(|error| {
            Failure::incomplete(format!("ssh-keygen cannot be run: {error}")).code(Code::Program)
        })?;
        let public = fs::read_to_string(self.dir.join(format!("{path}.pub")));
        let (true, Ok(public)) = (said.status.success(), public) else {
            let said = String::from_utf8_lossy(&said.stderr).trim().to_owned();
            return Err(
                Failure::incomplete(format!("ssh-keygen made no key: {said}")).code(Code::Program)
            );
        };
        let key = public.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        let line = format!("{identity} namespaces=\"{NAMESPACE}\" {key}\n");
        self.write(SIGNERS_PATH, &line)?;
        Ok(format!("{SIGNERS_PATH}: {line}"))
    }

    /// Runs `d3p` in the directory: how it ended, and everything it said.
    pub fn command(&self, args: &[String], stdin: Option<&str>, env: &Env<'_>) -> (Exit, String) {
        let mut out: Vec<u8> = Vec::new();
        let mut err: Vec<u8> = Vec::new();
        let mut input = stdin.unwrap_or_default().as_bytes();
        let mut vars = env.vars.clone();
        vars.extend(own_git().map(|(key, value)| (OsString::from(key), OsString::from(value))));
        let mut inner = Env {
            cwd: self.dir.clone(),
            now: env.now,
            sleep: env.sleep,
            watcher: crate::env::Watcher::Here,
            interrupted: env.interrupted,
            random: env.random,
            vars,
            terminal: false,
            stdin_terminal: false,
            stdin: &mut input,
            out: &mut out,
            err: &mut err,
        };
        let all = std::iter::once("d3p".to_owned()).chain(args.iter().cloned()).map(OsString::from);
        let exit = crate::cli::run(all, &mut inner);
        out.extend(err);
        (exit, String::from_utf8_lossy(&out).into_owned())
    }

    fn write(&self, path: &str, text: &str) -> Result<(), Failure> {
        let target = self.dir.join(path);
        let parent = target.parent().unwrap_or(&self.dir);
        fs::create_dir_all(parent).and_then(|()| fs::write(&target, text)).map_err(|error| {
            Failure::incomplete(format!("cannot write {path}: {error}")).code(Code::Io)
        })
    }

    /// Fills in a template with the release, the commit and the time.
    fn fill(&self, template: &str, env: &Env<'_>) -> Result<String, Failure> {
        let now = (env.now)();
        let hours = |hours: u64| now.plus(Span::from_seconds(hours * 3600)).to_string();
        let artifact =
            |name: &str| Sha256Digest::of(format!("v1.4.0 {name}").as_bytes()).to_string();
        let checkpoints: Vec<_> = embedded_phase()?
            .checkpoints
            .iter()
            .map(|checkpoint| json!({ "title": checkpoint.title }))
            .collect();
        let mut context = Context::new();
        for (key, value) in [
            ("release", "v1.4.0".to_owned()),
            ("commit", self.commit.clone()),
            ("repository", "demo/shop".to_owned()),
            ("created_at", now.to_string()),
            ("started_at", now.to_string()),
            ("finished_at", now.to_string()),
            ("sign_off_at", now.to_string()),
            ("window_start", now.to_string()),
            ("window_end", hours(4)),
            ("due_day", hours(24 * 14).chars().take(10).collect()),
            ("date_day", now.to_string().chars().take(10).collect()),
            ("sha256_api", artifact("api")),
            ("sha256_web", artifact("web")),
        ] {
            context.insert(key, &value);
        }
        context.insert("attempt", &1);
        context.insert("checkpoints", &checkpoints);
        assets::render(template, &context)
            .map_err(|why| Failure::incomplete(format!("the demo cannot be rendered: {why}")))
    }

    /// Runs git with an identity of its own and no configuration of the machine's.
    fn git(&self, args: &[&str], env: &Env<'_>) -> Result<String, Failure> {
        let mut command = Command::new("git");
        command.current_dir(&self.dir).args(args).env_clear().stdin(Stdio::null());
        if let Some(path) = env.var("PATH") {
            command.env("PATH", path);
        }
        let date = format!("{} +0000", (env.now)().timestamp().as_second());
        command.envs(own_git()).env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date);
        let output = command.output().map_err(|error| {
            Failure::incomplete(format!("git cannot be run: {error}"))
                .code(Code::Git)
                .advise(Advice::answer("install git; the demo makes a repository of its own"))
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(Failure::incomplete(format!("git {}: {}", args.join(" "), said.trim()))
                .code(Code::Git));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// The demo's own git configuration.
fn own_git() -> [(&'static str, &'static str); 7] {
    [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "d3p demo"),
        ("GIT_AUTHOR_EMAIL", "demo@d3p.invalid"),
        ("GIT_COMMITTER_NAME", "d3p demo"),
        ("GIT_COMMITTER_EMAIL", "demo@d3p.invalid"),
        ("GIT_TERMINAL_PROMPT", "0"),
    ]
}

/// A command as a person would type it.
fn typed(args: &[String]) -> String {
    let quoted =
        args.iter().map(|arg| if arg.contains(' ') { format!("\"{arg}\"") } else { arg.clone() });
    std::iter::once("d3p".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}
