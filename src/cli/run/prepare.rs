//! What is run, with what, and in which environment.

use super::tree::Tree;
use super::{Running, environment};
use crate::cli::common::PHASE_VARIABLE;
use crate::cli::{Code, Failure};
use crate::definition::is_telling;
use crate::env::Env;
use crate::markdown::placeholder;
use crate::model::{Advice, Location, Sha256Digest};
use crate::process::{How, Job, Program, ProgramError, RUN_VARIABLE, Redactor, find_program, run};
use crate::project::{Project, Release};
use crate::record::{RanProgram, Script};
use crate::tree::{Leads, leads_out};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a tool may take to say its version.
const VERSION_TIMEOUT: Duration = Duration::from_secs(10);

/// Most bytes that are kept of what a tool says of its version.
const VERSION_BYTES: usize = 4096;

/// What every hook's git is told: no object is replaced, no history grafted.
const OWN: [(&str, &str); 2] = [("GIT_NO_REPLACE_OBJECTS", "1"), ("GIT_GRAFT_FILE", "/dev/null")];

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
    /// Names of variables that are recorded without their value.
    pub(super) hidden: Vec<String>,
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
        let secret = |name: &String| (name.clone(), "[redacted]".to_owned());
        self.recorded.iter().filter_map(value).chain(self.hidden.iter().map(secret)).collect()
    }

    /// The program, for the record.
    pub(super) fn program_record(&self) -> RanProgram {
        RanProgram {
            file: self.program.path.to_string_lossy().into_owned(),
            sha256: self.program.sha256.to_string(),
        }
    }
}

/// A hook wants to be told the release before, and the manifest names none.
fn no_release_before(project: &Project) -> Failure {
    let (_, manifest) = project.phase.identity().unzip();
    let place = manifest.map_or("", |own| own.path.as_str());
    Failure::refused(format!("the hook returns to {{previous}}, and {place} names no release before"))
        .advise(Advice::edit(
            Location::pointer(place, "/previous_release"),
            "write previous_release: the version that runs now",
        ))
        .note("where nothing ran before, the hook takes the service away, and prints ::service NAME=halted")
}

