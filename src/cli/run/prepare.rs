//! What is run, with what, and in which environment.

use super::{Running, environment};
use crate::cli::common::trusted_git;
use crate::cli::{Code, Failure};
use crate::env::Env;
use crate::model::{Advice, Location, Sha256Digest};
use crate::process::{How, Job, Program, ProgramError, Redactor, find_program, run};
use crate::record::{RanProgram, Script};
use crate::source::check_path;
use crate::text::FaultKind;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// How long a tool may take to say its version.
const VERSION_TIMEOUT: Duration = Duration::from_secs(10);

/// Most bytes that are kept of what a tool says of its version.
const VERSION_BYTES: usize = 4096;

/// A command that is ready to run.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Id of the run.
    pub(super) id: String,
    /// Program and arguments.
    pub(super) argv: Vec<String>,
    /// Whether they are the policy's.
    pub(super) declared: bool,
    /// The program's file.
    pub(super) program: Program,
    /// The whole environment.
    pub(super) variables: Vec<(OsString, OsString)>,
    /// Files of the release that it uses.
    pub(super) scripts: Vec<Script>,
    /// What the declared tools said.
    pub(super) tools: BTreeMap<String, String>,
    /// Names of what is recorded with its value.
    recorded: Vec<String>,
    /// Names and values of what is redacted.
    pub(super) secrets: Vec<(String, String)>,
}

impl Prepared {
    /// The command line without secrets.
    pub(super) fn shown_argv(&self) -> Vec<String> {
        let redactor = Redactor::new(&self.secrets);
        self.argv.iter().map(|part| redactor.redact_text(part)).collect()
    }

    /// What is recorded of the environment: values of allow-listed names, secrets by name.
    pub(super) fn shown_variables(&self) -> BTreeMap<String, String> {
        let redactor = Redactor::new(&self.secrets);
        let value = |name: &String| {
            let found = self.variables.iter().find(|(key, _)| key == name.as_str())?;
            Some((name.clone(), redactor.redact_text(&found.1.to_string_lossy())))
        };
        let secret = |(name, _): &(String, String)| (name.clone(), "[redacted]".to_owned());
        self.recorded.iter().filter_map(value).chain(self.secrets.iter().map(secret)).collect()
    }

    /// The program, for the record.
    pub(super) fn program_record(&self) -> RanProgram {
        RanProgram {
            file: self.program.path.to_string_lossy().into_owned(),
            sha256: self.program.sha256.to_string(),
        }
    }
}

