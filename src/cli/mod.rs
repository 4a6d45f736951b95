//! The commands: one file each. Arguments in, report out, exit code.

mod announce;
mod applies;
mod approve;
mod archive;
mod args;
mod authors;
mod bundle;
mod change;
mod check;
mod clearing;
mod clocks;
mod common;
mod confirm;
mod control_page;
pub mod demo;
mod diff;
mod doc;
mod doctor;
mod explain;
mod explanation;
mod export;
mod failure;
mod fixes;
mod fmt;
mod gate;
mod handling;
mod handoff;
mod init;
mod lock;
mod lsp;
mod machine;
mod many;
#[cfg(feature = "mcp")]
mod mcp;
mod next;
mod notify;
mod optional;
mod output;
mod pin;
mod policy_key;
mod population;
mod prerequisite_page;
mod prompt;
mod record;
mod report;
mod rollback;
mod rollout;
mod run;
mod schema;
mod serve;
mod session;
mod setup;
mod signing;
mod skip;
mod status;
mod tick;
mod timestamp;
mod tree;
mod verify;
mod waive;

mod watch;
mod withdraw;

pub use args::command;
pub use failure::{Code, Failure};

use crate::env::{Env, Exit, Watcher};
use crate::render::Format;
use args::{Cli, Command};
use clap::Parser as _;
use clap::error::ErrorKind;
use common::{Formats, Global};
use output::Kept;
use std::ffi::OsString;

/// Runs `d3p` with `args` (the program's name first).
pub fn run(args: impl IntoIterator<Item = OsString>, env: &mut Env<'_>) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    // Asked by every script, and not worth building twelve commands for.
    if let [_, only] = args.as_slice()
        && (only == "--version" || only == "-V")
    {
        let _ = writeln!(env.out, concat!("d3p ", env!("CARGO_PKG_VERSION")));
        return Exit::Passed;
    }
    let json = wants_json(&args);
    let cli = match Cli::try_parse_from(args.clone()) {
        Ok(cli) => cli,
        Err(error) => return usage(error, json, env),
    };
    let format = if json { Format::Json } else { Format::Human };
    crate::write::begin();
    // What was begun is not stopped half way because nobody can be told of it.
    let mut out = Kept::new(&mut *env.out);
    let mut inner = Env {
        cwd: env.cwd.clone(),
        now: env.now,
        sleep: env.sleep,
        watcher: env.watcher.clone(),
        interrupted: env.interrupted,
        random: env.random,
        vars: env.vars.clone(),
        terminal: env.terminal,
        stdin_terminal: env.stdin_terminal,
        stdin: &mut *env.stdin,
        out: &mut out,
        err: &mut *env.err,
    };
    let done = match (&cli.command, env.watcher.clone()) {
        // What is only rehearsed records nothing.
        (Command::Run(own), Watcher::Apart(program)) if !own.rehearse => {
            run::in_front(&own.hook, &program, &args[1..], &mut inner)
        }
        _ => Global::new(&cli, &inner).and_then(|global| {
            dispatch(cli.command, &global, &mut inner).map_err(|mut failure| {
                let is_id = |phase: &&str| !phase.contains(['/', '.']);
                if let Some(phase) = global.phase().filter(is_id) {
                    failure.name_phase(phase);
                }
                failure
            })
        }),
    };
    let exit = match done {
        Ok(exit) => exit,
        Err(failure) => {
            // What was shown comes before what became of it.
            let _ = inner.out.flush();
            // Nothing is left to tell when even this cannot be written.
            let _ = failure.write(format, &mut inner);
            failure.exit()
        }
    };
    out.end(exit, env.err)
}

fn dispatch(command: Command, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    global.only(match &command {
        Command::Check(_) | Command::Gate(_) | Command::Status(_) | Command::Verify(_) => {
            Formats::Report
        }
        Command::Population(_) => Formats::List,
        _ => Formats::Plain,
    })?;
    match command {
        Command::Setup(args) => setup::run(&args, global, env),
        Command::Init(args) => init::run(&args, global, env),
        Command::Pin(args) => pin::run(&args, global, env),
        Command::Doc(args) => doc::run(&args, global, env),
        Command::Fmt(args) => fmt::run(&args, global, env),
        Command::Next(args) => next::run(&args, global, env),
        Command::Status(args) => status::run(&args, global, env),
        Command::Prompt(args) => prompt::run(&args, global, env),
        Command::Record(args) => record::run(&args, global, env),
        Command::Run(args) => run::run(&args, global, env),
        Command::Announce(args) => announce::run(&args, global, env),
        Command::Confirm(args) => confirm::run(&args, global, env),
        Command::Tick(args) => tick::run(&args, global, env),
        Command::Timestamp => timestamp::run(global, env),
        Command::Approve(args) => approve::run(&args, global, env),
        Command::Rollout(args) => rollout::run(&args, global, env),
        Command::Watch(args) => watch::run(&args, global, env),
        Command::Rollback(args) => rollback::run(&args, global, env),
        Command::Waive(args) => waive::run(&args, global, env),
        Command::Applies => applies::run(global, env),
        Command::Skip(args) => skip::run(&args, global, env),
        Command::Withdraw(args) => withdraw::run(&args, global, env),
        Command::Check(args) => check::run(&args, global, env),
        Command::Serve(args) => serve::run(&args, global, env),
        Command::Mcp => optional::mcp(global, env),
        Command::Lsp => lsp::run(global, env),
        Command::Gate(args) => gate::run(&args, global, env),
        Command::Diff(args) => diff::run(&args, global, env),
        Command::Doctor(args) => doctor::run(&args, global, env),
        Command::Verify(args) => verify::run(&args, global, env),
        Command::Population(args) => population::run(&args, global, env),
        Command::Export(args) => export::run(args, global, env),
        Command::Bundle(args) => bundle::run(&args, global, env),
        Command::Handoff(args) => handoff::run(&args, global, env),
        Command::Report(args) => report::run(&args, global, env),
        Command::Archive(args) => archive::run(&args, global, env),
        Command::Explain(args) => explain::run(&args, global, env),
        Command::Schema(args) => schema::run(&args, global, env),
        Command::Demo(args) => demo::run(&args, global, env),
    }
}

/// Whether the arguments ask for JSON, where they cannot be parsed.
fn wants_json(args: &[OsString]) -> bool {
    let words = args.iter().take_while(|arg| *arg != "--");
    let words: Vec<&OsString> = words.collect();
    words.iter().any(|word| *word == "--format=json")
        || words.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
}

/// Help and version go to standard output and end with 0; wrong usage ends with 2.
fn usage(error: clap::Error, json: bool, env: &mut Env<'_>) -> Exit {
    let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if json && !help {
        let failure = Failure::from(error);
        let _ = failure.write(Format::Json, env);
        return failure.exit();
    }
    let text = error.render();
    let color = env.terminal && env.var("NO_COLOR").is_none();
    let text = if color { text.ansi().to_string() } else { text.to_string() };
    let stream: &mut dyn std::io::Write = if help { env.out } else { env.err };
    let _ = stream.write_all(text.as_bytes());
    if help { Exit::Passed } else { Exit::Incomplete }
}