impl Running<'_> {
    /// Looks everything up that the run needs; nothing is run yet but the tools' versions.
    pub(super) fn prepare(
        &self,
        id: String,
        command: &[String],
        tree: &mut Tree,
        env: &Env<'_>,
    ) -> Result<Prepared, Failure> {
        let policy = &self.project.effective().policy.run;
        let stage = self.stage.as_ref().map(|stage| (stage.number, stage.weight.as_str()));
        let before = self.project.previous_release();
        let before = before.filter(|before| !before.contains(placeholder::MARKER));
        if before.is_none() && self.hook.is_told_previous() && command.is_empty() {
            return Err(no_release_before(self.project));
        }
        let Release { version, commit, .. } = self.release;
        let declared = self.hook.filled(self.environment, version, commit, before, stage);
        let argv = if command.is_empty() { declared.clone() } else { command.to_vec() };
        let path = environment::search_path(policy, env);
        let program = self.program(&argv, &path, tree)?;
        self.hold_arguments(&argv, tree)?;
        let variables = self.variables(&path, &id, env);
        let told = variables.iter().map(|(name, _)| name.to_string_lossy());
        let told = told.filter(|name| is_telling(name) && !OWN.iter().any(|own| own.0 == name));
        tree.outside.extend(told.map(|name| format!("variable {name}")));
        if self.hook.project {
            tree.outside.push("variable D3P_PROJECT: the project, as it lies there".to_owned());
        }
        let mut secrets = environment::secrets(policy, env);
        self.redactable(&policy.secrets, &secrets, env)?;
        let hidden = secrets.iter().map(|(name, _)| name.clone()).collect();
        secrets.extend(self.carried_secrets(tree));
        let tools = self.tools(&path, &variables, &secrets, tree, env)?;
        Ok(Prepared {
            id,
            declared: argv == declared,
            program,
            scripts: self.scripts(&argv, tree)?,
            variables,
            tools,
            recorded: policy.environment.clone(),
            hidden,
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

    fn program(&self, argv: &[String], path: &[PathBuf], tree: &Tree) -> Result<Program, Failure> {
        let name = argv.first().map_or("", String::as_str);
        tree.program(name, path).map_err(|failure| {
            if find_program(name, self.root.dir(), path).is_ok() {
                failure.advise(not_committed(name))
            } else {
                failure
            }
        })
    }

    fn variables(&self, path: &[PathBuf], id: &str, env: &Env<'_>) -> Vec<(OsString, OsString)> {
        let mut own = vec![
            ("D3P_RELEASE", self.release.version.clone()),
            ("D3P_COMMIT", self.release.commit.clone()),
            ("D3P_ATTEMPT", self.release.attempt.to_string()),
            ("D3P_ENVIRONMENT", self.environment.to_owned()),
            (RUN_VARIABLE, id.to_owned()),
        ];
        own.extend(OWN.map(|(name, value)| (name, value.to_owned())));
        if self.hook.project {
            own.push(("D3P_PROJECT", self.root.dir().to_string_lossy().into_owned()));
            own.push((PHASE_VARIABLE, self.project.phase.id.clone()));
        }
        environment::variables(&self.project.effective().policy.run, path, own, env)
    }

    /// Files of the tree that the command line names, and those the hook declares.
    fn scripts(&self, argv: &[String], tree: &Tree) -> Result<Vec<Script>, Failure> {
        let words = argv.iter().flat_map(|part| part.split_whitespace());
        let named = words.map(|word| word.trim_start_matches("./").trim_matches(['"', '\'']));
        let mut found: BTreeMap<&str, Sha256Digest> =
            named.filter_map(|path| Some((path, tree.root.digest(path).ok()?.0))).collect();
        for path in &self.hook.scripts {
            if found.contains_key(path.as_str()) {
                continue;
            }
            let (digest, _) = tree.root.digest(path).map_err(|fault| {
                let failure = Failure::incomplete(format!(
                    "hook {} declares the script {path}: {}",
                    self.name, fault.message
                ));
                if self.root.exists(path) {
                    failure.advise(not_committed(path))
                } else {
                    failure.advise(Advice::edit(
                        Location::key("d3p.yaml", "/hooks"),
                        "put that file there, or correct `scripts`",
                    ))
                }
            })?;
            found.insert(path, digest);
        }
        let script = |(path, digest): (&str, Sha256Digest)| Script {
            path: path.to_owned(),
            sha256: digest.to_string(),
        };
        Ok(found.into_iter().map(script).collect())
    }

    /// The first line that each declared tool says about its version.
    fn tools(
        &self,
        path: &[PathBuf],
        variables: &[(OsString, OsString)],
        secrets: &[(String, String)],
        tree: &Tree,
        env: &Env<'_>,
    ) -> Result<BTreeMap<String, String>, Failure> {
        let redactor = Redactor::new(secrets);
        let mut versions = BTreeMap::new();
        for (tool, argv) in &self.hook.tools {
            let program = self.program(argv, path, tree)?;
            let mut said = Vec::new();
            let job = Job {
                program: &program.path,
                arg0: &argv[0],
                args: &argv[1..],
                dir: tree.root.dir(),
                env: variables,
                stdin: &[],
                timeout: VERSION_TIMEOUT,
                grace: Duration::from_secs(1),
            };
            let how = run(&job, env.interrupted, &mut |bytes| {
                let room = VERSION_BYTES.saturating_sub(said.len());
                said.extend_from_slice(&bytes[..bytes.len().min(room)]);
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

impl Tree {
    /// The file of the program `name`: one of the commit, or one of `path` that lies in no work tree.
    pub(in crate::cli) fn program(&self, name: &str, path: &[PathBuf]) -> Result<Program, Failure> {
        let found = find_program(name, self.root.dir(), path).map_err(|error| {
            let failure = Failure::incomplete(format!("{}: {error}", self.name)).code(Code::Program);
            match error {
                ProgramError::NotFound { .. } => failure.advise(Advice::edit(Location::key("d3p.yaml", "/run/path"), "programs are taken from run.path only, never from your PATH: add its directory there")),
                _ => failure,
            }
        })?;
        match leads_out(&found.path, Path::new("/"), &self.ways) {
            Leads::WorkTree(end) => Err(Failure::refused(format!(
                "{}: the program {name} is {}, which lies in a work tree of this repository",
                self.name,
                end.display()
            ))
            .advise(Advice::edit(Location::key("d3p.yaml", "/run/path"), "name it relative to the project, so that the commit's own is run, or take that directory out of run.path"))),
            _ => Ok(found),
        }
    }
}

/// What to do about a file that lies in the project only.
fn not_committed(path: &str) -> Advice {
    Advice::d3p(["pin"]).what(format!(
        "it lies in the project and not in the release's commit: commit {path}, then pin that commit"
    ))
}