impl Running<'_> {
    /// Looks everything up that the run needs; nothing is run yet but the tools' versions.
    pub(super) fn prepare(&self, command: &[String], env: &Env<'_>) -> Result<Prepared, Failure> {
        let policy = &self.project.effective().policy.run;
        let declared =
            self.hook.filled(self.environment, &self.release.version, &self.release.commit);
        let argv = if command.is_empty() { declared.clone() } else { command.to_vec() };
        let path = environment::search_path(policy, env);
        let program = self.program(&argv, &path)?;
        let id = env.random_hex(8);
        let variables = self.variables(&path, &id, env);
        let secrets = environment::secrets(policy, env);
        self.redactable(&policy.secrets, &secrets, env)?;
        let tools = self.tools(&path, &variables, &secrets, env)?;
        Ok(Prepared {
            id,
            declared: argv == declared,
            program,
            scripts: self.scripts(&argv, env)?,
            variables,
            tools,
            recorded: policy.environment.clone(),
            secrets,
            argv,
        })
    }

    /// Refuses secrets that could not be taken out of what the hook says.
    fn redactable(
        &self,
        names: &[String],
        secrets: &[(String, String)],
        env: &Env<'_>,
    ) -> Result<(), Failure> {
        let unread = |name: &&String| {
            let set = env.vars.iter().find(|(key, _)| *key == ***name);
            set.is_some_and(|(_, value)| value.to_str().is_none())
        };
        let short = Redactor::new(secrets).too_short().first().cloned();
        let short = short.map(|name| (name, "has fewer than four characters"));
        let unread = names.iter().find(unread).map(|name| (name.clone(), "is no text (UTF-8)"));
        let Some((name, why)) = short.or(unread) else { return Ok(()) };
        Err(Failure::refused(format!(
            "the secret {name} {why}: it could not be taken out of what hook {} says; nothing was run",
            self.name
        ))
        .advise(Advice::edit(Location::key("d3p.yaml", "/run/secrets"), format!("set {name} to the real secret, or take it out of run.secrets"))))
    }

    fn program(&self, argv: &[String], path: &[PathBuf]) -> Result<Program, Failure> {
        let name = argv.first().map_or("", String::as_str);
        find_program(name, self.root.dir(), path).map_err(|error| {
            let failure = Failure::incomplete(format!("hook {}: {error}", self.name)).code(Code::Program);
            match error {
                ProgramError::NotFound { .. } => failure.advise(Advice::edit(Location::key("d3p.yaml", "/run/path"), "programs are taken from run.path only, never from your PATH: add its directory there")),
                _ => failure,
            }
        })
    }

    fn variables(&self, path: &[PathBuf], id: &str, env: &Env<'_>) -> Vec<(OsString, OsString)> {
        let own = vec![
            ("D3P_RELEASE", self.release.version.clone()),
            ("D3P_COMMIT", self.release.commit.clone()),
            ("D3P_ATTEMPT", self.release.attempt.to_string()),
            ("D3P_ENVIRONMENT", self.environment.to_owned()),
            ("D3P_RUN", id.to_owned()),
        ];
        environment::variables(&self.project.effective().policy.run, path, own, env)
    }

    /// Files of the project that the command line names, and those the hook declares.
    fn scripts(&self, argv: &[String], env: &Env<'_>) -> Result<Vec<Script>, Failure> {
        let words = argv.iter().flat_map(|part| part.split_whitespace());
        let named = words.map(|word| word.trim_start_matches("./").trim_matches(['"', '\'']));
        let mut found: BTreeMap<&str, Sha256Digest> =
            named.filter_map(|path| Some((path, self.root.digest(path).ok()?.0))).collect();
        // The program itself may well be one: its file and digest are recorded.
        for word in argv.iter().skip(1) {
            let path = word.trim_start_matches("./");
            // A line for a shell, a URL or an absolute path is no path of the project.
            if !found.contains_key(path)
                && check_path(path).is_ok()
                && let Err(fault) = self.root.digest(path)
                && fault.kind == FaultKind::LinkOutside
            {
                return Err(Failure::refused(format!("hook {}: {}", self.name, fault.message))
                    .advise(Advice::answer("what lies outside is no part of the release: put the script itself into git")));
            }
        }
        for path in &self.hook.scripts {
            if found.contains_key(path.as_str()) {
                continue;
            }
            let (digest, _) = self.root.digest(path).map_err(|fault| {
                Failure::incomplete(format!(
                    "hook {} declares the script {path}: {}",
                    self.name, fault.message
                ))
                .advise(Advice::answer("put that file there, or correct `scripts` in d3p.yaml"))
            })?;
            found.insert(path, digest);
        }
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let git = trusted_git(self.root, self.project, env)?;
        let mut scripts = Vec::new();
        for (path, digest) in found {
            let blob = git.blob(&self.release.commit, path)?;
            let committed = blob.is_some_and(|blob| Sha256Digest::of(&blob) == digest);
            scripts.push(Script { path: path.to_owned(), sha256: digest.to_string(), committed });
        }
        Ok(scripts)
    }

    /// The first line that each declared tool says about its version.
    fn tools(
        &self,
        path: &[PathBuf],
        variables: &[(OsString, OsString)],
        secrets: &[(String, String)],
        env: &Env<'_>,
    ) -> Result<BTreeMap<String, String>, Failure> {
        let redactor = Redactor::new(secrets);
        let mut versions = BTreeMap::new();
        for (tool, argv) in &self.hook.tools {
            let program = self.program(argv, path)?;
            let mut said = Vec::new();
            let job = Job {
                program: &program.path,
                arg0: &argv[0],
                args: &argv[1..],
                dir: self.root.dir(),
                env: variables,
                stdin: &[],
                timeout: VERSION_TIMEOUT,
                grace: Duration::from_secs(1),
            };
            let how = run(&job, env.interrupted, &mut |bytes| {
                let room = VERSION_BYTES.saturating_sub(said.len());
                said.extend_from_slice(&bytes[..bytes.len().min(room)]);
                Ok(())
            })
            .map_err(|error| {
                Failure::incomplete(format!("{}: {error}", argv.join(" "))).code(Code::Program)
            })?;
            if how != How::Exited(0) {
                return Err(Failure::incomplete(format!(
                    "hook {}: `{}` did not say the version of {tool}",
                    self.name,
                    argv.join(" ")
                ))
                .code(Code::Program));
            }
            let text = String::from_utf8_lossy(&said);
            let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            versions.insert(tool.clone(), redactor.redact_text(line.trim()));
        }
        Ok(versions)
    }
}
