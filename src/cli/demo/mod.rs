//! `d3p demo`: plays a complete honest release through all four gates, on the real clock, then
//! tampers with a copy.

mod play;
mod script;

pub use play::{Played, Player};
pub use script::{Action, Step, release_script, run_script, signed_script};

use crate::cli::args::DemoArgs;
use crate::cli::common::Global;
use crate::cli::{Code, Failure};
use crate::env::{Env, Exit};
use crate::model::Advice;
use crate::process::find_ssh_keygen;
use crate::render::json;
use script::{Tampered, story};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// Where trees are made, unless the policy says.
const STATE: &str = "XDG_STATE_HOME";

pub(super) fn run(args: &DemoArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let kept = args.into.as_ref().map(|into| global.directory.join(into));
    let scratch = tempfile::tempdir().map_err(|error| {
        Failure::incomplete(format!("no temporary directory: {error}")).code(Code::Io)
    })?;
    let dir = kept.clone().unwrap_or_else(|| scratch.path().join("release"));
    make_empty(&dir)?;
    if global.human() {
        writeln!(
            env.out,
            "DEMO RELEASE: everything below is played, in {}\n",
            shown(&dir, kept.is_some())
        )?;
        env.out.flush()?;
    }
    // The trees that its hooks run in go with the demo.
    env.vars.retain(|(key, _)| key != STATE);
    env.vars.push((STATE.into(), scratch.path().join("state").into()));
    let mut player = Player::new(&dir);
    let mut expected = true;
    let mut steps = Vec::new();
    player.begin(env)?;
    let signed = has_ssh_keygen(env);
    if !signed && global.human() {
        writeln!(env.out, "ssh-keygen is not here: the approval is typed (signatures: off)\n")?;
    }
    for step in run_script(signed) {
        let played = player.play(&step, env)?;
        show(&played, global, env)?;
        expected &= played.as_expected;
        steps.push(json!({ "step": played.title, "exit": played.exit.map(Exit::code), "as_expected": played.as_expected }));
    }
    player.commit("evidence of the release", env)?;
    let tampered = scratch.path().join("tampered");
    let (title, as_expected) = tamper(&dir, &tampered, global, env)?;
    expected &= as_expected;
    steps.push(json!({ "step": title, "exit": 1, "as_expected": as_expected }));
    if global.human() {
        let word = if expected {
            "every step ended as expected"
        } else {
            "NOT every step ended as expected"
        };
        writeln!(env.out, "demo: {word}")?;
        if let Some(dir) = &args.into {
            writeln!(env.out, "kept in {0}: d3p verify {0}", dir.display())?;
        }
    } else {
        let view =
            json!({ "demo": true, "kept": args.into, "as_expected": expected, "steps": steps });
        env.out.write_all(json::pretty(&view).as_bytes())?;
    }
    Ok(if expected { Exit::Passed } else { Exit::Refused })
}

/// Whether a key can be made and used: OpenSSH is installed.
pub fn has_ssh_keygen(env: &Env<'_>) -> bool {
    find_ssh_keygen(&env.cwd, env.var("PATH")).is_ok()
}

fn shown(dir: &Path, kept: bool) -> String {
    if kept { dir.display().to_string() } else { "a temporary directory".to_owned() }
}

fn make_empty(dir: &Path) -> Result<(), Failure> {
    let fail = |error: std::io::Error| {
        Failure::incomplete(format!("cannot use {}: {error}", dir.display())).code(Code::Io)
    };
    fs::create_dir_all(dir).map_err(fail)?;
    if fs::read_dir(dir).map_err(fail)?.next().is_some() {
        return Err(Failure::refused(format!("{} is not empty", dir.display()))
            .advise(Advice::answer("name a directory that is new or empty")));
    }
    Ok(())
}

fn show(played: &Played, global: &Global, env: &mut Env<'_>) -> Result<(), Failure> {
    if !global.human() {
        return Ok(());
    }
    writeln!(env.out, "── {}", played.title)?;
    if let Some(command) = &played.command {
        writeln!(env.out, "$ {command}")?;
    }
    if !played.as_expected || global.style.verbose {
        env.out.write_all(played.output.as_bytes())?;
    } else {
        let lines: Vec<&str> =
            played.output.lines().filter(|line| !line.trim().is_empty()).collect();
        for line in lines.iter().skip(lines.len().saturating_sub(played.tail)) {
            writeln!(env.out, "{line}")?;
        }
    }
    if let Some(exit) = played.exit {
        let note = if played.as_expected { "as expected" } else { "UNEXPECTED" };
        writeln!(env.out, "exit {} ({note})", exit.code())?;
    }
    writeln!(env.out)?;
    env.out.flush()?;
    Ok(())
}

/// Changes one byte in a copy, and lets `verify` find it.
fn tamper(
    dir: &Path,
    copy: &Path,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(String, bool), Failure> {
    let Tampered { path, find, replace } = story().tampered;
    let title = format!("one byte of {path} is changed, in a copy");
    let fail = |error: std::io::Error| {
        Failure::incomplete(format!("cannot make the copy: {error}")).code(Code::Io)
    };
    copy_tree(dir, copy).map_err(fail)?;
    let file = copy.join(&path);
    let text = fs::read_to_string(&file).map_err(fail)?;
    fs::write(&file, text.replacen(&find, &replace, 1)).map_err(fail)?;
    let player = Player::new(copy);
    let (exit, output) = player.command(&["verify".to_owned()], None, env);
    let as_expected = exit == Exit::Refused && output.contains(&path);
    let played = Played {
        title: title.clone(),
        command: Some("d3p verify".to_owned()),
        exit: Some(exit),
        output,
        tail: 8,
        as_expected,
    };
    show(&played, global, env)?;
    Ok((title, as_expected))
}

fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target: PathBuf = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
