//! `d3p run` in front of the process that watches the hook.
//!
//! What is lost with a terminal, or with whoever began the run, is only this one: the process behind
//! it is of a session of its own, and records the run also when nobody sees it.

use crate::cli::{Code, Failure};
use crate::env::{Env, Exit};
use std::ffi::OsString;
use std::path::Path;

/// Runs `program`, which is d3p, with `args` in a session of its own, and shows what it says.
///
/// # Errors
/// When it cannot be started: then nothing was run. When it was ended, whose hook may go on.
#[cfg(unix)]
pub(in crate::cli) fn in_front(
    hook: &str,
    program: &Path,
    args: &[OsString],
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    use crate::model::Advice;
    use crate::process::{Apart, ApartEnd};
    let (dir, vars, terminal) = (env.cwd.clone(), env.vars.clone(), env.terminal);
    let apart = Apart { program, args, dir: &dir, vars: &vars, terminal };
    let shown = apart.show(env.out, env.err, env.interrupted);
    let (pid, end) = shown.map_err(|error| {
        Failure::incomplete(format!(
            "hook {hook} was not run: d3p cannot be started again, to watch it: {error}"
        ))
        .code(Code::Program)
        .advise(Advice::answer(
            "end other programs, or raise the limit (ulimit -u); then run the command again",
        ))
    })?;
    if !matches!(end, ApartEnd::Exited(2..)) {
        crate::write::did("what the ledger tells of this run");
    }
    match end {
        ApartEnd::Exited(0) => Ok(Exit::Passed),
        ApartEnd::Exited(1) => Ok(Exit::Refused),
        ApartEnd::Exited(_) => Ok(Exit::Incomplete),
        ApartEnd::Signalled(signal) => Err(Failure::incomplete(format!(
            "the process that watches hook {hook} ({pid}) was ended by signal {signal}: the hook may have begun, and goes on if so"
        ))
        .code(Code::Program)
        .advise(Advice::d3p(["status"]).what("see what is known of it"))),
    }
}

/// As on Unix; elsewhere no hook is run.
#[cfg(not(unix))]
pub(in crate::cli) fn in_front(
    _hook: &str,
    _program: &Path,
    _args: &[OsString],
    _env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    Err(Failure::incomplete("hooks are run on Unix only").code(Code::Program))
}
