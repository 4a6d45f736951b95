//! Passing announcements on to people, by the command that the policy names (P11-C1).
//!
//! The entry is in the log before, and stays there: a message that could not be sent is recorded
//! beside it.

use crate::cli::Failure;
use crate::cli::run::environment;
use crate::cli::session::Session;
use crate::collect::announce;
use crate::env::Env;
use crate::process::{How, Job, find_program, run};
use crate::project::Project;
use crate::source::Root;
use crate::write::ChangeSet;
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
    let Some(argv) = session.project.effective().policy.notify.run.clone() else {
        return Ok(true);
    };
    let mut all = true;
    for text in texts {
        let Err(why) = send(session.root(), &session.project, &argv, text, env) else { continue };
        all = false;
        let name = argv.first().map_or("notify", String::as_str);
        let name = name.rsplit('/').next().unwrap_or(name);
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

/// Runs the command with `text` on its standard input; what went wrong in a few words.
fn send(
    root: &Root,
    project: &Project,
    argv: &[String],
    text: &str,
    env: &Env<'_>,
) -> Result<(), String> {
    let policy = &project.effective().policy;
    let path = environment::search_path(&policy.run, env);
    let release = project.release();
    let value = |pick: fn(&crate::project::Release) -> &String| {
        release.as_ref().map_or_else(String::new, |release| pick(release).clone())
    };
    let (version, commit) = (value(|release| &release.version), value(|release| &release.commit));
    let argv: Vec<String> = argv
        .iter()
        .map(|part| {
            part.replace("{env}", "production")
                .replace("{release}", &version)
                .replace("{tag}", &version)
                .replace("{commit}", &commit)
        })
        .collect();
    let name = argv.first().map_or("", String::as_str);
    let program = find_program(name, root.dir(), &path).map_err(|error| error.to_string())?;
    let own = vec![("D3P_RELEASE", version), ("D3P_COMMIT", commit)];
    let variables = environment::variables(&policy.run, &path, own, env);
    let message = format!("{text}\n");
    let job = Job {
        program: &program.path,
        arg0: name,
        args: argv.get(1..).unwrap_or_default(),
        dir: root.dir(),
        env: &variables,
        stdin: message.as_bytes(),
        timeout: Duration::from_secs(policy.notify.timeout().seconds()),
        grace: Duration::from_secs(2),
    };
    // What it prints is its own affair, and might hold a token.
    match run(&job, env.interrupted, &mut |_| Ok(())) {
        Ok(How::Exited(0)) => Ok(()),
        Ok(How::Exited(code)) => Err(format!("exit {code}")),
        Ok(How::Signalled(signal)) => Err(format!("signal {signal}")),
        Ok(How::TimedOut) => Err("took too long".to_owned()),
        Ok(How::Interrupted) => Err("interrupted".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
