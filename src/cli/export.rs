//! `d3p export`: what auditors ask for, in a format of theirs, of the report that `verify` makes.

use crate::cli::Failure;
use crate::cli::args::{ExportArgs, ExportCommand, OscalArgs, VerifyArgs};
use crate::cli::common::{Global, only_one};
use crate::cli::many::each;
use crate::cli::verify::target::{self, Target};
use crate::cli::verify::{self, Shown};
use crate::env::{Env, Exit};
use crate::render::oscal::{OscalResult, document, result, unreadable};

pub(super) fn run(args: ExportArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let ExportCommand::Oscal(args) = args.command;
    let OscalArgs { recursive, dirs, anchors } = args;
    let asked = VerifyArgs { recursive, dirs, anchors, ..VerifyArgs::default() };
    let now = (env.now)();
    let mut results = Vec::new();
    let mut worst = Exit::Passed;
    if recursive {
        verify::of_one_release(&asked)?;
        let work = |name: &str, opened: Result<Target, Failure>, env: &mut Env<'_>| {
            let one = opened.and_then(|target| one(&asked, name, target, global, env));
            one.unwrap_or_else(|failure| {
                (failure.exit(), unreadable(name, &failure.to_string(), now))
            })
        };
        each((&asked.dirs, now), global, env, work, |(exit, result), _| {
            worst = if exit.code() > worst.code() { exit } else { worst };
            results.push(result);
            Ok(())
        })?;
    } else {
        let dir = only_one("export", &asked.dirs)?;
        let name = dir.map_or(".".to_owned(), |dir| dir.to_string_lossy().into_owned());
        let (exit, result) = one(&asked, &name, target::open(dir, global)?, global, env)?;
        worst = exit;
        results.push(result);
    }
    env.out.write_all(document(results, now).as_bytes())?;
    Ok(worst)
}

/// What `verify` says of one release, and its result.
fn one(
    asked: &VerifyArgs,
    name: &str,
    target: Target,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(Exit, OscalResult), Failure> {
    let mut made = None;
    let exit = verify::of(asked, target, global, env, &mut |shown: &Shown<'_>, _| {
        made = Some(result(name, shown.report, shown.audit));
        Ok(())
    })?;
    let made = made.ok_or_else(|| Failure::incomplete("nothing was verified"))?;
    Ok((exit, made))
}
