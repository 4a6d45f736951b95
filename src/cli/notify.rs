//! Passing announcements on to people, by the command that the policy names (P11-C1).
//!
//! The entry is in the log before, and stays there: a message that could not be sent is recorded
//! beside it. The command sees secrets, so it is the commit's own, in a tree like a hook's.

use crate::cli::Failure;
use crate::cli::common::{open_release, trusted_git};
use crate::cli::run::environment;
use crate::cli::run::tree::{Purpose, Tree};
use crate::cli::session::Session;
use crate::collect::announce;
use crate::env::Env;
use crate::model::Reason;
use crate::process::{How, Job, Program, run};
use crate::project::Project;
use crate::source::Root;
use crate::write::ChangeSet;
use std::ffi::OsString;
use std::time::Duration;

/// Gives each text to the notify command. Whether all were passed on; `true` where the policy
/// names no command. The lock is let go: the command may call d3p.
///
/// # Errors
/// When the failure cannot be recorded.
pub(super) fn pass_on(
    session: &mut Session,
    texts: &[String],
    env: &mut Env<'_>,
) -> Result<bool, Failure> {
    session.unlock();
    if session.project.effective().policy.notify.run.is_none() || texts.is_empty() {
        return Ok(true);
    }
    let sender = Sender::new(session.root(), &session.project, env);
    let mut all = true;
    for text in texts {
        let sent = sender.as_ref().map_err(|failure| failure.to_string().into());
        let Err(why) = sent.and_then(|sender| sender.send(text, env)) else { continue };
        all = false;
        let name = session.project.effective().policy.notify.run.iter().flatten().next();
        let name = name.and_then(|name| name.rsplit('/').next()).unwrap_or("notify").to_owned();
        writeln!(env.err, "d3p: warning: nobody was notified: {name}: {why}")?;
        let said = format!("[AUTOMATION] {name} executed: {why}; not passed on: {text}");
        session.lock()?;
        let said = announce(&session.project, (env.now)(), &env.random_hex(8), &said);
        if let Some((log, line)) = said {
            let mut changes = ChangeSet::new(session.root());
            changes.append_line(log, line);
            session.apply(changes)?;
        }
        session.unlock();
    }
    Ok(all)
}

/// The command, in a tree of the release's commit that goes with it.
struct Sender {
    argv: Vec<String>,
    program: Program,
    variables: Vec<(OsString, OsString)>,
    timeout: Duration,
    tree: Tree,
}

impl Sender {
    fn new(root: &Root, project: &Project, env: &Env<'_>) -> Result<Self, Failure> {
        let policy = &project.effective().policy;
        let release = open_release(project)?;
        let purpose = Purpose {
            project,
            commit: &release.commit,
            environment: "production",
            name: "notify",
            stays: false,
            trees: None,
        };
        let tree = purpose.make(trusted_git(root, project, env)?, &env.random_hex(8), env)?;
        let fill = |part: &String| {
            part.replace("{env}", "production")
                .replace("{release}", &release.version)
                .replace("{tag}", &release.version)
                .replace("{commit}", &release.commit)
        };
        let argv: Vec<String> = policy.notify.run.iter().flatten().map(fill).collect();
        let path = environment::search_path(&policy.run, env);
        let name = argv.first().map_or("", String::as_str);
        let program = tree.program(name, &path)?;
        let own = vec![("D3P_RELEASE", release.version), ("D3P_COMMIT", release.commit)];
        let variables = environment::variables(&policy.run, &path, own, env);
        let timeout = Duration::from_secs(policy.notify.timeout().seconds());
        Ok(Self { argv, program, variables, timeout, tree })
    }

    /// Runs the command with `text` on its standard input; what went wrong in a few words.
    fn send(&self, text: &str, env: &Env<'_>) -> Result<(), Reason> {
        let message = format!("{text}\n");
        let job = Job {
            program: &self.program.path,
            arg0: self.argv.first().map_or("", String::as_str),
            args: self.argv.get(1..).unwrap_or_default(),
            dir: self.tree.root.dir(),
            env: &self.variables,
            stdin: message.as_bytes(),
            timeout: self.timeout,
            grace: Duration::from_secs(2),
        };
        // What it prints is its own affair, and might hold a token.
        match run(&job, env.interrupted, &mut |_| {}) {
            Ok(How::Exited(0)) => Ok(()),
            Ok(How::Exited(code)) => Err(format!("exit {code}").into()),
            Ok(How::Signalled(signal)) => Err(format!("signal {signal}").into()),
            Ok(How::TimedOut) => Err("took too long".into()),
            Ok(How::Interrupted) => Err("interrupted".into()),
            Err(error) => Err(error.to_string().into()),
        }
    }
}
